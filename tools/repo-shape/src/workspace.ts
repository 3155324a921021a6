import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout. */
export const root = fileURLToPath(new URL("../../../", import.meta.url));

export type Manifest = {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly [key: string]: unknown;
};

export type SourceFile = {
  /** From the checkout, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly isTest: boolean;
};

export type WorkspacePackage = {
  /** Without `@lad/`. */
  readonly name: string;
  /** From the checkout. */
  readonly folder: string;
  readonly manifest: Manifest;
  /** TypeScript files in `src` and `test`. */
  readonly files: readonly SourceFile[];
};

/** Every package in `packages/`, by name. */
export function readPackages(): WorkspacePackage[] {
  return readdirSync(join(root, "packages"))
    .filter((name) => existsSync(join(root, "packages", name, "package.json")))
    .sort()
    .map((name) => readPackage(`packages/${name}`));
}

function readPackage(folder: string): WorkspacePackage {
  const manifest = JSON.parse(readText(`${folder}/package.json`)) as Manifest;
  const files = [...typescriptFiles(join(root, folder, "src")), ...typescriptFiles(join(root, folder, "test"))];
  return { name: manifest.name.replace("@lad/", ""), folder, manifest, files: files.map(readSource) };
}

export function publicPackages(): WorkspacePackage[] {
  return readPackages().filter(({ manifest }) => manifest.private !== true);
}

/** Text of a file named from the checkout, or undefined if there is none. */
export function readTextIfAny(path: string): string | undefined {
  return existsSync(join(root, path)) ? readText(path) : undefined;
}

function readText(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

function readSource(absolute: string): SourceFile {
  const path = relative(root, absolute).split(sep).join("/");
  return { path, text: readFileSync(absolute, "utf8"), isTest: /\.test\.ts$|\/test\//.test(path) };
}

function typescriptFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return entries
    .filter((entry) => entry.endsWith(".ts"))
    .map((entry) => join(folder, entry))
    .sort();
}

/** Files git tracks or would track, from the checkout. */
export function trackedFiles(): string[] {
  const args = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"];
  const listed = execFileSync("git", args, { cwd: root, encoding: "utf8", maxBuffer: 2 ** 26 }).split("\0");
  return listed.filter((path) => path !== "" && existsSync(join(root, path)));
}
