import { existsSync, readdirSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout. */
export const root = fileURLToPath(new URL("../../", import.meta.url));

/** What `setup` installs for itself; git ignores it. */
export const toolsFolder = join(root, ".tools");

const pnpmProgram = join(toolsFolder, "node_modules", "pnpm", "bin", "pnpm.cjs");

/** The exact pnpm the root package.json names in `packageManager`. */
export const pnpmVersion = readJson(join(root, "package.json")).packageManager.replace(/^pnpm@/, "");

export function readJson(path) {
  return JSON.parse(readFileSync(path, "utf8"));
}

/** The version of the pnpm in `.tools`, or undefined when there is none or only half of one. */
export function installedPnpm() {
  if (!existsSync(pnpmProgram)) return undefined;
  try {
    return readJson(join(toolsFolder, "node_modules", "pnpm", "package.json")).version;
  } catch {
    return undefined; // cut off while it was written
  }
}

/** `[program, ...arguments]` of pnpm. */
export function pnpm(...args) {
  return [process.execPath, pnpmProgram, ...args];
}

// `npm run` hands its whole configuration down as variables. What says where and how packages are fetched is the
// user's will; the rest (prefix, omit, global, json, loglevel…) was meant for npm itself and breaks a pnpm below it.
const fetching =
  /^npm_config_(@[^:]+:)?(registry|proxy|https?_proxy|noproxy|ca|cafile|cert|key|strict_ssl|userconfig|globalconfig|cache|fetch_\w+|maxsockets|nodedir|\/\/.*)$/i;

/**
 * The environment for pnpm, turbo and what they start: `env` without npm's leavings and without `NODE_ENV` (which
 * would leave out devDependencies), our programs first on the PATH, no telemetry.
 */
export function cleanEnvironment(env = process.env) {
  const kept = Object.entries(env).filter(([name]) => {
    if (name === "NODE_ENV" || name === "INIT_CWD") return false;
    if (/^npm_/i.test(name)) return fetching.test(name);
    return !/^(pnpm_script_src_dir|path)$/i.test(name);
  });
  const programs = [join(root, "node_modules", ".bin"), join(toolsFolder, "node_modules", ".bin")];
  return {
    ...Object.fromEntries(kept),
    PATH: [...programs, env.PATH ?? env.Path ?? ""].join(delimiter),
    TURBO_TELEMETRY_DISABLED: "1",
    DO_NOT_TRACK: "1",
  };
}

/** Folders of the workspace's packages, `packages/boxes` and so on, those without a package.json left out. */
export function workspaceFolders() {
  const folders = ["packages", "tools", "examples"].flatMap((parent) =>
    existsSync(join(root, parent)) ? readdirSync(join(root, parent)).map((name) => join(parent, name)) : [],
  );
  return [...folders, "benchmarks"].filter((folder) => existsSync(join(root, folder, "package.json"))).sort();
}
