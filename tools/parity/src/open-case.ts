import { type GoldenCase, readGoldenCase } from "./golden-case";
import { readCocoCase } from "./read-coco-case";

/** A case by the kind of its file: `*.expected.json` is a COCO evaluation, everything else a safetensors file that describes itself. */
export function openCase(file: string): Promise<GoldenCase> {
  return file.endsWith(".expected.json") ? readCocoCase(file) : readGoldenCase(file);
}
