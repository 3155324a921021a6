// COCO or VOC directory -> teacher -> LAD student -> numbers and pictures: node run.mjs DATA OUT [image files…]
import { fileURLToPath } from "node:url";
import { lad } from "@lad/cli";

const config = (name) => fileURLToPath(new URL(`${name}.config.ts`, import.meta.url));

async function step(...argv) {
  process.stderr.write(`\n> lad ${argv.join(" ")}\n`);
  const code = await lad(argv);
  if (code !== 0) process.exit(code);
}

const [data, out, ...images] = process.argv.slice(2);
if (!data || !out) {
  process.stderr.write("usage: node run.mjs DATA OUT [image files…]\n");
  process.exit(2);
}
await step("train", config("teacher"), "--data", data, "--out", `${out}/teacher`, "--resume");
await step(
  "train",
  config("student"),
  "--data",
  data,
  "--teacher",
  `${out}/teacher`,
  "--out",
  `${out}/student`,
  "--resume",
);
await step("test", `${out}/teacher`);
await step("test", `${out}/student`, "--json", `${out}/student.json`);
if (images.length > 0) await step("detect", ...images, "--checkpoint", `${out}/student`, "--out", `${out}/pictures`);
