import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { drawnShapes } from "@lad/data";
import { lad } from "../src/lad";
import { collectingTerminal } from "./collecting-terminal";

/** A configuration that trains in a second: 8 images of 112 px, 2 steps an epoch. */
export const tinyConfig = `
import { defineConfig, findRecipe, ladMethod, paaNetwork, plainMethod } from "@lad/recipes";
const { config } = findRecipe("demo/paa-student");
const network = paaNetwork({ depth: 18, baseChannels: 4, channels: 8, stackedConvs: 1, groups: 4, levels: 3, anchorScale: 4 });
const pipeline = { ...config.pipeline, resize: { kind: "fixed", width: 64, height: 64 } };
export default defineConfig({ ...config, pipeline, batch: 4, epochs: 2, milestones: [], workers: 0, student: network, method: plainMethod });
`;

/** The same student, taught by such a network. */
export const tinyLadConfig = tinyConfig.replace("method: plainMethod", "teacher: network, method: ladMethod");

/** Two such networks that teach each other. */
export const tinyColadConfig = tinyConfig
  .replace("ladMethod", "coladMethod")
  .replace("method: plainMethod", "teacher: network, trainsTeacher: true, method: coladMethod()");

export type TinyWorkplace = {
  readonly directory: string;
  readonly data: string;
  readonly config: string;
  at(...parts: string[]): string;
  remove(): Promise<void>;
};

/** A temporary directory with a data set of drawn shapes and the configuration. */
export async function tinyWorkplace({ train = 8 }: { readonly train?: number } = {}): Promise<TinyWorkplace> {
  const directory = await mkdtemp(path.join(tmpdir(), "lad-cli-"));
  const at = (...parts: string[]) => path.join(directory, ...parts);
  await drawnShapes({ directory: at("shapes"), seed: 1, images: { train, val: 2 }, side: 112 });
  await writeFile(at("tiny.config.ts"), tinyConfig);
  return {
    directory,
    data: at("shapes"),
    config: at("tiny.config.ts"),
    at,
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

/** What the commands that follow a training run on. */
export const tinyEngine = ["--backend", "wasm", "--threads", "1"] as const;

/** A workplace whose configuration was trained for an epoch, in `run`. @throws {Error} if the training failed. */
export async function trainedWorkplace(): Promise<TinyWorkplace> {
  const place = await tinyWorkplace();
  const paths = ["--data", place.data, "--out", place.at("run")];
  const { code, text } = await run("train", place.config, ...paths, "--set", "epochs=1", ...tinyEngine);
  if (code !== 0) throw new Error(`trainedWorkplace: the training ended with ${code}:\n${text}`);
  return place;
}

/** Runs the command line in this process. */
export async function run(...argv: string[]) {
  const terminal = collectingTerminal();
  const code = await lad(argv, terminal);
  return { code, terminal, text: terminal.text() };
}
