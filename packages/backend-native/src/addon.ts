import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { LadError } from "@lad/core";

type Values = Float32Array | Int32Array | Uint8Array;
type Optional = Float32Array | null;

/** The entry points of the C++ add-on; their arguments are described in src/native. All check types and lengths and throw. */
export type Addon = {
  binary(operation: number, a: Float32Array, b: Float32Array, y: Float32Array, meta: Int32Array): void;
  compare(operation: number, a: Float32Array, b: Float32Array, y: Uint8Array, meta: Int32Array): void;
  power(unused: number, a: Float32Array, b: Float32Array, y: Float32Array, meta: Int32Array): void;
  unary(operation: number, x: Float32Array, y: Float32Array, p: number, q: number): void;
  functionOf(which: number, x: Float32Array, y: Float32Array, p: number): void;
  functionOfTwo(which: number, a: Float32Array, b: Float32Array, y: Float32Array, meta: Int32Array): void;
  /** 0 NaN, 1 infinite, 2 finite */
  kindOf(which: number, x: Float32Array, y: Uint8Array): void;
  integerBinary(operation: number, a: Int32Array, b: Int32Array, y: Int32Array, meta: Int32Array): void;
  integerCompare(operation: number, a: Int32Array, b: Int32Array, y: Uint8Array, meta: Int32Array): void;
  truthCompare(operation: number, a: Uint8Array, b: Uint8Array, y: Uint8Array, meta: Int32Array): void;
  integerUnary(operation: number, x: Int32Array, y: Int32Array): void;
  truthNot(x: Uint8Array, y: Uint8Array): void;
  integersFrom(x: Uint8Array, y: Int32Array): void;
  truthFrom(x: Int32Array, y: Uint8Array): void;
  fill(y: Float32Array, value: number): void;
  select(condition: Uint8Array, a: Float32Array, b: Float32Array, y: Float32Array): void;
  sumOf(y: Float32Array, ...terms: Float32Array[]): void;
  floatsFrom(x: Values, y: Float32Array): void;
  floatsTo(x: Float32Array, y: Values): void;
  reduceSum(x: Float32Array, y: Float32Array, outer: number, length: number, inner: number, factor: number): void;
  reduceExtreme(x: Float32Array, y: Float32Array, outer: number, length: number, inner: number, least: number): void;
  /** Where the greatest (`least` 1: least) is. */
  argExtreme(x: Float32Array, y: Int32Array, outer: number, length: number, inner: number, least: number): void;
  reduceProduct(x: Float32Array, y: Float32Array, outer: number, length: number, inner: number): void;
  reduceIntegerSum(x: Int32Array, y: Int32Array, outer: number, length: number, inner: number): void;
  reduceIntegerExtreme(x: Int32Array, y: Int32Array, outer: number, length: number, inner: number, least: number): void;
  reduceTruth(x: Uint8Array, y: Uint8Array, outer: number, length: number, inner: number, all: number): void;
  /** x, y, outer, length, inner, product, exclusive, backwards */
  cumulate(...call: (Float32Array | number)[]): void;
  cumulateIntegers(...call: (Int32Array | number)[]): void;
  topk(x: Float32Array, values: Float32Array, at: Int32Array, rows: number, length: number, k: number): void;
  topkIntegers(x: Int32Array, values: Int32Array, at: Int32Array, rows: number, length: number, k: number): void;
  copy(x: Values, y: Values, meta: Int32Array): void;
  gatherRows(x: Values, at: Int32Array, y: Values, batch: number, outer: number, size: number, inner: number): void;
  scatterRows(at: Int32Array, updates: Float32Array, y: Float32Array, sizes: Int32Array, width: number): void;
  gatherMany(x: Values, at: Int32Array, y: Values, sizes: Int32Array, width: number): void;
  writeRows(at: Int32Array, updates: Values, y: Values, sizes: Int32Array, width: number): void;
  segmentSum(segments: Int32Array, x: Float32Array, y: Float32Array, count: number, width: number): void;
  oneHot(at: Int32Array, y: Float32Array, depth: number, on: number, off: number): void;
  ramp(y: Float32Array, start: number, step: number): void;
  rampIntegers(y: Int32Array, start: number, step: number): void;
  maxPool(x: Float32Array, y: Float32Array, sizes: Int32Array): void;
  averagePool(x: Float32Array, y: Float32Array, sizes: Int32Array): void;
  maxPoolGradient(dy: Float32Array, x: Float32Array, dx: Float32Array, sizes: Int32Array): void;
  averagePoolGradient(dy: Float32Array, dx: Float32Array, sizes: Int32Array): void;
  resize(x: Float32Array, y: Float32Array, sizes: Int32Array): void;
  resizeGradient(dy: Float32Array, dx: Float32Array, sizes: Int32Array): void;
  /** image, boxes, images of the boxes, y, sizes, value outside */
  cropAndResize(...call: (Float32Array | Int32Array | number)[]): void;
  softmax(x: Float32Array, y: Float32Array, rows: number, length: number): void;
  /** x, scale, offset, y, mean, variance, eps, sets, pixels, channels, groups, residual, relu */
  normalize(...call: (Optional | number)[]): void;
  /** x, scale, offset, mean, variance, y, eps, pixels, channels, residual, relu */
  normalizeWith(...call: (Optional | number)[]): void;
  /** dy, x, scale, mean, variance, dx, dscale, doffset, eps, sets, pixels, channels, groups, y of a fused relu, masked dy */
  normalizeGradient(...call: (Optional | number)[]): void;
  /** dy, x, scale, mean, variance, dx, dscale, doffset, eps, pixels, channels, y of a fused relu, masked dy */
  normalizeGradientWith(...call: (Optional | number)[]): void;
  /** x, scale, offset, y, mean, inverse, eps, rows, channels */
  layerNorm(...call: (Float32Array | number)[]): void;
  /** dy, x, scale, mean, inverse, dx, dscale, doffset, rows, channels */
  layerNormGradient(...call: (Float32Array | number)[]): void;
  /** w, g, v, newW, newV, rate, momentum, decay, nesterov */
  descend(...call: (Optional | number)[]): void;
  /** x, filter, bias, y, shape, 1 if the filter is prepared */
  convolution(...call: (Optional | Int32Array | number)[]): void;
  /** dy, filter, dx, shape, 1 if the filter is prepared */
  convolutionInputGradient(...call: (Float32Array | Int32Array | number)[]): void;
  convolutionFilterGradient(x: Float32Array, dy: Float32Array, dfilter: Float32Array, shape: Int32Array): void;
  /** 1 where Winograd is used; directions: 0 forward, 1 input gradient, 2 filter gradient */
  convolutionAlgorithm(shape: Int32Array, direction: number): number;
  /** Floats of a filter in the layout that direction 0 or 1 reads; 0 where it reads the plain one. */
  preparedFilterSize(shape: Int32Array, direction: number, withBias: number): number;
  prepareFilter(
    filter: Float32Array,
    prepared: Float32Array,
    shape: Int32Array,
    direction: number,
    withBias: number,
  ): void;
  setDirectOnly(only: number): void;
  matmul(a: Float32Array, b: Float32Array, bias: Optional, y: Float32Array, sizes: Int32Array): void;
  /** x, y, sizes, levels, images, and starts, cells, weights of rows and of columns */
  roiAlign(...call: Values[]): void;
  /** dy, dx, sizes … */
  roiAlignGradient(...call: Values[]): void;
  /** x, offsets, mask, filter, y, shape */
  deformConv(...call: (Optional | Int32Array)[]): void;
  /** x, offsets, mask, filter, dy, dx, doffsets, dmask, shape */
  deformConvInputGradients(...call: (Optional | Int32Array)[]): void;
  /** x, offsets, mask, dy, dfilter, shape */
  deformConvFilterGradient(...call: (Optional | Int32Array)[]): void;
  /** form, x, labels, scores, weights, y, rows, classes, reduction, alpha, gamma */
  focal(...call: (Values | null | number)[]): void;
  /** form, x, labels, scores, weights, dy, dx, rows, classes, reduction, alpha, gamma */
  focalGradient(...call: (Values | null | number)[]): void;
  /** x, targets, weights, y, rows, bins, reduction */
  distributionFocal(...call: (Optional | number)[]): void;
  /** x, targets, weights, dy, dx, rows, bins, reduction */
  distributionFocalGradient(...call: (Optional | number)[]): void;
  /** student, teacher, weights, y, rows, columns, reduction, temperature */
  distillationKl(...call: (Optional | number)[]): void;
  /** student, teacher, weights, dy, dx, rows, columns, reduction, temperature */
  distillationKlGradient(...call: (Optional | number)[]): void;
  giou(a: Float32Array, b: Float32Array, y: Float32Array, eps: number): void;
  /** a, b, dy, da, db, eps */
  giouGradient(...call: (Float32Array | number)[]): void;
  /** w, g, m, s, newW, newM, newS, beta1, beta2, shrink, rate, correction, eps; new arrays may be the old ones */
  adamW(...call: (Optional | number)[]): void;
  /** y = keep·x + take·fresh; y may be x */
  blend(x: Float32Array, fresh: Float32Array, y: Float32Array, keep: number, take: number): void;
  /** Undefined where this Node allows no memory outside of V8's heap. */
  allocate(bytes: number): ArrayBuffer | undefined;
  release(buffer: ArrayBuffer): void;
  heldBytes(): number;
  setThreads(threads: number): void;
  threadCount(): number;
  isa(): string;
  libraryVersion(): string;
};

