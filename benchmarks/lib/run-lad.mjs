import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../../packages/cli/dist/bin.js", import.meta.url));
const folder = fileURLToPath(new URL("..", import.meta.url)); // engines are looked for from here

/** Runs the command line of this checkout; what it says goes to this process's stderr. @throws {Error} if it fails or is stopped. */
export function runLad(args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], { cwd: folder, stdio: ["ignore", 2, 2] });
    const pass = (signal) => child.kill(signal);
    process.on("SIGINT", pass).on("SIGTERM", pass);
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      process.off("SIGINT", pass).off("SIGTERM", pass);
      if (code === 0) resolve();
      else reject(new Error(`lad ${args.join(" ")} ended with ${signal ?? code}`));
    });
  });
}
