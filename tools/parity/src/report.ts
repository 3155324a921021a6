import type { NdArray, TypedArray } from "@lad/core";
import type { GoldenCase } from "./golden-case";
import { largestOf } from "./layout";
import { exact, type Tolerance } from "./tolerance";

/** The outcome of one group of tensors. */
export type GroupResult = {
  readonly group: string;
  tensors: number;
  /** Largest absolute error, largest error relative to the expected value, and largest share of what was allowed. */
  absolute: number;
  relative: number;
  share: number;
  readonly failures: string[];
  readonly tolerance: string;
};

export type Report = {
  /** Compares `actual` with the case's tensor of that name (of `part`'s, if given); a name the case lacks is a failure. */
  compare(group: string, name: string, actual: NdArray<TypedArray>, tolerance: Tolerance, part?: GoldenCase): void;
  /** Compares with values that are not a tensor of the case. */
  compareValues(
    group: string,
    name: string,
    actual: NdArray<TypedArray>,
    expected: NdArray<TypedArray>,
    tolerance: Tolerance,
  ): void;
  fail(group: string, message: string): void;
  readonly groups: readonly GroupResult[];
};

export function createReport(golden: GoldenCase): Report {
  const groups = new Map<string, GroupResult>();
  const group = (name: string, tolerance: string): GroupResult => {
    const entry = groups.get(name) ?? {
      group: name,
      tensors: 0,
      absolute: 0,
      relative: 0,
      share: 0,
      failures: [],
      tolerance,
    };
    groups.set(name, entry);
    return entry;
  };
  const report: Report = {
    compare(name, tensor, actual, tolerance, part = golden) {
      if (!part.has(tensor)) report.fail(name, `${tensor}: not in the file`);
      else report.compareValues(name, tensor, actual, part.take(tensor), tolerance);
    },
    compareValues(name, tensor, actual, expected, tolerance) {
      const entry = group(name, describe(tolerance));
      entry.tensors++;
      const failure = difference(entry, actual, expected, tolerance);
      if (failure) entry.failures.push(`${tensor}: ${failure}`);
    },
    fail: (name, message) => void group(name, describe(exact)).failures.push(message),
    get groups() {
      return [...groups.values()];
    },
  };
  return report;
}

/** Some families store a number as an array of one. */
function storedShape({ shape }: NdArray<TypedArray>): string {
  return shape.length === 0 ? "1" : `${shape}`;
}

/** Adds the errors to the group's; returns what is wrong at the worst element, if something is. */
function difference(
  entry: GroupResult,
  actual: NdArray<TypedArray>,
  expected: NdArray<TypedArray>,
  tolerance: Tolerance,
): string | undefined {
  if (storedShape(actual) !== storedShape(expected)) return `shape [${actual.shape}], expected [${expected.shape}]`;
  const largest = largestOf(expected.data);
  const constant = tolerance.ofLargest * Math.max(tolerance.floor, largest);
  const uncertain = 5 * (tolerance.uncertainty ?? 0) * largest;
  let [worst, worstShare] = [-1, 0];
  for (let i = 0; i < expected.data.length; i++) {
    const [a, e] = [actual.data[i]!, expected.data[i]!];
    if (a === e || (Number.isNaN(a) && Number.isNaN(e))) continue;
    const error = Number.isFinite(a) && Number.isFinite(e) ? Math.abs(a - e) : Number.POSITIVE_INFINITY;
    const allowed = Math.max(tolerance.relative * Math.abs(e) + constant, uncertain);
    const share = allowed > 0 ? error / allowed : Number.POSITIVE_INFINITY;
    entry.absolute = Math.max(entry.absolute, error);
    entry.relative = Math.max(entry.relative, error / Math.max(Math.abs(e), 1e-12));
    if (share > worstShare) [worst, worstShare] = [i, share];
  }
  entry.share = Math.max(entry.share, worstShare);
  return worstShare > 1
    ? `at ${worst} of ${expected.data.length} got ${actual.data[worst]}, expected ${expected.data[worst]}`
    : undefined;
}

function describe({ relative, ofLargest, floor }: Tolerance): string {
  if (!relative && !ofLargest) return "exact";
  const parts = [relative && `${relative}·|v|`, ofLargest && `${ofLargest}·${floor ? `max(${floor}, ‖t‖)` : "‖t‖"}`];
  return parts.filter(Boolean).join(" + ");
}
