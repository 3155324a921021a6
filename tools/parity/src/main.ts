#!/usr/bin/env node
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { useBackend } from "@lad/backends";
import { formatCase } from "./format-case";
import { runCase } from "./run-case";

const usage = `usage: parity [--backend NAME] [--no-trajectory] [--json FILE] FILE...
Replays golden cases and compares every tensor; exit 1 on any failure, unsupported case or tensor that was not compared.`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      backend: { type: "string", default: "auto" },
      json: { type: "string" },
      "no-trajectory": { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (values.help || positionals.length === 0) {
    console.log(usage);
    return values.help ? 0 : 2;
  }
  const { name } = await useBackend(values.backend as Parameters<typeof useBackend>[0]);
  const trajectory = !values["no-trajectory"] && name !== "cpu";
  console.log(`engine ${name}${trajectory ? "" : ", without trajectories"}`);
  const results = [];
  for (const file of positionals) {
    const result = await runCase(file, { trajectory });
    results.push(result);
    console.log(formatCase(result));
  }
  const failed = results.filter(({ passed }) => !passed).length;
  if (values.json)
    await writeFile(values.json, `${JSON.stringify({ engine: name, trajectory, cases: results }, null, 2)}\n`);
  console.log(`${results.length - failed} passed, ${failed} failed`);
  return failed > 0 ? 1 : 0;
}

process.exitCode = await main();
