import { tideKinds } from "@lad/coco-eval/tide";
import { percent } from "../run/coco-metrics";
import { confusionPicture } from "./confusion-picture";
import { curvePicture } from "./curve-picture";
import { escapeHtml } from "./escape-html";
import type { Explanation } from "./explanation";
import { htmlTable, sortScript } from "./html-table";
import type { ImageFile } from "./image-files";
import { imagePicture } from "./image-picture";
import { kindColors, kindMeanings } from "./kind-colors";
import { lossPicture } from "./loss-picture";

export type PageImage = ImageFile & { /** Data URL of the picture. */ readonly href?: string };

const style = `
body { font: 14px/1.5 sans-serif; margin: 2rem auto; max-width: 1100px; padding: 0 1rem; color: #1f2328; }
table { border-collapse: collapse; } td, th { border-bottom: 1px solid #ddd; padding: 2px 10px; text-align: left; }
td.number { text-align: right; font-variant-numeric: tabular-nums; } .wide { overflow-x: auto; }
th button { all: unset; cursor: pointer; font-weight: bold; } .images { display: flex; flex-wrap: wrap; gap: 1rem; }
figure { margin: 0; max-width: 360px; } figcaption { font-size: 12px; } svg { max-width: 100%; height: auto; }
.key { display: inline-block; width: 10px; height: 10px; margin-right: 4px; }`;

// nothing is loaded from anywhere, whatever names the files hold
const policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

/** The explanation as one HTML page that needs nothing else. */
export function explanationPage(explanation: Explanation, images: ReadonlyMap<number, PageImage>): string {
  const { stats, tide, curves, confusion, totals } = { ...explanation, totals: explanation.tide.totals };
  const shares = Object.entries(stats).map(([, value]) => ({ share: value }));
  const sections = [
    htmlTable("stats", Object.keys(stats), [shares]),
    "<h2>Where the AP goes</h2>",
    `<p>At IoU 0.5 TIDE's AP is ${percent(tide.ap)}. What mending one kind of error alone would gain; the kinds do not add up.</p>`,
    lossPicture([
      ...tide.errors.map(({ kind, lost }) => ({ name: kind, lost })),
      { name: "FalsePos", lost: tide.falsePositives },
      { name: "FalseNeg", lost: tide.falseNegatives },
    ]),
    htmlTable(
      "errors",
      ["kind", "meaning", "AP lost", "count", "fixable"],
      tide.errors.map(({ kind, lost, count, fixable }) => [kind, kindMeanings[kind], { share: lost }, count, fixable]),
    ),
    `<p>${totals.truePositives} detections are true, ${totals.falsePositives} false, ${totals.ignored} in crowd regions, ${totals.cut} beyond the 100 best of their image; ${totals.falseNegatives} of ${totals.objects} objects were not found.</p>`,
    "<h2>Precision and recall</h2>",
    curvePicture(curves),
    "<h2>What objects were found as</h2>",
    `<div class="wide">${confusionPicture(confusion)}</div>`,
    "<h2>Classes</h2>",
    classTable(explanation),
    "<h2>Sizes</h2>",
    sizeTable(explanation),
    "<h2>Worst images</h2>",
    "<p>By the objects that were not found and the scores of what is false. Dashed: objects.</p>",
    legend(),
    `<div class="images">${explanation.worst.map((image) => figure(image, images.get(image.id) ?? {})).join("")}</div>`,
  ];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">
<title>AP ${percent(stats.AP ?? -1)}: where it goes</title><style>${style}</style></head>
<body><h1>AP ${percent(stats.AP ?? -1)}</h1>
${sections.join("\n")}
<script>${sortScript}</script></body></html>
`;
}

function classTable({ classes }: Explanation): string {
  const head = ["class", "objects", "detections", "AP", "AP50", "AP75", "APs", "APm", "APl", "AR", ...tideKinds];
  const rows = classes.map(({ name, objects, detections, errors, ...row }) => {
    const shares = (["AP", "AP50", "AP75", "APs", "APm", "APl", "AR"] as const).map((key) => ({ share: row[key] }));
    return [name, objects, detections, ...shares, ...tideKinds.map((kind) => errors[kind])];
  });
  return `<div class="wide">${htmlTable("classes", head, rows)}</div>`;
}

function sizeTable({ sizes }: Explanation): string {
  const rows = sizes.map(({ name, objects, found, covered, missed, AP, AP50, AR }) => [
    ...[name, objects, found, covered, missed],
    ...[AP, AP50, AR].map((share) => ({ share })),
  ]);
  return htmlTable("sizes", ["size", "objects", "found", "covered", "missed", "AP", "AP50", "AR"], rows);
}

function legend(): string {
  const keys = Object.entries(kindColors).map(
    ([name, color]) => `<span class="key" style="background:${color}"></span>${name}`,
  );
  return `<p>${keys.join(" &nbsp; ")}</p>`;
}

function figure({ id, notFound, falsePositives, boxes }: Explanation["worst"][number], image: PageImage): string {
  const { file, width, height, href } = image;
  const size = width && height ? { size: { width, height } } : {};
  const picture = imagePicture({ boxes, ...size, ...(href && { href }) });
  const caption = `${file ?? `image ${id}`}: ${notFound} not found, ${falsePositives} false`;
  return `<figure>${picture}<figcaption>${escapeHtml(caption)}</figcaption></figure>`;
}
