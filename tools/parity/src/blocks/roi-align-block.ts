import { ndArray } from "@lad/core";
import { roiAlign } from "@lad/nn";
import type { GoldenCase } from "../golden-case";
import type { Report } from "../report";
import { compareBlock } from "./compare-block";

/** ROIAlign of one map for every `sr<sampling ratio>_<height>x<width>` of the case. */
export async function roiAlignBlock(golden: GoldenCase, report: Report): Promise<void> {
  const { aligned, spatial_scale } = golden.config;
  const rois = golden.take("in.rois");
  const rows = Array.from({ length: rois.shape[0]! }, (_, row) => rois.data.subarray(5 * row, 5 * row + 5));
  const given = {
    boxes: ndArray(Float32Array.from(rows.flatMap((row) => [...row.subarray(1)])), [rows.length, 4]),
    images: Int32Array.from(rows, (row) => row[0]!),
  };
  for (const name of golden.names("out.")) {
    const setting = name.slice("out.".length);
    const [samplingRatio, height, width] = setting.match(/\d+/g)!.map(Number) as [number, number, number];
    const options = { size: { height, width }, samplingRatio, aligned };
    await compareBlock(golden, report, {
      maps: { [`grad.x.${setting}`]: golden.take("in.x") },
      run: (maps) => roiAlign(maps, [spatial_scale], given, options),
      output: name,
      cotangent: golden.take(`in.cotangent.${setting}`),
    });
  }
}
