import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";
import { root } from "../src/workspace";

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "scripts/run.mjs"), ...args], {
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

it("passes arguments and output through", () => {
  expect(run("bench", "--list")).toMatchObject({ status: 0, stderr: "" });
});

it("passes the exit code on", () => {
  const { status, stderr } = run("bench", "no-such-bench");
  expect(status).toBe(1);
  expect(stderr).toContain("no bench named no-such-bench");
});

it("says which tools there are", () => {
  const { status, stderr } = run("toString");
  expect(status).toBe(1);
  expect(stderr).toContain("wanted one of lad, parity, turbo, bench, got toString");
});
