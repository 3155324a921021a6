import { assignPaa, preAssignPaa } from "@lad/assigners";
import { featureSizes, gridAnchors, pairwiseIou, validAnchors } from "@lad/boxes";
import { evaluateCoco, readDetections, readGroundTruth } from "@lad/coco-eval";
import { type AnchorGrid, type NdArray, ndArray, random } from "@lad/core";
import { clusterDiouNms, clusterDiouVoting, hardNms, multiclassNms, scoreVoting, softNms } from "@lad/nms";
import { evaluateVoc } from "@lad/voc-eval";
import { parseVocXml } from "@lad/voc-eval/xml";

const side = 160;
const classes = 3;
const grid: AnchorGrid = { strides: [16, 32], scale: 4, scalesPerOctave: 1, ratios: [1], offset: 0 };

/** `count` boxes inside a `side` × `side` image, 16 to 80 px wide and high. `[count, 4]` xyxy px. */
function drawBoxes(count: number, seed: number): NdArray {
  const { uniform } = random(seed);
  const rows = Array.from({ length: count }, () => {
    const [width, height] = [16 + 64 * uniform(), 16 + 64 * uniform()];
    const [x, y] = [(side - width) * uniform(), (side - height) * uniform()];
    return [x, y, x + width, y + height];
  });
  return ndArray(Float32Array.from(rows.flat()), [count, 4]);
}

function draw(count: number, seed: number): Float32Array {
  const { uniform } = random(seed);
  return Float32Array.from({ length: count }, uniform);
}

function suppress() {
  const boxes = drawBoxes(200, 3);
  const scores = ndArray(draw(200 * classes, 4), [200, classes]);
  const { detections, candidates, kept } = multiclassNms(boxes, scores);
  const diou = multiclassNms(boxes, scores, { suppress: clusterDiouNms });
  const voted = scoreVoting(kept, candidates);
  return {
    hard: [...hardNms(boxes, draw(200, 5), { iouThreshold: 0.5 })],
    detections: [...detections.boxes.data, ...detections.scores, ...detections.labels],
    soft: [...softNms(boxes, draw(200, 5)).scores],
    diouVoted: [...clusterDiouVoting(diou.kept, diou.candidates).boxes.data],
    voted: [...voted.boxes.data, ...voted.scores, ...voted.labels],
  };
}

function assign() {
  const padded = { height: side, width: side };
  const sizes = featureSizes(padded, grid.strides);
  const levels = gridAnchors(grid, sizes);
  const anchors = levels.flatMap(({ data }) => [...data]);
  const batch = { boxes: [drawBoxes(5, 6)], labels: [Int32Array.of(0, 1, 2, 1, 0)], ignoreBoxes: [] };
  const levelSizes = levels.map(({ shape }) => shape[0] ?? 0);
  const all = ndArray(Float32Array.from(anchors), [anchors.length / 4, 4]);
  const pre = preAssignPaa(all, levelSizes, batch, [validAnchors(grid, sizes, padded)], { classes });
  const costs = pre.images.map(({ candidates }) => draw(candidates.length, 7));
  const { labels, labelWeights, matchedGt, boxes, numPositives } = assignPaa(pre, costs);
  return [labels, labelWeights, matchedGt, boxes, numPositives].map((values) => [...values]);
}

function evaluate() {
  const corner = ([x1, y1, x2, y2]: number[]) => [x1, y1, (x2 ?? 0) - (x1 ?? 0), (y2 ?? 0) - (y1 ?? 0)];
  const rows = (boxes: NdArray) =>
    Array.from({ length: boxes.data.length / 4 }, (_, i) => corner([...boxes.data.slice(4 * i, 4 * i + 4)]));
  const annotations = rows(drawBoxes(12, 8)).map((bbox, index) => ({
    ...{
      id: index + 1,
      image_id: 1 + (index % 2),
      category_id: 1 + (index % classes),
      bbox,
      iscrowd: index === 11 ? 1 : 0,
    },
    area: (bbox[2] ?? 0) * (bbox[3] ?? 0),
  }));
  const detections = annotations.flatMap(({ image_id, category_id, bbox }, index) =>
    [0, 4, 9].map((shift) => ({
      image_id,
      category_id,
      bbox: [(bbox[0] ?? 0) + shift, ...bbox.slice(1)],
      score: ((index * 7 + shift) % 13) / 13,
    })),
  );
  const categories = [1, 2, 3].map((id) => ({ id, name: `class ${id}` }));
  const truth = readGroundTruth(JSON.stringify({ images: [{ id: 1 }, { id: 2 }], categories, annotations }));
  return [...evaluateCoco(truth, readDetections(JSON.stringify(detections))).stats];
}

function evaluateAsVoc() {
  const bounds = "<bndbox><xmin>1</xmin><ymin>2</ymin><xmax>3</xmax><ymax>4.5</ymax></bndbox>";
  const file = parseVocXml("a.xml", `<annotation><object><name>cat</name>${bounds}</object></annotation>`);
  const image = { boxes: drawBoxes(12, 9), labels: Int32Array.from({ length: 12 }, (_, i) => i % classes) };
  const moved = { ...image.boxes, data: image.boxes.data.map((side, i) => side + (i % 7)) };
  const found = { ...image, boxes: moved, scores: draw(12, 10) };
  const names = Array.from({ length: classes }, (_, label) => `class ${label}`);
  return [...evaluateVoc([image], [found], { classes: names }).meanAp, ...(file.objects[0]?.box ?? [])];
}

/** What the engine-free packages give for some seeded input: plain numbers, the same wherever they run. */
export function engineFreeResults(): Record<string, unknown> {
  return {
    iou: [...pairwiseIou(drawBoxes(20, 1), drawBoxes(30, 2)).data],
    suppression: suppress(),
    assignment: assign(),
    evaluation: evaluate(),
    voc: evaluateAsVoc(),
  };
}
