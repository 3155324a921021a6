import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

/**
 * A command that runs on `threads` cores: bound to them by taskset, with OpenMP's thread count set. Without the binding an idle
 * second thread of a library may spin, and its time is nobody's. Where there is no taskset only the thread count is set.
 */
export function pinned(command, args, threads) {
  const env = { OMP_NUM_THREADS: `${threads}`, MKL_NUM_THREADS: `${threads}`, LAD_THREADS: `${threads}` };
  const cores = allowedCores();
  if (cores.length === 0 || !hasTaskset()) return { command, args, env };
  if (threads > cores.length)
    throw new Error(`bench: ${threads} threads are asked for, the process may use ${cores.length} cores`);
  // the last ones: interrupts tend to be served by the first
  return { command: "taskset", args: ["-c", cores.slice(-threads).join(","), command, ...args], env };
}

function allowedCores() {
  if (!existsSync("/proc/self/status")) return [];
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? "";
  return list.split(",").flatMap((range) => {
    const [first, last = first] = range.split("-").map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}

function hasTaskset() {
  return spawnSync("taskset", ["--version"]).status === 0;
}
