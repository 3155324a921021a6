import path from "node:path";
import { LadError } from "@lad/core";
import type { EnginePackage } from "./engine-package";
import { runProgram } from "./run-program";

export type CompileOptions = {
  readonly compiler: string;
  /** Folder of node_api.h. */
  readonly nodeHeaders: string;
  /** Folder of TensorFlow's headers. */
  readonly include: string;
  /** Folder of the engine: the libraries lie in `tensorflow/`, the binding is written beside it. */
  readonly engine: string;
  readonly libraries: readonly string[];
};

/** Compiles the binding from the source that npm brought, unchanged. @throws {LadError} ENGINE with the compiler's first error */
export async function compileBinding(
  { folder }: EnginePackage,
  { compiler, nodeHeaders, include, engine, libraries }: CompileOptions,
  os = process.platform,
): Promise<string> {
  const target = path.join(engine, "tfjs_binding.node");
  const sources = ["tfjs_backend.cc", "tfjs_binding.cc"].map((name) => path.join(folder, "binding", name));
  const found = path.join(engine, "tensorflow");
  // the libraries are found from where the binding lies, however it is reached
  const origin = os === "darwin" ? "@loader_path" : "$ORIGIN";
  const link =
    os === "darwin"
      ? ["-undefined", "dynamic_lookup", ...libraries.map((name) => path.join(found, name))]
      : [`-L${found}`, ...libraries.map((name) => `-l:${name}`)];
  const args = [
    ...["-O2", "-std=c++17", "-fPIC", "-shared", "-DNAPI_VERSION=8"],
    ...[`-I${nodeHeaders}`, `-I${include}`],
    ...sources,
    ...["-o", target],
    ...link,
    `-Wl,-rpath,${origin}/tensorflow`,
  ];
  const { code, signal, stderr } = await runProgram(compiler, args);
  if (code === 0) return target;
  const first =
    stderr.split("\n").find((line) => /error|cannot|not found|undefined/i.test(line)) ?? `${signal ?? code}`;
  throw new LadError(
    "ENGINE",
    `buildTensorflowEngine: ${compiler} does not compile the binding: ${first.trim()}; the command was ${[compiler, ...args].join(" ")}`,
  );
}
