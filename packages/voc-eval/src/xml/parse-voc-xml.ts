import { LadError } from "@lad/core";
import { parseXml, XmlElement, XmlText } from "@rgrove/parse-xml";
import type { VocFile, VocObject } from "../voc-types";

/**
 * Reads one VOC annotation file. Parts of objects (`part`, `point`) are not objects.
 * @param name of the file, for messages.
 * @throws {LadError} INVALID_FILE: not well-formed XML. INVALID_DATA, NON_FINITE: an object without name or box; the message names the file.
 */
export function parseVocXml(name: string, text: string): VocFile {
  const root = parseRoot(name, text);
  if (root?.name !== "annotation") {
    throw new LadError("INVALID_DATA", `parseVocXml: ${name} must hold an <annotation>, got <${root?.name}>`);
  }
  const size = child(root, "size");
  const [width, height] = [Number(textOf(size, "width")), Number(textOf(size, "height"))];
  const objects = children(root, "object").map((object, index) => parseObject(name, object, index));
  const isSize = width > 0 && height > 0 && width + height < Number.POSITIVE_INFINITY;
  return isSize ? { size: { width, height }, objects } : { objects };
}

function parseRoot(name: string, text: string): XmlElement | null {
  try {
    return parseXml(text).root;
  } catch (cause) {
    const [reason] = (cause instanceof Error ? cause.message : String(cause)).split("\n");
    throw new LadError("INVALID_FILE", `parseVocXml: ${name} is not well-formed XML: ${reason}`, { cause });
  }
}

function parseObject(file: string, object: XmlElement, index: number): VocObject {
  const name = textOf(object, "name");
  const bounds = child(object, "bndbox");
  const which = `object ${index + 1}`;
  if (!name || !bounds) {
    throw new LadError("INVALID_DATA", `parseVocXml: ${which} of ${file} has no <${name ? "bndbox" : "name"}>`);
  }
  const side = (tag: string) => {
    const written = textOf(bounds, tag);
    const value = written === "" ? Number.NaN : Number(written);
    if (Number.isFinite(Math.fround(value))) return value;
    throw new LadError(
      "NON_FINITE",
      `parseVocXml: ${which} (${name}) of ${file}: <${tag}> must be a number, got "${written}"`,
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
