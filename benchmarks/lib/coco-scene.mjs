// A seeded COCO problem: images, objects and detections as COCO's val2017 has them, in numbers and sizes.
import { random } from "@lad/core";
import { encodePolygon, polygonAround } from "./coco-masks.mjs";

const imageSizes = [
  [640, 480],
  [640, 427],
  [480, 640],
  [427, 640],
  [500, 375],
]; // width, height

/**
 * Images, categories and annotations. Object sizes spread over octaves as COCO's (two fifths small, a third medium), classes unevenly;
 * `crowdShare` of the annotations are crowd regions. With `masks` each has a polygon.
 */
export function drawGroundTruth({ seed, images: imageCount, classes, annotationsPerImage, crowdShare, masks = false }) {
  const { uniform, integer } = random(seed);
  const images = Array.from({ length: imageCount }, (_, index) => {
    const [width, height] = imageSizes[integer(imageSizes.length)];
    return { id: 139 + 116 * index, width, height };
  });
  const idOf = (index) => index + 1 + Math.floor(index / 9); // with gaps, as COCO's
  const categories = Array.from({ length: classes }, (_, index) => ({ id: idOf(index), name: `class ${index + 1}` }));
  const annotations = [];
  for (const image of images) {
    const count = Math.round(-annotationsPerImage * Math.log(1 - uniform()));
    const kinds = Array.from({ length: 1 + integer(3) }, () => Math.floor(classes * uniform() ** 1.7));
    for (let i = 0; i < count; i++) {
      const bbox = drawBox(uniform, image);
      annotations.push({
        id: 1000 + 7 * annotations.length,
        image_id: image.id,
        category_id: categories[kinds[integer(kinds.length)]].id,
        bbox,
        area: Math.round(bbox[2] * bbox[3] * (0.45 + 0.5 * uniform()) * 100) / 100,
        iscrowd: Number(uniform() < crowdShare),
        ...(masks && { segmentation: [polygonAround(bbox, uniform)] }),
      });
    }
  }
  return { images, categories, annotations };
}

/** A box inside the image, two decimals as in COCO's files. */
function drawBox(uniform, { width, height }) {
  const side = 8 * 2 ** (5.5 * uniform());
  const stretch = 2 ** (uniform() - 0.5);
  const w = Math.min(width - 1, side * stretch);
  const h = Math.min(height - 1, side / stretch);
  return [(width - w) * uniform(), (height - h) * uniform(), w, h].map((value) => Math.round(value * 100) / 100);
}

/**
 * `perImage` detections for every image: near its objects (moved by a tenth of their size or so, sometimes of another class), and on the
 * background with lower scores. Coordinates and scores are float32, printed in full. With `masks` compressed counts instead of boxes.
 */
export function* drawDetections({ images, categories, annotations }, { seed, perImage, masks = false }) {
  const { uniform, normal, integer } = random(seed);
  const ofImage = groupByImage(annotations);
  for (const image of images) {
    const objects = ofImage.get(image.id) ?? [];
    for (let i = 0; i < perImage; i++) {
      const object = i < 4 * objects.length && uniform() < 0.8 ? objects[i % objects.length] : undefined;
      const [x, y, w, h] = object?.bbox ?? drawBox(uniform, image);
      const blur = 0.03 + 0.25 * uniform() ** 2;
      const moved = [
        x + blur * w * normal(),
        y + blur * h * normal(),
        w * Math.exp(blur * normal()),
        h * Math.exp(blur * normal()),
      ];
      const isClassRight = object !== undefined && uniform() < 0.85;
      const score = object
        ? Math.min(0.999, Math.max(0.01, 0.9 - 2 * blur + 0.25 * normal()))
        : 0.001 + 0.3 * uniform() ** 4;
      const bbox = moved.map(Math.fround);
      yield {
        image_id: image.id,
        category_id: isClassRight ? object.category_id : categories[integer(categories.length)].id,
        ...(masks ? { segmentation: encodePolygon(polygonAround(bbox, uniform), image) } : { bbox }),
        score: Math.fround(score),
      };
    }
  }
}

function groupByImage(annotations) {
  const groups = new Map();
  for (const annotation of annotations) {
    const group = groups.get(annotation.image_id);
    if (group) group.push(annotation);
    else groups.set(annotation.image_id, [annotation]);
  }
  return groups;
}
