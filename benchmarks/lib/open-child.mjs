import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/**
 * A process that answers one request at a time: a JSON line `{ call, argument }` to its stdin, a JSON line `{ result }` or `{ error }` from
 * its stdout. It lives until `close`, so that its code stays warm between measurements, and sleeps while others are measured.
 * `call` rejects with what the process says went wrong, or with the end of its stderr if it dies.
 */
export function openChild(command, args, { env } = {}) {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ["pipe", "pipe", "pipe"] });
  let waiting;
  let said = "";
  let ended;
  const fail = (error) => {
    ended = error;
    waiting?.reject(error);
    waiting = undefined;
  };
  child.stderr.on("data", (text) => {
    said = `${said}${text}`.slice(-4000);
  });
  child.stdin.on("error", () => undefined); // the process is gone: `close` says why
  child.on("error", fail);
  child.on("close", (code, signal) => fail(new Error(`${command} ended (${signal ?? code}): ${said.trim()}`)));
  createInterface({ input: child.stdout }).on("line", (line) => {
    const { result, error } = JSON.parse(line);
    const { resolve, reject } = waiting;
    waiting = undefined;
    if (error === undefined) resolve(result);
    else reject(new Error(error));
  });
  return {
    call: (call, argument = {}) =>
      new Promise((resolve, reject) => {
        if (ended) return reject(ended);
        waiting = { resolve, reject };
        child.stdin.write(`${JSON.stringify({ call, argument })}\n`);
      }),
    close: () =>
      new Promise((resolve) => {
        if (ended) return resolve();
        child.on("close", () => resolve());
        child.stdin.end();
      }),
  };
}
