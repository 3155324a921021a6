import { writeFileAtomic } from "@lad/checkpoints";
import type { Terminal } from "../terminal/terminal";

/** Writes a value as JSON to a file; "-" prints it to stdout, nothing does nothing. */
export async function writeJson(file: string | undefined, value: unknown, terminal: Terminal): Promise<void> {
  if (file === undefined) return;
  const text = JSON.stringify(value, null, 2);
  if (file === "-") terminal.out(text);
  else await writeFileAtomic(file, `${text}\n`);
}
