import { ndArray } from "@lad/core";
import { roiAlign, roiLevels } from "@lad/nn";
import type { GoldenCase } from "../golden-case";
import type { Report } from "../report";
import { exact } from "../tolerance";
import { compareBlock } from "./compare-block";

/** ROIAlign over the levels of a pyramid, boxes of all images in a row. */
export async function roiPoolerBlock(golden: GoldenCase, report: Report): Promise<void> {
  const { aligned, canonical_box, canonical_level, output, sampling_ratio, scales } = golden.config;
  const images = golden.names("in.boxes.").map((_, image) => golden.take(`in.boxes.${image}`));
  const rows = images.flatMap(({ data }) => [...data]);
  const boxes = ndArray(Float32Array.from(rows), [rows.length / 4, 4]);
  const levels = roiLevels(boxes, scales, { canonicalSize: canonical_box, canonicalLevel: canonical_level });
  report.compare("levels", "out.level", ndArray(levels, [levels.length]), exact);
  const owners = Int32Array.from(images.flatMap(({ shape }, image) => new Array<number>(shape[0]!).fill(image)));
  const names = golden.names("in.feat.").map((name) => name.slice("in.".length));
  await compareBlock(golden, report, {
    maps: Object.fromEntries(names.map((name) => [`grad.${name}`, golden.take(`in.${name}`)])),
    run: (maps) =>
      roiAlign(
        maps,
        scales,
        { boxes, images: owners, levels },
        { size: { height: output, width: output }, samplingRatio: sampling_ratio, aligned },
      ),
    output: "out.y",
    cotangent: golden.take("in.cotangent"),
  });
}
