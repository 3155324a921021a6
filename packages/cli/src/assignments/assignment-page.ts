import { colorOf } from "../draw/colors";
import { drawPanels } from "../draw/draw-panels";
import type { AssignedImage } from "./assigned-image";
import type { AssignedAnchor } from "./network-assignment";
import { pageScript, pageStyle } from "./page-parts";
import { shownLevels } from "./shown-levels";

/**
 * One HTML page that needs nothing but itself: every image with the anchors of each network before and after separation as SVG, switches for
 * levels and stages, and how many positives the networks share. `#level=0` in its address shows that level alone.
 */
export function assignmentPage(title: string, images: readonly AssignedImage[]): string {
  const levels = new Map(images.flatMap(shownLevels).map(({ level, stride }) => [level, stride]));
  const switches = [...levels]
    .sort(([a], [b]) => a - b)
    .map(
      ([level, stride]) =>
        `<label><input type="checkbox" name="level" value="${level}" checked> stride ${stride}</label>`,
    );
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${escaped(title)}</title><style>${pageStyle}</style>
<h1>${escaped(title)}</h1>
<p>Small dots: candidates before the mixtures separate them, the cheapest of every level. Circles: what the network calls positive. An object's anchors have its colour; move the pointer over one for its cost.</p>
<form>${switches.join("")}<label><input type="checkbox" name="stage" value="before" checked> before</label><label><input type="checkbox" name="stage" value="after" checked> positive</label></form>
<p><output></output></p>
${images.map(section).join("\n")}
<script>${pageScript}</script></html>
`;
}

function section(image: AssignedImage): string {
  const { name, picture, networks } = image;
  const source = `data:image/png;base64,${drawPanels([{ image: picture, marks: [] }]).toString("base64")}`;
  const { width, height } = picture;
  const figures = networks.map(
    ({ title, before = [], after }) => `<figure><figcaption>${escaped(title)}</figcaption>
<svg viewBox="0 0 ${width} ${height}" width="${width}"><image href="${source}" width="${width}" height="${height}"/>
${objects(image)}${before.map((anchor) => dot(anchor, "before", 1.5)).join("")}${after.map((anchor) => dot(anchor, "after", 4)).join("")}</svg></figure>`,
  );
  return `<section><h2>${escaped(name)}</h2><p>${shared(image)}</p>${figures.join("")}</section>`;
}

function objects({ objects: all }: AssignedImage): string {
  return all
    .map(({ box: [x1, y1, x2, y2], label }, gt) => {
      const place = `x="${x1}" y="${y1}" width="${x2 - x1}" height="${y2 - y1}"`;
      return `<rect class="object" ${place} stroke="${colorOf(gt)}"><title>${escaped(label)}</title></rect>`;
    })
    .join("");
}

function dot({ level, box: [x1, y1, x2, y2], gt, cost }: AssignedAnchor, stage: string, radius: number): string {
  const hint = cost === undefined ? "" : `<title>cost ${cost.toFixed(3)}, anchor of ${Math.round(x2 - x1)} px</title>`;
  const color = colorOf(gt);
  const paint = stage === "before" ? `fill="${color}"` : `stroke="${color}"`;
  return `<circle class="anchor ${stage}" data-level="${level}" cx="${(x1 + x2) / 2}" cy="${(y1 + y2) / 2}" r="${radius}" ${paint}>${hint}</circle>`;
}

/** How far two networks agree on what is positive. */
function shared({ networks }: AssignedImage): string {
  const counts = networks.map(({ title, after }) => `${escaped(title)} calls ${after.length} anchors positive`);
  const [first, second] = networks.map(({ after }) => new Set(after.map(({ anchor, gt }) => `${anchor} ${gt}`)));
  if (!first || !second) return `${counts.join(", ")}.`;
  const both = [...first].filter((key) => second.has(key)).length;
  return `${counts.join(", ")}; ${both} are the same for the same object.`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
