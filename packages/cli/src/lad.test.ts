import { expect, test } from "vitest";
import { collectingTerminal } from "../test/collecting-terminal";
import { lad } from "./lad";
import { ladVersion } from "./version";

async function run(...argv: string[]) {
  const terminal = collectingTerminal();
  return { code: await lad(argv, terminal), terminal };
}

test("--version, help, and a call without anything", async () => {
  expect((await run("--version")).terminal.lines).toEqual([ladVersion]);
  const help = await run("help");
  expect(help.code).toBe(0);
  for (const name of ["demo", "train", "test", "detect", "eval", "recipes"])
    expect(help.terminal.lines[0]).toContain(`  ${name} `);
  expect((await run()).code).toBe(2);
});

test("help of a command", async () => {
  const { code, terminal } = await run("help", "train");
  expect(code).toBe(0);
  expect(terminal.lines[0]).toContain("lad train <config.ts | recipe> --data DIR --out RUN");
});

test("a wrong command is answered with the nearest and exit code 2", async () => {
  const { code, terminal } = await run("trian");
  expect(code).toBe(2);
  expect(terminal.notes[0]).toContain('there is no command "trian"; did you mean "train"?');
});

test("an error is one message without a stack, unless asked for", async () => {
  const wrong = ["train", "no/such", "--data", "x", "--out", "y"];
  const { code, terminal } = await run(...wrong);
  expect(code).toBe(1);
  expect(terminal.notes).toEqual(['error: no recipe is named "no/such" (lad recipes lists them all)']);
  process.env.LAD_DEBUG = "1";
  try {
    expect((await run(...wrong)).terminal.notes[0]).toMatch(/\n +at /);
  } finally {
    delete process.env.LAD_DEBUG;
  }
});

test("recipes as a table and as JSON", async () => {
  const { terminal } = await run("recipes");
  expect(terminal.lines[0]).toMatch(/lad\/r50-r101 .*paa\/r101 .*41\.6/);
  const listed = JSON.parse((await run("recipes", "--json")).terminal.lines[0]!);
  expect(listed[0]).toMatchObject({ name: "paa/r18", aliases: ["paa/paa_r18"], schedule: "1x", pretrained: true });
});
