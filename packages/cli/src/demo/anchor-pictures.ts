import type { Dataset, DatasetImage } from "@lad/data";
import { type AssignImageOptions, assignImage } from "../assignments/assigned-image";
import { colorOf } from "../draw/colors";
import { drawPanels } from "../draw/draw-panels";

/** The bytes of a PNG: side by side the anchors that each network would call positive, in the colour of their object (dashed: the object). */
export async function anchorPicture(image: DatasetImage, options: AssignImageOptions): Promise<Buffer> {
  const { picture, objects, networks } = await assignImage(image, options);
  const truth = objects.map(({ box }, gt) => ({ box, color: colorOf(gt), dashed: true }));
  const panels = networks.map(({ title, after }) => ({
    title: `${title}: ${after.length} positive`,
    image: picture,
    marks: [...after.map(({ box, gt }) => ({ box, color: colorOf(gt) })), ...truth],
  }));
  return drawPanels(panels, { zoom: 2 });
}

/** The images with the most objects: they show most. */
export function busiestImages({ images }: Dataset, count: number): DatasetImage[] {
  return [...images].sort((a, b) => b.labels.length - a.labels.length).slice(0, count);
}
