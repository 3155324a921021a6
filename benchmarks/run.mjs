// Runs benches: node benchmarks/run.mjs [name…] [--json FILE] [--list]; without names, all of them.
//
// A bench is a file benches/<name>.mjs that exports `run(context)`, which resolves to a list of
// { case, threads, unit, ours, peer, peerName, runs }: `ours` and `peer` are medians of `runs` alternating runs on warm
// code, `peer` and `peerName` null where the peer is not installed. The ratio is worked out here, smaller is better.
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
function resultOf(bench, { case: name, threads, unit, ours, peer = null, peerName = null, runs }) {
  return { bench, case: name, threads, unit, ours, peer, peerName, ratio: peer === null ? null : ours / peer, runs };
}

function describe({ bench, case: name, threads, unit, ours, peer, peerName, ratio }) {
  const against = ratio === null ? "no peer" : `${peerName} ${peer.toPrecision(4)} ${unit}, ratio ${ratio.toFixed(3)}`;
  return `${bench} ${name} (${threads} threads): ${ours.toPrecision(4)} ${unit}; ${against}`;
}

async function main(argv) {
  const options = { json: { type: "string" }, list: { type: "boolean", default: false } };
  const { values, positionals } = parseArgs({ args: argv, options, allowPositionals: true });
  const known = benchNames();
  if (values.list) return console.log(known.join("\n") || "no benches yet");
  const unknown = positionals.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new Error(`bench: no bench named ${unknown.join(", ")}; there are: ${known.join(", ") || "none"}`);
  const results = [];
  for (const name of positionals.length > 0 ? positionals : known) {
    const bench = await import(new URL(`${name}.mjs`, benchFolder));
    for (const measured of await bench.run({ log: (text) => process.stderr.write(`${text}\n`) })) {
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
