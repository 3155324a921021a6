import { closeSync, openSync, writeSync } from "node:fs";

/** Writes a list of objects as JSON, spaced as Python writes it, without holding its text. No text in it may hold spaces. */
export function writeJsonList(file, records) {
  const descriptor = openSync(file, "w");
  let text = "[";
  let first = true;
  for (const record of records) {
    text += `${first ? "" : ", "}${asPython(record)}`;
    first = false;
    if (text.length > 1e6) {
      writeSync(descriptor, text);
      text = "";
    }
  }
  writeSync(descriptor, `${text}]`);
  closeSync(descriptor);
}

function asPython(record) {
  const lines = JSON.stringify(record, null, 1);
  return lines.replaceAll(/\s+/g, " ").replaceAll(/(?<=[[{]) | (?=[\]}])/g, "");
}
