// Runs benches: node benchmarks/run.mjs [name…] [options]; without names, all of them. `--help` lists the options.
//
// A bench is a file benches/<name>.mjs that exports `run(context)`, which resolves to a list, or is an asynchronous generator, of
// { case, threads, unit, ours, peer, peerName, runs }: `ours` and `peer` are medians of `runs` alternating runs on warm
// code, `peer` and `peerName` null where the peer is not installed. The ratio is worked out here, smaller is better; whatever else a
// result holds is written to the JSON file as it is. `context` is { log(text), wants(case), threads: number[], rounds, engines, compile, detector }.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const here = fileURLToPath(new URL(".", import.meta.url));
const benchFolder = new URL("./benches/", import.meta.url);

function benchNames() {
  if (!existsSync(benchFolder)) return [];
  const files = readdirSync(benchFolder).filter((file) => file.endsWith(".mjs"));
  return files.map((file) => file.slice(0, -".mjs".length)).sort();
}

function commit() {
  try {
    const git = (...args) => execFileSync("git", args, { cwd: here, encoding: "utf8", stdio: "pipe" }).trim();
    return git("rev-parse", "HEAD") + (git("status", "--porcelain", "--untracked-files=no") ? "+changes" : "");
  } catch {
    return null; // not a checkout
  }
}

function versions() {
  const installed = fileURLToPath(new URL("../packages/tensor/node_modules/", import.meta.url));
  const tfjs = join(installed, "@tensorflow", "tfjs-core", "package.json");
  return {
    node: process.versions.node,
    tfjs: existsSync(tfjs) ? JSON.parse(readFileSync(tfjs, "utf8")).version : null,
  };
}

/** One line of the report from what a bench measured. */
function resultOf(bench, { case: name, threads, unit, ours, peer = null, peerName = null, runs, ...notes }) {
  const ratio = peer === null ? null : ours / peer;
  return { bench, case: name, threads, unit, ours, peer, peerName, ratio, runs, ...notes };
}

function describe({ bench, case: name, threads, unit, ours, peer, peerName, ratio }) {
  const against = ratio === null ? "no peer" : `${peerName} ${peer.toPrecision(4)} ${unit}, ratio ${ratio.toFixed(3)}`;
  return `${bench} ${name} (${threads} threads): ${ours.toPrecision(4)} ${unit}; ${against}`;
}

const options = {
  json: { type: "string" },
  threads: { type: "string", default: "1" },
  case: { type: "string", default: "" },
  rounds: { type: "string", default: "5" },
  detector: { type: "string", default: "paa" },
  engines: { type: "string", default: "" },
  "no-compile": { type: "boolean", default: false },
  list: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
};
const help = `npm run bench -- [NAME…] [options]
  --threads N[,N…]   threads (default 1); each is measured in turn
  --case PATTERN     only cases whose name matches this regular expression
  --rounds N         repetitions whose median counts (default 5)
  --json FILE        the results
  --detector NAME    of train-step: paa (default) or gfl
  --engines NAME,…   of conv, train-step, inference, memory, profile: our other engines beside the native one (tensorflow, wasm, cpu)
  --no-compile       without torch.compile, which takes minutes to start
  --list             the names of the benches`;

/** What benches are told. */
function contextOf(values) {
  const whole = (name, text) => {
    const value = Number(text);
    if (!(Number.isInteger(value) && value > 0))
      throw new Error(`bench: --${name} wants whole numbers above 0, got ${text}`);
    return value;
  };
  const pattern = new RegExp(values.case);
  return {
    log: (text) => process.stderr.write(`${text}\n`),
    wants: (name) => pattern.test(name),
    threads: values.threads.split(",").map((text) => whole("threads", text)),
    rounds: whole("rounds", values.rounds),
    engines: values.engines.split(",").filter(Boolean),
    compile: !values["no-compile"],
    detector: values.detector,
  };
}

async function main(argv) {
  const { values, positionals } = parseArgs({ args: argv, options, allowPositionals: true });
  if (values.help) return console.log(help);
  const context = contextOf(values);
  const known = benchNames();
  if (values.list) return console.log(known.join("\n") || "no benches yet");
  const unknown = positionals.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new Error(`bench: no bench named ${unknown.join(", ")}; there are: ${known.join(", ") || "none"}`);
  const results = [];
  for (const name of positionals.length > 0 ? positionals : known) {
    const bench = await import(new URL(`${name}.mjs`, benchFolder));
    for await (const measured of await bench.run(context)) {
      results.push(resultOf(name, measured));
      console.log(describe(results.at(-1)));
    }
  }
  const report = { commit: commit(), cpu: cpus()[0]?.model ?? "unknown", versions: versions(), results };
  if (values.json) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
}

main(process.argv.slice(2)).catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
