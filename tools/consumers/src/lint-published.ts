import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { checkPackage, Package } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

type Manifest = { readonly name: string; readonly version: string; readonly files: readonly string[] };

/** Everything npm would pack of a built package: what `files` names, and what is always packed. */
function packedFiles(folder: string, { files }: Manifest): string[] {
  const always = readdirSync(folder).filter((name) => /^(?:package\.json|readme|licen[sc]e|changelog)/i.test(name));
  return [...always, ...files].flatMap((name) => filesAt(join(folder, name)));
}

/** A file, or all files of a directory. */
function filesAt(path: string): string[] {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/**
 * publint (strict) and "are the types wrong" on one built package, in this process: their command lines start Node,
 * pack and load TypeScript anew for every package.
 * @returns what they found, one sentence each.
 */
export async function lintPublished(folder: string): Promise<string[]> {
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
  const files = packedFiles(folder, manifest);
  const { messages } = await publint({ pkgDir: folder, strict: true, pack: false });
  const published = messages.map((message) => `publint: ${formatMessage(message, manifest, { color: false })}`);
  const contents = files.map((file) => [
    `/node_modules/${manifest.name}/${relative(folder, file).split(sep).join("/")}`,
    new Uint8Array(readFileSync(file)),
  ]);
  const analysis = await checkPackage(new Package(Object.fromEntries(contents), manifest.name, manifest.version));
  const typed = analysis.types
    ? analysis.problems.map((problem) => `types: ${JSON.stringify(problem)}`)
    : ["types: none"];
  return [...published, ...typed];
}
