import path from "node:path";
import { LadError } from "@lad/core";
import { findPip } from "./find-pip";
import { downloadWheel, findWheel } from "./find-wheel";
import { openWheel } from "./open-wheel";
import type { Platform } from "./platform";
import { checkWheelPlatform, parseWheelName } from "./wheel-name";

export type GatherOptions = {
  readonly gpu: boolean;
  /** Wheels that the user has: TensorFlow's, and with `gpu` those of CUDA that need not be downloaded. */
  readonly given: readonly string[];
  /** Folder for downloads. */
  readonly into: string;
  readonly log: (line: string) => void;
};

/** What to ask pip for: the build for processors alone is half as large. */
export const tensorflowNames = (gpu: boolean): readonly string[] =>
  gpu ? ["tensorflow"] : ["tensorflow-cpu", "tensorflow"];

/**
 * The wheels an engine is made of, TensorFlow's first: those given, the rest as pip finds them.
 * @throws {LadError} NOT_FOUND if pip or a wheel is missing, UNSUPPORTED for one of another platform, INVALID_FILE for a file that is none, IO if a download fails
 */
export async function gatherWheels(options: GatherOptions, here: Platform): Promise<string[]> {
  const { gpu, given } = options;
  for (const file of given) checkGiven(file, gpu, here);
  const tensorflow =
    given.find((file) => nameOf(file).startsWith("tensorflow")) ?? (await download(tensorflowNames(gpu), options));
  checkWheelPlatform(parseWheelName(tensorflow), here);
  const cuda = given.filter((file) => file !== tensorflow);
  if (gpu && here.os === "linux") {
    for (const requirement of await cudaRequirements(tensorflow)) {
      const name = /^[\w.-]+/.exec(requirement)![0].replace(/[-.]/g, "_");
      if (!cuda.some((file) => nameOf(file) === name)) cuda.push(await download([requirement], options));
    }
  }
  return [tensorflow, ...cuda];
}

const nameOf = (file: string): string => parseWheelName(file).name;

function checkGiven(file: string, gpu: boolean, here: Platform): void {
  const wheel = parseWheelName(file);
  if (!/^(?:tensorflow|nvidia_)/.test(wheel.name))
    throw new LadError(
      "INVALID_ARGUMENT",
      `buildTensorflowEngine: wanted a wheel of tensorflow, tensorflow-cpu or, for CUDA, nvidia-…, got ${path.basename(file)}`,
    );
  if (gpu && wheel.name === "tensorflow_cpu")
    throw new LadError(
      "INVALID_ARGUMENT",
      `buildTensorflowEngine: ${path.basename(file)} has no CUDA in it; for the GPU give a wheel of tensorflow`,
    );
  checkWheelPlatform(wheel, here);
}

async function download(requirements: readonly string[], { into, log }: GatherOptions): Promise<string> {
  const pip = await findPip();
  const found = await findWheel(pip, requirements);
  log(`pip gets ${found.file}`);
  return downloadWheel(pip, found, into);
}

/** The CUDA packages that a TensorFlow wheel names for its extra `and-cuda`: `nvidia-cudnn-cu12<10.0,>=9.3`. */
async function cudaRequirements(tensorflow: string): Promise<string[]> {
  const wheel = await openWheel(tensorflow);
  try {
    const lines = (await wheel.about("METADATA")).matchAll(
      /^Requires-Dist: (nvidia[^;]+);.*extra == ['"]and-cuda['"]/gm,
    );
    return [...lines].map(([, requirement]) => requirement!.replace(/[\s()]/g, ""));
  } finally {
    wheel.close();
  }
}
