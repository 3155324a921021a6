import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Hash of the contents of `files`, those that are missing told apart from empty ones. */
export function contentHash(files, ...also) {
  const hash = createHash("sha256").update(JSON.stringify(also));
  for (const file of files) hash.update(`\n${file}\n`).update(existsSync(file) ? readFileSync(file) : "missing");
  return hash.digest("hex");
}

/** Hash of name, size and time of every file in and below `paths`: cheap, and changes whenever a file is written. */
export function statusHash(paths, ...also) {
  const hash = createHash("sha256").update(JSON.stringify(also));
  for (const path of paths.flatMap(filesBelow)) {
    const status = statSync(path);
    hash.update(`${path}\n${status.size} ${status.mtimeMs}\n`);
  }
  return hash.digest("hex");
}

function filesBelow(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesBelow(join(path, name)));
}

/**
 * A file that remembers the inputs a step was last done for. `begin` forgets them, so that a step cut off half-way
 * counts as not done.
 */
export function stamp(file) {
  return {
    matches: (hash) => existsSync(file) && readFileSync(file, "utf8") === hash,
    begin: () => rmSync(file, { force: true }),
    end(hash) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, hash);
    },
  };
}
