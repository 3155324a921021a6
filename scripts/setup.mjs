// Makes the checkout ready to run: pnpm, packages, builds. Plain Node, quick when there is nothing to do.
// node scripts/setup.mjs [--quiet: silent unless something is missing] [--test: also what only the tests use]
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { canInstallPackages, missingPackages } from "./lib/debian.mjs";
import {
  cleanEnvironment,
  installedPnpm,
  pnpm,
  pnpmVersion,
  readJson,
  root,
  toolsFolder,
  workspaceFolders,
} from "./lib/environment.mjs";
import { withLock } from "./lib/lock.mjs";
import { contentHash, stamp, statusHash } from "./lib/stamp.mjs";

const quiet = process.argv.includes("--quiet");
const forTests = process.argv.includes("--test");
const env = cleanEnvironment();

const say = (text) => process.stderr.write(`setup: ${text}\n`);

/** Ends the setup with a message; thrown, so that the lock is given back on the way out. */
class Stop extends Error {}

/** Runs a program of ours; what it prints is shown only if it fails. */
function run([program, ...args], { environment = env, shell = false } = {}) {
  const stdio = ["ignore", "pipe", "pipe"];
  const options = { cwd: root, env: environment, shell, stdio, encoding: "utf8", maxBuffer: 2 ** 28 };
  const { status, error, stdout, stderr } = spawnSync(program, args, options);
  if (!error && status === 0) return;
  process.stderr.write(`${stdout ?? ""}${stderr ?? ""}`);
  const reason = error ? error.message : `exit code ${status}`;
  throw new Stop(
    `"${[program, ...args].join(" ")}" failed (${reason}). What was done so far is kept; run the command again.`,
  );
}

function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new Stop(`Node 20.19 or newer is needed, this is ${process.versions.node} (${process.execPath}).`);
  }
}

const pnpmStep = {
  title: `pnpm ${pnpmVersion} into .tools`,
  isDone: () => installedPnpm() === pnpmVersion && existsSync(join(toolsFolder, "node_modules", ".bin")),
  run() {
    rmSync(join(toolsFolder, "node_modules"), { recursive: true, force: true });
    writeFileSync(join(toolsFolder, "package.json"), '{ "private": true }\n');
    const install = ["install", "--prefix", toolsFolder, "--no-save", "--no-package-lock", "--ignore-scripts"];
    const windows = process.platform === "win32";
    run([windows ? "npm.cmd" : "npm", ...install, "--no-audit", "--no-fund", `pnpm@${pnpmVersion}`], {
      shell: windows,
    });
  },
};

const installStamp = stamp(join(root, "node_modules", ".lad-install"));

function installHash() {
  const manifests = workspaceFolders().map((folder) => join(folder, "package.json"));
  const files = ["package.json", "pnpm-lock.yaml", "pnpm-workspace.yaml", ...manifests].map((file) => join(root, file));
  return contentHash(files, process.platform, process.arch, process.versions.modules, pnpmVersion);
}

const installStep = {
  title: "packages",
  isDone: () => installStamp.matches(installHash()) && workspaceFolders().every(hasItsModules),
  run() {
    installStamp.begin();
    run(pnpm("install", "--frozen-lockfile", "--prefer-offline", "--config.confirmModulesPurge=false"));
    installStamp.end(installHash());
  },
};

function hasItsModules(folder) {
  const { dependencies, devDependencies } = readJson(join(root, folder, "package.json"));
  const some = Object.keys({ ...dependencies, ...devDependencies }).length > 0;
  return !some || existsSync(join(root, folder, "node_modules"));
}

const buildStamp = stamp(join(toolsFolder, "build-stamp"));

function builtFolders() {
  return workspaceFolders().filter((folder) => readJson(join(root, folder, "package.json")).scripts?.build);
}

function buildHash() {
  const inputs = builtFolders().flatMap((folder) =>
    ["src", "package.json", "tsconfig.json", "tsup.config.ts"].map((name) => join(root, folder, name)),
  );
  const shared = ["tsconfig.base.json", "tsup.config.base.ts", "turbo.json"].map((name) => join(root, name));
  return statusHash([...shared, ...inputs], installHash());
}

