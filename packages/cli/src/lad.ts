import { LadError } from "@lad/core";
import { didYouMean } from "@lad/recipes";
import type { Command } from "./command";
import { assignmentsCommand } from "./commands/assignments";
import { benchCommand } from "./commands/bench";
import { convertCommand } from "./commands/convert";
import { demoCommand } from "./commands/demo";
import { detectCommand } from "./commands/detect";
import { doctorCommand } from "./commands/doctor";
import { engineCommand } from "./commands/engine";
import { evalCommand } from "./commands/eval";
import { nativeCommand } from "./commands/native";
import { recipesCommand } from "./commands/recipes";
import { testCommand } from "./commands/test";
import { trainCommand } from "./commands/train";
import { columns } from "./terminal/table";
import { processTerminal, type Terminal } from "./terminal/terminal";
import { isUsageError, usageError } from "./usage-error";
import { ladVersion } from "./version";

const commands: readonly Command[] = [
  demoCommand,
  trainCommand,
  testCommand,
  detectCommand,
  evalCommand,
  recipesCommand,
  nativeCommand,
  engineCommand,
  doctorCommand,
  convertCommand,
  benchCommand,
  assignmentsCommand,
];

/**
 * Runs the command line in this process.
 * @param argv what follows the program's name
 * @returns the exit code: 0 done, 1 it failed, 2 it was called wrongly. Errors are written to the terminal, never thrown.
 */
export async function lad(argv: readonly string[], terminal: Terminal = processTerminal()): Promise<number> {
  try {
    return await dispatch(argv, terminal);
  } catch (error) {
    terminal.draw("");
    terminal.note(`error: ${errorText(error)}`);
    return isUsageError(error) ? 2 : 1;
  }
}

async function dispatch([name, ...rest]: readonly string[], terminal: Terminal): Promise<number> {
  if (name === "--version") {
    terminal.out(ladVersion);
    return 0;
  }
  if (name === undefined || name === "help" || name === "--help" || name === "-h") {
    terminal.out(rest[0] === undefined ? overview() : commandNamed(rest[0]).help());
    return name === undefined ? 2 : 0;
  }
  return commandNamed(name).run(rest, terminal);
}

function commandNamed(name: string): Command {
  const found = commands.find((command) => command.name === name);
  if (found) return found;
  const names = commands.map((command) => command.name);
  throw usageError(
    `lad: there is no command "${name}"${didYouMean(name, names)} (commands: ${names.join(", ")}, help)`,
  );
}

function overview(): string {
  const rows = [
    ...commands.map(({ name, summary }) => [name, summary]),
    ["help", "Says how a command is used: lad help train."],
  ];
  return `lad <command> [options]\n\nObject detectors, trained with and without a teacher.\n\n${columns(rows)}\n\n  --version prints the version; with LAD_DEBUG=1 an error shows where it came from`;
}

function errorText(error: unknown): string {
  const debug = process.env.LAD_DEBUG;
  if (error instanceof Error) {
    if (debug) return `${error.stack}${error.cause instanceof Error ? `\ncause: ${error.cause.stack}` : ""}`;
    return LadError.is(error) ? error.message : `${error.message} (unexpected; LAD_DEBUG=1 shows where)`;
  }
  return String(error);
}
