// node evaluate.mjs [annotations.json detections.json]; without files, on the three pictures of example.mjs.
import { readFile } from "node:fs/promises";
import { evaluateCoco, formatPerClass, readDetections, readGroundTruth, summarize } from "@lad/coco-eval";
import { diagnoseErrors } from "@lad/coco-eval/tide";
import { evaluateVoc, formatVoc } from "@lad/voc-eval";
import { annotations, detections } from "./example.mjs";

const [annotationFile, detectionFile] = process.argv.slice(2);
const groundTruth = readGroundTruth(annotationFile ? await readFile(annotationFile) : annotations);
const found = readDetections(detectionFile ? await readFile(detectionFile) : detections);

console.log("COCO\n");
const evaluation = evaluateCoco(groundTruth, found);
console.log(summarize(evaluation));
console.log(formatPerClass(evaluation));

console.log("\nwhere the AP at IoU 0.5 goes\n");
const { errors } = diagnoseErrors(groundTruth, found);
for (const [kind, { lost, count }] of Object.entries(errors)) {
  console.log(`${kind.padEnd(5)} ${(100 * lost).toFixed(1).padStart(5)}  ${count}`);
}

console.log("\nVOC\n");
const voc = evaluateVoc(...byImage(groundTruth, found), { classes: groundTruth.categories.names });
console.log(formatVoc(voc));
console.log(`AP50 ${(100 * voc.meanAp[0]).toFixed(1)}, mean over AP50 to AP95 ${(100 * voc.ap).toFixed(1)}`);

/** The same objects and detections as VOC's evaluation takes them: a list an image, xyxy, classes counted from 0; crowds are difficult. */
function byImage({ images, categories, annotations: objects }, results) {
  const lists = Array.from(images.ids, () => ({ objects: [], found: [] }));
  const imageOf = new Map(Array.from(images.ids, (id, index) => [id, index]));
  const labelOf = new Map(Array.from(categories.ids, (id, index) => [id, index]));
  objects.imageIds.forEach((id, row) => {
    lists[imageOf.get(id)]?.objects.push(row);
  });
  results.imageIds.forEach((id, row) => {
    if (labelOf.has(results.categoryIds[row])) lists[imageOf.get(id)]?.found.push(row);
  });
  const part = (source, rows) => ({
    boxes: { data: Float32Array.from(rows.flatMap((row) => corners(source.boxes, row))), shape: [rows.length, 4] },
    labels: Int32Array.from(rows, (row) => labelOf.get(source.categoryIds[row])),
  });
  return [
    lists.map(({ objects: rows }) => ({
      ...part(objects, rows),
      difficult: Uint8Array.from(rows, (row) => (objects.isCrowd[row] === 1 ? 1 : 0)),
    })),
    lists.map(({ found: rows }) => ({
      ...part(results, rows),
      scores: Float32Array.from(rows, (row) => results.scores[row]),
    })),
  ];
}

function corners(boxes, row) {
  const [x, y, width, height] = boxes.subarray(4 * row, 4 * row + 4);
  return [x, y, x + width, y + height];
}
