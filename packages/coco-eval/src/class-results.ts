import type { NdArray } from "@lad/core";
import type { CocoClassResult, CocoGroundTruth, CocoParameters } from "./coco-types";
import { idIndex } from "./id-index";
import { meanOfMeasured } from "./mean-of-measured";
import { range, selectCells } from "./select-cells";

/** AP, AP at the first threshold and AR of every category, in the first area range called "all" (else the first), at the last limit. */
export function classResults(
  precision: NdArray<Float64Array>,
  recall: NdArray<Float64Array>,
  { areaRanges, maxDetections, useCategories, categoryIds }: CocoParameters,
  categories: CocoGroundTruth["categories"],
): CocoClassResult[] {
  const positionOf = idIndex(categories.ids);
  const all = Math.max(
    0,
    areaRanges.findIndex(({ label }) => label === "all"),
  );
  return range(useCategories ? categoryIds.length : 1).map((column) => {
    const cells = { columns: [column], areas: [all], limits: [maxDetections.length - 1] };
    const categoryId = useCategories ? categoryIds[column]! : -1;
    const name = useCategories ? (categories.names[positionOf(categoryId)] ?? `${categoryId}`) : "all categories";
    return {
      categoryId,
      name,
      ap: meanOfMeasured(selectCells(precision, cells)),
      ap50: meanOfMeasured(selectCells(precision, { ...cells, thresholds: [0] })),
      ar: meanOfMeasured(selectCells(recall, cells)),
    };
  });
}
