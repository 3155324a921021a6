import type { Confusion } from "./confusion";
import { escapeHtml } from "./escape-html";
import { element, label, svg } from "./svg";

/** A cell for every pair, darker the larger its share of the row; the diagonal is green, what lies on background red. */
export function confusionPicture({ rows, columns, counts }: Confusion): string {
  const cell = Math.max(10, Math.min(44, Math.floor(720 / columns.length)));
  const font = Math.min(12, cell + 1);
  const margin =
    24 + Math.min(160, 7 * Math.max(...rows.map((name) => name.length), ...columns.map((name) => name.length)));
  const cells = counts.flatMap((row, r) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    return row.flatMap((count, c) => {
      const place = { x: margin + c * cell, y: margin + r * cell };
      const fill = r === rows.length - 1 ? "#d62728" : r === c ? "#2ca02c" : "#e0701a";
      const share = total === 0 ? 0 : count / total;
      const said = element("title", {}, escapeHtml(`${rows[r]} as ${columns[c]}: ${count} of ${total}`));
      const looks = { fill, "fill-opacity": share, stroke: "#ddd" };
      const box = element("rect", { ...place, width: cell, height: cell, ...looks }, said);
      if (count === 0 || cell < 28) return [box];
      const text = { x: place.x + cell / 2, y: place.y + cell / 2 + 4, "text-anchor": "middle", "font-size": font - 1 };
      return [box, label({ ...text, fill: share > 0.6 ? "#fff" : "#000" }, String(count))];
    });
  });
  const left = rows.map((name, r) =>
    label({ x: margin - 6, y: margin + (r + 0.5) * cell + 4, "text-anchor": "end", "font-size": font }, name),
  );
  const top = columns.map((name, c) => {
    const [x, y] = [margin + (c + 0.5) * cell + 4, margin - 6];
    return label({ x, y, transform: `rotate(-60 ${x} ${y})`, "font-size": font }, name);
  });
  const width = margin + columns.length * cell + 80;
  return svg(width, margin + rows.length * cell + 8, [...cells, ...left, ...top], "what objects were found as");
}
