import { Worker } from "node:worker_threads";
import { LadError } from "@lad/core";
import type { ResultOf, Task } from "./tasks";

/** Somebody who does tasks, one after the other. */
export type Thread = {
  run<T extends Task>(task: T): Promise<ResultOf<T>>;
  end(): void;
};

/** What a worker answers. */
export type Answer = { readonly result: unknown } | { readonly failure: string };

/** Whether Node runs a script of its command line and is told its kind there, which it refuses for the file of a thread. */
const isOfCommandLine = () => process.execArgv.some((flag) => flag.startsWith("--input-type"));

/** Starts a worker thread. @throws {LadError} NOT_FOUND, when it is asked, if its file is not there. */
export function startThread(file: URL): Thread {
  const worker = new Worker(file, isOfCommandLine() ? { execArgv: [] } : {});
  let broken: Error | undefined;
  worker.on("error", (error) => {
    broken = error;
  });
  return {
    run: (task) =>
      new Promise((resolve, reject) => {
        const fail = (cause: Error) => reject(notStarted(file, cause));
        if (broken) return fail(broken);
        worker.once("error", fail);
        worker.once("message", (answer: Answer) => {
          worker.off("error", fail);
          if ("failure" in answer) reject(new Error(answer.failure));
          else resolve(answer.result as Awaited<ReturnType<Thread["run"]>> as never);
        });
        worker.postMessage(task);
      }),
    end: () => void worker.terminate(),
  };
}

function notStarted(file: URL, cause: Error): LadError {
  const hint = "bundlers must leave @lad/coco-eval where it is installed; or evaluate on one thread";
  return new LadError("NOT_FOUND", `evaluateCocoFiles: no thread runs ${file}: ${cause.message}; ${hint}`, { cause });
}
