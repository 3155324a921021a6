import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { cleanEnvironment, pnpm, root } from "../../../scripts/lib/environment.mjs";

const env = cleanEnvironment();

async function run(program: string, args: readonly string[], cwd: string): Promise<string> {
  const { stdout } = await promisify(execFile)(program, args, { cwd, env, maxBuffer: 2 ** 26 });
  return stdout;
}

/** Packs `packages/<name>` as it would be published. */
async function pack(name: string, destination: string): Promise<string> {
  const [program, ...args] = pnpm("pack", "--json", "--pack-destination", destination);
  const { filename } = JSON.parse(await run(program, args, join(root, "packages", name))) as { filename: string };
  return filename;
}

export type ProjectOutside = {
  readonly folder: string;
  /** Runs a script of the project with Node. */
  run(script: string): Promise<string>;
  remove(): void;
};

/**
 * Copies an example out of the workspace and installs packed packages there, without scripts and without a network.
 * @param example folder from the checkout; its dependencies are replaced. @param packages names without `@lad/`, with
 * all they depend on.
 */
export async function projectOutside(example: string, packages: readonly string[]): Promise<ProjectOutside> {
  const parent = mkdtempSync(join(tmpdir(), "lad-outside-"));
  const remove = () => rmSync(parent, { recursive: true, force: true });
  try {
    const [folder, tarballs] = [join(parent, "project"), join(parent, "tarballs")];
    mkdirSync(tarballs);
    cpSync(join(root, example), folder, { recursive: true, filter: (path) => !path.includes("node_modules") });
    const dependencies: Record<string, string> = {};
    for (const name of packages) dependencies[`@lad/${name}`] = `file:${await pack(name, tarballs)}`;
    const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as object;
    writeFileSync(join(folder, "package.json"), JSON.stringify({ ...manifest, dependencies }, null, 2));
    await run("npm", ["install", "--offline", "--ignore-scripts", "--no-audit", "--no-fund"], folder);
    return { folder, run: (script) => run(process.execPath, [script], folder), remove };
  } catch (error) {
    remove();
    throw error;
  }
}
