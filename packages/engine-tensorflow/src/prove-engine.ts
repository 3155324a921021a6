import { LadError } from "@lad/core";
import type { EnginePackage } from "./engine-package";
import { lastLine, runProgram } from "./run-program";

/** What an engine said of itself, after it computed a product and a gradient right. */
export type Proof = {
  readonly tensorflow: string;
  /** A CUDA device is used. */
  readonly gpu: boolean;
};

/** Runs in a process of its own: a broken library can end it. With a binding given, the package finds that one instead of its own. */
const program = `
const [folder, binding] = process.argv.slice(1);
const load = require("node:module").createRequire(folder + "/package.json");
if (binding) {
  const id = load.resolve("@mapbox/node-pre-gyp");
  require.cache[id] = { id, filename: id, loaded: true, exports: { find: () => binding } };
}
const tf = load(folder);
const product = tf.matMul([[1, 2], [3, 4]], [[5, 6], [7, 8]]).dataSync();
const filter = tf.ones([2, 2, 1, 1]);
const gradient = tf.grad((x) => tf.sum(tf.square(tf.conv2d(x, filter, 1, "valid"))))(tf.ones([1, 2, 3, 1])).dataSync();
const backend = tf.backend();
const { TF_Version: tensorflow } = backend.binding;
console.log(JSON.stringify({ engine: tf.getBackend(), tensorflow, gpu: Boolean(backend.isUsingGpuDevice), product: [...product], gradient: [...gradient] }));
`;
const expected = { engine: "tensorflow", product: [19, 22, 43, 50], gradient: [8, 16, 8, 8, 16, 8] };

/**
 * Loads the package in a process of its own and lets it compute a matrix product and the gradient of a convolution.
 * @param binding one that is not in its place yet.
 * @throws {LadError} ENGINE with the reason if it does not load, crashes, or computes something else
 */
export async function proveEngine({ folder, name }: EnginePackage, binding?: string): Promise<Proof> {
  const args = ["-e", program, folder, ...(binding === undefined ? [] : [binding])];
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: "2", NODE_OPTIONS: "" };
  const { code, signal, stdout, stderr } = await runProgram(process.execPath, args, { env, timeoutMs: 300_000 });
  const failed = (reason: string) => new LadError("ENGINE", `proveEngine: ${name} ${reason}`);
  if (signal)
    throw failed(`ends with ${signal}${signal === "SIGILL" ? ": TensorFlow's wheels need a processor with AVX" : ""}`);
  if (code !== 0) throw failed(`does not load: ${reasonIn(stderr)}`);
  const { tensorflow, gpu, ...computed } = JSON.parse(lastLine(stdout)) as Proof & typeof expected;
  if (JSON.stringify(computed) !== JSON.stringify(expected))
    throw failed(`computes ${JSON.stringify(computed)}, wanted ${JSON.stringify(expected)}`);
  return { tensorflow, gpu };
}

/** What an uncaught error said, without its stack. */
function reasonIn(stderr: string): string {
  return /^(?:\w*Error|Error \[\w+\]): (.+)$/m.exec(stderr)?.[1] ?? lastLine(stderr);
}
