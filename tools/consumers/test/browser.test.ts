import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { expect, it } from "vitest";
import { canInstallPackages, findChromium } from "../../../scripts/lib/debian.mjs";
import { engineFreeResults } from "../src/engine-free-results";
import { runInChromium } from "../src/run-in-chromium";

const chromium = findChromium();

/** One script from the built packages, as a bundler of somebody else's makes it. */
async function bundle(): Promise<{ text: string; inputs: string[] }> {
  const { outputFiles, metafile } = await build({
    stdin: {
      contents: `import { engineFreeResults } from "./engine-free-results";
        try {
          document.querySelector("pre").textContent = JSON.stringify(engineFreeResults());
          document.title = "done";
        } catch (error) {
          document.title = "failed";
          document.querySelector("pre").textContent = String(error.stack);
        }`,
      resolveDir: fileURLToPath(new URL("../src", import.meta.url)),
    },
    ...{ bundle: true, write: false, metafile: true, format: "iife", platform: "browser", logLevel: "silent" },
    tsconfigRaw: {}, // not ours: its paths lead to the sources, and here the packages are meant as they are published
  });
  return { text: outputFiles[0]?.text ?? "", inputs: Object.keys(metafile.inputs) };
}

it("bundles for a browser out of the packages' own files only", async () => {
  const { inputs } = await bundle();
  expect(inputs.filter((path) => /packages\/[\w-]+\/dist\/index\.js$/.test(path)).sort()).toEqual([
    "../../packages/assigners/dist/index.js",
    "../../packages/boxes/dist/index.js",
    "../../packages/coco-eval/dist/index.js",
    "../../packages/core/dist/index.js",
    "../../packages/nms/dist/index.js",
    "../../packages/voc-eval/dist/index.js",
  ]);
  expect(inputs.filter((path) => path.includes("node_modules"))).toEqual([]);
});

if (chromium !== undefined) {
  it("gives the same IoUs, NMS, PAA assignment, COCO and VOC evaluation in Chromium as in Node", async () => {
    const { title, body } = await runInChromium(chromium, (await bundle()).text);
    expect(`${title}: ${title === "done" ? "" : body}`).toBe("done: ");
    expect(JSON.parse(body)).toEqual(JSON.parse(JSON.stringify(engineFreeResults())));
  });
} else {
  it("NOT RUN IN A BROWSER: there is no Chromium here, and it cannot be installed without root on Debian", () => {
    expect(canInstallPackages()).toBe(false);
  });
}

it("works on inputs that are not trivial", () => {
  const results = engineFreeResults() as { iou: number[]; assignment: number[][]; evaluation: number[]; voc: number[] };
  expect(results.iou.filter((value) => value > 0 && value < 1).length).toBeGreaterThan(50);
  expect(results.assignment.at(-1)?.[0]).toBeGreaterThan(0);
  expect(results.evaluation[0]).toBeGreaterThan(0);
  expect(results.evaluation[0]).toBeLessThan(1);
  expect(results.voc[9]).toBeLessThan(results.voc[0] ?? 0);
  expect(results.voc.slice(10)).toEqual([1, 2, 3, 4.5]);
});
