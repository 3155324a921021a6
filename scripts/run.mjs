// Runs a tool of the workspace: node scripts/run.mjs <lad|turbo|parity|bench> [arguments…]; exits as the tool does.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { cleanEnvironment, readJson, root } from "./lib/environment.mjs";

function binary(folder, name) {
  const { bin } = readJson(join(root, folder, "package.json"));
  const file = typeof bin === "string" ? bin : bin?.[name];
  if (!file) throw new Error(`${folder}/package.json has no "bin" named "${name}"`);
  const path = join(root, folder, file);
  if (!existsSync(path)) throw new Error(`${path} is missing: run "npm run setup"`);
  return path;
}

const tools = {
  lad: () => binary("packages/cli", "lad"),
  parity: () => binary("tools/parity", "parity"),
  turbo: () => join(root, "node_modules", "turbo", "bin", "turbo"),
  bench: () => join(root, "benchmarks", "run.mjs"),
};

function main([name, ...args]) {
  const tool = Object.hasOwn(tools, name ?? "") ? tools[name] : undefined;
  if (!tool) throw new Error(`run: wanted one of ${Object.keys(tools).join(", ")}, got ${name ?? "nothing"}`);
  const cwd = name === "turbo" ? root : userFolder();
  const child = spawn(process.execPath, [tool(), ...args], { cwd, env: cleanEnvironment(), stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => fail(error));
  child.on("exit", (code, signal) => (signal ? endBy(signal) : process.exit(code)));
}

/** npm runs a script in the checkout, but file names on its command line are meant from where the user stands. */
function userFolder({ npm_lifecycle_event: script, INIT_CWD: folder } = process.env) {
  const throughNpm = script !== undefined && folder !== undefined && relative(root, process.cwd()) === "";
  return throughNpm ? folder : process.cwd();
}

/** Ends as the tool ended, so that whoever waits sees the same signal. */
function endBy(signal) {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

function fail(error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}

try {
  main(process.argv.slice(2));
} catch (error) {
  fail(error);
}
