import "@tensorflow/tfjs-backend-cpu";
import { type Assignment, LadError, ndArray } from "@lad/core";
import { type Batch, createTape, type Detector, disposeParams, type Params, param, type Term } from "@lad/tensor";
import { expectNoLeak } from "@lad/testing";
import * as tf from "@tensorflow/tfjs-core";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { distill, labelAssignment } from "./index";

beforeAll(() => tf.setBackend("cpu"));

/** A detector of one weight: features = images · weight, loss = Σ features · (number of positives). It counts its calls. */
function toyDetector(name: string, weight: number, positives: number) {
  const params: Params = new Map([["weight", param(ndArray(Float32Array.of(weight), [1]))]]);
  const calls: string[] = [];
  const detector: Detector<tf.Tensor, tf.Tensor> = {
    name,
    params,
    features: (images, mode) => {
      calls.push(`features ${mode}`);
      return tf.mul(images, params.get("weight")!.variable);
    },
    predict: (features) => tf.mul(features, 1),
    async assign(out) {
      await out.data();
      calls.push("assign");
      return assignment(positives);
    },
    loss: (out, targets) => {
      calls.push(`loss ${targets.boxWeighting}`);
      return { loss_cls: tf.mul(tf.sum(out), targets.numPositives[0]!) as tf.Scalar };
    },
    detect: async () => [],
  };
  return { detector, calls, params };
}

const assignment = (positives: number): Assignment => ({
  labels: new Int32Array(1),
  labelWeights: new Float32Array(1),
  matchedGt: new Int32Array(1),
  boxes: new Float32Array(4),
  numPositives: Int32Array.of(positives),
  boxWeighting: "iou",
});

describe("distill", () => {
  const at = { iteration: 0, epoch: 0, iterations: 1, epochs: 1 };
  let student: ReturnType<typeof toyDetector>;
  let teacher: ReturnType<typeof toyDetector>;
  let batch: Batch;
  beforeEach(() => {
    student = toyDetector("student", 2, 1);
    teacher = toyDetector("teacher", 5, 3);
    batch = { ids: ["a"], images: tf.ones([1, 1, 1, 3]), sizes: [], boxes: [], labels: [], ignoreBoxes: [] };
  });
  afterEach(() => {
    disposeParams(student.params);
    disposeParams(teacher.params);
    batch.images.dispose();
  });
  const step = (terms: readonly Term<tf.Tensor, tf.Tensor>[]) =>
    expectNoLeak(async () => {
      const method = distill(student.detector, terms, []);
      const tape = createTape();
      try {
        const { losses, metrics } = await method.step(tape, batch, at);
        const variables = [...student.params.values(), ...teacher.params.values()].map(({ variable }) => variable);
        const gradients = tape.gradients(losses, variables);
        const values = Object.fromEntries(Object.entries(losses).map(([name, loss]) => [name, loss.dataSync()[0]]));
        return {
          method,
          values,
          metrics,
          gradients: variables.map((variable) => gradients.get(variable)?.dataSync()[0]),
        };
      } finally {
        tape.end();
      }
    });

  it("is plain training without terms", async () => {
    const { method, values, metrics, gradients } = await step([]);
    expect(method.name).toBe("student");
    expect(Object.keys(method.networks)).toEqual(["student"]);
    expect(values).toEqual({ loss_cls: 6 });
    expect(metrics).toEqual({ positives: 1 });
    expect(gradients).toEqual([3, undefined]);
    expect(student.calls).toEqual(["features train", "assign", "loss iou"]);
  });

  it("LAD: the teacher assigns in mode eval without gradient, boxes are not weighed, the student never assigns", async () => {
    const { method, values, gradients } = await step([labelAssignment(teacher.detector)]);
    expect(method.name).toBe("lad");
    expect(method.networks.teacher).toBe(teacher.detector);
    expect(values).toEqual({ loss_cls: 18 });
    expect(gradients).toEqual([9, undefined]);
    expect(teacher.calls).toEqual(["features eval", "assign"]);
    expect(student.calls).toEqual(["features train", "loss none"]);
  });

  it("runs a teacher once for all terms that name it and adds their losses", async () => {
    const imitate: Term<tf.Tensor, tf.Tensor, number> = {
      name: "imitate",
      teachers: [teacher.detector],
      prepare: async ({ of }) => (await of(teacher.detector).out.data())[0]!,
      metrics: (prepared) => ({ first: prepared }),
      loss: ({ student: own, of }, _, prepared) => ({
        loss_imitation: tf.mul(tf.sum(tf.sub(of(teacher.detector).out, own.out)), prepared) as tf.Scalar,
      }),
    };
    const { method, values, metrics } = await step([
      labelAssignment(teacher.detector),
      imitate as Term<tf.Tensor, tf.Tensor>,
    ]);
    expect(metrics).toEqual({ positives: 3, first: 5 });
    expect(method.name).toBe("lad+imitate");
    expect(values).toEqual({ loss_cls: 18, loss_imitation: 45 });
    expect(teacher.calls.filter((call) => call.startsWith("features"))).toHaveLength(1);
  });

  it("assigns nothing for a loss that is dropped", async () => {
    const only: Term<tf.Tensor, tf.Tensor> = {
      name: "kd",
      teachers: [teacher.detector],
      base: "drop",
      loss: ({ student: own }, targets) => ({ loss_kd: tf.sum(tf.mul(own.out, targets ? 0 : 1)) as tf.Scalar }),
    };
    const { values, metrics } = await step([only]);
    expect(values).toEqual({ loss_kd: 6 });
    expect(metrics).toEqual({});
    expect(student.calls).toEqual(["features train"]);
  });

  it("refuses two assigning terms, a dropped loss with labels, and two losses of one name", async () => {
    const lad = labelAssignment(teacher.detector);
    expect(() => distill(student.detector, [lad, lad], [])).toThrow(
      "at most one term may assign labels, got lad and lad",
    );
    const dropping = { name: "kd", teachers: [], base: "drop" } as const;
    try {
      distill(student.detector, [lad, dropping], []);
      expect.unreachable();
    } catch (error) {
      expect(LadError.is(error) && error.code).toBe("INVALID_ARGUMENT");
      expect(String(error)).toContain("term lad assigns labels for the student's own loss, which term kd drops");
    }
    const twin: Term<tf.Tensor, tf.Tensor> = {
      name: "twin",
      teachers: [],
      loss: ({ student: own }) => ({ loss_cls: tf.sum(own.out) as tf.Scalar }),
    };
    await expect(step([twin])).rejects.toThrow("two losses are named loss_cls");
  });
});
