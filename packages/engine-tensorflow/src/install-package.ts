import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { engineHome } from "@lad/backends";
import { LadError } from "@lad/core";
import {
  type EnginePackage,
  findEnginePackage,
  type PackageName,
  packageName,
  readEnginePackage,
} from "./engine-package";
import { lastLine, runProgram } from "./run-program";
import { withLock } from "./with-lock";
import { writeFailure } from "./write-failure";

/** The version whose peer is our tfjs-core. */
const version = "4.22.0";

/**
 * The installed package; one that is missing is installed by npm into the user's folder of engines, without its install script, which would
 * download an old TensorFlow. The project's package.json and node_modules are not touched.
 * @throws {LadError} NOT_FOUND if there is no npm, IO if it fails
 */
export async function installPackage(
  gpu: boolean,
  log: (line: string) => void,
  npm: string = process.platform === "win32" ? "npm.cmd" : "npm",
): Promise<EnginePackage> {
  const name = packageName(gpu);
  const home = engineHome()!;
  const there = findEnginePackage(name);
  if (there && (!there.own || existsSync(unfinished(home, name)) === false)) return there;
  try {
    await mkdir(home, { recursive: true });
    return await withLock(home, log, () => install(name, home, npm, log));
  } catch (error) {
    throw writeFailure(error, home);
  }
}

async function install(
  name: PackageName,
  home: string,
  npm: string,
  log: (line: string) => void,
): Promise<EnginePackage> {
  const folder = path.join(home, "node_modules", name);
  if (existsSync(folder) && !existsSync(unfinished(home, name))) return readEnginePackage(name, folder); // another run did it
  log(`${name} is not installed: npm installs ${version} into ${home}`);
  const manifest = path.join(home, "package.json");
  if (!existsSync(manifest)) await writeFile(manifest, '{ "private": true }\n');
  await writeFile(unfinished(home, name), ""); // a run that is killed now is not taken for a finished one
  const options = ["--prefix", home, "--ignore-scripts", "--no-audit", "--no-fund", "--save-exact"];
  const { code, missing, stderr } = await runProgram(npm, ["install", ...options, `${name}@${version}`], { cwd: home });
  if (missing)
    throw new LadError(
      "NOT_FOUND",
      `buildTensorflowEngine: there is no npm; install ${name} with your package manager, without its scripts (npm install --ignore-scripts ${name}@${version})`,
    );
  if (code !== 0) {
    const failure = writeFailure(new Error(stderr), home);
    if (LadError.is(failure)) throw failure;
    throw new LadError("IO", `buildTensorflowEngine: npm did not install ${name} into ${home}: ${npmWords(stderr)}`);
  }
  await rm(unfinished(home, name));
  return readEnginePackage(name, folder);
}

const unfinished = (home: string, name: PackageName): string =>
  path.join(home, `${name.replace("@tensorflow/", "")}.unfinished`);

/** The first line of npm's errors that is more than a code. */
function npmWords(stderr: string): string {
  const lines = [...stderr.matchAll(/^npm (?:error|ERR!) (?!code|errno|syscall|A complete log)(.+)$/gm)];
  return lines[0]?.[1] ?? lastLine(stderr);
}
