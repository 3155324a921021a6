import { rmSync } from "node:fs";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { fakeWorkplace, type Workplace } from "../test/fake-engine";
import { buildTensorflowEngine } from "./build-engine";
import { checkTensorflowEngine } from "./check-engine";

let place: Workplace;
beforeEach(async () => {
  place = await fakeWorkplace();
});
afterEach(() => place.remove());
const summary = async (options = {}) => {
  const { works, canBuild, findings } = await checkTensorflowEngine(options);
  return {
    works,
    canBuild,
    found: Object.fromEntries(findings.map(({ what, ok, detail }) => [what, `${ok} ${detail}`])),
  };
};

it("says what is there, what a build would take, and changes nothing", async () => {
  await place.addWheel();
  const { works, canBuild, found } = await summary();
  expect({ works, canBuild }).toEqual({ works: false, canBuild: true });
  expect(found).toMatchObject({
    engine: "false @tensorflow/tfjs-node is installed without its binding to TensorFlow",
    platform: `true ${process.platform} ${process.arch}`,
    package: `true @tensorflow/tfjs-node 4.22.0 in ${place.folder}`,
    folder: `true ${place.folder}`,
    wheel: expect.stringMatching(/^true tensorflow_cpu-2\.21\.0-.*, from pip$/),
    compiler: `true ${place.at("compiler")}`,
    header: expect.stringMatching(/^true .*include$/),
  });
  expect(await place.contents()).toEqual([]);
});

it("names everything that is missing at once", async () => {
  vi.stubEnv("CXX", "no-such-compiler");
  const { canBuild, found } = await summary({ gpu: true });
  expect(canBuild).toBe(false);
  expect(found).toMatchObject({
    engine: "false @tensorflow/tfjs-node-gpu is not installed",
    package: `true npm installs it into ${place.at("home")}`,
    wheel: expect.stringContaining("false pip finds no wheel of tensorflow ("),
    compiler: expect.stringContaining("false there is no C++ compiler"),
  });
  const other = await place.addWheel({ platform: "win_amd64" });
  expect((await summary({ wheels: [other] })).found.wheel).toContain(
    "false tensorflow_cpu 2.21.0 is a wheel for win_amd64",
  );
});

it("knows an engine that works, and one that npm ci wiped away", async () => {
  await place.addWheel();
  await buildTensorflowEngine();
  const { works, found } = await summary();
  expect(works).toBe(true);
  expect(found.engine).toMatch(/^true TensorFlow 2\.21\.0, built \d{4}-\d\d-\d\d from tensorflow_cpu-2\.21\.0/);
  rmSync(place.lib, { recursive: true });
  expect((await summary()).found.engine).toMatch(
    /^false the engine \(TensorFlow 2\.21\.0, built \d{4}-\d\d-\d\d\) is gone from .*: npm ci, or another install, replaced the package; build it again$/,
  );
});
