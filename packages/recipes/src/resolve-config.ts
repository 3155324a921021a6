import { LadError } from "@lad/core";
import type { z } from "zod";
import type { Config, ResolvedConfig } from "./config";
import { configSchema } from "./config-schema";
import { describeIssue } from "./describe-issue";

export type ResolveConfigOptions = {
  /** What messages call the configuration: a file or a recipe's name. */
  readonly source?: string;
  /** `key=value` texts that replace settings; keys of nested settings are joined by dots, values are JSON, else plain text. */
  readonly overrides?: readonly string[];
};

/**
 * Checks a configuration and fills in its defaults.
 * @throws {LadError} INVALID_CONFIG: names every wrong key, what was wanted and what came; for an unknown key the nearest known one.
 */
export function resolveConfig(
  config: unknown,
  { source = "config", overrides = [] }: ResolveConfigOptions = {},
): ResolvedConfig {
  if (typeof config !== "object" || config === null) {
    throw new LadError(
      "INVALID_CONFIG",
      `${source}: the default export must be defineConfig({ … }), got ${typeof config}`,
    );
  }
  const input = overrides.reduce(withOverride, config as Record<string, unknown>);
  const parsed = configSchema.safeParse(input);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => describeIssue(issue, input, (path) => knownKeys(input, path)));
    throw new LadError("INVALID_CONFIG", `${source}:\n  ${lines.join("\n  ")}`);
  }
  return withDefaults(input as unknown as Config);
}

function withDefaults(config: Config): ResolvedConfig {
  const { batch, accumulate = 1, training = {}, validation = {} } = config;
  return {
    pretrained: false,
    milestones: [],
    warmup: { iterations: 0, ratio: 1 },
    momentum: 0.9,
    weightDecay: 1e-4,
    groupByOrientation: false,
    workers: 1,
    trainsTeacher: false,
    test: {},
    accumulate,
    learningRateBatch: batch * accumulate,
    ...config,
    training: { split: "train", repeat: 1, keepIgnoredOnly: false, ...training },
    validation: { every: 1, split: "val", batch, ...validation },
  };
}

function withOverride(config: Record<string, unknown>, text: string): Record<string, unknown> {
  const at = text.indexOf("=");
  if (at < 1) throw new LadError("INVALID_CONFIG", `--set wants key=value, got "${text}"`);
  const path = text.slice(0, at).split(".");
  if (["student", "teacher", "labeller", "trainsTeacher", "method"].includes(path[0]!)) {
    throw new LadError("INVALID_CONFIG", `--set ${text}: ${path[0]} is code; change it in a config file`);
  }
  return replaced(config, path, parsedValue(text.slice(at + 1))) as Record<string, unknown>;
}

function replaced(value: unknown, [key, ...rest]: readonly string[], leaf: unknown): unknown {
  if (key === undefined) return leaf;
  const record = typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  const copy = Array.isArray(record) ? [...record] : { ...record };
  return Object.assign(copy, { [key]: replaced(record[key], rest, leaf) });
}

function parsedValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Keys of the schema's object at a path; where a union decides by `kind`, those of the kind that was given. */
function knownKeys(input: unknown, path: readonly PropertyKey[]): readonly string[] {
  let schema: z.core.$ZodType = configSchema;
  let value = input;
  for (const key of path) {
    value = (value as Record<PropertyKey, unknown>)[key];
    schema = unwrapped((schema as unknown as { shape: Record<PropertyKey, z.core.$ZodType> }).shape[key]!, value);
  }
  return Object.keys((schema as unknown as { shape?: object }).shape ?? {});
}

function unwrapped(schema: z.core.$ZodType, value: unknown): z.core.$ZodType {
  const { def } = schema._zod as unknown as { def: { innerType?: z.core.$ZodType; options?: z.core.$ZodType[] } };
  if (def.innerType) return unwrapped(def.innerType, value);
  const kind = (value as { kind?: unknown } | undefined)?.kind;
  const kinds = def.options as unknown as { shape: { kind: { value: unknown } } }[] | undefined;
  return (kinds?.find((option) => option.shape.kind.value === kind) as z.core.$ZodType | undefined) ?? schema;
}
