// node build.mjs [evaluate.html]: makes one file of the page and its script, to be opened from disk or put on any server.
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const { outputFiles } = await build({
  ...{ entryPoints: [here("page.mjs")], bundle: true, minify: true, write: false },
  ...{ format: "iife", platform: "browser", logLevel: "warning" },
});
const script = outputFiles[0].text.replaceAll("</script", "<\\/script");
const page = (await readFile(here("page.html"), "utf8")).replace("/* page.mjs */", () => script);
const file = process.argv[2] ?? "evaluate.html";
await writeFile(file, page);
console.log(`${file}: ${Math.round(page.length / 1024)} kB`);
