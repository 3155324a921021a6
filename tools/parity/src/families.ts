import { LadError } from "@lad/core";
import { runBlock } from "./blocks";
import { runCocoEval } from "./coco/run-case";
import type { GoldenCase } from "./golden-case";
import type { Report } from "./report";
import { runCheckpoints } from "./run-checkpoints";
import { runColad } from "./run-colad";
import { runGfl } from "./run-gfl";
import { runImageOps } from "./run-image-ops";
import { runPaa } from "./run-paa";
import { runTide } from "./run-tide";
import { runVocEval } from "./run-voc-eval";
import { runVotingNms } from "./run-voting-nms";

export type CaseOptions = {
  /** Replay the SGD steps too; the slow reference engine leaves them out. */
  readonly trajectory: boolean;
};

type Runner = (golden: GoldenCase, report: Report, options: CaseOptions) => Promise<void>;

const runners: Readonly<Record<string, Runner>> = {
  paa: runPaa,
  paa_io: runPaa,
  paa_io_base: runPaa,
  paa_cop: runPaa,
  paa_cop_base: runPaa,
  lad: runPaa,
  kd: runPaa,
  colad: runColad,
  colad_fisher: runColad,
  solad: runPaa,
  gfl: runGfl,
  gflv2: runGfl,
  ld: runGfl,
  ld_v2: runGfl,
  self_ld: runGfl,
  ld_ta: runGfl,
  checkpoints: runCheckpoints,
  blocks_paa: runBlock,
  blocks_gfl: runBlock,
  blocks_lgd: runBlock,
  image_ops: runImageOps,
  coco_eval: runCocoEval,
  tide: runTide,
  voting_nms: runVotingNms,
  voc_eval: runVocEval,
};

/** @throws {LadError} UNSUPPORTED naming the family. */
export function runnerOf(family: string): Runner {
  const runner = runners[family];
  if (!runner)
    throw new LadError("UNSUPPORTED", `family ${family} is not supported (${Object.keys(runners).join(", ")} are)`);
  return runner;
}
