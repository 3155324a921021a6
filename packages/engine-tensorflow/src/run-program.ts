import { execFile } from "node:child_process";

export type Finished = {
  /** Exit code; undefined if it was killed by a signal or never started. */
  readonly code: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
  /** There is no such program. */
  readonly missing: boolean;
  readonly stdout: string;
  readonly stderr: string;
};

type RunOptions = { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv; readonly timeoutMs?: number };

/** Runs a program to its end; how it ended is in the result, nothing is thrown. */
export function runProgram(
  program: string,
  args: readonly string[],
  { cwd, env, timeoutMs = 0 }: RunOptions = {},
): Promise<Finished> {
  return new Promise((done) => {
    const options = { cwd, env, timeout: timeoutMs, maxBuffer: 2 ** 27, encoding: "utf8" as const };
    execFile(program, [...args], options, (error, stdout, stderr) => {
      const code = error ? error.code : 0;
      done({
        code: typeof code === "number" ? code : undefined,
        signal: error?.signal ?? undefined,
        missing: (error as NodeJS.ErrnoException | null)?.code === "ENOENT",
        stdout,
        stderr,
      });
    });
  });
}

/** The last line that says something, for a message. */
export function lastLine(text: string): string {
  return text.trim().split("\n").at(-1)!.trim();
}
