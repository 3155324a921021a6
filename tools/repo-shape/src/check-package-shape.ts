import { isDeepStrictEqual } from "node:util";
import { bundling } from "./layers";
import { dependencyList } from "./package-names";
import type { Manifest } from "./workspace";

/** Keys of a public package.json in their order; those with `?` may be missing. */
const keyOrder = [
  "name",
  "version",
  "description",
  "license",
  "repository?",
  "type",
  "sideEffects",
  "exports",
  "main",
  "module",
  "types",
  "typesVersions?",
  "bin?",
  "files",
  "engines",
  "scripts",
  "dependencies?",
  "optionalDependencies?",
  "peerDependencies?",
  "peerDependenciesMeta?",
  "devDependencies?",
];

/** The exports of one entry, built as `dist/<stem>`. */
function entry(stem: string): object {
  return {
    import: { types: `./dist/${stem}.d.ts`, default: `./dist/${stem}.js` },
    require: { types: `./dist/${stem}.d.cts`, default: `./dist/${stem}.cjs` },
  };
}

const fixed: Readonly<Record<string, unknown>> = {
  license: "Apache-2.0",
  type: "module",
  main: "./dist/index.cjs",
  module: "./dist/index.js",
  types: "./dist/index.d.ts",
  engines: { node: ">=20.19" },
};

const scripts: Readonly<Record<string, string>> = {
  build: "tsup",
  test: "vitest run",
  typecheck: "tsc --noEmit",
  "lint:pkg": "publint --strict && attw --pack .",
};

/** What is wrong with the shape of a public package's package.json, one sentence each. */
export function checkPackageShape(manifest: Manifest): string[] {
  const problems = [
    ...checkKeys(Object.keys(manifest)),
    ...Object.keys(fixed)
      .filter((key) => !isDeepStrictEqual(manifest[key], fixed[key]))
      .map((key) => `"${key}" is to be ${JSON.stringify(fixed[key])}`),
    ...checkExports(manifest.exports as Record<string, unknown>),
    ...checkTypesVersions(manifest),
    ...Object.keys(scripts)
      .filter((name) => (manifest.scripts as Record<string, string> | undefined)?.[name] !== scripts[name])
      .map((name) => `the script "${name}" is to be "${scripts[name]}"`),
    ...checkDependencies(manifest),
  ];
  if (!/^@lad\/[a-z][a-z0-9-]*$/.test(manifest.name)) problems.push("the name is to be @lad/kebab-case");
  if (!/^\d+\.\d+\.\d+$/.test(manifest.version)) problems.push("the version is to be x.y.z");
  if (!(manifest.files as string[] | undefined)?.includes("dist")) problems.push('"files" is to hold "dist"');
  return problems.map((problem) => `${manifest.name}: ${problem}`);
}

function checkKeys(keys: readonly string[]): string[] {
  const known = keyOrder.map((key) => key.replace("?", ""));
  const unknown = keys.filter((key) => !known.includes(key)).map((key) => `unexpected key "${key}"`);
  const missing = keyOrder.filter((key) => !key.endsWith("?") && !keys.includes(key)).map((key) => `no key "${key}"`);
  const sorted = known.filter((key) => keys.includes(key));
  const inOrder = isDeepStrictEqual(keys, sorted);
  return [
    ...unknown,
    ...missing,
    ...(inOrder || unknown.length > 0 ? [] : [`keys are to come as ${sorted.join(", ")}`]),
  ];
}

function checkExports(exports: Record<string, unknown> = {}): string[] {
  return Object.entries({ ".": undefined, "./package.json": undefined, ...exports }).flatMap(([path, value]) => {
    const wanted = path === "./package.json" ? path : entry(path === "." ? "index" : path.slice(2));
    return isDeepStrictEqual(value, wanted) ? [] : [`exports["${path}"] is to be ${JSON.stringify(wanted)}`];
  });
}

/** TypeScript's older resolution does not read `exports`: it finds the types of a subpath this way. */
function checkTypesVersions({ exports = {}, typesVersions }: Manifest): string[] {
  const subpaths = Object.keys(exports as object).filter((path) => path !== "." && path !== "./package.json");
  const types = subpaths.map((path) => [path.slice(2), [`./dist/${path.slice(2)}.d.ts`]]);
  const wanted = types.length === 0 ? undefined : { "*": Object.fromEntries(types) };
  return isDeepStrictEqual(typesVersions, wanted) ? [] : [`"typesVersions" is to be ${JSON.stringify(wanted)}`];
}

function checkDependencies(manifest: Manifest): string[] {
  const problems: string[] = [];
  for (const list of ["dependencies", "optionalDependencies", "devDependencies"]) {
    for (const [name, range] of Object.entries(dependencyList(manifest, list))) {
      if (!isPinned(name, range)) problems.push(`${list}: ${name} is "${range}"; ${wantedRange(name)}`);
    }
  }
  const optional = dependencyList(manifest, "peerDependenciesMeta") as Record<string, { optional?: boolean }>;
  for (const [name, range] of Object.entries(dependencyList(manifest, "peerDependencies"))) {
    if (name === "@tensorflow/tfjs-core" ? range !== "^4.22.0" : optional[name]?.optional !== true) {
      problems.push(
        `peerDependencies: ${name} "${range}"; only @tensorflow/tfjs-core "^4.22.0" and optional engines are peers`,
      );
    }
  }
  const bundles = bundling.includes(manifest.name.replace("@lad/", ""));
  if (bundles && Object.keys(dependencyList(manifest, "dependencies")).length > 0) {
    problems.push("is to install without dependencies: bundle them, as devDependencies");
  }
  return problems;
}

function isPinned(name: string, range: string): boolean {
  if (name.startsWith("@lad/")) return range === "workspace:^";
  return range === "catalog:" || /^\d+\.\d+\.\d+$/.test(range);
}

function wantedRange(name: string): string {
  return name.startsWith("@lad/") ? 'wanted "workspace:^"' : "wanted an exact version or catalog:";
}
