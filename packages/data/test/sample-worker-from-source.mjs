// The program of samplePool's threads, from the sources of all packages, so that tests need no build.
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createJiti } from "jiti";

const packages = new URL("../../", import.meta.url);
const alias = Object.fromEntries(
  readdirSync(packages).map((name) => [`@lad/${name}`, fileURLToPath(new URL(`${name}/src/index.ts`, packages))]),
);
const jiti = createJiti(import.meta.url, { alias });
export const { answerTask } = await jiti.import("../src/sample-worker.ts");