const buildStep = {
  title: "builds",
  isDone: () =>
    buildStamp.matches(buildHash()) &&
    builtFolders().every((folder) => existsSync(join(root, folder, "dist"))) &&
    existsSync(commandPath()),
  run() {
    buildStamp.begin();
    const hash = buildHash(); // taken before: an edit during the build is built next time
    run([process.execPath, turboProgram(), "run", "build", "--output-logs=errors-only", "--concurrency=2"]);
    linkCommand();
    buildStamp.end(hash);
  },
};

function turboProgram() {
  return join(root, "node_modules", "turbo", "bin", "turbo");
}

function commandPath() {
  return join(root, "node_modules", ".bin", process.platform === "win32" ? "lad.cmd" : "lad");
}

/** `npx lad` in the checkout. pnpm cannot link it: when it installs, the program is not built yet. */
function linkCommand() {
  const windows = process.platform === "win32";
  const text = windows
    ? '@node "%~dp0\\..\\..\\scripts\\run.mjs" lad %*\r\n'
    : '#!/bin/sh\nexec node "$(dirname "$0")/../../scripts/run.mjs" lad "$@"\n';
  writeFileSync(commandPath(), text);
  chmodSync(commandPath(), 0o755);
}

const debianStep = {
  title: "Debian packages",
  isDone: () => !canInstallPackages() || missingPackages({ forTests }).length === 0,
  run() {
    const names = missingPackages({ forTests }).map(({ name }) => name);
    const environment = { ...env, DEBIAN_FRONTEND: "noninteractive" };
    const apt = (...args) => spawnSync("apt-get", args, { env: environment, stdio: ["ignore", "ignore", 2] }).status;
    apt("update");
    const installed = apt("install", "-y", "--no-install-recommends", ...names) === 0;
    if (!installed) say(`apt-get could not install ${names.join(", ")}`);
  },
};

const native = join(root, "packages", "backend-native");
const nativeProgram = join(native, "scripts", "build.mjs");
const nativeStamp = stamp(join(toolsFolder, "native-stamp"));

function nativeHash() {
  return statusHash([join(native, "src", "native"), join(native, "scripts")], process.versions.modules, process.arch);
}

/** The native engine's add-on. A build that fails is not fatal, the other engines are there; it is not tried again. */
const nativeStep = {
  title: "the native engine",
  isDone() {
    if (!existsSync(nativeProgram) || missingPackages({ forTests: false }).length > 0) return true;
    const hash = nativeHash();
    const isBuilt = existsSync(join(native, "build", "lad-native.node"));
    return nativeStamp.matches(`${hash} failed`) || (isBuilt && nativeStamp.matches(`${hash} built`));
  },
  run() {
    nativeStamp.begin();
    const { status, stdout, stderr } = spawnSync(process.execPath, [nativeProgram], {
      cwd: root,
      env,
      encoding: "utf8",
    });
    if (status !== 0) say(`the native engine could not be built, the others work:\n${stdout}${stderr}`);
    nativeStamp.end(`${nativeHash()} ${status === 0 ? "built" : "failed"}`);
  },
};

function main() {
  checkNode();
  mkdirSync(toolsFolder, { recursive: true });
  const steps = [pnpmStep, debianStep, installStep, nativeStep, buildStep];
  const start = Date.now();
  const allDone = () => steps.every((step) => step.isDone());
  if (!allDone()) {
    withLock(
      join(toolsFolder, "setup.lock"),
      () => runSteps(steps),
      () => say("another setup is at work here; waiting"),
    );
  }
  if (quiet) return;
  for (const { name, without } of missingPackages({ forTests })) say(`${name} is not installed: ${without}`);
  say(`ready (${((Date.now() - start) / 1000).toFixed(1)} s)`);
}

function runSteps(steps) {
  for (const step of steps) {
    if (step.isDone()) continue; // each looked at only now: an earlier step, or whoever held the lock, may have done it
    say(`${step.title} …`);
    step.run();
  }
}

try {
  main();
} catch (error) {
  if (!(error instanceof Stop)) throw error;
  say(error.message);
  process.exitCode = 1;
}
