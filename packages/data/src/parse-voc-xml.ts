import { LadError } from "@lad/core";
import { parseXml, XmlElement, XmlText } from "@rgrove/parse-xml";
import { firstLine } from "./read-bytes";

export type VocObject = {
  readonly name: string;
  readonly difficult: boolean;
  /** As written in the file. */
  readonly box: readonly [xmin: number, ymin: number, xmax: number, ymax: number];
};

/** `size` is missing where the file has none or says 0 × 0. */
export type VocFile = {
  readonly size?: { readonly width: number; readonly height: number };
  readonly objects: readonly VocObject[];
};

/**
 * Reads one VOC annotation file. Parts of objects (`part`, `point`) are not objects.
 * @throws {LadError} INVALID_FILE: not well-formed XML. INVALID_DATA, NON_FINITE: an object without name or box; the message names the file.
 */
export function parseVocXml(file: string, text: string): VocFile {
  const root = parseRoot(file, text);
  if (root?.name !== "annotation") {
    throw new LadError("INVALID_DATA", `readVoc: ${file} must hold an <annotation>, got <${root?.name}>`);
  }
  const size = child(root, "size");
  const [width, height] = [Number(textOf(size, "width")), Number(textOf(size, "height"))];
  const objects = children(root, "object").map((object, index) => parseObject(file, object, index));
  return width > 0 && height > 0 ? { size: { width, height }, objects } : { objects };
}

function parseRoot(file: string, text: string): XmlElement | null {
  try {
    return parseXml(text).root;
  } catch (cause) {
    throw new LadError("INVALID_FILE", `readVoc: ${file} is not well-formed XML: ${firstLine(cause)}`, { cause });
  }
}

function parseObject(file: string, object: XmlElement, index: number): VocObject {
  const name = textOf(object, "name");
  const bounds = child(object, "bndbox");
  if (!name || !bounds) {
    throw new LadError("INVALID_DATA", `readVoc: object ${index + 1} of ${file} has no <${name ? "bndbox" : "name"}>`);
  }
  const side = (tag: string) => {
    const written = textOf(bounds, tag);
    const value = written === "" ? Number.NaN : Number(written);
    if (Number.isFinite(value)) return value;
    throw new LadError(
      "NON_FINITE",
      `readVoc: object ${index + 1} (${name}) of ${file}: <${tag}> must be a number, got "${written}"`,
    );
  };
  return {
    name,
    difficult: textOf(object, "difficult") === "1",
    box: [side("xmin"), side("ymin"), side("xmax"), side("ymax")],
  };
}

function children(parent: XmlElement | undefined, name: string): XmlElement[] {
  return (parent?.children ?? []).filter(
    (node): node is XmlElement => node instanceof XmlElement && node.name === name,
  );
}

const child = (parent: XmlElement | undefined, name: string) => children(parent, name)[0];

function textOf(parent: XmlElement | undefined, name: string): string {
  const texts = (child(parent, name)?.children ?? []).filter((node) => node instanceof XmlText);
  return texts
    .map((node) => node.text)
    .join("")
    .trim();
}
