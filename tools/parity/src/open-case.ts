import { readCocoCase } from "./coco/read-case";
import { type GoldenCase, readGoldenCase } from "./golden-case";

import { checkpointCase } from "./run-checkpoints";

/** A case by the kind of its file: a checkpoint, a COCO evaluation (JSON), or a safetensors file that describes itself. */
export async function openCase(file: string): Promise<GoldenCase> {
  if (/\.(pth|pkl)$/.test(file)) return checkpointCase(file);
  return file.endsWith(".json") ? readCocoCase(file) : readGoldenCase(file);
}
