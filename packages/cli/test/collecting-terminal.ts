import type { Terminal } from "../src/terminal/terminal";

/** A terminal that keeps what is written. */
export function collectingTerminal(): Terminal & {
  readonly lines: string[];
  readonly notes: string[];
  text(): string;
} {
  const lines: string[] = [];
  const notes: string[] = [];
  return {
    lines,
    notes,
    text: () => [...lines, ...notes].join("\n"),
    out: (line) => lines.push(line),
    note: (line) => notes.push(line),
    draw: () => {},
    interactive: false,
    columns: 80,
  };
}
