import { LadError } from "@lad/core";

const usageErrors = new WeakSet<LadError>();

/** An error in how the command was called: exit code 2. */
export function usageError(message: string): LadError {
  const error = new LadError("INVALID_ARGUMENT", message);
  usageErrors.add(error);
  return error;
}

export function isUsageError(error: unknown): boolean {
  return LadError.is(error) && usageErrors.has(error);
}
