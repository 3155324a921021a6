import { kindColors } from "./kind-colors";
import { element, label, svg } from "./svg";

export type LossBar = { readonly name: string; readonly lost: number };

/** A bar for the AP that each kind of error costs, in per cent. */
export function lossPicture(bars: readonly LossBar[]): string {
  const largest = Math.max(0.01, ...bars.map(({ lost }) => lost));
  const row = 24;
  const parts = bars.flatMap(({ name, lost }, i) => {
    const width = Math.max(0, (lost / largest) * 300);
    return [
      label({ x: 76, y: i * row + 17, "text-anchor": "end" }, name),
      element("rect", { x: 84, y: i * row + 5, width, height: row - 8, fill: kindColors[name] ?? "#57606a" }),
      label({ x: 90 + width, y: i * row + 17 }, (100 * lost).toFixed(2)),
    ];
  });
  return svg(440, bars.length * row + 8, parts, "AP lost by kind of error");
}
