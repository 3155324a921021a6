import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { Transform } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { LadError } from "@lad/core";
import { type Entry, openPromise } from "yauzl";

/** An open Python wheel: a zip file with a table of checksums. Close it. */
export type Wheel = {
  readonly file: string;
  /** Size unpacked of every file in it, bytes, by its path. */
  readonly sizes: ReadonlyMap<string, number>;
  text(name: string): Promise<string>;
  /** The text of a file of `NAME.dist-info`: `METADATA`, `RECORD`. */
  about(file: string): Promise<string>;
  /** Writes a file of it to `target`, which must be new, and compares it with its checksum. */
  unpack(name: string, target: string): Promise<void>;
  close(): void;
};

/** @throws {LadError} NOT_FOUND if there is no such file, INVALID_FILE if it is truncated, damaged or no wheel; later calls INVALID_FILE too */
export async function openWheel(file: string): Promise<Wheel> {
  const broken = (cause: unknown) => {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT") return new LadError("NOT_FOUND", `openWheel: there is no file ${file}`, { cause });
    if (code !== undefined || LadError.is(cause)) return cause; // of the disk, not of the wheel
    return new LadError(
      "INVALID_FILE",
      `openWheel: ${file} is truncated, damaged or no wheel (${message}); download it again`,
      { cause },
    );
  };
  const attempt = <T>(work: Promise<T>) => work.catch((error: unknown) => Promise.reject(broken(error)));
  const zip = await attempt(openPromise(file, { lazyEntries: true, autoClose: false }));
  try {
    const entries = await attempt(listEntries(zip.eachEntry()));
    const stream = async (name: string) => {
      const entry = entries.get(name);
      if (!entry) throw new Error(`it holds no ${name}`);
      return zip.openReadStreamPromise(entry);
    };
    const info = [...entries.keys()].find((name) => /^[^/]+\.dist-info\/RECORD$/.test(name));
    if (info === undefined) throw broken(new Error("it holds no RECORD"));
    const read = (name: string) => attempt(stream(name).then(text));
    const about = (name: string) => read(info.replace(/RECORD$/, name));
    const checksums = readRecord(await read(info));
    return {
      file,
      sizes: new Map([...entries].map(([name, { uncompressedSize }]) => [name, uncompressedSize])),
      text: read,
      about,
      unpack: (name, target) => attempt(stream(name).then((from) => write(from, target, name, checksums.get(name)))),
      close: () => zip.close(),
    };
  } catch (error) {
    zip.close();
    throw error;
  }
}

async function listEntries(each: AsyncIterable<Entry>): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  for await (const entry of each) if (!entry.fileName.endsWith("/")) entries.set(entry.fileName, entry);
  return entries;
}

/** Lines `path,sha256=BASE64,size`; a path with a comma is quoted. */
function readRecord(record: string): Map<string, string> {
  const lines = record.matchAll(/^(?:"([^"]+)"|([^,\n]+)),sha256=([\w-]+),/gm);
  return new Map([...lines].map(([, quoted, plain, sum]) => [quoted ?? plain!, sum!]));
}

async function write(
  from: NodeJS.ReadableStream,
  target: string,
  name: string,
  checksum: string | undefined,
): Promise<void> {
  await mkdir(path.dirname(target), { recursive: true });
  const hash = createHash("sha256");
  const hashing = new Transform({
    transform(chunk: Buffer, _, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  await pipeline(from, hashing, createWriteStream(target, { flags: "wx" }));
  if (checksum !== undefined && hash.digest("base64url") !== checksum)
    throw new Error(`the checksum of ${name} is not the one in its RECORD`);
}
