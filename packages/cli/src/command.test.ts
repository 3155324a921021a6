import { expect, test } from "vitest";
import { collectingTerminal } from "../test/collecting-terminal";
import { command, wholeNumber } from "./command";
import { isUsageError } from "./usage-error";

const greet = command({
  name: "greet",
  summary: "Says hello.",
  usage: "<name> --to DIR",
  options: {
    to: { type: "string", value: "DIR", help: "where", required: true },
    loud: { type: "boolean", help: "in capitals" },
    set: { type: "string", help: "settings", multiple: true },
  },
  positionals: [1, 1],
  async run({ options, positionals }, terminal) {
    terminal.out(JSON.stringify({ ...options, positionals }));
    return 7;
  },
});

async function failure(...argv: string[]): Promise<string> {
  const error = await greet.run(argv, collectingTerminal()).catch((cause: Error) => cause);
  expect(isUsageError(error)).toBe(true);
  return (error as Error).message;
}

test("values and arguments arrive", async () => {
  const terminal = collectingTerminal();
  expect(await greet.run(["me", "--to=x", "--set", "a=1", "--set", "b=2"], terminal)).toBe(7);
  expect(JSON.parse(terminal.lines[0]!)).toEqual({ to: "x", loud: false, set: ["a=1", "b=2"], positionals: ["me"] });
});

test("wrong calls are named, with the usage", async () => {
  expect(await failure("me", "--too", "x")).toBe(
    'lad greet: unknown option --too; did you mean "--to"?\nusage: lad greet <name> --to DIR',
  );
  expect(await failure("me")).toContain("--to DIR is missing: where");
  expect(await failure("--to", "x")).toContain("an argument is missing");
  expect(await failure("a", "b", "--to", "x")).toContain("too many arguments: a b");
  expect(await failure("me", "--to")).toContain("lad greet: Option '--to <value>' argument missing");
  expect(await failure("me", "--to", "x", "--loud=yes")).toContain("does not take an argument");
});

test("help lists every option", async () => {
  const terminal = collectingTerminal();
  expect(await greet.run(["--help"], terminal)).toBe(0);
  expect(terminal.lines[0]).toContain("--to DIR  where");
});

test("whole numbers", () => {
  expect(wholeNumber("--seed", "12", 0)).toBe(12);
  expect(wholeNumber("--seed", undefined, 3)).toBe(3);
  for (const text of ["-1", "1.5", "", "x", "99999999999999999999"]) {
    expect(() => wholeNumber("--seed", text, 0)).toThrow(`--seed: wanted a whole number >= 0, got "${text}"`);
  }
});
