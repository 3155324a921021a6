import path from "node:path";
import { LadError } from "@lad/core";
import type { Pip } from "./find-pip";
import { lastLine, runProgram } from "./run-program";
import { writeFailure } from "./write-failure";

/** Pythons that TensorFlow has wheels for; pip's own may be too new or too old, and its C library needs none of them. */
const pythons = ["3.13", "3.12", "3.11", "3.10"];

export type FoundWheel = {
  /** What to ask pip for: a name, or a name with a range of versions. */
  readonly requirement: string;
  /** The Python to name to pip; undefined for its own. */
  readonly python: string | undefined;
  readonly file: string;
};

/**
 * Which wheel pip would take, of the first requirement and Python that has any; nothing is downloaded that need not be.
 * @throws {LadError} NOT_FOUND with pip's own words if it finds none
 */
export async function findWheel(pip: Pip, requirements: readonly string[]): Promise<FoundWheel> {
  let words = "";
  for (const python of [undefined, ...pythons]) {
    for (const requirement of requirements) {
      const look = ["install", "--dry-run", "--ignore-installed", "--report", "-", ...common(python)];
      // pip insists on a target for another Python, and does not make it in a dry run
      const target = python === undefined ? [] : ["--target", "unused"];
      const { code, stdout, stderr } = await runPip(pip, [...look, ...target, requirement]);
      if (code === 0) return { requirement, python, file: path.basename(new URL(reportedUrl(stdout)).pathname) };
      words ||= lastLine(stderr);
    }
  }
  throw new LadError(
    "NOT_FOUND",
    `buildTensorflowEngine: pip finds no wheel of ${requirements.join(" or ")} (${words}); download one elsewhere (python3 -m pip download --no-deps ${requirements[0]}) and give it: --wheel FILE`,
  );
}

/** Downloads it into a folder. @returns its path. @throws {LadError} IO if that fails, with pip's last words */
export async function downloadWheel(
  pip: Pip,
  { requirement, python, file }: FoundWheel,
  into: string,
): Promise<string> {
  const { code, stderr } = await runPip(pip, ["download", "--dest", into, ...common(python), requirement]);
  if (code === 0) return path.join(into, decodeURIComponent(file));
  const words = lastLine(stderr);
  const failure = writeFailure(new Error(stderr), into); // recognised by the words of a full disk
  if (LadError.is(failure)) throw failure;
  throw new LadError(
    "IO",
    `buildTensorflowEngine: pip did not download ${file} (${words}); try again, or give a wheel: --wheel FILE`,
  );
}

function runPip([program, ...args]: Pip, more: readonly string[]) {
  const env = { ...process.env, PIP_DISABLE_PIP_VERSION_CHECK: "1", PIP_NO_INPUT: "1", LC_ALL: "C" };
  return runProgram(program, [...args, ...more], { env });
}

function common(python: string | undefined): string[] {
  const other = python === undefined ? [] : ["--python-version", python];
  return ["--no-deps", "--only-binary=:all:", "--quiet", "--retries", "1", ...other];
}

function reportedUrl(report: string): string {
  const { install } = JSON.parse(report) as { install: { download_info: { url: string } }[] };
  return install[0]!.download_info.url;
}
