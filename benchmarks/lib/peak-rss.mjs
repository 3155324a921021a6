import { existsSync, readFileSync } from "node:fs";

/** Largest resident memory of this process so far, MiB. Linux tells that of the program; getrusage would count what lay there before it was started. */
export function peakRss() {
  const status = existsSync("/proc/self/status") ? readFileSync("/proc/self/status", "utf8") : "";
  const kibibytes = /^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1] ?? process.resourceUsage().maxRSS;
  return Number(kibibytes) / 1024;
}
