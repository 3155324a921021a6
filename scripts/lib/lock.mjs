import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Calls `action` while no other process of this checkout is inside. Waits for one that is; takes over from one that
 * died. `onWait` is called once, before the first wait.
 *
 * @param folder made to enter and removed on leaving; its parent exists.
 */
export function withLock(folder, action, onWait = () => {}) {
  for (let waits = 0; !tryEnter(folder); waits++) {
    if (waits === 0) onWait();
    sleep(200);
  }
  try {
    return action();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function tryEnter(folder) {
  try {
    mkdirSync(folder); // atomic: exactly one process makes it
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    if (isAbandoned(folder)) rmSync(folder, { recursive: true, force: true });
    return false;
  }
  writeFileSync(join(folder, "pid"), String(process.pid));
  return true;
}

function isAbandoned(folder) {
  try {
    process.kill(Number(readFileSync(join(folder, "pid"), "utf8")), 0);
    return false;
  } catch (error) {
    if (error.code === "ESRCH") return true;
    if (error.code !== "ENOENT") return false; // EPERM: alive, another user's
  }
  // made, but its pid not written yet, or left behind between the two
  try {
    return Date.now() - statSync(folder).mtimeMs > 5000;
  } catch {
    return false; // gone in the meantime
  }
}

function sleep(milliseconds) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
