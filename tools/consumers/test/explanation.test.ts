import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lad } from "@lad/cli";
import { afterAll, beforeAll, expect, it } from "vitest";
import { canInstallPackages, findChromium } from "../../../scripts/lib/debian.mjs";
import { openInChromium } from "../src/run-in-chromium";

const chromium = findChromium();
const folder = mkdtempSync(join(tmpdir(), "lad-explained-"));
afterAll(() => rmSync(folder, { recursive: true }));

const object = { image_id: 1, category_id: 1, bbox: [10, 10, 40, 40] };
const truth = {
  images: [{ id: 1, file_name: "<b>.jpg", width: 100, height: 80 }],
  categories: [
    { id: 1, name: "cat" },
    { id: 2, name: "dog & fox" },
  ],
  annotations: [
    { ...object, id: 1, area: 1600, iscrowd: 0 },
    { ...object, id: 2, category_id: 2, bbox: [60, 10, 20, 20], area: 400, iscrowd: 0 },
  ],
};
const found = [
  { ...object, score: 0.9 },
  { ...object, bbox: [60, 10, 20, 20], score: 0.8 },
];

let page = "";
beforeAll(async () => {
  writeFileSync(join(folder, "gt.json"), JSON.stringify(truth));
  writeFileSync(join(folder, "dt.json"), JSON.stringify(found));
  const files = ["--gt", join(folder, "gt.json"), "--dt", join(folder, "dt.json")];
  expect(await lad(["eval", "coco", ...files, "--json", "-", "--explain", join(folder, "page")])).toBe(0);
  page = readFileSync(join(folder, "page", "index.html"), "utf8");
});

if (chromium !== undefined) {
  it("lad eval coco --explain writes a page that Chromium shows: tables that sort, pictures, nothing from elsewhere", async () => {
    const probe = `
      const texts = (selector) => [...document.querySelectorAll(selector)].map((each) => each.textContent);
      const head = [...document.querySelectorAll("#classes th")].find((each) => each.textContent === "AP");
      const before = texts("#classes td:first-child");
      head.click(); head.click();
      const shown = [...document.querySelectorAll("svg")].map((each) => each.getBoundingClientRect().height > 20);
      const report = { before, sorted: texts("#classes td:first-child"), shown, captions: texts("figcaption"),
        sizes: texts("#sizes td:first-child"), loaded: performance.getEntriesByType("resource").length };
      document.body.textContent = JSON.stringify(report); document.title = "done";`;
    const dom = await openInChromium(chromium, page.replace("</body>", `<script>${probe}</script></body>`));
    expect(dom).toContain("<title>done</title>");
    const text = /<body>([\s\S]*)<\/body>/
      .exec(dom)![1]!
      .replace(/&(lt|gt|amp);/g, (_, name) => ({ lt: "<", gt: ">", amp: "&" })[name as "lt"]!);
    expect(JSON.parse(text)).toEqual({
      before: ["cat", "dog & fox"],
      sorted: ["dog & fox", "cat"],
      shown: [true, true, true, true],
      captions: ["<b>.jpg: 1 not found, 1 false"],
      sizes: ["all", "small", "medium", "large"],
      loaded: 0,
    });
  });
} else {
  it("NOT RUN IN A BROWSER: there is no Chromium here, and it cannot be installed without root on Debian", () => {
    expect(canInstallPackages()).toBe(false);
  });
}
