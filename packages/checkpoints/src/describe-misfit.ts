import type { LoadReport } from "./compare-params";

export type DescribeMisfitOptions = {
  /** Names of a kind that are spelled out. Default all. */
  readonly most?: number;
};

/** A report in words, a sentence for each kind of misfit; none if everything fits. */
export function describeMisfit(
  { missing, unexpected, mismatched }: LoadReport,
  { most = Number.POSITIVE_INFINITY }: DescribeMisfitOptions = {},
): string[] {
  const shapes = mismatched.map(({ name, wanted, got }) => `${name} (network [${wanted}], checkpoint [${got}])`);
  return [
    some(shapes, "of another shape", most),
    some(missing, "missing in the checkpoint", most),
    some(unexpected, "unknown to the network", most),
  ].filter((part) => part !== "");
}

function some(items: readonly string[], what: string, most: number): string {
  if (items.length === 0) return "";
  const rest = items.length > most ? ` and ${items.length - most} more` : "";
  return `${items.length} ${what}: ${items.slice(0, most).join(", ")}${rest}`;
}
