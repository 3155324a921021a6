import { readFile } from "node:fs/promises";
import { LadError } from "@lad/core";
import type { z } from "zod";

/**
 * Reads a JSON file that must have a given form.
 * @param option it came by, for messages.
 * @throws {LadError} NOT_FOUND, INVALID_FILE: not JSON; INVALID_DATA: of another form, with the place of the first difference.
 */
export async function readJson<Schema extends z.ZodType>(
  option: string,
  file: string,
  schema: Schema,
): Promise<z.output<Schema>> {
  const fail = (code: "NOT_FOUND" | "INVALID_FILE" | "INVALID_DATA", problem: string, cause?: unknown) =>
    new LadError(code, `${option} ${file} ${problem}`, { cause });
  const text = await readFile(file, "utf8").catch((cause: Error) => {
    throw fail("NOT_FOUND", `cannot be read: ${cause.message}`, cause);
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw fail("INVALID_FILE", `is not JSON: ${(cause as Error).message}`, cause);
  }
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  throw fail("INVALID_DATA", `: ${issue?.path.join(".") || "the whole"}: ${issue?.message}`);
}
