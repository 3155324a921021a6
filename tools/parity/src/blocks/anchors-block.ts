import { baseAnchors, gridAnchors, insideAnchors, validAnchors } from "@lad/boxes";
import { ndArray } from "@lad/core";
import type { GoldenCase } from "../golden-case";
import type { Report } from "../report";
import { exact } from "../tolerance";

/** Anchors, base anchors, valid flags and the inside test of the anchor generator. */
export function anchorsBlock(golden: GoldenCase, report: Report): void {
  const {
    strides,
    octave_base_scale,
    scales_per_octave,
    ratios,
    feat_sizes,
    pad_shapes,
    center_offset = 0,
  } = golden.config;
  const grid = { strides, scale: octave_base_scale, scalesPerOctave: scales_per_octave, ratios, offset: center_offset };
  const sizes = (feat_sizes as [number, number][]).map(([height, width]) => ({ height, width }));
  const levels = gridAnchors(grid, sizes);
  for (const [level, base] of baseAnchors(grid).entries())
    report.compare("anchors", `base_anchors.${level}`, base, exact);
  for (const [level, anchors] of levels.entries()) report.compare("anchors", `anchors.${level}`, anchors, exact);
  const joined = Float32Array.from(levels.flatMap(({ data }) => [...data]));
  const all = ndArray(joined, [joined.length / 4, 4]);
  (pad_shapes as number[][]).forEach(([height, width], image) => {
    const valid = validAnchors(grid, sizes, { height: height!, width: width! });
    let start = 0;
    levels.forEach(({ shape }, level) => {
      const flags = valid.subarray(start, start + shape[0]!);
      start += shape[0]!;
      report.compare("valid", `valid_flags.${image}.${level}`, ndArray(flags, [flags.length]), exact);
    });
    for (const name of golden.names(`inside_flags.${image}.border`)) {
      const border = Number(name.split("border")[1]);
      const inside = insideAnchors(all, valid, { height: height! - 5, width: width! - 9 }, border);
      report.compare("inside", name, ndArray(inside, [inside.length]), exact);
    }
  });
}
