import { type BackendInfo, type BackendName, useBackend } from "@lad/backends";
import { wholeNumber } from "../command";
import type { Terminal } from "../terminal/terminal";
import { usageError } from "../usage-error";

/** Options of every command that runs a network. */
export const engineOptions = {
  backend: {
    type: "string",
    value: "B",
    help: "engine: auto (default: the fastest that loads), or its name, such as native, wasm or cpu",
  },
  threads: { type: "string", value: "N", help: "threads of the engine, where it has any" },
  convolution: {
    type: "string",
    value: "auto|direct",
    help: "algorithm of the native engine: direct does without Winograd (default: auto)",
  },
} as const;

type EngineRequest = { readonly [Name in keyof typeof engineOptions]?: string | undefined };

/** Starts the engine that was asked for and says which one it is. @throws a usage error; as `useBackend` */
export async function startEngine(
  { backend = "auto", threads: text, convolution }: EngineRequest,
  terminal: Terminal,
): Promise<BackendInfo> {
  const threads = text === undefined ? undefined : wholeNumber("--threads", text, 1);
  if (threads === 0) throw usageError("--threads: wanted at least 1, got 0");
  if (convolution !== undefined && convolution !== "auto" && convolution !== "direct")
    throw usageError(`--convolution: wanted auto or direct, got "${convolution}"`);
  const log = (line: string) => terminal.note(line);
  // a wrong name is refused there, with the list of the right ones
  const info = await useBackend(backend as BackendName, {
    log,
    ...(threads !== undefined && { threads }),
    ...(convolution !== undefined && { convolution }),
  });
  terminal.note(`engine: ${info.name} ${info.version}`);
  return info;
}
