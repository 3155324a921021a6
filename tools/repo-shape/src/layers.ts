/** Rows of ARCHITECTURE.md's drawing, lowest first. A package may import any row below its own. */
const rows: readonly (readonly string[])[] = [
  ["core"],
  ["boxes", "assigners", "nms", "coco-eval", "voc-eval"],
  ["tensor", "nn", "losses"],
  ["backbones", "heads"],
  ["detectors"],
  ["train", "distill", "recipes"],
  ["cli", "parity"],
];

/** Arrows inside a row, and out of the side packages (beyond core and the host row, which they all may use). */
const arrows: Readonly<Record<string, readonly string[]>> = {
  assigners: ["boxes"],
  nms: ["boxes"],
  "voc-eval": ["boxes"],
  nn: ["tensor"],
  losses: ["nn", "tensor"],
  recipes: ["train", "distill"],
  data: [],
  checkpoints: ["tensor"],
  backends: ["tensor", "nn", "backend-native"],
  "backend-native": ["tensor", "nn", "losses"],
  "engine-tensorflow": ["backends"],
  report: [],
  distributed: ["tensor"],
  testing: ["tensor"],
};

/** Beside the rows: used by the run and app rows only. */
const side: readonly string[] = [
  "data",
  "checkpoints",
  "backends",
  "backend-native",
  "engine-tensorflow",
  "report",
  "distributed",
];

/** Lowest row that may import a side package. */
const runRow = rows.findIndex((row) => row.includes("train"));

/** Packages that need no tensor engine: nothing in them may import one. */
export const engineFree: readonly string[] = ["core", "boxes", "assigners", "nms", "coco-eval", "voc-eval", "data"];

/** Engine-free packages that run in a browser as well: no Node modules either, but in a part of their own (`src/node/`). */
export const browserReady: readonly string[] = ["core", "boxes", "assigners", "nms", "coco-eval", "voc-eval"];

/** Packages that may name an engine of tfjs. */
export const engineOwners: readonly string[] = ["backends", "backend-native", "engine-tensorflow"];

/** Packages that bundle what they use of the others, so that they install without dependencies. */
export const bundling: readonly string[] = ["nms", "coco-eval", "voc-eval"];

const rowOf = (name: string): number => rows.findIndex((row) => row.includes(name));

export function isPlaced(name: string): boolean {
  return rowOf(name) >= 0 || Object.hasOwn(arrows, name);
}

/** Whether package `from` may import package `to`; names without `@lad/`. `testing` is for tests: asked elsewhere. */
export function mayImport(from: string, to: string): boolean {
  if (from === to || arrows[from]?.includes(to)) return true;
  const [fromRow, toRow] = [rowOf(from), rowOf(to)];
  if (side.includes(to)) return fromRow >= runRow;
  if (toRow < 0) return false;
  return fromRow >= 0 ? toRow < fromRow : toRow <= 1; // side packages and helpers: core and the host row
}
