import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type BackendName, type BackendReport, listBackends } from "@lad/backends";
import { findEnginePackage, missingEngine, packageName } from "@lad/engine-tensorflow";

/** Examines one engine, or `auto`, in a process of its own. */
export type Probe = (name: "auto" | BackendName) => Promise<BackendReport>;

export type Examination = {
  readonly engines: readonly BackendReport[];
  /** The engine that `auto` takes; undefined if none works. */
  readonly auto: BackendName | undefined;
};

/** Starts every installed engine, one after another, each in a process of its own: a broken one can end its process, and one process holds one TensorFlow. */
export async function examineEngines(probe: Probe = probeInChild): Promise<Examination> {
  const engines: BackendReport[] = [];
  for (const { name, installed, hint } of listBackends()) {
    const report = installed ? await probe(name) : { name, works: false, reason: "not installed", hint };
    engines.push(report.works ? report : { ...report, reason: betterReason(name) ?? report.reason ?? "unknown" });
  }
  const { name, works } = await probe("auto");
  return { engines, auto: works ? name : undefined };
}

/** What is known of an engine without its binding, such as that an `npm ci` wiped it away. */
function betterReason(name: BackendName): string | undefined {
  if (!name.startsWith("tensorflow")) return undefined;
  const installed = findEnginePackage(packageName(name.endsWith("-gpu")));
  return installed && missingEngine(installed);
}

/** `lad doctor --only NAME --json`. */
export function probeInChild(name: "auto" | BackendName, program = commandPath()): Promise<BackendReport> {
  const args = [...process.execArgv, program, "doctor", "--only", name, "--json"];
  return new Promise((done) => {
    execFile(process.execPath, args, { timeout: 120_000, maxBuffer: 2 ** 24 }, (error, stdout, stderr) => {
      try {
        done(JSON.parse(stdout) as BackendReport);
      } catch {
        const last = stderr.trim().split("\n").at(-1);
        const reason = error?.signal ? `it ends its process with ${error.signal}` : `it ends its process: ${last}`;
        done({ name: name === "auto" ? "cpu" : name, works: false, reason });
      }
    });
  });
}

/** The program `lad`: beside this file when built, else what was started. */
function commandPath(): string {
  const built = fileURLToPath(new URL("./bin.js", import.meta.url));
  return existsSync(built) ? built : process.argv[1]!;
}
