import type { SourceFile } from "./workspace";

type Line = { readonly text: string; readonly number: number };

/** Lines that say something: no imports, comments, blanks or lone brackets. */
function meaningfulLines(text: string): Line[] {
  const blanked = text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ""))
    .replace(/^import\b[^;]*;/gm, (statement) => statement.replace(/[^\n]/g, ""));
  return blanked
    .split("\n")
    .map((line, index) => ({ text: line.replace(/\/\/.*$/, "").trim(), number: index + 1 }))
    .filter(({ text: line }) => /[^\s()[\]{};,]/.test(line));
}

/**
 * Runs of `length` equal lines that two different files share, one sentence a pair of files.
 * Imports, comments, blank lines and lone brackets are not counted; indentation is not compared.
 */
export function findSharedRuns(files: readonly SourceFile[], length: number): string[] {
  const seen = new Map<string, { path: string; line: number }>();
  const found = new Map<string, string>();
  for (const { path, text } of files) {
    const lines = meaningfulLines(text);
    for (let start = 0; start + length <= lines.length; start++) {
      const run = lines.slice(start, start + length);
      const key = run.map((line) => line.text).join("\n");
      const line = run[0]?.number ?? 0;
      const first = seen.get(key);
      if (first === undefined) seen.set(key, { path, line });
      else if (first.path !== path && !found.has(`${first.path} ${path}`)) {
        found.set(`${first.path} ${path}`, `${first.path}:${first.line} and ${path}:${line} share ${length} lines`);
      }
    }
  }
  return [...found.values()];
}
