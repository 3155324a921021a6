import { randomBytes } from "node:crypto";
import { type FileHandle, open, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { LadError } from "@lad/core";

/** Pieces of a file, written one after the other. */
export type FileContent = string | Uint8Array | Iterable<Uint8Array>;

/** Endings of the temporary names, for those who clean up after a killed process. */
export const temporarySuffix = ".lad-tmp";

/**
 * Writes a file so that whoever reads it finds the old or the new content, whole, at any moment and after a crash: temporary name in the
 * same directory, sync, rename, sync of the directory. What is not a regular file (`/dev/stdout`, a pipe) is written directly.
 * @throws {LadError} IO naming the file (disk full, no permission, no such directory); the old file is then intact and no temporary one left.
 */
export async function writeFileAtomic(file: string, content: FileContent): Promise<void> {
  const pieces = typeof content === "string" || content instanceof Uint8Array ? [content] : content;
  try {
    const existing = await existingFile(file);
    if (existing?.special) return await writeTo(await open(file, "w"), pieces, false);
    const target = existing?.path ?? file;
    const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString("hex")}${temporarySuffix}`);
    const handle = await open(temporary, "wx");
    try {
      await writeTo(handle, pieces, true);
      await rename(temporary, target);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => {});
      throw error;
    }
    await syncDirectory(dirname(target));
  } catch (cause) {
    throw new LadError("IO", `writeFileAtomic: ${file} could not be written: ${(cause as Error).message}`, { cause });
  }
}

async function existingFile(file: string): Promise<{ path: string; special: boolean } | undefined> {
  try {
    const path = await realpath(file); // a symbolic link keeps pointing where it did
    const found = await stat(path);
    return { path, special: !found.isFile() && !found.isDirectory() };
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

async function writeTo(handle: FileHandle, pieces: Iterable<string | Uint8Array>, sync: boolean): Promise<void> {
  try {
    for (const piece of pieces) await handle.writeFile(piece);
    if (sync) await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes the rename itself survive a power cut; some systems cannot open or sync a directory, and need not. */
async function syncDirectory(directory: string): Promise<void> {
  try {
    const handle = await open(directory, "r");
    await handle.sync().finally(() => handle.close());
  } catch (error) {
    if (!["EISDIR", "EPERM", "EACCES", "EINVAL", "ENOTSUP"].includes(codeOf(error) ?? "")) throw error;
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
