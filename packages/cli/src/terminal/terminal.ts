/** Where a command writes; tests pass one that collects. */
export type Terminal = {
  /** A line of the result, to stdout. */
  out(line: string): void;
  /** A line about what is going on, to stderr. */
  note(line: string): void;
  /** Replaces the line that is being drawn at the end of stderr; only if `interactive`. "" removes it. */
  draw(line: string): void;
  /** A person is watching: progress is drawn in place. */
  readonly interactive: boolean;
  readonly columns: number;
};

export function processTerminal(): Terminal {
  const { stdout, stderr } = process;
  let drawn = false;
  const clear = () => {
    if (drawn) stderr.write("\r\u001b[K");
    drawn = false;
  };
  return {
    out(line) {
      clear();
      stdout.write(`${line}\n`);
    },
    note(line) {
      clear();
      stderr.write(`${line}\n`);
    },
    draw(line) {
      clear();
      stderr.write(line);
      drawn = line !== "";
    },
    interactive: Boolean(stderr.isTTY),
    columns: stderr.columns ?? 80,
  };
}
