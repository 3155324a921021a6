// Every method of the LAD and LD papers on blood cells, over several seeds: trains what is missing, then prints the tables.
//
//   node benchmarks/bccd-methods.mjs --data DIR [--seeds 0,1,2] [--methods paa-r18,lad,ld,…] [--runs DIR] [--backend native] [--table]
//
// A run that was stopped goes on where it was; one that is done has its JSON under results/bccd/ and is not run again. `--table`
// trains nothing. Each run takes one thread, so as many of these may go side by side as there are cores: give each its own methods or seeds.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { bccdMethods, bccdTables, neededRuns } from "./lib/bccd-runs.mjs";
import { bccdTable } from "./lib/bccd-table.mjs";
import { runLad } from "./lib/run-lad.mjs";
import { summarizeRun } from "./lib/summarize-run.mjs";

const results = fileURLToPath(new URL("results/bccd/", import.meta.url));
const resultFile = ({ method, seed }) => join(results, `${method}-seed${seed}.json`);

/** Trains and judges one run unless that is done, its teachers' first. */
async function complete(run, options) {
  const file = resultFile(run);
  if (existsSync(file)) return;
  const needed = neededRuns(run);
  for (const teacher of Object.values(needed)) await complete(teacher, options);
  const directory = (of) => join(options.runs, `${of.method}-seed${of.seed}`);
  const out = directory(run);
  const { recipe, networks } = bccdMethods[run.method];
  const engine = ["--backend", options.backend, "--threads", "1"];
  const weights = Object.entries(needed).flatMap(([role, teacher]) => [
    `--${role}`,
    join(directory(teacher), "checkpoints", "last.safetensors"),
  ]);
  const train = ["train", recipe, "--data", options.data, "--out", out, "--seed", `${run.seed}`, ...weights, ...engine];
  process.stderr.write(`\n${run.method}, seed ${run.seed}\n`);
  await runLad([...train, "--resume"]); // begins it if there is nothing to resume
  const metrics = {};
  for (const network of networks) {
    const json = join(out, "report", `${network}.json`);
    const checkpoint = network === "student" ? ["--checkpoint", join(out, "checkpoints", "last.safetensors")] : [];
    await runLad(["test", out, "--network", network, ...checkpoint, "--json", json, ...engine]);
    metrics[network] = JSON.parse(readFileSync(json, "utf8"));
  }
  const summary = { ...run, recipe, ...needed, engine: options.backend, threads: 1, metrics };
  mkdirSync(results, { recursive: true });
  writeFileSync(file, `${JSON.stringify({ ...summary, ...summarizeRun(out) }, null, 2)}\n`);
}

function readResults() {
  const wanted = Object.keys(bccdMethods).flatMap((method) =>
    Array.from({ length: 100 }, (_, seed) => resultFile({ method, seed })),
  );
  return wanted.filter((file) => existsSync(file)).map((file) => JSON.parse(readFileSync(file, "utf8")));
}

function parseOptions(argv) {
  const text = (fallback) => ({ type: "string", default: fallback });
  const { values } = parseArgs({
    args: argv,
    options: {
      data: { type: "string" },
      seeds: text("0,1,2"),
      methods: text(Object.keys(bccdMethods).join()),
      runs: text(fileURLToPath(new URL("../runs/bccd/", import.meta.url))),
      backend: text("native"),
      table: { type: "boolean", default: false },
    },
  });
  const methods = values.methods.split(",");
  const unknown = methods.filter((method) => !Object.hasOwn(bccdMethods, method));
  if (unknown.length > 0)
    throw new Error(`--methods: there is no ${unknown.join(", ")}, only ${Object.keys(bccdMethods).join(", ")}`);
  const seeds = values.seeds.split(",").map(Number);
  if (!seeds.every((seed) => Number.isSafeInteger(seed) && seed >= 0 && seed < 100))
    throw new Error(`--seeds: wanted whole numbers from 0 to 99 with commas between, got ${values.seeds}`);
  if (values.data === undefined && !values.table) throw new Error("--data DIR is missing: the folder of BCCD");
  return { ...values, methods, seeds, data: values.data && resolve(values.data), runs: resolve(values.runs) };
}

async function main(argv) {
  const options = parseOptions(argv);
  if (!options.table)
    for (const seed of options.seeds) for (const method of options.methods) await complete({ method, seed }, options);
  const results = readResults();
  for (const table of bccdTables) console.log(`${table}\n\n${bccdTable(results, table)}\n`);
}

main(process.argv.slice(2)).catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
