import { basename } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import { type CaseOptions, runnerOf } from "./families";
import { openCase } from "./open-case";
import { createReport, type GroupResult } from "./report";

export type CaseResult = {
  readonly file: string;
  readonly name: string;
  readonly family: string;
  readonly passed: boolean;
  /** Why the case could not be run at all. */
  readonly error?: string;
  readonly groups: readonly GroupResult[];
  /** Tensors of the file that nothing was compared with. */
  readonly notCompared: readonly string[];
  readonly seconds: number;
};

/** Tensors that are never compared: what a reference with a known fault really printed. */
const ignored = /^det_mmdet210\./;

/** Runs one golden file; whatever goes wrong is part of the result. */
export async function runCase(file: string, options: CaseOptions): Promise<CaseResult> {
  const started = performance.now();
  const done = (rest: Omit<CaseResult, "file" | "seconds">): CaseResult => ({
    file,
    seconds: (performance.now() - started) / 1000,
    ...rest,
  });
  const unknown = {
    name: basename(file, ".safetensors"),
    family: "unknown",
    passed: false,
    groups: [],
    notCompared: [],
  };
  try {
    const golden = await openCase(file);
    const named = { ...unknown, name: golden.name, family: golden.family };
    const report = createReport(golden);
    tf.engine().startScope();
    try {
      await runnerOf(golden.family)(golden, report, options);
    } catch (error) {
      return done({ ...named, groups: report.groups, error: error instanceof Error ? error.message : String(error) });
    } finally {
      tf.engine().endScope();
    }
    const notCompared = golden.unused().filter((name) => !ignored.test(name));
    const passed =
      notCompared.length === 0 &&
      report.groups.length > 0 &&
      report.groups.every(({ failures }) => failures.length === 0);
    return done({ ...named, passed, groups: report.groups, notCompared });
  } catch (error) {
    return done({ ...unknown, error: error instanceof Error ? error.message : String(error) });
  }
}
