import { LadError } from "@lad/core";
import type { Params } from "@lad/tensor";
import { type FitOptions, fitWeights } from "./fit-weights";
import { prefixOf, readWeights, weightsFile } from "./weights-file";

/**
 * Loads a backbone's weights: a classifier's file under torchvision's names (its `fc.*` is left aside), or a detector's (its `backbone.*` is
 * taken). Formats as of `loadWeights`.
 * @throws {LadError} CHECKPOINT_MISMATCH: names the file and every parameter that differs.
 */
export async function loadBackbone(
  params: Params,
  place: string,
  { purpose = "--init", ...fit }: Pick<FitOptions, "allowMismatch" | "note"> & { readonly purpose?: string } = {},
): Promise<void> {
  const file = weightsFile(place, purpose);
  const record = await readWeights(file);
  const prefix = prefixOf(record, ["student.backbone.", "backbone."]) ?? "";
  const own = [...params].filter(([name]) => name.startsWith("backbone."));
  if (own.length === 0)
    throw new LadError("CHECKPOINT_MISMATCH", `${purpose}: the network has no parameters named backbone.*`);
  const backbone: Params = new Map(own.map(([name, param]) => [name.slice("backbone.".length), param]));
  fitWeights(backbone, record, `${purpose} ${file}`, { prefix, ignore: (name) => name.startsWith("fc."), ...fit });
}
