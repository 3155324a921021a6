import { mkdir, mkdtemp, rm } from "node:fs/promises";
import path from "node:path";
import { LadError } from "@lad/core";
import { noteBuilt } from "./built-list";
import { compileBinding } from "./compile-binding";
import { type EnginePackage, hasSource } from "./engine-package";
import { engineState } from "./engine-state";
import { findCompiler } from "./find-compiler";
import { findNodeHeaders } from "./find-node-headers";
import { gatherWheels } from "./gather-wheels";
import { installPackage } from "./install-package";
import { openWheel } from "./open-wheel";
import { placeEngine, removeLeftovers } from "./place-engine";
import { thisPlatform } from "./platform";
import { type Proof, proveEngine } from "./prove-engine";
import { type UnpackedEngine, unpackEngine } from "./unpack-engine";
import { withLock } from "./with-lock";
import { writeFailure } from "./write-failure";

export type BuildOptions = {
  /** tfjs-node-gpu, on CUDA. */
  readonly gpu?: boolean;
  /** Wheels of your own, TensorFlow's and CUDA's; pip finds those that are missing. A working engine is replaced only if there are any. */
  readonly wheels?: readonly string[];
  /** Gets a line before every long step. */
  readonly log?: (line: string) => void;
};

export type BuildResult = Proof & {
  readonly package: EnginePackage;
  /** False if the engine worked already and was left alone. */
  readonly built: boolean;
};

/**
 * Makes the installed @tensorflow/tfjs-node (or -gpu) run on the TensorFlow of a Python wheel: unpacks the wheel's C library into the package,
 * compiles the binding whose source npm brought, and proves it with a product and a gradient before anything that was there is touched. A package that is not
 * installed is installed into the user's folder of engines. An engine that works is left alone. A run that fails or is killed leaves what was there.
 * @throws {LadError} UNSUPPORTED on other platforms and for their wheels, NOT_FOUND if npm, pip, a wheel, the compiler or a header is missing,
 * INVALID_FILE for a damaged wheel, IO for a full or read-only disk, ENGINE if it does not compile or does not compute
 */
export async function buildTensorflowEngine({
  gpu = false,
  wheels = [],
  log = () => {},
}: BuildOptions = {}): Promise<BuildResult> {
  const here = thisPlatform();
  const installed = await installPackage(gpu, log);
  const lib = path.join(installed.folder, "lib");
  try {
    await mkdir(lib, { recursive: true });
    return await withLock(lib, log, async () => {
      await removeLeftovers(installed);
      const working = await proofOf(installed);
      if (working && (wheels.length === 0 || engineState(installed).kind === "stock"))
        return { ...working, package: installed, built: false };
      const tools = { compiler: await findCompiler(), nodeHeaders: findNodeHeaders() };
      if (!hasSource(installed))
        throw new LadError(
          "NOT_FOUND",
          `buildTensorflowEngine: ${installed.folder} lacks the binding's source; install ${installed.name} again`,
        );
      const stage = await mkdtemp(path.join(lib, ".lad-stage-"));
      try {
        const into = path.join(stage, "wheels");
        await mkdir(into);
        const files = await gatherWheels({ gpu, given: wheels, into, log }, here);
        return await buildFrom(installed, files, { stage, ...tools, log });
      } finally {
        await rm(stage, { recursive: true, force: true });
      }
    });
  } catch (error) {
    throw writeFailure(error, lib);
  }
}

/** What the engine that is there says of itself; undefined if there is none or it does not work. */
async function proofOf(installed: EnginePackage): Promise<Proof | undefined> {
  if (engineState(installed).kind === "none") return undefined;
  return proveEngine(installed).catch(() => undefined);
}

type Workshop = {
  readonly stage: string;
  readonly compiler: string;
  readonly nodeHeaders: string;
  readonly log: (line: string) => void;
};

async function buildFrom(
  installed: EnginePackage,
  files: readonly string[],
  { stage, log, ...tools }: Workshop,
): Promise<BuildResult> {
  const engine = path.join(stage, "engine");
  await mkdir(engine);
  const names = files.map((file) => path.basename(file));
  log(`unpacking the libraries of ${names.join(", ")}`);
  const unpacked = await unpackAll(files, { engine, include: path.join(stage, "include") });
  log(`compiling the binding on TensorFlow ${unpacked.version}`);
  const binding = await compileBinding(installed, { ...tools, ...unpacked, engine });
  const proof = await proveEngine(installed, binding);
  const built = new Date().toISOString();
  const { tensorflow } = proof;
  await placeEngine(installed, engine, { tensorflow, wheels: names, built, node: process.version });
  await noteBuilt(installed.folder, { tensorflow, built });
  return { ...proof, package: installed, built: true };
}

async function unpackAll(
  files: readonly string[],
  places: { readonly engine: string; readonly include: string },
): Promise<UnpackedEngine> {
  const opened = [];
  try {
    for (const file of files) opened.push(await openWheel(file));
    return await unpackEngine(opened, places);
  } finally {
    for (const wheel of opened) wheel.close();
  }
}
