// A detector that has nothing to do with @lad: a logistic regression on the colours in and around each anchor.
// It takes three parts from @lad, all on plain typed arrays: anchors and IoU, PAA's label assignment, and NMS.
import { assignPaa, preAssignPaa } from "@lad/assigners";
import { featureSizes, gridAnchors, pairwiseIou, validAnchors } from "@lad/boxes";
import { multiclassNms } from "@lad/nms";
import { drawScene, meanColor, randomNumbers, side } from "./scenes.mjs";

const classes = 2;
const grid = { strides: [4], scale: 6, scalesPerOctave: 1, ratios: [1], offset: 0.5 };
const image = { height: side, width: side };
const sizes = featureSizes(image, grid.strides);
const [anchors] = gridAnchors(grid, sizes); // [A, 4] xyxy px
const count = anchors.shape[0];
const valid = validAnchors(grid, sizes, image);

/** Features of every anchor: colour inside, colour around, 1. */
function features({ pixels }) {
  return Array.from({ length: count }, (_, anchor) => {
    const [x1, y1, x2, y2] = anchors.data.subarray(4 * anchor, 4 * anchor + 4);
    const inside = meanColor(pixels, [x1, y1, x2, y2]);
    const around = meanColor(pixels, [x1 - 4, y1 - 4, x2 + 4, y2 + 4]);
    return [...inside, ...around, 1].map((value, index) => (index < 6 ? 4 * (value - 0.5) : value));
  });
}

/** weights: [classes][7] → probability of each class at each anchor, [A, classes]. */
function predict(weights, rows) {
  const data = Float32Array.from({ length: count * classes }, (_, at) => {
    const [row, weight] = [rows[Math.floor(at / classes)], weights[at % classes]];
    return 1 / (1 + Math.exp(-row.reduce((sum, value, index) => sum + value * weight[index], 0)));
  });
  return { data, shape: [count, classes] };
}

/** What each anchor of a scene is to learn, decided by how well the detector does there now: PAA. */
function assign(scene, scores) {
  const batch = { boxes: [scene.boxes], labels: [scene.labels], ignoreBoxes: [] };
  const pre = preAssignPaa(anchors, [count], batch, [valid], { classes });
  const [{ candidates, matchedGt }] = pre.images;
  const ious = pairwiseIou(anchors, scene.boxes);
  const cost = Float32Array.from(candidates, (anchor, index) => {
    const gt = matchedGt[index];
    const iou = ious.data[anchor * scene.labels.length + gt];
    return -Math.log(scores.data[anchor * classes + scene.labels[gt]] + 1e-6) + 2 * (1 - iou);
  });
  return assignPaa(pre, [cost]);
}

/** One pass over the scenes; gradient descent on the mean cross-entropy. */
function trainEpoch(weights, scenes, learningRate) {
  let positives = 0;
  for (const { scene, rows } of scenes) {
    const scores = predict(weights, rows);
    const { labels, numPositives } = assign(scene, scores);
    positives += numPositives[0];
    for (let at = 0; at < count * classes; at++) {
      const anchor = Math.floor(at / classes);
      const error = scores.data[at] - (labels[anchor] === at % classes ? 1 : 0);
      rows[anchor].forEach((value, index) => {
        weights[at % classes][index] -= (learningRate * error * value) / numPositives[0];
      });
    }
  }
  return positives / scenes.length;
}

function bestIou({ boxes, labels }, detections, gt) {
  const ious = pairwiseIou(detections.boxes, boxes);
  const hits = [...detections.labels].map((label, row) =>
    label === labels[gt] ? ious.data[row * labels.length + gt] : 0,
  );
  return Math.max(0, ...hits);
}

const uniform = randomNumbers(7);
const prepare = () => {
  const scene = drawScene(uniform);
  return { scene, rows: features(scene) };
};
const trainingScenes = Array.from({ length: 12 }, prepare);
const testScenes = Array.from({ length: 6 }, prepare);
const weights = Array.from({ length: classes }, () => new Array(7).fill(0));

for (let epoch = 0; epoch < 40; epoch++) {
  const positives = trainEpoch(weights, trainingScenes, 0.1);
  if (epoch % 10 === 9) console.log(`epoch ${epoch + 1}: ${positives.toFixed(1)} positive anchors a scene`);
}

const found = testScenes.flatMap(({ scene, rows }) => {
  const scores = predict(weights, rows);
  const { detections } = multiclassNms(anchors, scores, { scoreThreshold: 0.3, iouThreshold: 0.3, perImage: 5 });
  return [0, 1].map((gt) => bestIou(scene, detections, gt));
});
const hits = found.filter((iou) => iou >= 0.5).length;
const mean = found.reduce((sum, iou) => sum + iou, 0) / found.length;
console.log(`found ${hits} of ${found.length} objects at IoU 0.5, mean IoU ${mean.toFixed(2)}`);
