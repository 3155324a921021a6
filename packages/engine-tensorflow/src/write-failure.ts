import { LadError } from "@lad/core";

const full = new Set(["ENOSPC", "EDQUOT"]);
const forbidden = new Set(["EACCES", "EPERM", "EROFS"]);

/** A failed write below `folder` as an error that says what to do; whatever is no such failure comes back as it is. */
export function writeFailure(error: unknown, folder: string): unknown {
  const { code = "", message = "" } = (error ?? {}) as NodeJS.ErrnoException;
  if (LadError.is(error)) return error;
  if (full.has(code) || /No space left on device/.test(message))
    return new LadError("IO", `buildTensorflowEngine: the disk of ${folder} is full; make room and run it again`, {
      cause: error,
    });
  if (forbidden.has(code))
    return new LadError(
      "IO",
      `buildTensorflowEngine: ${folder} cannot be written (${code}): run it as the folder's owner, or take the package out of the project, then it gets a copy of your own (its place: LAD_ENGINES)`,
      { cause: error },
    );
  return error;
}
