import { existsSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import {
  type ExactArray,
  loadSafetensors,
  openPickled,
  type PickledEntry,
  type PickledTensor,
  pickledEntries,
  readCheckpoint,
} from "@lad/checkpoints";
import { LadError, ndArray } from "@lad/core";
import type { GoldenCase } from "./golden-case";
import type { Report } from "./report";
import { exact, type Tolerance } from "./tolerance";

type Expected = {
  dtype: string;
  shape: number[];
  values?: unknown[];
  sum?: number;
  first?: unknown[];
  last?: unknown[];
};
type Tensors = ReadonlyMap<string, { dtype: string; read: () => ExactArray }>;

/** A checkpoint file has no tensors of its own format to use up: it describes itself by its name and folder. */
export function checkpointCase(file: string): GoldenCase {
  const none = (name: string): never => {
    throw new LadError("INVALID_FILE", `${basename(file)}: no tensor ${name}`);
  };
  return {
    name: basename(file),
    family: "checkpoints",
    file,
    config: {},
    has: () => false,
    take: none,
    takeAll: () => ({}),
    exclude: () => {},
    names: () => [],
    unused: () => [],
  };
}

/** `hostile_*` must be refused naming a global; else the values are in `*.expected.json` beside it, or in the case of `../paa`. */
export async function runCheckpoints({ file }: GoldenCase, report: Report): Promise<void> {
  const bytes = await readFile(file);
  if (basename(file).startsWith("hostile_")) return refused(bytes, report);
  const { root, read } = openPickled(bytes);
  const entries = pickledEntries(root);
  const tensors = new Map(
    entries.flatMap(([path, value]) =>
      isTensor(value) ? [[path, { dtype: value.dtype, read: () => read(value, path) }] as const] : [],
    ),
  );
  const expected = file.replace(/\.(pth|pkl)$/, ".expected.json");
  if (existsSync(expected)) compareWithJson(expected, entries, tensors, report);
  else await compareWithCase(file, bytes, tensors, report);
}

function refused(bytes: Uint8Array, report: Report): void {
  try {
    readCheckpoint(bytes);
    report.fail("refused", "the file was read");
  } catch (error) {
    const named = LadError.is(error) && /forbidden global [\w.]+ at byte \d+/.test(error.message);
    report.compareValues("refused", "error", flag(named), flag(true), exact);
  }
}

async function compareWithCase(file: string, bytes: Uint8Array, tensors: Tensors, report: Report): Promise<void> {
  const golden = await loadSafetensors(join(dirname(file), "..", "paa", `${basename(file).split(".")[0]}.safetensors`));
  const loaded = readCheckpoint(bytes).tensors;
  const wanted = Object.entries(golden.tensors).filter(([name]) => name.startsWith("param."));
  const names = new Set(wanted.map(([name]) => name.slice("param.".length)));
  for (const [name, values] of wanted) {
    const path = name.slice("param.".length);
    const actual = loaded[path];
    const dtype = ["", "state_dict.", "model."].map((prefix) => tensors.get(prefix + path)?.dtype).find(Boolean);
    if (actual) report.compareValues("parameters", path, actual, values, toleranceOf(dtype));
    else report.fail("parameters", `${path}: not in the file`);
  }
  for (const name of Object.keys(loaded))
    if (!names.has(name) && !name.endsWith("num_batches_tracked"))
      report.fail("parameters", `${name}: not in the case`);
}

/** Rounding to nearest: half of the last place, and of the smallest number for half floats. */
function toleranceOf(dtype: string | undefined): Tolerance {
  if (dtype === "float16") return { relative: 2 ** -11, ofLargest: 2 ** -25, floor: 1 };
  return dtype === "bfloat16" ? { relative: 2 ** -8, ofLargest: 0, floor: 0 } : exact;
}

function compareWithJson(file: string, entries: readonly PickledEntry[], tensors: Tensors, report: Report): void {
  const expected = JSON.parse(readFileSync(file, "utf8")) as {
    entries: Record<string, Expected>;
    other?: Record<string, unknown>;
  };
  for (const [path, wanted] of Object.entries(expected.entries)) {
    const tensor = tensors.get(path);
    const wrong = tensor ? difference(tensor.dtype, tensor.read(), wanted) : "not in the file";
    if (wrong) report.fail("entries", `${path}: ${wrong}`);
    else report.compareValues("entries", path, flag(true), flag(true), exact);
  }
  for (const path of tensors.keys())
    if (!(path in expected.entries)) report.fail("entries", `${path}: not among the expected`);
  const others = new Map(entries.filter(([, value]) => !isTensor(value)));
  for (const [path, wanted] of Object.entries(expected.other ?? {})) {
    const same = JSON.stringify(others.get(path)) === JSON.stringify(wanted);
    if (same) report.compareValues("other", path, flag(true), flag(true), exact);
    else report.fail("other", `${path}: wanted ${JSON.stringify(wanted)}`);
  }
}

/** What differs in type, shape or any bit of a value (NaN is NaN). */
function difference(dtype: string, { data, shape }: ExactArray, wanted: Expected): string | undefined {
  if (dtype !== wanted.dtype || `${shape}` !== `${wanted.shape}` || shape.length !== wanted.shape.length)
    return `${dtype} [${shape}], expected ${wanted.dtype} [${wanted.shape}]`;
  const values = Array.from<number | bigint>(data);
  const same = (from: number, list: readonly unknown[]) =>
    list.every((item, i) => {
      if (data instanceof BigInt64Array) return values[from + i] === BigInt(item as string);
      return Object.is(values[from + i], data instanceof Float32Array ? Math.fround(Number(item)) : Number(item));
    });
  if (wanted.values)
    return values.length === wanted.values.length && same(0, wanted.values) ? undefined : "other values";
  const { first = [], last = [], sum = Number.NaN } = wanted;
  if (!same(0, first) || !same(values.length - last.length, last)) return "other first or last values";
  const total = values.reduce<number>((all, value) => all + Number(value), 0);
  return Math.abs(total - sum) <= 1e-9 * Math.max(1, Math.abs(sum)) ? undefined : `sum ${total}, expected ${sum}`;
}

function isTensor(value: PickledEntry[1]): value is PickledTensor {
  return typeof value === "object" && value !== null && "kind" in value;
}

function flag(value: boolean) {
  return ndArray(Uint8Array.of(Number(value)), [1]);
}
