import {
  collate,
  type DatasetImage,
  decodeImage,
  type Pipeline,
  prepareSample,
  type RgbImage,
  resizeCv2,
} from "@lad/data";
import type { AnyDetector } from "@lad/tensor";
import type { Mark } from "../draw/draw-panels";
import { boxOf } from "../draw/marks";
import { type NetworkAssignment, networkAssignment } from "./network-assignment";

export type Assigner = { readonly title: string; readonly detector: AnyDetector };

/** An image as networks see it, its objects, and what each network makes of them. */
export type AssignedImage = {
  readonly name: string;
  /** Resized, unpadded. */
  readonly picture: RgbImage;
  /** xyxy px of the picture. */
  readonly objects: readonly { readonly box: Mark["box"]; readonly label: string }[];
  readonly networks: readonly (NetworkAssignment & { readonly title: string })[];
};

export type AssignImageOptions = {
  readonly pipeline: Pipeline;
  readonly classes: readonly string[];
  readonly assigners: readonly Assigner[];
};

/** Lets every network assign an image of a data set, which its pipeline prepares as for a test. */
export async function assignImage(
  image: DatasetImage,
  { pipeline, classes, assigners }: AssignImageOptions,
): Promise<AssignedImage> {
  const decoded = await decodeImage(image.file);
  const batch = collate([prepareSample(image, decoded, pipeline, undefined)]);
  const networks: (NetworkAssignment & { title: string })[] = [];
  for (const { title, detector } of assigners) networks.push({ title, ...(await networkAssignment(detector, batch)) });
  return {
    name: image.id,
    picture: resizeCv2(decoded, batch.sizes[0]!.image),
    objects: Array.from(batch.labels[0]!, (label, gt) => ({
      box: boxOf(batch.boxes[0]!, gt),
      label: classes[label] ?? String(label),
    })),
    networks,
  };
}
