import { parentPort } from "node:worker_threads";
import { type Task, taskHandler } from "./tasks";
import type { Answer } from "./thread";

// What a thread of `evaluateCocoFiles` runs: answers each task with its result, or with what went wrong.
const handle = taskHandler();
parentPort?.on("message", (task: Task) => {
  try {
    parentPort?.postMessage({ result: handle(task) } satisfies Answer);
  } catch (error) {
    parentPort?.postMessage({ failure: String(error) } satisfies Answer);
  }
});
