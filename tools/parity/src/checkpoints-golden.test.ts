import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { useBackend } from "@lad/backends";
import { beforeAll, describe, expect, it } from "vitest";
import { formatCase } from "./format-case";
import { goldenFolder } from "./golden-folder";
import { runCase } from "./run-case";

const folder = join(goldenFolder(), "checkpoints");
const files = existsSync(folder) ? readdirSync(folder).filter((name) => /\.(pth|pkl)$/.test(name)) : [];

describe("checkpoints", () => {
  it("has cases", () => expect(files.length).toBeGreaterThan(0));

  beforeAll(() => useBackend("cpu"));

  it.each(files)("%s", async (name) => {
    const result = await runCase(join(folder, name), { trajectory: false });
    if (!result.passed) throw new Error(`\n${formatCase(result)}`);
    expect(result.family).toBe("checkpoints");
  });
});
