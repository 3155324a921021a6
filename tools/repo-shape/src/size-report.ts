import ts from "typescript";
import { lineCount } from "./check-source";
import type { SourceFile, WorkspacePackage } from "./workspace";

export type SizeRow = {
  readonly name: string;
  readonly files: number;
  readonly sourceLines: number;
  readonly testLines: number;
  /** Test lines per source line; 0 without sources. */
  readonly ratio: number;
};

/** How much source and test a package has. Files without a function (types, tables, indexes) have nothing to test: not counted. */
export function sizeRow({ name, files }: WorkspacePackage): SizeRow {
  const sources = files.filter((file) => !file.isTest && hasCode(file));
  const sum = (some: typeof files) => some.reduce((total, { text }) => total + lineCount(text), 0);
  const [sourceLines, testLines] = [sum(sources), sum(files.filter((file) => file.isTest))];
  return { name, files: sources.length, sourceLines, testLines, ratio: sourceLines > 0 ? testLines / sourceLines : 0 };
}

/** Median number of lines of the source files (indexes left out) of some packages; 0 without files. */
export function medianLines(packages: readonly WorkspacePackage[]): number {
  const lengths = packages
    .flatMap(({ files }) => files)
    .filter(({ path, isTest }) => !isTest && !path.endsWith("/index.ts"))
    .map(({ text }) => lineCount(text))
    .sort((a, b) => a - b);
  return lengths[Math.floor(lengths.length / 2)] ?? 0;
}

/** Whether a file does something: has a function anywhere. */
function hasCode({ path, text }: SourceFile): boolean {
  const holdsFunction = (node: ts.Node): boolean =>
    ts.isFunctionLike(node) && !ts.isFunctionTypeNode(node) && !ts.isMethodSignature(node)
      ? true
      : (ts.forEachChild(node, holdsFunction) ?? false);
  return holdsFunction(ts.createSourceFile(path, text, ts.ScriptTarget.ES2022));
}
