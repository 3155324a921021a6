import type { Config } from "./config";

/** A configuration with a name, and what is known of it. */
export type Recipe = {
  readonly name: string;
  /** Names by which the reference implementation calls it. */
  readonly aliases: readonly string[];
  readonly summary: string;
  /** Address of the paper; nothing for a recipe of ours. */
  readonly paper?: string;
  /** Recipe that makes the weights for `--teacher`. */
  readonly teacher?: string;
  /** Recipe that makes the weights for `--labeller`. */
  readonly labeller?: string;
  readonly dataset: string;
  readonly schedule: string;
  /** Expected AP (0…100) on the data set's validation split, and whose figure it is. */
  readonly expected?: { readonly ap: number; readonly source: string };
  /** Where the published configuration cannot run as written, and what this one does instead. */
  readonly notes?: readonly string[];
  readonly config: Config;
};

export const ladPaper = "https://arxiv.org/abs/2108.10520";
export const gflPaper = "https://arxiv.org/abs/2006.04388";
export const gflV2Paper = "https://arxiv.org/abs/2011.12885";
export const ldPaper = "https://arxiv.org/abs/2102.12252";
