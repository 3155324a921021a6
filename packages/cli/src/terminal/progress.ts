import { duration } from "./duration";
import type { Terminal } from "./terminal";

export type ProgressState = {
  /** Steps done so far, of `total`. */
  readonly done: number;
  readonly total: number;
  /** What is measured now, such as losses. */
  readonly values?: Readonly<Record<string, number>>;
};

export type ProgressOptions = {
  readonly label: string;
  /** Least time between two redraws of the bar, ms. */
  readonly redrawMs?: number;
  /** Least time between two plain lines, ms. */
  readonly lineMs?: number;
  readonly now?: () => number;
};

/** Shows how far a long piece of work is: a bar with the time left on a terminal, now and then a plain line elsewhere. */
export type Progress = { update(state: ProgressState): void; end(): void };

export function progress(
  terminal: Terminal,
  { label, redrawMs = 100, lineMs = 10_000, now = () => performance.now() }: ProgressOptions,
): Progress {
  const begun = now();
  let first: number | undefined;
  let shown = Number.NEGATIVE_INFINITY;
  return {
    update({ done, total, values = {} }) {
      first ??= done - 1;
      const time = now();
      const wait = terminal.interactive ? redrawMs : lineMs;
      if (time - shown < wait && done < total) return;
      shown = time;
      const left = done > first ? ((time - begun) / (done - first)) * (total - done) : 0;
      const rest = [`${done}/${total}`, ...Object.entries(values).map(([name, value]) => `${name} ${short(value)}`)];
      const text = `${rest.join("  ")}  ${done < total ? `${duration(left)} left` : duration(time - begun)}`;
      if (terminal.interactive)
        terminal.draw(`${label} ${bar(done / total, 20)} ${text}`.slice(0, terminal.columns - 1));
      else terminal.note(`${label} ${text}`);
    },
    end() {
      if (terminal.interactive) terminal.draw("");
    },
  };
}

function bar(share: number, width: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, share)) * width);
  return `[${"=".repeat(filled)}${" ".repeat(width - filled)}]`;
}

function short(value: number): string {
  if (value === 0 || Number.isInteger(value)) return String(value);
  return Math.abs(value) >= 1e-3 && Math.abs(value) < 1e4 ? value.toPrecision(3) : value.toExponential(1);
}
