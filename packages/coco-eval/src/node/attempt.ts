import { LadError } from "@lad/core";

/** What `run` returns; `undefined` if it throws. */
export function attempt<Result>(run: () => Result): Result | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}

/** All results, `undefined` where a task failed. @throws {LadError} if a thread did not start at all. */
export async function resultsOf<Result>(tasks: readonly Promise<Result>[]): Promise<(Result | undefined)[]> {
  const settled = await Promise.allSettled(tasks);
  return settled.map((task) => {
    if (task.status === "fulfilled") return task.value;
    if (LadError.is(task.reason)) throw task.reason;
    return undefined;
  });
}
