import {
  buildTensorflowEngine,
  checkTensorflowEngine,
  packageName,
  removeTensorflowEngine,
} from "@lad/engine-tensorflow";
import { command } from "../command";
import { columns } from "../terminal/table";
import type { Terminal } from "../terminal/terminal";
import { usageError } from "../usage-error";

type Wanted = { readonly gpu: boolean; readonly wheels: readonly string[] };

export const engineCommand = command({
  name: "engine",
  summary: "Makes @tensorflow/tfjs-node run on the TensorFlow of a current Python wheel.",
  usage: "tensorflow [--gpu] [--wheel FILE] [--check | --remove]",
  options: {
    gpu: { type: "boolean", help: "tfjs-node-gpu, on CUDA" },
    wheel: {
      type: "string",
      value: "FILE",
      help: "wheel of tensorflow, with --gpu also those of CUDA (may come again); default: what pip finds",
      multiple: true,
    },
    check: { type: "boolean", help: "says whether the engine works and what building it lacks; changes nothing" },
    remove: { type: "boolean", help: "takes the engine away and puts back what was there before" },
  },
  positionals: [1, 1],
  notes:
    "An engine that works is left alone. A package that is not installed is installed into a folder of your own (LAD_ENGINES), without its install script.",
  async run({ options, positionals }, terminal) {
    if (positionals[0] !== "tensorflow")
      throw usageError(
        `lad engine: wanted tensorflow, got "${positionals[0]}" (the engine native: lad native --build)`,
      );
    if (options.check && options.remove) throw usageError("lad engine: --check and --remove exclude each other");
    const wanted: Wanted = { gpu: options.gpu, wheels: options.wheel };
    if (options.check) return check(wanted, terminal);
    if (options.remove) return remove(wanted, terminal);
    return build(wanted, terminal);
  },
});

async function build(wanted: Wanted, terminal: Terminal): Promise<number> {
  const {
    built,
    tensorflow,
    gpu,
    package: installed,
  } = await buildTensorflowEngine({
    ...wanted,
    log: (line) => terminal.note(`${line} …`),
  });
  const engine = `TensorFlow ${tensorflow}${gpu ? " with a CUDA device" : ""} in ${installed.folder}`;
  terminal.out(`${built ? "built" : "works already, left alone"}: ${engine}`);
  const name = wanted.gpu ? "tensorflow-gpu" : "tensorflow";
  const flags = wanted.gpu ? " --gpu" : "";
  terminal.note(`use: lad train … --backend ${name}; undo: lad engine tensorflow${flags} --remove`);
  if (wanted.gpu && !gpu) terminal.note("no CUDA device is seen: lad doctor says more");
  return 0;
}

async function check(wanted: Wanted, terminal: Terminal): Promise<number> {
  const { works, canBuild, findings } = await checkTensorflowEngine(wanted);
  terminal.out(columns(findings.map(({ what, ok, detail }) => [what, ok ? "ok" : "missing", detail])));
  if (!works) terminal.note(canBuild ? "everything to build it is there" : "it cannot be built like this");
  return works ? 0 : 1;
}

async function remove({ gpu }: Wanted, terminal: Terminal): Promise<number> {
  const removed = await removeTensorflowEngine({ gpu });
  terminal.out(removed ? `removed from ${removed.folder}` : `nothing of it is in ${packageName(gpu)}`);
  return 0;
}
