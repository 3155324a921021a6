import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { expect, it } from "vitest";
import { nativeSuite } from "../test/native-suite";
import { addonPaths } from "./addon";

/** Run by plain Node: the kernels of custom operations on fixed numbers, a list for each, as text. */
const script = `
  const addon = require(${JSON.stringify(addonPaths().find(existsSync))});
  const whole = (...values) => Int32Array.from(values);
  const floats = (length, value) => Float32Array.from({ length }, (_, index) => value(index));
  const [x, fractions, labels] = [floats(1003, (i) => Math.sin(i) * 3), floats(1003, (i) => 0.5 + 0.49 * Math.sin(i)), whole(...Array(20).fill(3))];
  const lists = {};
  const made = (name, size, compute) => {
    const y = new Float32Array(size);
    compute(y);
    lists[name] = Array.from(y, (value) => (Number.isFinite(value) ? value : String(value)));
  };
  const [starts, cells, weights] = [whole(0, 2, 4), whole(0, 1, 2, 3), Float32Array.of(0.25, 0.75, 0.5, 0.5)];
  const rois = [whole(1, 4, 4, 50, 2, 2, 0), whole(0), whole(0), starts, cells, weights, starts, cells, weights];
  made("roiAlign", 200, (y) => addon.roiAlign(x, y, ...rois));
  made("roiAlignGradient", 800, (y) => addon.roiAlignGradient(x, y, ...rois));
  const deform = whole(1, 4, 4, 20, 3, 3, 2, 4, 4, 1, 1, 1, 1, 1);
  made("deformConv", 32, (y) => addon.deformConv(x, x, null, x, y, deform));
  made("deformConvFilterGradient", 360, (y) => addon.deformConvFilterGradient(x, x, null, x, y, deform));
  made("deformConvInputGradients", 608, (y) => addon.deformConvInputGradients(x, x, null, x, x, y, y.subarray(320), null, deform));
  for (const form of [0, 1, 2])
    for (const gamma of [0, 1.5, 2]) {
      const given = [form, form === 2 ? fractions : x, labels, fractions, fractions];
      made("focal " + form + " " + gamma, 1000, (y) => addon.focal(...given, y, 20, 50, 0, 0.25, gamma));
      made("focalGradient " + form + " " + gamma, 1000, (y) => addon.focalGradient(...given, x, y, 20, 50, 1, 0.25, gamma));
    }
  made("distributionFocal", 20, (y) => addon.distributionFocal(x, fractions, null, y, 20, 17, 1));
  made("distributionFocalGradient", 340, (y) => addon.distributionFocalGradient(x, fractions, null, x, y, 20, 17, 1));
  made("distillationKl", 20, (y) => addon.distillationKl(x, x.subarray(103), null, y, 20, 17, 1, 2));
  made("distillationKlGradient", 340, (y) => addon.distillationKlGradient(x, x.subarray(103), null, x, y, 20, 17, 1, 2));
  made("adamW", 3000, (y) => addon.adamW(x.subarray(0, 1000), x, x, fractions, y, y.subarray(1000), y.subarray(2000), 0.9, 0.99, 0.999, 0.1, 0.3, 1e-8));
  made("blend", 1000, (y) => addon.blend(x.subarray(0, 1000), fractions, y, 0.9, 0.1));
  console.log(JSON.stringify(lists));
`;

nativeSuite("kernels of custom operations", () => {
  it("have the same numbers on every instruction set", () => {
    const run = (isa: string): Record<string, (number | string)[]> => {
      const env = { ...process.env, LAD_ISA: isa };
      const { stdout, stderr } = spawnSync(process.execPath, ["-e", script], { env, encoding: "utf8" });
      if (!stdout) throw new Error(stderr);
      return JSON.parse(stdout);
    };
    const [widest, ...others] = ["", "avx2", "baseline"].map(run) as [
      ReturnType<typeof run>,
      ...ReturnType<typeof run>[],
    ];
    expect(Object.keys(widest).length).toBeGreaterThan(20);
    for (const other of others)
      for (const [name, values] of Object.entries(widest)) {
        expect(values.every(Number.isFinite), name).toBe(true);
        const largest = Math.max(...values.map((value) => Math.abs(value as number)));
        expect(largest, name).toBeGreaterThan(0.01);
        const errors = values.map((value, index) => Math.abs((other[name]![index] as number) - (value as number)));
        expect(Math.max(...errors) / largest, name).toBeLessThan(2e-6);
      }
  });
});
