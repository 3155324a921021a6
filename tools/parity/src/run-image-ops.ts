import { LadError, ndArray } from "@lad/core";
import { flipImage, resizeCv2, resizeCv2Float, resizePillow } from "@lad/data";
import type { GoldenCase } from "./golden-case";
import type { Report } from "./report";
import { exact } from "./tolerance";

/** Family `image_ops`: `out.<operation>.<image>[.<width>x<height>]`, bytes exact, the float variant within 1e-3. */
export async function runImageOps(golden: GoldenCase, report: Report): Promise<void> {
  for (const name of golden.names("out.")) {
    const [, operation, image, size] = name.split(".");
    const input = golden.take(`in.${image}`);
    const [height, width] = input.shape as [number, number, number];
    const source = { data: input.data as Uint8Array, width, height };
    const [toWidth, toHeight] = (size ?? "").split("x").map(Number);
    const target = { width: toWidth!, height: toHeight! };
    if (operation === "flip") report.compare("flip", name, ndArray(flipImage(source).data, [height, width, 3]), exact);
    else if (operation === "cv2")
      report.compare("cv2", name, ndArray(resizeCv2(source, target).data, [toHeight!, toWidth!, 3]), exact);
    else if (operation === "pil")
      report.compare("pil", name, ndArray(resizePillow(source, target).data, [toHeight!, toWidth!, 3]), exact);
    else if (operation === "cv2f") {
      const resized = resizeCv2Float({ ...source, data: Float32Array.from(source.data) }, target);
      report.compare("cv2f", name, ndArray(resized.data, [toHeight!, toWidth!, 3]), {
        relative: 0,
        ofLargest: 1e-3,
        floor: 0,
      });
    } else throw new LadError("UNSUPPORTED", `image_ops: operation ${operation}`);
  }
  for (const name of golden.names("in.")) golden.take(name);
}
