// Random calls of every entry point of the add-on under AddressSanitizer: node test/fuzz/run.mjs [--calls N] [--seed N].
// Builds the add-on with the sanitizer first (build/sanitized), then runs itself with the sanitizer's library in front. Linux with GCC or Clang.
// Memory of JavaScript's arrays comes from the sanitized allocator, and so does the add-on's; nothing is pooled.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { randomCalls } from "./random-calls.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const addon = `${root}build/sanitized/lad-native.node`;
const { values } = parseArgs({
  options: {
    calls: { type: "string", default: "10000" },
    seed: { type: "string", default: "1" },
    child: { type: "boolean" },
  },
});

if (values.child) {
  const { right, wrong } = randomCalls(createRequire(import.meta.url)(addon), {
    calls: Number(values.calls),
    seed: Number(values.seed),
  });
  console.log(
    `${values.calls} calls, seed ${values.seed}: ${wrong} wrong ones answered with an error, ${right.length} right ones refused`,
  );
  for (const message of new Set(right)) console.log(`  ${message}`);
  process.exitCode = right.length > 0 ? 1 : 0;
} else {
  const step = (program, args, env = {}) => {
    const { status } = spawnSync(program, args, { stdio: "inherit", env: { ...process.env, ...env } });
    if (status !== 0) process.exit(status ?? 1);
  };
  step(process.execPath, [`${root}scripts/build.mjs`, "--sanitize", "--quiet", "--out", addon]);
  const { stdout } = spawnSync(process.env.CXX ?? "g++", ["-print-file-name=libasan.so"], { encoding: "utf8" });
  step(process.execPath, [...process.argv.slice(1), "--child"], {
    LD_PRELOAD: stdout.trim(),
    // V8 keeps what it allocates until the process ends: no leaks of ours
    ASAN_OPTIONS: "detect_leaks=0:abort_on_error=0:allocator_may_return_null=1",
  });
}
