import { closeSync, fstatSync, openSync } from "node:fs";
import { LadError } from "@lad/core";

/**
 * Opens a file, hands its descriptor and length to `use`, and closes it whatever happens.
 * @throws {LadError} NOT_FOUND if it cannot be opened; what `use` throws, with the file's name before the message.
 */
export function withFile<Result>(file: string, use: (descriptor: number, length: number) => Result): Result {
  const descriptor = open(file);
  try {
    return use(descriptor, fstatSync(descriptor).size);
  } catch (cause) {
    throw inFile(file, cause);
  } finally {
    closeSync(descriptor);
  }
}

function open(file: string): number {
  try {
    return openSync(file, "r");
  } catch (cause) {
    throw new LadError("NOT_FOUND", `${file} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

/** An error with the name of the file it came up in. */
function inFile(file: string, cause: unknown): unknown {
  if (LadError.is(cause)) return new LadError(cause.code, `${file}: ${cause.message}`, { cause });
  const isSystem = cause instanceof Error && "syscall" in cause;
  return isSystem ? new LadError("IO", `${file} cannot be read: ${cause.message}`, { cause }) : cause;
}
