import { basename } from "node:path";
import { useBackend } from "@lad/backends";
import { beforeAll, describe, expect, it } from "vitest";
import { formatCase } from "./format-case";
import { goldenFiles } from "./golden-folder";
import { runCase } from "./run-case";

const families = [
  "blocks_paa",
  "image_ops",
  "voting_nms",
  "voc_eval",
  "coco_eval",
  "paa",
  "lad",
  "kd",
  "solad",
  "colad",
  "colad_fisher",
  "paa_io",
  "paa_io_base",
  "paa_cop",
  "paa_cop_base",
  "gfl",
  "gflv2",
  "ld",
  "ld_v2",
  "self_ld",
  "ld_ta",
];

/** Parts of families that are not here as a whole. */
const parts: Readonly<Record<string, RegExp>> = {
  blocks_gfl: /^(atss|deform_conv|losses)/,
  blocks_lgd: /^(roi_|dcnv2_block)/,
};

// trajectories on the fastest engine that installs from npm; the reference engine does forward, losses and gradients
describe.each([
  { engine: "wasm", trajectory: true },
  { engine: "cpu", trajectory: false },
] as const)("$engine", ({ engine, trajectory }) => {
  beforeAll(() => useBackend(engine));

  describe.each([...families, ...Object.keys(parts)])("%s", (family) => {
    const all = goldenFiles(family).filter((file) => parts[family]?.test(basename(file)) ?? true);
    // the slow reference engine is asked one case of each family
    const files = all.slice(0, trajectory ? undefined : 1);

    it("has cases", () => expect(files.length).toBeGreaterThan(0));

    it.each(files.map((file) => [basename(file), file]))("%s", async (_, file) => {
      const result = await runCase(file!, { trajectory });
      if (!result.passed) throw new Error(`\n${formatCase(result)}`);
    });
  });
});
