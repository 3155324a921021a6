import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { expectSameAsCpu, nativeSuite, normal } from "../../test/native-suite";

nativeSuite("einsum", () => {
  it.each([
    ["ij,jk->ik", [3, 4], [4, 5]],
    ["ij,kj->ki", [3, 4], [5, 4]],
    ["bhqd,bhkd->bhqk", [2, 3, 4, 5], [2, 3, 6, 5]], // scores of attention
    ["bhqk,bhkd->bqhd", [2, 3, 4, 6], [2, 3, 6, 5]], // its values, heads behind rows
    ["bqhd,bkhd->bhqk", [2, 4, 3, 5], [2, 6, 3, 5]],
    ["i,i->", [7], [7]],
    ["i,j->ij", [3], [4]],
    ["abc,abc->b", [2, 3, 4], [2, 3, 4]],
    ["abc,cd->dab", [2, 3, 4], [4, 5]],
    ["ij,j->i", [0, 4], [4]],
  ])("%s", async (equation, left, right) => {
    const sums = equation.endsWith("->b") || equation.endsWith("->"); // a product of many into few: other rounding
    await expectSameAsCpu(() => tf.einsum(equation, normal(left), normal(right, 2)), sums ? { absolute: 2e-5 } : {});
  });

  it("leaves one operand, three, and sums over one alone to JavaScript", async () => {
    await expectSameAsCpu(() => tf.einsum("ij->ji", normal([3, 4])), { plain: ["Einsum"] });
    await expectSameAsCpu(() => tf.einsum("ij,k->k", normal([3, 4]), normal([2])), { plain: ["Einsum"] });
  });

  it("leaks nothing and refuses shapes that do not fit", () => {
    const before = tf.memory();
    tf.dispose(tf.tidy(() => tf.einsum("ij,jk->ki", normal([3, 40]), normal([40, 50]))));
    expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers);
    tf.tidy(() => {
      const run = () =>
        tf.engine().runKernel("Einsum", { a: normal([3, 4]), b: normal([5, 6]) }, { equation: "ij,jk->ik" });
      expect(run).toThrow('an operand of shape [5,6] is no jk of "ij,jk->ik"');
    });
  });
});
