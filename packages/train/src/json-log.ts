import { type FileHandle, open, readFile } from "node:fs/promises";
import { writeFileAtomic } from "@lad/checkpoints";
import { LadError } from "@lad/core";

/** A file of one JSON object a line. */
export type JsonLog = {
  append(record: object): Promise<void>;
  /** Waits until everything appended is on the disk. */
  sync(): Promise<void>;
  close(): Promise<void>;
};

/**
 * Opens a log for appending. Lines of an earlier run stay up to the first that `keep` refuses or that is broken off; from there on
 * they are cut away.
 * @throws {LadError} IO naming the file; of `append` too (disk full).
 */
export async function openJsonLog(file: string, keep: (record: Record<string, unknown>) => boolean): Promise<JsonLog> {
  const named = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (cause) {
      if (LadError.is(cause)) throw cause;
      throw new LadError("IO", `train: ${file} could not be written: ${(cause as Error).message}`, { cause });
    }
  };
  const handle = await named(async (): Promise<FileHandle> => {
    const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return "";
      throw error;
    });
    const kept = keptLines(text, keep);
    if (kept.length < text.length) await writeFileAtomic(file, kept);
    return open(file, "a");
  });
  return {
    append: (record) => named(() => handle.appendFile(`${JSON.stringify(record)}\n`)),
    sync: () => named(() => handle.datasync()),
    close: () => named(() => handle.close()),
  };
}

function keptLines(text: string, keep: (record: Record<string, unknown>) => boolean): string {
  let end = 0;
  for (let next = text.indexOf("\n"); next >= 0; next = text.indexOf("\n", end)) {
    const record = parsed(text.slice(end, next));
    if (record === undefined || !keep(record)) break;
    end = next + 1;
  }
  return text.slice(0, end);
}

function parsed(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
