import { execFileSync } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { canInstallPackages, findChromium } from "../../../scripts/lib/debian.mjs";
import { type ProjectOutside, projectOutside } from "../src/project-outside";
import { runInChromium } from "../src/run-in-chromium";

/** Evaluates masks, in whatever surroundings; `coco`, `rle` and `tide` are the package's three parts for browsers. */
const judge = `function judge(coco, rle, tide) {
  const size = [6, 5];
  const masks = [rle.rleFromPolygons([[0, 0, 4, 0, 4, 5, 0, 5]], size), rle.rleFromBox([1, 1, 3, 4], size)];
  const object = { image_id: 7, category_id: 3, bbox: [0, 0, 4, 5] };
  const truth = coco.readGroundTruth(JSON.stringify({
    images: [{ id: 7, height: 6, width: 5 }], categories: [{ id: 3, name: "cat" }],
    annotations: [{ ...object, id: 1, area: 20, iscrowd: 0 }],
  }));
  const found = coco.readDetections(JSON.stringify([{ ...object, bbox: [1, 1, 3, 4], score: 0.5 }]));
  const evaluation = coco.evaluateCoco(truth, found);
  return {
    stats: [...evaluation.stats], lines: coco.summarize(evaluation).split("\\n").length,
    iou: [...rle.rleIou([masks[0]], [masks[1]]).data], text: masks.map(rle.rleToString),
    lost: tide.diagnoseErrors(truth, found).ap, kinds: tide.tideKinds.length,
  };
}`;
const parts = ["@lad/coco-eval", "@lad/coco-eval/rle", "@lad/coco-eval/tide"];
const names = ["coco", "rle", "tide"];
const imports = parts.map((part, i) => `import * as ${names[i]} from "${part}";`).join("\n");
const requires = [...parts, "@lad/coco-eval/node"].map((part) => `require("${part}")`).join(", ");
const ofFiles = (
  node: string,
) => `${node}.evaluateCocoFiles({ groundTruth: "gt.json", detections: "dt.json" }, { threads: 2 })
  .then(({ stats }) => console.log(JSON.stringify({ ...judge(coco, rle, tide), files: [...stats] })));`;

/** So many detections that threads share both the reading, of several pieces, and the evaluation. */
const many = `import { writeFileSync } from "node:fs";
import { evaluateCocoFiles } from "@lad/coco-eval/node";
const images = Array.from({ length: 400 }, (_, id) => ({ id }));
const categories = [3, 5, 9].map((id) => ({ id, name: "c" + id }));
const box = (i) => [(i * 7) % 50, (i * 13) % 40, 20 + (i % 9), 20 + (i % 7)];
const annotations = Array.from({ length: 3000 }, (_, i) => ({
  id: i + 1, image_id: i % 400, category_id: categories[i % 3].id, bbox: box(i), area: 500, iscrowd: 0,
}));
const detections = Array.from({ length: 160000 }, (_, i) => ({
  image_id: (i * 17) % 400, category_id: categories[i % 3].id, bbox: box(i >> 3), score: ((i * 7919) % 1000) / 1000,
}));
const files = { groundTruth: "many-gt.json", detections: "many-dt.json" };
writeFileSync(files.groundTruth, JSON.stringify({ images, categories, annotations }));
writeFileSync(files.detections, JSON.stringify(detections));
const results = [];
for (const threads of [1, 2, 3]) {
  const { stats, precision, scores, detections: read } = await evaluateCocoFiles(files, { threads });
  results.push(JSON.stringify([[...stats], [...precision.data], [...scores.data], [...read.scores], [...read.boxes]]));
}
console.log(JSON.stringify([results[0].length, ...results.map((result) => result === results[0])]));`;

let project: ProjectOutside;
let expected: { readonly stats: number[]; readonly files: number[] };

beforeAll(async () => {
  project = await projectOutside("examples/evaluate-your-detections", ["coco-eval"]);
  const write = (name: string, text: string) => writeFileSync(join(project.folder, name), text);
  const object = { image_id: 7, category_id: 3, bbox: [0, 0, 4, 5] };
  const categories = [{ id: 3, name: "cat" }];
  const annotations = [{ ...object, id: 1, area: 20, iscrowd: 0 }];
  write("gt.json", JSON.stringify({ images: [{ id: 7 }], categories, annotations }));
  write("dt.json", JSON.stringify([0.5, 0.4, 0.3].map((score) => ({ ...object, bbox: [1, 1, 3, 4], score }))));
  write("module.mjs", `${imports}\nimport * as node from "@lad/coco-eval/node";\n${judge}\n${ofFiles("node")}`);
  write("many.mjs", many);
  write("common.cjs", `const [coco, rle, tide, node] = [${requires}];\n${judge}\n${ofFiles("node")}`);
  write(
    "page.mjs",
    `${imports}\n${judge}\ndocument.querySelector("pre").textContent = JSON.stringify(judge(coco, rle, tide));
document.title = "done";`,
  );
  expected = JSON.parse(await project.run("module.mjs"));
});
afterAll(() => project?.remove());

describe("@lad/coco-eval, installed from its tarball", () => {
  it("comes alone, and works as ES modules, on files and threads too", () => {
    expect(readdirSync(join(project.folder, "node_modules", "@lad"))).toEqual(["coco-eval"]);
    expect(expected).toMatchObject({ lines: 12, iou: [0.6], kinds: 6 });
    expect(expected.stats[1]).toBeCloseTo(1, 12);
    expect(expected.files).toEqual(expected.stats);
  });

  it("gives the same bits on any number of real threads", async () => {
    const [length, ...same] = JSON.parse(await project.run("many.mjs"));
    expect(length).toBeGreaterThan(1e6);
    expect(same).toEqual([true, true, true]);
  });

  it("runs threads from a script on Node's command line", () => {
    const script =
      'import { evaluateCocoFiles } from "@lad/coco-eval/node"; const files = { groundTruth: "gt.json", detections: "dt.json" };' +
      "console.log(JSON.stringify([...(await evaluateCocoFiles(files, { threads: 2 })).stats]))";
    const said = execFileSync(process.execPath, ["--input-type=module", "-e", script], { cwd: project.folder });
    expect(JSON.parse(said.toString())).toEqual(expected.stats);
  });

  it("gives the same through require", async () => {
    expect(JSON.parse(await project.run("common.cjs"))).toEqual(expected);
  });

  /** One script for a page, as Vite makes it; its browser parts import nothing of Node. */
  const bundled = async (): Promise<string> => {
    const made = await build({
      ...{ root: project.folder, configFile: false, logLevel: "silent" },
      build: { write: false, lib: { entry: "page.mjs", formats: ["iife"], name: "page" } },
    });
    if (!Array.isArray(made)) throw new Error("vite: a list of one bundle was wanted");
    return made[0]?.output[0].code ?? "";
  };

  it("is bundled by Vite without anything of Node", async () => {
    const code = await bundled();
    expect(code).toContain("readDetections");
    expect(code).not.toMatch(/node:|__vite-browser-external|require\(/);
  });

  const chromium = findChromium();
  if (chromium !== undefined) {
    it("gives the same in Chromium", async () => {
      const { title, body } = await runInChromium(chromium, await bundled());
      expect(title).toBe("done");
      const { files: _, ...inBrowser } = expected;
      expect(JSON.parse(body)).toEqual(inBrowser);
    });
  } else {
    it("NOT RUN IN A BROWSER: there is no Chromium here, and it cannot be installed without root on Debian", () => {
      expect(canInstallPackages()).toBe(false);
    });
  }
});
