import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** How a build of the add-on ended. */
export type BuildOutcome = {
  readonly built: boolean;
  /** What the build said: where the add-on lies, or what is missing and how to get it, or the compiler's error. */
  readonly message: string;
};

/**
 * Builds the add-on in this package's folder, as its install script does: for package managers that run no install scripts, and after a compiler or
 * oneDNN came later. Needs a C++ compiler and oneDNN; downloads nothing. What is up to date is left as it is.
 */
export async function buildAddon(script = new URL("../scripts/build.mjs", import.meta.url)): Promise<BuildOutcome> {
  const child = spawn(process.execPath, [fileURLToPath(script)], { stdio: ["ignore", "pipe", "pipe"] });
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => chunks.push(text));
  const code = await new Promise<number | null>((resolve, reject) =>
    child.once("error", reject).once("close", resolve),
  );
  return { built: code === 0, message: chunks.join("").trim() };
}
