// What must hold on @tensorflow/tfjs-node built against the TensorFlow wheel that pip finds: the tests of the device packages, golden cases, and
// 20 steps of the demo. The engine is built once, in .tools/engines; where something that building needs is missing, that is said and nothing fails.
// The last line is `N passed, M failed`.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { cleanEnvironment, readJson, root, toolsFolder } from "./lib/environment.mjs";

const env = { ...cleanEnvironment(), LAD_ENGINES: join(toolsFolder, "engines"), LAD_THREADS: "2" };
const reportFile = join(root, ".turbo", "tensorflow-report.json");
/** Families whose networks have all they need; their trajectories are replayed for two cases. */
const families = [
  ...[
    "blocks_paa",
    "paa",
    "paa_io",
    "paa_io_base",
    "paa_cop",
    "paa_cop_base",
    "lad",
    "kd",
    "solad",
    "colad",
    "colad_fisher",
  ],
  ...["blocks_gfl", "gfl", "gflv2", "ld", "ld_v2", "self_ld", "ld_ta"],
];
const replayed = /paa_r18_basic|lad_r18_r34_b|lad_r18_r50_a/;

/** @returns TensorFlow's version, or why it cannot be built here */
async function buildEngine() {
  process.env.LAD_ENGINES = env.LAD_ENGINES;
  const { buildTensorflowEngine } = await import(
    pathToFileURL(join(root, "packages", "engine-tensorflow", "dist", "index.js")).href
  );
  try {
    const { tensorflow } = await buildTensorflowEngine({ log: (line) => console.log(`test:tensorflow: ${line} …`) });
    return { tensorflow };
  } catch (error) {
    if (error.code === "NOT_FOUND" || error.code === "UNSUPPORTED") return { missing: error.message };
    throw error;
  }
}

/** Runs a program of the checkout; its output is shown, or returned if `quiet`. */
function run(args, { quiet = false } = {}) {
  const stdio = ["ignore", quiet ? "pipe" : "inherit", quiet ? "pipe" : "inherit"];
  return spawnSync(process.execPath, args, { cwd: root, env, stdio, encoding: "utf8", maxBuffer: 2 ** 28 });
}

function packageTests() {
  rmSync(reportFile, { force: true });
  const config = join("tools", "conformance", "tensorflow", "vitest.config.ts");
  const vitest = join("node_modules", "vitest", "vitest.mjs");
  const { stdout, stderr } = run([vitest, "run", "--config", config], { quiet: true });
  if (!existsSync(reportFile)) {
    console.log(`${stdout}${stderr}`);
    return { passed: 0, failed: 1 };
  }
  const { numPassedTests, numFailedTests, testResults } = readJson(reportFile);
  const unread = testResults.filter(({ status, assertionResults }) => status === "failed" && !assertionResults.length);
  if (numFailedTests + unread.length > 0) console.log(stdout);
  return { passed: numPassedTests, failed: numFailedTests + unread.length };
}

function goldenFiles(family) {
  const all = env.LAD_GOLDEN ?? join(root, "..", "shared", "golden");
  const folder = join(existsSync(all) ? all : join(root, "fixtures", "golden"), family);
  const names = existsSync(folder) ? readdirSync(folder).sort() : [];
  return names.filter((name) => name.endsWith(".safetensors")).map((name) => join(folder, name));
}

function parity() {
  const files = families.flatMap(goldenFiles);
  const [whole, single] = [files.filter((file) => replayed.test(file)), files.filter((file) => !replayed.test(file))];
  const counts = [
    [whole, []],
    [single, ["--no-trajectory"]],
  ].map(([some, options]) => {
    const program = join("tools", "parity", "dist", "main.js");
    const { stdout, stderr } = run([program, "--backend", "tensorflow", ...options, ...some], { quiet: true });
    const last = /(\d+) passed, (\d+) failed\s*$/.exec(stdout);
    if (last?.[2] !== "0") console.log(`${stdout}${stderr}`);
    return { passed: Number(last?.[1] ?? 0), failed: Number(last?.[2] ?? 1) };
  });
  return sum(counts);
}

/** 20 steps of the demo's LAD: no tensor is left behind. */
function demo() {
  const program = join("packages", "cli", "test", "steady-memory.mjs");
  const { stdout, stderr, status } = run(["--expose-gc", program, "20", "tensorflow"], { quiet: true });
  const samples = status === 0 ? JSON.parse(stdout.slice(stdout.indexOf("["))) : [];
  const steady = samples.length === 20 && samples.slice(1).every(({ tensors }) => tensors === samples[1].tensors);
  if (!steady) console.log(`${stdout}${stderr}`);
  return steady ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

const sum = (counts) =>
  counts.reduce((a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed }), { passed: 0, failed: 0 });

function timed(name, work) {
  const start = Date.now();
  const counts = work();
  const seconds = ((Date.now() - start) / 1000).toFixed(1);
  console.log(`test:tensorflow: ${name}: ${counts.passed} passed, ${counts.failed} failed (${seconds} s)`);
  return counts;
}

const { tensorflow, missing } = await buildEngine();
if (missing !== undefined) {
  console.log(`test:tensorflow: nothing was run on TensorFlow: ${missing}`);
  console.log("0 passed, 0 failed");
} else {
  console.log(`test:tensorflow: TensorFlow ${tensorflow}`);
  const counts = sum([timed("packages", packageTests), timed("parity", parity), timed("demo", demo)]);
  console.log(`${counts.passed} passed, ${counts.failed} failed`);
  process.exitCode = counts.failed === 0 ? 0 : 1;
}
