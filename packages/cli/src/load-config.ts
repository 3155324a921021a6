import { readFile } from "node:fs/promises";
import path from "node:path";
import { LadError } from "@lad/core";
import { findRecipe, type ResolvedConfig, resolveConfig } from "@lad/recipes";
import { createJiti } from "jiti";
import { configModules } from "./config-modules";

/** Where a configuration came from: a recipe's name, or a file with its text, so that a run can be opened again when the file has changed. */
export type ConfigSource = { readonly recipe: string } | { readonly file: string; readonly text: string };
export type LoadedConfig = { readonly config: ResolvedConfig; readonly source: ConfigSource };

/**
 * Loads a configuration by the name of a recipe or the path of a TypeScript or JavaScript file, which exports it as default.
 * @throws {LadError} NOT_FOUND: neither. INVALID_CONFIG: the file does not run, or its keys are wrong.
 */
export async function loadConfig(nameOrFile: string, overrides: readonly string[] = []): Promise<LoadedConfig> {
  if (!/\.[cm]?[jt]s$/.test(nameOrFile)) return reloadConfig({ recipe: nameOrFile }, overrides);
  const file = path.resolve(nameOrFile);
  const text = await readFile(file, "utf8").catch((cause: Error) => {
    throw new LadError("NOT_FOUND", `config ${nameOrFile} cannot be read: ${cause.message}`, { cause });
  });
  return reloadConfig({ file, text }, overrides);
}

/** The configuration of a source that was recorded; the text of a file is taken from the record, what it imports from where it lay. */
export async function reloadConfig(source: ConfigSource, overrides: readonly string[]): Promise<LoadedConfig> {
  if ("recipe" in source) {
    const { name, config } = findRecipe(source.recipe);
    return { source: { recipe: name }, config: resolveConfig(config, { source: `recipe ${name}`, overrides }) };
  }
  const config = await evaluate(source);
  return { source, config: resolveConfig(config, { source: source.file, overrides }) };
}

/** Packages of @lad and tfjs-core that the file imports are the very ones this program runs on: two copies would not see each other's tape. */
async function evaluate({ file, text }: { readonly file: string; readonly text: string }): Promise<unknown> {
  const jiti = createJiti(file, {
    virtualModules: configModules,
    fsCache: false,
    moduleCache: false,
    interopDefault: false,
  });
  try {
    const loaded = (await jiti.evalModule(text, { filename: file, ext: path.extname(file), async: true })) as {
      default?: unknown;
    };
    return loaded.default;
  } catch (cause) {
    throw new LadError("INVALID_CONFIG", `config ${file} does not run: ${(cause as Error).message}`, { cause });
  }
}
