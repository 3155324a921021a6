import type { NdRecord } from "@lad/core";
import { type Detectron2NamesOptions, fromDetectron2Names, isDetectron2 } from "./detectron2-names";
import type { Checkpoint } from "./read-safetensors";
import type { TorchCheckpoint } from "./read-torch-checkpoint";

export type ConvertCheckpointOptions = Detectron2NamesOptions & {
  /** Leave detectron2's names as they are. Default false. */
  readonly keepNames?: boolean;
  /** Chooses and renames what is kept, after all else: a student out of a method's checkpoint, say. Default everything. */
  readonly select?: (tensors: NdRecord) => NdRecord;
};

export type ConvertedCheckpoint = Checkpoint & {
  /** Old and new names, where they differ. */
  readonly renamed: ReadonlyMap<string, string>;
  /** Entries that are no weights and were left out: states of optimisers, constants. */
  readonly skipped: readonly string[];
};

/**
 * Weights of any checkpoint that was read, under this library's names (torchvision's and mmdetection's), without the state of optimisers:
 * what `writeSafetensors` is to write.
 * @throws {LadError} INVALID_FILE if two entries would get one name.
 */
export function convertCheckpoint(
  { tensors, metadata, optimizer }: TorchCheckpoint,
  { keepNames = false, select = (all) => all, ...options }: ConvertCheckpointOptions = {},
): ConvertedCheckpoint {
  const states = Object.keys(tensors).filter(isOptimizerState);
  const weights = Object.fromEntries(Object.entries(tensors).filter(([name]) => !isOptimizerState(name)));
  const renames = !keepNames && isDetectron2(Object.keys(weights));
  const named = renames ? fromDetectron2Names(weights, options) : { tensors: weights, renamed: new Map(), skipped: [] };
  return {
    tensors: select(named.tensors),
    metadata,
    renamed: named.renamed,
    skipped: [...states, ...named.skipped, ...Object.keys(optimizer?.tensors ?? {}).map((name) => `optimizer.${name}`)],
  };
}

/** By name, for files that keep it beside the weights; ours do under `state/`. */
function isOptimizerState(name: string): boolean {
  return /^(state\/|(optimizers?|optim|scheduler|lr_scheduler)(\.|\/))/.test(name);
}
