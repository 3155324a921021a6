import type { Dataset } from "./dataset";

export type TrainableOptions = {
  /** Pictures with a side below this are dropped, px. */
  readonly minSide?: number;
  /** Keep pictures that hold ignore boxes only, as mmdet does (detectron2 drops them). Default false. */
  readonly keepIgnoredOnly?: boolean;
};

/** The pictures that can be trained on: those with at least one box and no side below `minSide`. What was dropped is added to the warnings. */
export function trainable(dataset: Dataset, { minSide = 32, keepIgnoredOnly = false }: TrainableOptions = {}): Dataset {
  const isLarge = ({ width, height }: Dataset["images"][number]) => Math.min(width, height) >= minSide;
  const large = dataset.images.filter(isLarge);
  const images = large.filter(
    ({ labels, ignoreBoxes }) => labels.length > 0 || (keepIgnoredOnly && ignoreBoxes.data.length > 0),
  );
  const warnings = [...dataset.warnings];
  const small = dataset.images.length - large.length;
  const empty = large.length - images.length;
  if (empty > 0) warnings.push(`${dataset.name}: ${empty} images without boxes are not trained on`);
  if (small > 0) warnings.push(`${dataset.name}: ${small} images with a side below ${minSide} px are not trained on`);
  return { ...dataset, images, warnings };
}
