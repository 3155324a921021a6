import { statfs } from "node:fs/promises";
import path from "node:path";
import { LadError } from "@lad/core";
import type { Wheel } from "./open-wheel";

/** Headers that the binding's sources include, directly or not. */
const headers = /^tensorflow\/include\/(?=(?:tensorflow\/c|tensorflow\/core\/platform|tsl|xla\/tsl)\/)/;
/** The C library and what it is linked with. */
const libraries = /^tensorflow\/libtensorflow(?:_cc|_framework)?\.(?:so\.\d+|\d+\.dylib)$/;
/** CUDA's libraries, and the assembler that TensorFlow starts. */
const cuda = /^nvidia\/(?:[^/]+\/lib\/[^/]+\.so[^/]*$|cuda_nvcc\/)/;

export type UnpackedEngine = {
  /** Of TensorFlow: `2.21.0`. */
  readonly version: string;
  /** Folder of the headers. */
  readonly include: string;
  /** File names in `tensorflow/` of the engine to link with. */
  readonly libraries: readonly string[];
};

/**
 * Unpacks what an engine needs from TensorFlow's wheel and CUDA's: libraries below `engine`, laid out as pip lays them out (they find each other
 * by their places), headers below `include`.
 * @param wheels TensorFlow's first.
 * @throws {LadError} INVALID_FILE if a wheel is damaged or holds no C library, IO if the disk has no room for all of it
 */
export async function unpackEngine(
  wheels: readonly Wheel[],
  { engine, include }: { readonly engine: string; readonly include: string },
): Promise<UnpackedEngine> {
  const [tensorflow, ...others] = wheels as [Wheel, ...Wheel[]];
  const found = [...tensorflow.sizes.keys()].filter((name) => libraries.test(name));
  if (!found.some((name) => name.includes("tensorflow_cc")) || ![...tensorflow.sizes.keys()].some(isHeader))
    throw new LadError(
      "INVALID_FILE",
      `unpackEngine: ${path.basename(tensorflow.file)} holds no libtensorflow_cc with its headers; wanted a wheel of tensorflow or tensorflow-cpu, 2.16 or newer`,
    );
  const jobs = [
    ...jobsOf(tensorflow, (name) => isHeader(name) || libraries.test(name)),
    ...others.flatMap((wheel) => jobsOf(wheel, (name) => cuda.test(name))),
  ];
  await checkRoom(
    engine,
    jobs.reduce((sum, { size }) => sum + size, 0),
  );
  for (const { wheel, name } of jobs) {
    const target = isHeader(name) ? path.join(include, name.replace(headers, "")) : path.join(engine, name);
    await wheel.unpack(name, target);
  }
  const version = /^Version: (.+)$/m.exec(await tensorflow.about("METADATA"))?.[1]?.trim();
  return { version: version ?? "unknown", include, libraries: found.map((name) => path.basename(name)) };
}

const isHeader = (name: string): boolean => headers.test(name);

function jobsOf(wheel: Wheel, wanted: (name: string) => boolean) {
  const inside = ([name]: [string, number]) => !name.split("/").includes(".."); // never out of the folder
  return [...wheel.sizes]
    .filter((entry) => inside(entry) && wanted(entry[0]))
    .map(([name, size]) => ({ wheel, name, size }));
}

async function checkRoom(folder: string, needed: number): Promise<void> {
  const { bavail, bsize } = await statfs(path.dirname(folder));
  const free = bavail * bsize;
  if (free < needed)
    throw new LadError(
      "IO",
      `buildTensorflowEngine: the disk of ${path.dirname(folder)} has ${megabytes(free)} free, ${megabytes(needed)} are needed; make room and run it again`,
    );
}

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)} MB`;
