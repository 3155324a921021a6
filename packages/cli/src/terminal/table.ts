/** Rows as aligned columns under a head and a rule; columns of numbers are aligned to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const columnOf = (index: number) => rows.map((row) => row[index] ?? "");
  const widths = head.map((title, index) => Math.max(title.length, ...columnOf(index).map((cell) => cell.length)));
  const numeric = head.map((_, index) => columnOf(index).every((cell) => /^[-\d]|^$/.test(cell)));
  const line = (row: readonly string[]) =>
    widths
      .map((width, index) => (numeric[index] ? (row[index] ?? "").padStart(width) : (row[index] ?? "").padEnd(width)))
      .join("  ")
      .trimEnd();
  return [line(head), widths.map((width) => "-".repeat(width)).join("  "), ...rows.map(line)].join("\n");
}

/** Rows as aligned columns without a head, indented. */
export function columns(rows: readonly (readonly string[])[]): string {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, index) => Math.max(...rows.map((row) => (row[index] ?? "").length)));
  return rows
    .map((row) => `  ${row.map((cell, index) => cell.padEnd(widths[index]!)).join("  ")}`.trimEnd())
    .join("\n");
}
