import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
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

/**
 * Runs a script in a page of its own in headless Chromium.
 * @param script sets `document.title` when it is done; may print into the page.
 * @returns what the page holds afterwards, its title first. Characters that HTML escapes come back as they were.
 */
export async function runInChromium(chromium: string, script: string): Promise<{ title: string; body: string }> {
  const escaped = script.replaceAll("</script", "<\\/script");
  const page = `<!doctype html><meta charset="utf-8"><title>running</title><pre></pre><script>${escaped}</script>`;
  const dom = await openInChromium(chromium, page);
  return { title: between(dom, "<title>", "</title>"), body: between(dom, "<pre>", "</pre>") };
}

/** Opens a page in headless Chromium. @returns its elements as they are when nothing more happens, as HTML. */
export async function openInChromium(chromium: string, html: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "lad-browser-"));
  try {
    const page = join(folder, "page.html");
    writeFileSync(page, html);
    const args = [...flags, `--user-data-dir=${join(folder, "profile")}`, pathToFileURL(page).href];
    const { stdout } = await promisify(execFile)(chromium, args, {
      timeout: 50_000,
      maxBuffer: 2 ** 26,
      killSignal: "SIGKILL",
    });
    return stdout;
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

function between(text: string, start: string, end: string): string {
  const from = text.indexOf(start);
  const inner = from < 0 ? "" : text.slice(from + start.length, text.indexOf(end, from));
  return inner.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
