import { vocImage } from "../voc-image";
import type { VocImage, VocOrigin } from "../voc-types";
import { type ReadVocAnnotationsOptions, readVocAnnotations } from "./read-voc-annotations";

export type ReadVocDirectoryOptions = ReadVocAnnotationsOptions & { readonly origin: VocOrigin };

/** Ground truth as `evaluateVoc` takes it, with the names of pictures and classes. */
export type VocGroundTruth = {
  readonly ids: readonly string[];
  readonly classes: readonly string[];
  readonly images: readonly VocImage[];
};

/**
 * Reads the ground truth of a VOC directory; pictures are not needed.
 * @throws {LadError} as `readVocAnnotations` and `vocImage`.
 */
export async function readVocDirectory(
  directory: string,
  { origin, ...options }: ReadVocDirectoryOptions,
): Promise<VocGroundTruth> {
  const { ids, files, classes } = await readVocAnnotations(directory, options);
  return { ids, classes, images: files.map((file) => vocImage(file, { classes, origin })) };
}
