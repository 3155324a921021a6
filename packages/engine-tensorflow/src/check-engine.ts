import { access, constants } from "node:fs/promises";
import path from "node:path";
import { engineHome } from "@lad/backends";
import { builtList } from "./built-list";
import { type EnginePackage, findEnginePackage, packageName } from "./engine-package";
import { engineState } from "./engine-state";
import { findCompiler } from "./find-compiler";
import { findNodeHeaders } from "./find-node-headers";
import { findPip } from "./find-pip";
import { findWheel } from "./find-wheel";
import { tensorflowNames } from "./gather-wheels";
import { openWheel } from "./open-wheel";
import { thisPlatform } from "./platform";
import { proveEngine } from "./prove-engine";
import { checkWheelPlatform, parseWheelName } from "./wheel-name";

export type Finding = { readonly what: string; readonly ok: boolean; readonly detail: string };
export type EngineCheck = {
  /** The engine loads and computes. */
  readonly works: boolean;
  /** A build has all it needs, as far as can be told without doing it. */
  readonly canBuild: boolean;
  readonly findings: readonly Finding[];
};

/** Looks at the engine and, if it does not work, at everything that building it needs. Changes nothing, downloads nothing, throws nothing. */
export async function checkTensorflowEngine({
  gpu = false,
  wheels = [],
}: {
  readonly gpu?: boolean;
  readonly wheels?: readonly string[];
} = {}): Promise<EngineCheck> {
  const name = packageName(gpu);
  const installed = findEnginePackage(name);
  const engine = await finding("engine", async () => {
    if (!installed) throw new Error(`${name} is not installed`);
    const missing = missingEngine(installed);
    if (missing) throw new Error(missing);
    const { tensorflow, gpu: device } = await proveEngine(installed);
    return `TensorFlow ${tensorflow}${device ? " on a CUDA device" : ""}, ${describe(installed)}, ${installed.folder}`;
  });
  if (engine.ok) return { works: true, canBuild: true, findings: [engine] };
  const needs = [
    await finding("platform", async () => `${thisPlatform().os} ${thisPlatform().arch}`),
    await finding("package", async () =>
      installed ? `${name} ${installed.version} in ${installed.folder}` : `npm installs it into ${engineHome()}`,
    ),
    await finding("folder", () => writable(installed?.folder ?? engineHome()!)),
    await finding("wheel", () => wheelFor(gpu, wheels)),
    await finding("compiler", () => findCompiler()),
    await finding("header", async () => findNodeHeaders()),
  ];
  return { works: false, canBuild: needs.every(({ ok }) => ok), findings: [engine, ...needs] };
}

/** Why a package has no engine, in a sentence; undefined if it has one. Knows the engines that an `npm ci` has wiped away. */
export function missingEngine(installed: EnginePackage): string | undefined {
  if (engineState(installed).kind !== "none") return undefined;
  const was = builtList()[installed.folder];
  return was
    ? `the engine (TensorFlow ${was.tensorflow}, built ${was.built.slice(0, 10)}) is gone from ${installed.folder}: npm ci, or another install, replaced the package; build it again`
    : `${installed.name} is installed without its binding to TensorFlow`;
}

function describe(installed: EnginePackage): string {
  const state = engineState(installed);
  return state.kind === "built"
    ? `built ${state.record.built.slice(0, 10)} from ${state.record.wheels[0]}`
    : "as published";
}

async function wheelFor(gpu: boolean, wheels: readonly string[]): Promise<string> {
  for (const file of wheels) {
    checkWheelPlatform(parseWheelName(file), thisPlatform());
    (await openWheel(file)).close();
  }
  const given = wheels.find((file) => parseWheelName(file).name.startsWith("tensorflow"));
  return given ?? `${(await findWheel(await findPip(), tensorflowNames(gpu))).file}, from pip`;
}

/** The nearest folder above that is there decides. */
async function writable(folder: string): Promise<string> {
  for (let at = folder; ; at = path.dirname(at)) {
    try {
      await access(at, constants.W_OK);
      return folder;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw new Error(`${at} cannot be written`);
    }
  }
}

async function finding(what: string, look: () => Promise<string>): Promise<Finding> {
  try {
    return { what, ok: true, detail: await look() };
  } catch (error) {
    const { message } = error as Error;
    return { what, ok: false, detail: message.replace(/^\w+: /, "") };
  }
}
