import { writeFile } from "node:fs/promises";
import path from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { ladError, noiseImage, temporaryFolder, writePng } from "../test/helpers";
import { cmykToRgb, hasAdobeMarker } from "./cmyk-to-rgb";
import { decodeImage } from "./decode-image";

const folder = temporaryFolder();
const raw = (data: Uint8Array | Uint16Array, channels: 1 | 2 | 3 | 4) =>
  sharp(data, { raw: { width: data.length / channels, height: 1, channels } });

describe("decodeImage", () => {
  it("gives back the bytes of a lossless file, from a path or from memory", async () => {
    const image = noiseImage(7, 5);
    const file = await writePng(path.join(folder, "noise.png"), image);
    expect(await decodeImage(file)).toEqual(image);
    const bytes = await sharp(image.data, { raw: { width: 7, height: 5, channels: 3 } })
      .webp({ lossless: true })
      .toBuffer();
    expect(await decodeImage(bytes)).toEqual(image);
  });

  it("repeats grey in three channels", async () => {
    const grey = await raw(Uint8Array.of(0, 100, 255), 1)
      .toColourspace("b-w")
      .png()
      .toBuffer();
    expect([...(await decodeImage(grey)).data]).toEqual([0, 0, 0, 100, 100, 100, 255, 255, 255]);
  });

  it("drops alpha without blending", async () => {
    const bytes = await raw(Uint8Array.of(10, 20, 30, 0, 40, 50, 60, 128), 4)
      .png()
      .toBuffer();
    expect([...(await decodeImage(bytes)).data]).toEqual([10, 20, 30, 40, 50, 60]);
    const greyAlpha = await raw(Uint8Array.of(9, 0, 90, 255), 2)
      .toColourspace("b-w")
      .png()
      .toBuffer();
    expect([...(await decodeImage(greyAlpha)).data]).toEqual([9, 9, 9, 90, 90, 90]);
  });

  it("cuts 16 bits to the upper 8", async () => {
    const values = Uint16Array.of(0, 255, 256, 511, 40_000, 65_535);
    const colour = await raw(values, 3).toColourspace("rgb16").png().toBuffer();
    expect([...(await decodeImage(colour)).data]).toEqual([...values].map((value) => value >> 8));
    const grey = await raw(values, 1).toColourspace("grey16").png().toBuffer();
    expect([...(await decodeImage(grey)).data].filter((_, index) => index % 3 === 0)).toEqual(
      [...values].map((value) => value >> 8),
    );
  });

  it("applies the EXIF orientation", async () => {
    const options = { raw: { width: 2, height: 1, channels: 3 } } as const;
    const bytes = await sharp(Uint8Array.of(1, 2, 3, 4, 5, 6), options)
      .withMetadata({ orientation: 6 })
      .png()
      .toBuffer();
    expect(await decodeImage(bytes)).toEqual({ data: Uint8Array.of(1, 2, 3, 4, 5, 6), width: 1, height: 2 });
    const mirrored = await sharp(Uint8Array.of(1, 2, 3, 4, 5, 6), options)
      .withMetadata({ orientation: 2 })
      .png()
      .toBuffer();
    expect([...(await decodeImage(mirrored)).data]).toEqual([4, 5, 6, 1, 2, 3]);
  });

  it("does not apply embedded colour profiles", async () => {
    const plain = raw(Uint8Array.of(200, 30, 40), 3);
    const tagged = await plain.withIccProfile("p3").png().toBuffer();
    expect((await sharp(tagged).metadata()).hasProfile).toBe(true);
    const stored = await sharp(tagged, { ignoreIcc: true }).raw().toBuffer();
    expect([...(await decodeImage(tagged)).data]).toEqual([...stored]);
  });

  it("turns CMYK into RGB by OpenCV's formula", async () => {
    const picture = sharp({ create: { width: 16, height: 8, channels: 3, background: { r: 200, g: 100, b: 30 } } });
    const jpeg = await picture.toColourspace("cmyk").jpeg({ quality: 100 }).toBuffer();
    const { data, width, height } = await decodeImage(jpeg);
    expect([width, height, data.length]).toEqual([16, 8, 384]);
    const [red, green, blue] = data;
    expect(Math.abs(red! - 200) + Math.abs(green! - 100) + Math.abs(blue! - 30)).toBeLessThan(60);
  });

  it("names the file that is missing, truncated or no picture", async () => {
    expect(await ladError(() => decodeImage(path.join(folder, "nowhere.jpg")))).toEqual({
      code: "NOT_FOUND",
      message: `decodeImage: ${path.join(folder, "nowhere.jpg")} does not exist`,
    });
    expect((await ladError(() => decodeImage(folder))).code).toBe("IO");
    const { data } = noiseImage(64, 64);
    const jpeg = await sharp(data, { raw: { width: 64, height: 64, channels: 3 } })
      .jpeg()
      .toBuffer();
    const cut = path.join(folder, "cut.jpg");
    await writeFile(cut, jpeg.subarray(0, jpeg.length / 2));
    const truncated = await ladError(() => decodeImage(cut));
    expect(truncated.code).toBe("INVALID_FILE");
    expect(truncated.message).toContain(`decodeImage: ${cut} is truncated, damaged or not a picture: `);
    expect((await ladError(() => decodeImage(new TextEncoder().encode("hello")))).code).toBe("INVALID_FILE");
    expect((await ladError(() => decodeImage(new Uint8Array(0)))).code).toBe("INVALID_FILE");
  });
});

describe("cmykToRgb", () => {
  it("works on the values as stored", () => {
    expect([...cmykToRgb(Uint8Array.of(0, 0, 0, 0), { inverted: true })]).toEqual([255, 255, 255]);
    expect([...cmykToRgb(Uint8Array.of(255, 0, 0, 0), { inverted: true })]).toEqual([1, 255, 255]);
    expect([...cmykToRgb(Uint8Array.of(9, 9, 9, 255), { inverted: true })]).toEqual([0, 0, 0]);
    expect([...cmykToRgb(Uint8Array.of(255, 255, 255, 200), { inverted: false })]).toEqual([200, 200, 200]);
  });

  it("finds the Adobe segment before the scan only", () => {
    const adobe = [0xff, 0xee, 0, 14, ...new TextEncoder().encode("Adobe"), 0, 100, 0, 0, 0, 0, 2];
    const other = [0xff, 0xe0, 0, 4, 1, 2];
    expect(hasAdobeMarker(Uint8Array.of(0xff, 0xd8, ...other, ...adobe, 0xff, 0xda, 0, 2))).toBe(true);
    expect(hasAdobeMarker(Uint8Array.of(0xff, 0xd8, ...other, 0xff, 0xda, 0, 2, ...adobe))).toBe(false);
    expect(hasAdobeMarker(Uint8Array.of(0xff, 0xd8))).toBe(false);
  });
});
