// Runs the command line from the sources of all packages, so that tests need no build: node run-from-source.mjs <lad arguments…>
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createJiti } from "jiti";

const packages = new URL("../../", import.meta.url);
/** Entries of a package's `exports` and the sources they are built from: `@lad/nms/tfjs` is src/tfjs/index.ts. */
function sourcesOf(folder) {
  const { name, exports = {} } = JSON.parse(readFileSync(new URL(`${folder}/package.json`, packages), "utf8"));
  const entries = Object.keys(exports).filter((entry) => entry !== "./package.json");
  return entries.map((entry) => {
    const source = `${folder}/src/${entry === "." ? "" : `${entry.slice(2)}/`}index.ts`;
    return [name + entry.slice(1), fileURLToPath(new URL(source, packages))];
  });
}
const alias = Object.fromEntries(readdirSync(packages).flatMap(sourcesOf));
const jiti = createJiti(import.meta.url, { alias });
const { lad } = await jiti.import("../src/lad.ts");
process.exitCode = await lad(process.argv.slice(2));
