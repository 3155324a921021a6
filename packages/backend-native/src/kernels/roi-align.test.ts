import { ndArray, random } from "@lad/core";
import { roiAlign, roiLevels } from "@lad/nn";
import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { expectSameAsCpu, nativeSuite, normal } from "../../test/native-suite";

const scales = [1 / 4, 1 / 8];
const maps = (channels: number, batch = 2) =>
  [normal([batch, 20, 26, channels]), normal([batch, 10, 13, channels], 2)] as tf.Tensor4D[];

/** Boxes of all sizes, some beyond the image or turned inside out. */
function someBoxes(count: number, batch = 2) {
  const stream = random(3);
  const corner = (side: number) => (stream.uniform() * 1.4 - 0.2) * side;
  const rows = Array.from({ length: count }, (_, box) => {
    const [x, y] = [corner(104), corner(80)];
    return box === 1 ? [x, y, x - 9, y + 5] : [x, y, x + Math.abs(corner(60)), y + Math.abs(corner(60))];
  });
  const boxes = ndArray(Float32Array.from(rows.flat()), [count, 4]);
  const images = Int32Array.from({ length: count }, () => stream.integer(batch));
  return { boxes, images, levels: roiLevels(boxes, scales, { canonicalSize: 32, canonicalLevel: 3 }) };
}

nativeSuite("ROIAlign", () => {
  it.each([1, 3, 17, 64, 100])("is the composed one, forward and backward, with %d channels", async (channels) => {
    for (const [samplingRatio, aligned] of [
      [0, true],
      [2, false],
    ] as const) {
      const options = { size: { height: 3, width: 2 }, samplingRatio, aligned };
      const run = (...all: tf.Tensor[]) => roiAlign(all as tf.Tensor4D[], scales, someBoxes(23), options);
      await expectSameAsCpu(() => run(...maps(channels)));
      const loss = (...all: tf.Tensor[]) => tf.sum(tf.mul(run(...all), normal([23, 3, 2, channels], 5)));
      await expectSameAsCpu(() => tf.grads(loss)(maps(channels)), { plain: ["Tile"] });
    }
  });

  it("takes no boxes and shows NaN where it is", async () => {
    const size = { height: 2, width: 2 };
    const none = (...all: tf.Tensor[]) => roiAlign(all as tf.Tensor4D[], scales, someBoxes(0), { size });
    await expectSameAsCpu(() => none(...maps(5)));
    await expectSameAsCpu(() => tf.grads((...all: tf.Tensor[]) => tf.sum(none(...all)))(maps(5)), { plain: ["Tile"] });
    await expectSameAsCpu(() => {
      const broken = maps(18).map((map) => tf.mul<tf.Tensor4D>(map, tf.tensor4d([1, Number.NaN], [2, 1, 1, 1])));
      return roiAlign(broken, scales, someBoxes(9), { size });
    });
  });

  it("refuses plans that do not fit the maps", () => {
    const axis = { starts: Int32Array.of(0, 1), cells: Int32Array.of(7), weights: Float32Array.of(1) };
    const plan = { levels: Int32Array.of(0), images: Int32Array.of(0), rows: axis, columns: axis, height: 1, width: 1 };
    const map = normal([1, 8, 8, 4]);
    const forward = (more: object, x: tf.Tensor = map) =>
      tf.engine().runKernel("LadRoiAlign", { x }, { ...plan, ...more });
    expect(() => forward({ rows: { ...axis, cells: Int32Array.of(8) } })).toThrow("rows of the map");
    expect(() => forward({ rows: { ...axis, cells: Int32Array.of(-1) } })).toThrow("cells of the map");
    expect(() => forward({ columns: { ...axis, starts: Int32Array.of(0, 2) } })).toThrow("ascending starts");
    expect(() => forward({ images: Int32Array.of(1) })).toThrow("images of the batch");
    expect(() => forward({ levels: Int32Array.of(1) })).toThrow("levels theirs");
    expect(() => forward({ height: 3 })).toThrow("at least 4 elements");
    expect(() => forward({}, normal([8, 8]))).toThrow("maps must be [B, H, W, ");
    const backward = { ...plan, level: 0, shape: [1, 8, 8, 4] };
    expect(() => tf.engine().runKernel("LadRoiAlignGradient", { dy: map }, backward)).toThrow("dy must be [1,1,1,4]");
    map.dispose();
  });
});
