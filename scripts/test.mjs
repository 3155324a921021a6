// Everything that must hold before a change lands, after `setup --test`: lint, types, and the tests of every package.
// The last line is `N passed, M failed`; a check that fails beside the tests counts as one failure.
import { spawnSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cleanEnvironment, readJson, root, workspaceFolders } from "./lib/environment.mjs";

const env = cleanEnvironment();
const program = (...path) => join(root, "node_modules", ...path);
const reportOf = (folder) => join(root, folder, ".turbo", "test-report.json");
const tested = workspaceFolders().filter((folder) => readJson(join(root, folder, "package.json")).scripts?.test);

const checks = {
  lint: [program("@biomejs", "biome", "bin", "biome"), "check", "."],
  types: [program("typescript", "bin", "tsc"), "--project", "tsconfig.json"],
  tests: [
    program("turbo", "bin", "turbo"),
    "run",
    "test",
    "--concurrency=2",
    "--continue",
    "--output-logs=errors-only",
  ],
};

/** Runs one check and says how it went. */
function passes(name, args) {
  const start = Date.now();
  const { status } = spawnSync(process.execPath, args, { cwd: root, env, stdio: ["ignore", "inherit", "inherit"] });
  console.log(`${name}: ${status === 0 ? "ok" : "FAILED"} (${((Date.now() - start) / 1000).toFixed(1)} s)`);
  return status === 0;
}

/** Counts of one package's run; a run that left no report failed as a whole. */
function countsOf(folder) {
  if (!existsSync(reportOf(folder))) return { folder, passed: 0, failed: 1, skipped: 0, note: "no report: see above" };
  const report = readJson(reportOf(folder));
  const failedFiles = report.testResults.filter(
    ({ status, assertionResults }) => status === "failed" && !assertionResults.length,
  );
  return {
    folder,
    passed: report.numPassedTests,
    failed: report.numFailedTests + failedFiles.length, // a file that threw while it was read holds no test
    skipped: report.numPendingTests + report.numTodoTests,
    note: "",
  };
}

function total(rows, key) {
  return rows.reduce((sum, row) => sum + row[key], 0);
}

function main() {
  for (const folder of tested) rmSync(reportOf(folder), { force: true });
  const failing = Object.entries(checks).filter(([name, args]) => !passes(name, args));
  const rows = tested.map(countsOf);
  for (const { folder, passed, failed, note } of rows) {
    console.log(
      `  ${folder.padEnd(24)} ${String(passed).padStart(4)} passed ${String(failed).padStart(4)} failed  ${note}`.trimEnd(),
    );
  }
  const inTests = total(rows, "failed");
  const beside = failing.filter(([name]) => name !== "tests" || inTests === 0).length;
  const failed = inTests + beside;
  if (failing.length > 0) console.log(`failing: ${failing.map(([name]) => name).join(", ")}`);
  const skipped = total(rows, "skipped");
  console.log(`${total(rows, "passed")} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
  process.exitCode = failed === 0 ? 0 : 1;
}

main();
