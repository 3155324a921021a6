import { LadError } from "@lad/core";
import { runProgram } from "./run-program";

/** The C++ compiler that `CXX` names, else the first that there is. @throws {LadError} NOT_FOUND */
export async function findCompiler({ CXX } = process.env, os = process.platform): Promise<string> {
  const programs = CXX ? [CXX] : os === "darwin" ? ["clang++", "c++"] : ["g++", "c++", "clang++"];
  for (const program of programs) if ((await runProgram(program, ["--version"])).code === 0) return program;
  throw new LadError(
    "NOT_FOUND",
    `buildTensorflowEngine: there is no C++ compiler (looked for ${programs.join(", ")}); Debian, Ubuntu: apt-get install g++, macOS: xcode-select --install, or CXX=PROGRAM`,
  );
}
