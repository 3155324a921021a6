import { LadError } from "@lad/core";
import { firstLine } from "./read-bytes";

/**
 * JSON.parse with messages for people: names the file, and the NaN or Infinity that Python's json module writes though JSON has none.
 * @throws {LadError} NON_FINITE, INVALID_FILE
 */
export function parseJson(who: string, file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const literal = nonFiniteLiteral(text);
    if (!literal) {
      throw new LadError("INVALID_FILE", `${who}: ${file} is not JSON: ${firstLine(cause)}`, { cause });
    }
    const line = text.slice(0, literal.index).split("\n").length;
    const near = text.slice(Math.max(0, literal.index - 40), literal.index + 20).replaceAll(/\s+/g, " ");
    throw new LadError(
      "NON_FINITE",
      `${who}: ${file} holds ${literal.word} in line ${line} ("…${near}…"); numbers must be finite: mend or remove that entry`,
      { cause },
    );
  }
}

/** The first NaN or Infinity outside a string. */
function nonFiniteLiteral(text: string): { word: string; index: number } | undefined {
  const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\b(?:NaN|Infinity)\b/g;
  for (let match = tokens.exec(text); match; match = tokens.exec(text)) {
    if (!match[0].startsWith('"')) return { word: match[0], index: match.index };
  }
  return undefined;
}
