import type { CaseResult } from "./run-case";

/** A line per tensor group: worst errors, tolerance, verdict; then what failed and what was not compared. */
export function formatCase({ name, family, passed, error, groups, notCompared, seconds }: CaseResult): string {
  const lines = [`${passed ? "PASS" : "FAIL"} ${family}/${name} (${seconds.toFixed(1)} s)`];
  for (const { group, tensors, absolute, relative, share, failures, tolerance } of groups) {
    const verdict = failures.length === 0 ? "ok" : "FAIL";
    const errors = `abs ${absolute.toExponential(1)} rel ${relative.toExponential(1)}`;
    lines.push(
      `  ${group.padEnd(16)} ${String(tensors).padStart(4)} tensors  ${errors}  ${(share * 100).toFixed(0)} % of ${tolerance}  ${verdict}`,
    );
    for (const failure of failures.slice(0, 8)) lines.push(`    ${failure}`);
    if (failures.length > 8) lines.push(`    and ${failures.length - 8} more`);
  }
  if (notCompared.length > 0)
    lines.push(
      `  not compared: ${notCompared.slice(0, 12).join(", ")}${notCompared.length > 12 ? ` and ${notCompared.length - 12} more` : ""}`,
    );
  if (error) lines.push(`  ${error}`);
  return lines.join("\n");
}
