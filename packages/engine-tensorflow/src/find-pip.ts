import { LadError } from "@lad/core";
import { runProgram } from "./run-program";

/** A program and the arguments that make it pip. */
export type Pip = readonly [program: string, ...args: string[]];

const instead = "or download a wheel of tensorflow-cpu elsewhere and give it: --wheel FILE";

/** The pip of the Python that `PYTHON` names, else of `python3` or `python`. @throws {LadError} NOT_FOUND saying which of the two is missing */
export async function findPip({ PYTHON } = process.env): Promise<Pip> {
  const programs = PYTHON ? [PYTHON] : ["python3", "python"];
  let python = false;
  for (const program of programs) {
    const { code, missing } = await runProgram(program, ["-m", "pip", "--version"]);
    if (code === 0) return [program, "-m", "pip"];
    python ||= !missing;
  }
  const problem = python
    ? `${programs.join(" and ")} have no pip (Debian, Ubuntu: apt-get install python3-pip)`
    : `there is no ${programs.join(" or ")} (Debian, Ubuntu: apt-get install python3 python3-pip)`;
  throw new LadError("NOT_FOUND", `buildTensorflowEngine: ${problem}; install it, ${instead}`);
}
