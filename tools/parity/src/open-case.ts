import { readCocoCase } from "./coco/read-case";
import { type GoldenCase, readGoldenCase } from "./golden-case";
import { readTideCase } from "./read-tide-case";
import { checkpointCase } from "./run-checkpoints";

/** A case by the kind of its file: a checkpoint, a COCO evaluation or error diagnosis (JSON), or a safetensors file that describes itself. */
export async function openCase(file: string): Promise<GoldenCase> {
  if (/\.(pth|pkl)$/.test(file)) return checkpointCase(file);
  if (file.endsWith(".tide.json")) return readTideCase(file);
  return file.endsWith(".json") ? readCocoCase(file) : readGoldenCase(file);
}
