import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { domInChromium } from "@lad/testing";

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
    return await domInChromium(chromium, pathToFileURL(page).href);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function between(text: string, start: string, end: string): string {
  const from = text.indexOf(start);
  const inner = from < 0 ? "" : text.slice(from + start.length, text.indexOf(end, from));
  return inner.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
