import "@tensorflow/tfjs-backend-cpu";
import { ndArray } from "@lad/core";
import { disposeParams, type ParamLayout, param } from "@lad/tensor";
import { expectNoLeak } from "@lad/testing";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { fromTorchLayout, loadParams, paramsToRecord, readSafetensors, toTorchLayout, writeSafetensors } from "./index";

beforeAll(() => tf.setBackend("cpu"));
const counted = (...shape: number[]) =>
  ndArray(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i + 1),
    shape,
  );
const network = () =>
  new Map([
    ["conv.weight", param(counted(3, 2, 4, 5), { layout: "conv" })],
    ["fc.weight", param(counted(4, 3), { layout: "linear" })],
    ["bn.running_mean", param(counted(4), { kind: "buffer" })],
    ["scale", param(counted(), { kind: "frozen" })],
  ]);

describe("toTorchLayout", () => {
  it("puts convolutions from HWIO into OIHW, element by element", () => {
    const memory = counted(3, 2, 4, 5); // [H, W, I, O]
    const { data, shape } = toTorchLayout(memory, "conv");
    expect(shape).toEqual([5, 4, 3, 2]);
    for (let h = 0; h < 3; h++)
      for (let w = 0; w < 2; w++)
        for (let i = 0; i < 4; i++)
          for (let o = 0; o < 5; o++)
            expect(data[((o * 4 + i) * 3 + h) * 2 + w]).toBe(memory.data[((h * 2 + w) * 4 + i) * 5 + o]);
  });

  it("transposes linear layers and copies the rest", () => {
    expect([...toTorchLayout(counted(2, 3), "linear").data]).toEqual([1, 4, 2, 5, 3, 6]);
    const plain = counted(2);
    const copy = toTorchLayout(plain, "plain");
    expect(copy).toEqual(plain);
    expect(copy.data).not.toBe(plain.data);
  });

  it.each<[ParamLayout, number[]]>([
    ["conv", [3, 2, 4, 5]],
    ["linear", [4, 3]],
    ["plain", [2, 2]],
    ["conv", [1, 1, 0, 2]],
  ])("is undone by fromTorchLayout: %s %j", (layout, shape) => {
    expect(fromTorchLayout(toTorchLayout(counted(...shape), layout), layout)).toEqual(counted(...shape));
  });

  it("refuses a rank that the layout has not", () => {
    expect(() => toTorchLayout(counted(2, 2), "conv")).toThrow(
      "toTorchLayout: layout conv wants rank 4, got shape [2,2]",
    );
    expect(() => fromTorchLayout(counted(2), "linear")).toThrow("fromTorchLayout: layout linear wants rank 2");
  });
});

describe("paramsToRecord and loadParams", () => {
  it("carry a network through a file bit by bit, without leaks", async () => {
    const [source, target] = [network(), network()];
    for (const { variable } of source.values())
      tf.tidy(() => variable.assign(tf.add(tf.mul(variable, Math.fround(1 / 3)), 1e-8)));
    const record = await expectNoLeak(() => paramsToRecord(source));
    expect(record["conv.weight"]!.shape).toEqual([5, 4, 3, 2]);
    const back = readSafetensors(writeSafetensors(record)).tensors;
    const report = await expectNoLeak(() => loadParams(target, back));
    expect(report).toEqual({ missing: [], unexpected: [], mismatched: [] });
    for (const [name, { variable }] of source)
      expect(target.get(name)!.variable.dataSync()).toEqual(variable.dataSync());
    back.scale!.data.fill(77);
    record.scale!.data.fill(77);
    expect(target.get("scale")!.variable.dataSync()[0]).not.toBe(77);
    expect(source.get("scale")!.variable.dataSync()[0]).not.toBe(77);
    disposeParams(source);
    disposeParams(target);
  });

  it("refuse what does not fit, naming names, shapes and counts, and touch nothing", async () => {
    const params = network();
    const record = {
      "conv.weight": counted(5, 4, 1, 2),
      "bn.running_mean": ndArray(new Float32Array(4), [4]),
      scale: counted(1),
      extra: counted(1),
    };
    expect(() => loadParams(params, record)).toThrow(
      "loadParams: the checkpoint does not fit the network of 4 parameters: 2 of another shape: " +
        "conv.weight (network [5,4,3,2], checkpoint [5,4,1,2]), scale (network [], checkpoint [1]); " +
        "1 missing in the checkpoint: fc.weight; 1 unknown to the network: extra.",
    );
    expect(params.get("bn.running_mean")!.variable.dataSync()).toEqual(counted(4).data);
    const report = loadParams(params, record, { strict: false });
    expect(report.missing).toEqual(["fc.weight"]);
    expect(report.unexpected).toEqual(["extra"]);
    expect(report.mismatched.map(({ name }) => name)).toEqual(["conv.weight", "scale"]);
    expect(params.get("bn.running_mean")!.variable.dataSync()).toEqual(new Float32Array(4));
    disposeParams(params);
  });

  it("shorten long lists", () => {
    const params = new Map(Array.from({ length: 5 }, (_, i) => [`p${i}`, param(counted(1))]));
    expect(() => loadParams(params, {})).toThrow("5 missing in the checkpoint: p0, p1, p2 and 2 more.");
    disposeParams(params);
  });

  it("take a prefix, pass over counters and what is ignored, convert other types", () => {
    const params = new Map([
      ["bn.weight", param(counted(2))],
      ["head.weight", param(counted(2))],
    ]);
    const record = {
      "student.bn.weight": ndArray(new Float64Array([5, 6]), [2]),
      "student.bn.num_batches_tracked": ndArray(new Int32Array([9]), []),
      "student.head.weight": counted(3),
      "student.anchors": counted(1),
      "teacher.bn.weight": counted(7),
    };
    const ignore = (name: string) => name.startsWith("head.") || name === "anchors";
    expect(loadParams(params, record, { prefix: "student.", ignore })).toEqual({
      missing: [],
      unexpected: [],
      mismatched: [],
    });
    expect([...params.get("bn.weight")!.variable.dataSync()]).toEqual([5, 6]);
    expect([...params.get("head.weight")!.variable.dataSync()]).toEqual([1, 2]);
    disposeParams(params);
  });
});
