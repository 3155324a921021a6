import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { canInstallPackages, findChromium } from "../../../scripts/lib/debian.mjs";
import { type ProjectOutside, projectOutside } from "../src/project-outside";
import { openInChromium } from "../src/run-in-chromium";

describe("examples/evaluate-your-detections", () => {
  let project: ProjectOutside;
  beforeAll(async () => {
    project = await projectOutside("examples/evaluate-your-detections", ["coco-eval", "voc-eval"]);
  });
  afterAll(() => project?.remove());

  it("installs nothing but the packages asked for, and prints COCO's, TIDE's and VOC's numbers", async () => {
    expect(readdirSync(join(project.folder, "node_modules")).filter((name) => !name.startsWith("."))).toEqual(["@lad"]);
    const text = await project.run("evaluate.mjs");
    expect(text).toMatch(/IoU=0\.50 +\| area= +all \| maxDets=100 \] = 0\.252/);
    expect(text).toMatch(/^Cls +25\.2 +1$/m);
    expect(text).toMatch(/^cat +2 +5 +50\.0 +50\.0$/m);
    expect(text).toMatch(/^AP50 25\.0, mean over AP50 to AP95 22\.5$/m);
  });
});

const object = { image_id: 7, category_id: 3, bbox: [10, 10, 40, 40] };
const annotations = {
  images: [{ id: 7 }],
  categories: [{ id: 3, name: "cat" }],
  annotations: [{ ...object, id: 1, area: 1600, iscrowd: 0 }],
};
const detections = [
  { ...object, bbox: [300, 10, 40, 40], score: 0.9 },
  { ...object, score: 0.8 },
];

/** Drops files on the page, and keeps what it says in its title once `done` holds. */
const dropped = (files: Record<string, unknown>, done: string) => `
  const transfer = new DataTransfer();
  for (const [name, value] of Object.entries(${JSON.stringify(files)})) {
    transfer.items.add(new File([typeof value === "string" ? value : JSON.stringify(value)], name));
  }
  document.getElementById("drop").dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, cancelable: true }));
  const [state, result] = ["state", "result"].map((id) => document.getElementById(id));
  const look = () => { if (${done}) document.title = JSON.stringify([state.textContent, result.textContent]); else setTimeout(look, 20); };
  look();`;

const chromium = findChromium();
if (chromium !== undefined) {
  describe("examples/evaluate-in-the-browser", () => {
    let page = "";
    beforeAll(async () => {
      const folder = mkdtempSync(join(tmpdir(), "lad-page-"));
      const script = fileURLToPath(new URL("../../../examples/evaluate-in-the-browser/build.mjs", import.meta.url));
      await promisify(execFile)(process.execPath, [script, join(folder, "page.html")]);
      page = readFileSync(join(folder, "page.html"), "utf8");
      rmSync(folder, { recursive: true });
    });

    const drop = async (files: Record<string, unknown>, done: string): Promise<[state: string, result: string]> => {
      const script = `<script>${dropped(files, done)}</script></body>`;
      const dom = await openInChromium(
        chromium,
        page.replace("</body>", () => script),
      );
      const title = /<title>(.*)<\/title>/.exec(dom)?.[1] ?? "no title";
      return JSON.parse(
        title.replaceAll("&quot;", '"').replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&"),
      );
    };

    it("evaluates two dropped files, in whatever order", async () => {
      const [state, result] = await drop(
        { "dt.json": detections, "gt.json": annotations },
        'result.textContent !== ""',
      );
      expect(state).toBe("1 images, 2 detections");
      expect(result).toMatch(/IoU=0\.50:0\.95 \| area= +all \| maxDets=100 \] = 0\.500/);
      expect(result).toContain("Bkg 50.0 (1)");
    });

    it("waits for the second file, and says what is wrong with one", async () => {
      const stateChanged = '!state.textContent.startsWith("Nothing")';
      expect((await drop({ "gt.json": annotations }, stateChanged))[0]).toBe("Now the detections.");
      expect((await drop({ "dt.json": '[{"image_id": 1' }, stateChanged))[0]).toMatch(/^dt\.json: .*JSON/);
      const strange = [{ ...object, image_id: 8, score: 1 }];
      const [state, result] = await drop({ "gt.json": annotations, "dt.json": strange }, stateChanged);
      expect([state, result]).toEqual([expect.stringContaining("image id 8, which is not there"), ""]);
    });
  });
} else {
  it("NOT RUN IN A BROWSER: there is no Chromium here, and it cannot be installed without root on Debian", () => {
    expect(canInstallPackages()).toBe(false);
  });
}
