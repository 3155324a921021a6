import { parseArgs } from "node:util";
import { didYouMean } from "@lad/recipes";
import { columns } from "./terminal/table";
import type { Terminal } from "./terminal/terminal";
import { usageError } from "./usage-error";

export type Option = {
  readonly type: "string" | "boolean";
  /** Stands for the value in the help: `DIR`. */
  readonly value?: string;
  readonly help: string;
  readonly multiple?: boolean;
  readonly required?: boolean;
};
type Options = Readonly<Record<string, Option>>;

/** What an option's value is: a required one is there, one that may come again is a list. */
type Value<O extends Option> = O extends { readonly type: "boolean" }
  ? boolean
  : O extends { readonly multiple: true }
    ? readonly string[]
    : O extends { readonly required: true }
      ? string
      : string | undefined;

export type Arguments<O extends Options> = {
  readonly options: { readonly [Name in keyof O]: Value<O[Name]> };
  readonly positionals: readonly string[];
};

export type CommandSpec<O extends Options> = {
  readonly name: string;
  readonly summary: string;
  /** What follows the name: `<config> --data DIR`. */
  readonly usage: string;
  readonly options: O;
  /** Least and greatest number of arguments that are not options. */
  readonly positionals: readonly [least: number, most: number];
  readonly notes?: string;
  run(args: Arguments<O>, terminal: Terminal): Promise<number>;
};

export type Command = {
  readonly name: string;
  readonly summary: string;
  help(): string;
  /** @returns the exit code */
  run(argv: readonly string[], terminal: Terminal): Promise<number>;
};

/** Makes a command of its description: parsing, usage errors and help come with it. */
export function command<const O extends Options>(spec: CommandSpec<O>): Command {
  return {
    name: spec.name,
    summary: spec.summary,
    help: () => helpText(spec),
    async run(argv, terminal) {
      if (argv.includes("--help") || argv.includes("-h")) {
        terminal.out(helpText(spec));
        return 0;
      }
      return spec.run(parseArguments(spec, argv), terminal);
    },
  };
}

function parseArguments<O extends Options>(spec: CommandSpec<O>, argv: readonly string[]): Arguments<O> {
  const { name, options, positionals: bounds } = spec;
  const fail = (problem: string) => usageError(`lad ${name}: ${problem}\nusage: lad ${name} ${spec.usage}`);
  const unknown = argv.find((text) => /^--\w/.test(text) && !(text.slice(2).split("=")[0]! in options));
  if (unknown) {
    const option = unknown.split("=")[0]!;
    throw fail(
      `unknown option ${option}${didYouMean(
        option,
        Object.keys(options).map((key) => `--${key}`),
      )}`,
    );
  }
  const parsed = parsedOrFail(options, argv, fail);
  const count = parsed.positionals.length;
  if (count < bounds[0] || count > bounds[1])
    throw fail(count < bounds[0] ? "an argument is missing" : `too many arguments: ${parsed.positionals.join(" ")}`);
  const values: Record<string, unknown> = {};
  for (const [key, option] of Object.entries(options)) {
    const fallback = option.type === "boolean" ? false : option.multiple ? [] : undefined;
    values[key] = parsed.values[key] ?? fallback;
    if (option.required && values[key] === undefined)
      throw fail(`--${key} ${option.value ?? ""} is missing: ${option.help}`);
  }
  return { options: values as Arguments<O>["options"], positionals: parsed.positionals };
}

function parsedOrFail(options: Options, argv: readonly string[], fail: (problem: string) => Error) {
  const config = Object.fromEntries(
    Object.entries(options).map(([key, { type, multiple = false }]) => [key, { type, multiple }]),
  );
  try {
    return parseArgs({ args: [...argv], options: config, allowPositionals: true, strict: true });
  } catch (error) {
    throw fail((error as Error).message.split(". ")[0]!);
  }
}

function helpText<O extends Options>({ name, summary, usage, options, notes }: CommandSpec<O>): string {
  const rows = Object.entries(options).map(([key, { value, help }]) => [`--${key}${value ? ` ${value}` : ""}`, help]);
  return [`lad ${name} ${usage}`, "", summary, "", columns(rows), ...(notes ? ["", notes] : [])].join("\n");
}

/** A whole number >= 0 given as an option. @throws a usage error */
export function wholeNumber(option: string, text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(Number(text)))
    throw usageError(`${option}: wanted a whole number >= 0, got "${text}"`);
  return Number(text);
}
