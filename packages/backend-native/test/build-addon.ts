import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Before all tests: builds the add-on if it is not up to date. What a machine lacks for that the tests learn from LAD_ADDON_MISSING; an error of the compiler is one of ours. */
export function setup(): void {
  const script = fileURLToPath(new URL("../scripts/build.mjs", import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, "--quiet"], { encoding: "utf8" });
  if (status === 1 && stdout.includes("this is missing")) process.env.LAD_ADDON_MISSING = stdout.trim();
  else if (status !== 0) throw new Error(`${stdout}${stderr}`);
}
