import { parentPort } from "node:worker_threads";
import { buffersOf } from "./array-tree";
import { handleTask, type Task } from "./tasks";
import type { Answer } from "./thread";

// What a thread of `evaluateCocoFiles` runs: answers each task with its result, or with what went wrong.
parentPort?.on("message", (task: Task) => {
  try {
    const result = handleTask(task);
    parentPort?.postMessage({ result } satisfies Answer, buffersOf(result));
  } catch (error) {
    parentPort?.postMessage({ failure: String(error) } satisfies Answer);
  }
});
