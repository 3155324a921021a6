// Three pictures with what is on them and what some detector found, in COCO's formats.

const object = (id, image_id, category_id, bbox, iscrowd = 0) => ({
  ...{ id, image_id, category_id, bbox, iscrowd },
  area: bbox[2] * bbox[3],
});

export const annotations = {
  images: [1, 2, 3].map((id) => ({ id, file_name: `${id}.jpg`, width: 640, height: 480 })),
  categories: [
    { id: 1, name: "cat" },
    { id: 2, name: "dog" },
  ],
  annotations: [
    object(1, 1, 1, [40, 60, 120, 90]),
    object(2, 1, 2, [300, 200, 160, 140]),
    object(3, 2, 1, [10, 10, 80, 80]),
    object(4, 2, 1, [400, 100, 200, 200], 1),
    object(5, 3, 2, [100, 300, 20, 30]),
  ],
};

const detection = (image_id, category_id, bbox, score) => ({ image_id, category_id, bbox, score });

export const detections = [
  detection(1, 1, [42, 62, 118, 90], 0.95), // a cat, found
  detection(1, 1, [305, 205, 150, 140], 0.8), // a dog taken for a cat
  detection(2, 1, [10, 10, 80, 30], 0.7), // badly placed
  detection(2, 1, [450, 150, 60, 60], 0.6), // one of the crowd
  detection(3, 1, [500, 20, 50, 50], 0.4), // nothing there
];
