// Our side of a bench, in a process of its own: node serve.mjs WORKER. Answers requests (see open-child.mjs) by calling the functions
// that the worker exports.

import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

console.log = console.error; // stdout is for answers
const worker = await import(pathToFileURL(process.argv[2]));

for await (const line of createInterface({ input: process.stdin })) {
  const { call, argument } = JSON.parse(line);
  let answer;
  try {
    answer = { result: (await worker[call](argument)) ?? null };
  } catch (error) {
    answer = { error: error.stack ?? `${error}` };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
