import type { z } from "zod";
import { didYouMean } from "./nearest-name";

type Issue = z.core.$ZodIssue;

/** The keys that an object at a path of the configuration may have. */
export type KnownKeys = (path: readonly PropertyKey[]) => readonly string[];

/** One finding of zod as a line: the key, what was wanted, what came. */
export function describeIssue(issue: Issue, input: unknown, knownKeys: KnownKeys): string {
  const key = issue.path.join(".") || "the configuration";
  if (issue.code === "unrecognized_keys") {
    const known = knownKeys(issue.path);
    return issue.keys
      .map((unknown) => {
        const name = [...issue.path, unknown].join(".");
        return `unknown key "${name}"${didYouMean(unknown, known)} (known: ${known.join(", ")})`;
      })
      .join("\n  ");
  }
  return `${key}: wanted ${wanted(issue)}, got ${shown(valueAt(input, issue.path))}`;
}

const kinds: Readonly<Record<string, string>> = {
  int: "a whole number",
  number: "a number",
  boolean: "true or false",
  string: "a text",
  object: "an object",
  array: "a list",
  tuple: "a list",
};

function wanted(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return kinds[issue.expected] ?? issue.expected;
    case "too_small":
      return typeof issue.minimum === "number" && issue.origin !== "array" && issue.origin !== "string"
        ? `a number ${issue.inclusive ? ">=" : ">"} ${issue.minimum}`
        : `at least ${issue.minimum} entries`;
    case "too_big":
      return issue.origin === "array" ? `at most ${issue.maximum} entries` : `a number <= ${issue.maximum}`;
    case "invalid_value":
      return `one of ${issue.values.map((value) => JSON.stringify(value)).join(", ")}`;
    case "invalid_union":
      return issue.discriminator
        ? `a known ${issue.discriminator}`
        : `${issue.errors.map((errors) => errors.map(wanted).join(" and ")).join(", or ")}`;
    default:
      return issue.message;
  }
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    input,
  );
}

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "function") return "a function";
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
