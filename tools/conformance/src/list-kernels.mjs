// Writes fixtures/tfjs-node-kernels.json: the kernels that @tensorflow/tfjs-node registers, read from its own JavaScript.
// The package is packed, not installed: its install script would download a binary, and nothing of it is run here.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs-core";

const constants = new Map(Object.entries(tf));
const version = "4.22.0";
const scratch = mkdtempSync(join(tmpdir(), "tfjs-node-"));
try {
  execFileSync("npm", ["pack", `@tensorflow/tfjs-node@${version}`, "--ignore-scripts", "--pack-destination", scratch], {
    stdio: "pipe",
  });
  execFileSync("tar", ["xzf", join(scratch, readdirSync(scratch)[0]), "-C", scratch]);
  const folder = join(scratch, "package", "dist");
  const registered = readFileSync(join(folder, "register_all_kernels.js"), "utf8");
  const kernels = [...registered.matchAll(/(\w+)_1\.\w+Config/g)].map(([, file]) => {
    const source = readFileSync(join(folder, "kernels", `${file}.js`), "utf8");
    const [, constant, literal] = /kernelName: (?:\w+\.(\w+)|'(\w+)')/.exec(source) ?? [];
    const name = literal ?? constants.get(constant);
    if (typeof name !== "string") throw new Error(`list-kernels: no kernel name found in ${file}.js (${constant})`);
    return name;
  });
  const text = JSON.stringify({ package: "@tensorflow/tfjs-node", version, kernels: kernels.sort() }, null, 2);
  writeFileSync(new URL("../fixtures/tfjs-node-kernels.json", import.meta.url), `${text}\n`);
  console.log(`${kernels.length} kernels`);
} finally {
  rmSync(scratch, { recursive: true });
}
