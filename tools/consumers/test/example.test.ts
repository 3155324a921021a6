import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type ProjectOutside, projectOutside } from "../src/project-outside";

let project: ProjectOutside;

beforeAll(async () => {
  // nms bundles core and boxes; assigners and boxes depend on core
  project = await projectOutside("examples/assigner-in-your-detector", ["core", "boxes", "assigners", "nms"]);
});
afterAll(() => project?.remove());

it("installs nothing but the packages asked for", () => {
  expect(readdirSync(join(project.folder, "node_modules")).filter((name) => !name.startsWith("."))).toEqual(["@lad"]);
});

it("learns from PAA's assignment and finds most objects of scenes it has not seen", async () => {
  const lines = (await project.run("detector.mjs")).trim().split("\n");
  const positives = lines.slice(0, -1).map((line) => Number(/: ([\d.]+) positive/.exec(line)?.[1]));
  expect(positives).toHaveLength(4);
  for (const perScene of positives) expect(perScene).toBeGreaterThan(2);
  const [, hits, objects] = /found (\d+) of (\d+) objects/.exec(lines.at(-1) ?? "") ?? [];
  expect(Number(objects)).toBe(12);
  expect(Number(hits)).toBeGreaterThanOrEqual(9);
});

it("packs no workspace range and no source", () => {
  const installed = join(project.folder, "node_modules", "@lad", "assigners");
  expect(readFileSync(join(installed, "package.json"), "utf8")).not.toMatch(/workspace:|catalog:/);
  expect(readdirSync(installed)).not.toContain("src");
});
