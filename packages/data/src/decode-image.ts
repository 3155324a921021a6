import { LadError } from "@lad/core";
import sharp from "sharp";
import { cmykToRgb, hasAdobeMarker } from "./cmyk-to-rgb";
import type { RgbImage } from "./image";
import { firstLine, readBytes } from "./read-bytes";

/**
 * Reads a picture as 8-bit RGB the way `cv2.imread(file, IMREAD_COLOR)` (mmdet's loader) does: EXIF orientation applied, grey repeated in three channels,
 * alpha dropped without blending, 16 bits cut to the upper 8, embedded colour profiles not applied, CMYK by OpenCV's formula, first frame of an animation.
 * @param source a file's path, or its bytes
 * @throws {LadError} NOT_FOUND: no such file. IO: it cannot be read. INVALID_FILE: truncated, damaged or no picture; the message names the file.
 */
export async function decodeImage(source: string | Uint8Array): Promise<RgbImage> {
  const name = typeof source === "string" ? source : `an image of ${source.length} bytes`;
  const bytes = typeof source === "string" ? await readBytes("decodeImage", source) : source;
  try {
    // errors such as truncation fail; warnings (bytes too many, wrong sRGB chunk) do not, or some COCO files could not be read
    const options = { failOn: "error", ignoreIcc: true } as const;
    const { space, format } = await sharp(bytes, options).metadata();
    if (space === "cmyk") {
      const picture = sharp(bytes, options).autoOrient().pipelineColourspace("cmyk").toColourspace("cmyk");
      const { data, info } = await picture.raw().toBuffer({ resolveWithObject: true });
      const inverted = format !== "jpeg" || hasAdobeMarker(bytes);
      return { data: cmykToRgb(data, { inverted }), width: info.width, height: info.height };
    }
    const picture = sharp(bytes, options).autoOrient().removeAlpha().toColourspace("srgb");
    const { data, info } = await picture.raw({ depth: "uchar" }).toBuffer({ resolveWithObject: true });
    if (info.channels !== 3) throw new Error(`decoded to ${info.channels} channels`);
    return { data: new Uint8Array(data.buffer, data.byteOffset, data.length), width: info.width, height: info.height };
  } catch (cause) {
    throw new LadError(
      "INVALID_FILE",
      `decodeImage: ${name} is truncated, damaged or not a picture: ${firstLine(cause)}`,
      {
        cause,
      },
    );
  }
}
