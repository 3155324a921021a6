// A release from beginning to end, on this machine only: versions, builds, publishing to a registry of our own on
// 127.0.0.1, installing from there into an empty project, and a LAD step in it as ES module and as CommonJS.
// Works on a copy; the checkout stays as it is. --keep leaves the copy and says where it is.
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { cleanEnvironment, pnpm, readJson, root, toolsFolder } from "./lib/environment.mjs";
import { ladStep } from "./release/lad-step.mjs";
import { startLocalRegistry } from "./release/local-registry.mjs";

const env = { ...cleanEnvironment(), CI: "true" };
const start = Date.now();

function say(text) {
  process.stderr.write(`${((Date.now() - start) / 1000).toFixed(1).padStart(6)} s  ${text}\n`);
}

/** Runs a program and returns what it printed; shows everything if it fails. */
function run(cwd, [program, ...args], environment = env) {
  const options = { cwd, env: environment, encoding: "utf8", maxBuffer: 2 ** 28 };
  const { status, stdout, stderr, error } = spawnSync(program, args, options);
  if (status !== 0) {
    throw new Error(
      `"${[program, ...args].join(" ")}" failed: ${error?.message ?? `exit code ${status}`}\n${stdout}${stderr}`,
    );
  }
  return stdout;
}

/** Everything git tracks or would track, as it lies in the work tree, in a repository of its own. */
function copyCheckout(scratch) {
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], { cwd: root });
  for (const file of listed.toString().split("\0").filter(Boolean)) {
    if (!existsSync(join(root, file))) continue; // deleted, not committed yet
    mkdirSync(dirname(join(scratch, file)), { recursive: true });
    cpSync(join(root, file), join(scratch, file));
  }
  cpSync(join(toolsFolder, "node_modules"), join(scratch, ".tools", "node_modules"), {
    recursive: true,
    verbatimSymlinks: true,
  });
  const git = (...args) =>
    run(scratch, ["git", "-c", "user.name=rehearsal", "-c", "user.email=rehearsal@localhost", ...args]);
  git("init", "--quiet", "--initial-branch=main");
  git("add", "--all");
  git("commit", "--quiet", "--no-verify", "--message=Rehearse a release");
}

function publicManifests(scratch) {
  const folder = join(scratch, "packages");
  const manifests = readdirSync(folder).map((name) => readJson(join(folder, name, "package.json")));
  return manifests.filter((manifest) => manifest.private !== true);
}

/** Verdaccio, from `release/package-lock.json`; kept in `.tools` for the next time. */
function installVerdaccio() {
  const folder = join(toolsFolder, "release");
  const program = join(folder, "node_modules", "verdaccio", "bin", "verdaccio");
  const { version } = readJson(join(root, "scripts/release/package-lock.json")).packages["node_modules/verdaccio"];
  const manifest = join(folder, "node_modules", "verdaccio", "package.json");
  if (existsSync(join(folder, ".installed")) && existsSync(manifest) && readJson(manifest).version === version)
    return program;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const file of ["package.json", "package-lock.json"])
    cpSync(join(root, "scripts/release", file), join(folder, file));
  run(folder, ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
  writeFileSync(join(folder, ".installed"), "");
  return program;
}

async function rehearse(scratch) {
  say("copying the checkout");
  const repository = join(scratch, "repository");
  copyCheckout(repository);
  run(repository, pnpm("install", "--frozen-lockfile", "--prefer-offline"));

  say("changeset version");
  run(repository, pnpm("exec", "changeset", "version"));
  const packages = publicManifests(repository).map(({ name, version }) => ({ name, version }));
  say(`  ${packages.map(({ name, version }) => `${name} ${version}`).join(", ")}`);

  say("building");
  run(repository, [process.execPath, "scripts/setup.mjs", "--quiet"]);

  say("starting a registry on 127.0.0.1");
  const registry = await startLocalRegistry({ program: installVerdaccio(), folder: join(scratch, "registry"), env });
  try {
    await publishAndTry({ scratch, repository, packages, registry });
  } finally {
    await registry.stop();
  }
}

async function publishAndTry({ scratch, repository, packages, registry }) {
  const environment = { ...env, npm_config_userconfig: registry.npmrc, npm_config_registry: registry.address };
  say("publishing");
  run(repository, pnpm("--recursive", "publish", "--no-git-checks", "--access", "public"), environment);
  for (const { name, version } of packages) {
    const found = await fetch(`${registry.address}${name.replace("/", "%2f")}`).then((answer) => answer.json());
    if (!found.versions?.[version]) throw new Error(`${name}@${version} did not arrive at the registry`);
  }

  say("installing into an empty project");
  const project = join(scratch, "project");
  mkdirSync(project);
  writeFileSync(join(project, "package.json"), '{ "name": "a-user", "private": true }\n');
  const names = packages.map(({ name, version }) => `${name}@${version}`);
  const engine = ["@tensorflow/tfjs-core@4.22.0", "@tensorflow/tfjs-backend-cpu@4.22.0"];
  run(project, ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", ...engine, ...names], {
    ...environment,
    npm_config_cache: join(scratch, "npm-cache"),
  });

  say("a LAD step as ES module and as CommonJS");
  const printed = Object.entries({ esm: "step.mjs", cjs: "step.cjs" }).map(([kind, file]) => {
    writeFileSync(
      join(project, file),
      ladStep(
        kind,
        packages.map(({ name }) => name),
      ),
    );
    return run(project, [process.execPath, file]).trim();
  });
  say(`  ${printed[0]}`);
  if (printed[0] !== printed[1]) throw new Error(`CommonJS gave other losses: ${printed[1]}`);
}

const scratch = mkdtempSync(join(tmpdir(), "lad-release-"));
try {
  mkdirSync(join(scratch, "repository"));
  await rehearse(scratch);
  say("the release works");
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
} finally {
  if (process.argv.includes("--keep")) say(`kept: ${scratch}`);
  else rmSync(scratch, { recursive: true, force: true });
}
