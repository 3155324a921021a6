import { browserReady, bundling, engineFree, engineOwners, isPlaced, mayImport } from "./layers";
import { dependencyNames } from "./package-names";
import type { SourceFile, WorkspacePackage } from "./workspace";

/** Module names a file imports: static, re-exported, dynamic, `require`d and in types. */
export function importedModules(text: string): string[] {
  const pattern = /(?:\bfrom|\bimport|\bimport\(|\brequire\()\s*"([^"\n]+)"/g;
  return [...withoutComments(text).matchAll(pattern)].map((match) => match[1] as string);
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
}

/** What is wrong with the imports and dependencies of a package, one sentence each. */
export function checkImports(workspacePackage: WorkspacePackage): string[] {
  const { name, manifest, files } = workspacePackage;
  if (!isPlaced(name)) return [`@lad/${name} has no place in tools/repo-shape/src/layers.ts`];
  const declared = dependencyNames(manifest, "dependencies", "devDependencies", "peerDependencies");
  const wrongDeclared = declared
    .filter((module) => module.startsWith("@lad/") && module !== "@lad/testing" && !mayImport(name, bare(module)))
    .map((module) => `@lad/${name} declares ${module}, which is not below it`);
  return [...wrongDeclared, ...files.flatMap((file) => checkFile(workspacePackage, file))];
}

function checkFile({ name, manifest }: WorkspacePackage, { path, text, isTest }: SourceFile): string[] {
  const shipped = dependencyNames(manifest, "dependencies", "peerDependencies", "optionalDependencies");
  const forTests = dependencyNames(manifest, "devDependencies");
  const usable = isTest || bundling.includes(name) ? [...shipped, ...forTests] : shipped;
  return importedModules(text).flatMap((module) => {
    const forBrowsers = !isTest && browserReady.includes(name) && !isForNode(path);
    if (forBrowsers && (module.startsWith("node:") || /^\.{1,2}\/node(\/|$)/.test(module))) {
      return [`${path} imports ${module}, but has to run in a browser`];
    }
    if (/^(\.|node:)/.test(module) || (isTest && isTestTool(module))) return [];
    const problems = [];
    const packageName = packageOf(module);
    if (!usable.includes(packageName)) problems.push(`${path} imports ${module}, which package.json does not declare`);
    if (packageName.startsWith("@lad/") && packageName !== "@lad/testing" && !mayImport(name, bare(packageName))) {
      problems.push(`${path} imports ${module}, which is not below @lad/${name}`);
    }
    if (isEngine(packageName) && !isTest && !engineOwners.includes(name))
      problems.push(`${path} names the engine ${module}`);
    if (packageName.startsWith("@tensorflow/") && engineFree.includes(name)) {
      problems.push(`${path} imports ${module}, but @lad/${name} needs no engine`);
    }
    return problems;
  });
}

/** A package's part for Node alone, its subpath `node`. */
function isForNode(path: string): boolean {
  return path.includes("/src/node/");
}

const bare = (module: string): string => module.replace("@lad/", "");

/** `@scope/name` or `name` of a module name with a path. */
function packageOf(module: string): string {
  return module.split("/", module.startsWith("@") ? 2 : 1).join("/");
}

/** vitest comes from the workspace's root. */
function isTestTool(module: string): boolean {
  return packageOf(module) === "vitest";
}

function isEngine(module: string): boolean {
  return /^@tensorflow\/tfjs-(backend-|node)/.test(module) || module === "@lad/backend-native";
}
