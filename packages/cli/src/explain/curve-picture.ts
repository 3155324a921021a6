import { element, label, svg } from "./svg";

export type Curve = {
  readonly name: string;
  readonly color: string;
  /** Precision at recall 0 … 1 in equal steps; -1 = not measured. */
  readonly precision: readonly number[];
};

const frame = { left: 46, top: 12, width: 420, height: 300 };

/** Precision against recall. */
export function curvePicture(curves: readonly Curve[]): string {
  const x = (recall: number) => frame.left + recall * frame.width;
  const y = (precision: number) => frame.top + (1 - precision) * frame.height;
  const ticks = [0, 0.2, 0.4, 0.6, 0.8, 1];
  const grid = ticks.flatMap((tick) => [
    element("line", { x1: x(tick), x2: x(tick), y1: y(0), y2: y(1), stroke: "#ddd" }),
    element("line", { x1: x(0), x2: x(1), y1: y(tick), y2: y(tick), stroke: "#ddd" }),
    label({ x: x(tick), y: y(0) + 16, "text-anchor": "middle" }, String(tick)),
    label({ x: x(0) - 6, y: y(tick) + 4, "text-anchor": "end" }, String(tick)),
  ]);
  const lines = curves.map(({ precision, color }) => {
    const points = precision.flatMap((value, i) =>
      value < 0 ? [] : [`${x(i / (precision.length - 1)).toFixed(1)},${y(value).toFixed(1)}`],
    );
    return element("polyline", { points: points.join(" "), fill: "none", stroke: color, "stroke-width": 2 });
  });
  const legend = curves.flatMap(({ name, color }, i) => [
    element("rect", { x: x(0) + 10, y: y(0) - 20 * (curves.length - i), width: 12, height: 12, fill: color }),
    label({ x: x(0) + 28, y: y(0) - 20 * (curves.length - i) + 11 }, name),
  ]);
  const names = [
    label({ x: x(0.5), y: y(0) + 36, "text-anchor": "middle" }, "recall"),
    label({ x: 12, y: y(0.5), transform: `rotate(-90 12 ${y(0.5)})`, "text-anchor": "middle" }, "precision"),
  ];
  return svg(
    frame.left + frame.width + 16,
    frame.top + frame.height + 44,
    [...grid, ...lines, ...legend, ...names],
    "precision and recall",
  );
}
