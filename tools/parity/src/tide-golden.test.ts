import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { formatCase } from "./format-case";
import { goldenFolder } from "./golden-folder";
import { runCase } from "./run-case";

const folder = join(goldenFolder(), "coco_eval");
const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".tide.json")) : [];

describe("tide", () => {
  it("has cases", () => expect(files.length).toBeGreaterThan(0));

  it.each(files)("%s", async (name) => {
    const result = await runCase(join(folder, name), { trajectory: false });
    if (!result.passed) throw new Error(`\n${formatCase(result)}`);
    expect(result.groups.map(({ group }) => group)).toEqual(["ap", "counts", "labels"]);
  });
});
