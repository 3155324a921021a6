import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { findRecipe, paaNetwork } from "@lad/recipes";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadConfig, reloadConfig } from "./load-config";

let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "lad-config-"));
});
afterAll(() => rm(directory, { recursive: true }));

const text = `
import { defineConfig, findRecipe, paaNetwork, plainMethod } from "@lad/recipes";
import { epochs } from "./epochs";
const network: unknown = paaNetwork;
export default defineConfig({ ...findRecipe("demo/paa-student").config, epochs, method: plainMethod });
export { network };
`;

async function file(name: string, content: string): Promise<string> {
  const place = path.join(directory, name);
  await mkdir(path.dirname(place), { recursive: true });
  await writeFile(place, content);
  return place;
}

test("a TypeScript file, with what it imports", async () => {
  await file("epochs.ts", "export const epochs: number = 3;");
  const { config, source } = await loadConfig(await file("lad.config.ts", text), ["batch=2"]);
  expect(config).toMatchObject({ epochs: 3, batch: 2, accumulate: 1 });
  expect(source).toEqual({ file: path.join(directory, "lad.config.ts"), text });
});

test("the text that was recorded counts, not the file's of today", async () => {
  await file("epochs.ts", "export const epochs: number = 3;");
  const place = await file("changed.config.ts", "export default {};");
  const { config } = await reloadConfig({ file: place, text }, []);
  expect(config.epochs).toBe(3);
});

test("packages that the file imports are the ones this program runs on", async () => {
  const place = await file(
    "same.ts",
    'import { paaNetwork } from "@lad/recipes"; export default { student: paaNetwork };',
  );
  const error = await loadConfig(place).catch((cause: Error) => cause.message);
  expect(error).toContain("pipeline: wanted"); // its student passed as a function
  const check = await file(
    "check.ts",
    'import * as recipes from "@lad/recipes"; globalThis.ladConfigTest = recipes.paaNetwork; export default {};',
  );
  await loadConfig(check).catch(() => undefined);
  expect((globalThis as { ladConfigTest?: unknown }).ladConfigTest).toBe(paaNetwork);
});

test("a recipe, by alias too", async () => {
  const { source, config } = await loadConfig("paa/paa_r18");
  expect(source).toEqual({ recipe: "paa/r18" });
  expect(config.student).toBe(findRecipe("paa/r18").config.student);
});

test("what cannot be loaded is named", async () => {
  await expect(loadConfig(path.join(directory, "no.config.ts"))).rejects.toThrow(
    /config .*no\.config\.ts cannot be read: ENOENT/,
  );
  await expect(loadConfig(await file("broken.ts", "export default {"))).rejects.toThrow(
    /config .*broken\.ts does not run: /,
  );
  await expect(loadConfig(await file("throws.ts", 'throw new Error("my mistake");'))).rejects.toThrow(
    /throws\.ts does not run: my mistake/,
  );
  await expect(loadConfig(await file("empty.ts", "export {};"))).rejects.toThrow(
    /empty\.ts: the default export must be/,
  );
  await expect(loadConfig("demo/paa-student", ["epoch=1"])).rejects.toThrow(
    'recipe demo/paa-student:\n  unknown key "epoch"; did you mean "epochs"?',
  );
});
