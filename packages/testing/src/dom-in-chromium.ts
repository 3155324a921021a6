import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-default-apps",
  "--disable-dev-shm-usage",
  "--disable-extensions",
  "--disable-sync",
  "--no-default-browser-check",
  "--no-first-run",
  "--host-resolver-rules=MAP * ~NOTFOUND", // a page of ours needs nothing from anywhere
  "--virtual-time-budget=10000",
  "--dump-dom",
];

/** The document that headless Chromium makes of a page, once its scripts have run. @param address a `file:` address, also with a fragment. */
export async function domInChromium(chromium: string, address: string): Promise<string> {
  const profile = mkdtempSync(join(tmpdir(), "lad-browser-"));
  try {
    const { stdout } = await promisify(execFile)(chromium, [...flags, `--user-data-dir=${profile}`, address], {
      timeout: 50_000,
      maxBuffer: 2 ** 26,
      killSignal: "SIGKILL",
    });
    return stdout;
  } finally {
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}