const howToBuild =
  "install a C++ compiler and oneDNN (Debian, Ubuntu: apt-get install g++ libdnnl-dev), then run npx lad native --build, or node scripts/build.mjs in the package's folder";

/** Where the add-on may lie, the better first: what scripts/build.mjs made here, then a prebuilt one. */
export function addonPaths(): string[] {
  return ["../build/lad-native.node", `../prebuilds/${process.platform}-${process.arch}/lad-native.node`].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  );
}

/**
 * Loads the add-on from the first of the paths where one lies and loads.
 * @throws {LadError} ENGINE saying how to build it if there is none, or why the first does not load.
 */
export function loadAddon(paths: readonly string[] = addonPaths()): Addon {
  const present = paths.filter((path) => existsSync(path));
  if (present.length === 0) throw new LadError("ENGINE", `native: the add-on is not built: ${howToBuild}`);
  // libgomp reads it when it is loaded: long enough to be awake for the next kernel (a twentieth of a step on two free cores), short enough for
  // busy machines, where waiting threads that spin for as long as libgomp has it make a step several times slower
  process.env.GOMP_SPINCOUNT ??= "10000";
  const load = createRequire(import.meta.url);
  const failures: { readonly path: string; readonly cause: unknown }[] = [];
  for (const path of present) {
    try {
      return load(path) as Addon;
    } catch (cause) {
      failures.push({ path, cause });
    }
  }
  const { path, cause } = failures[0]!;
  const reason = cause instanceof Error ? cause.message : String(cause);
  throw new LadError("ENGINE", `native: ${path} does not load (${reason}): ${howToBuild}`, { cause });
}
