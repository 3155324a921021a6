// Runs the command line from the sources of all packages, so that tests need no build: node run-from-source.mjs <lad arguments…>
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createJiti } from "jiti";

const packages = new URL("../../", import.meta.url);
const alias = Object.fromEntries(
  readdirSync(packages).map((name) => [`@lad/${name}`, fileURLToPath(new URL(`${name}/src/index.ts`, packages))]),
);
const jiti = createJiti(import.meta.url, { alias });
const { lad } = await jiti.import("../src/lad.ts");
process.exitCode = await lad(process.argv.slice(2));
