/**
 * CMYK bytes to RGB by OpenCV's formula k - ((255 - c) · k >> 8) on the values as stored in the file.
 * @param data 4 bytes a pixel, 255 = full ink
 * @param options.inverted the file stores 255 - ink, as Adobe's do (and libjpeg does not undo); otherwise the formula meets the ink itself, as OpenCV's does.
 */
export function cmykToRgb(data: Uint8Array, { inverted }: { readonly inverted: boolean }): Uint8Array {
  const mask = inverted ? 255 : 0;
  const rgb = new Uint8Array((data.length / 4) * 3);
  for (let from = 0, out = 0; from < data.length; from += 4, out += 3) {
    const black = data[from + 3]! ^ mask;
    for (let ink = 0; ink < 3; ink++) rgb[out + ink] = black - (((255 - (data[from + ink]! ^ mask)) * black) >> 8);
  }
  return rgb;
}

/** Whether a JPEG's header holds an APP14 "Adobe" segment. */
export function hasAdobeMarker(jpeg: Uint8Array): boolean {
  let at = 2;
  while (at + 9 < jpeg.length && jpeg[at] === 0xff) {
    const marker = jpeg[at + 1]!;
    if (marker === 0xda) return false; // start of scan: the header is over
    if (marker === 0xee && String.fromCharCode(...jpeg.subarray(at + 4, at + 9)) === "Adobe") return true;
    at += 2 + jpeg[at + 2]! * 256 + jpeg[at + 3]!;
  }
  return false;
}
