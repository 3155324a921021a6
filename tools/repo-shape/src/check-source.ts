import ts from "typescript";
import type { SourceFile } from "./workspace";

/** Longest source file, lines. */
const hardLineLimit = 400;

/** Number of lines, a last one without a line break counted. */
export function lineCount(text: string): number {
  return text === "" ? 0 : text.replace(/\n$/, "").split("\n").length;
}

/** Names, sizes and escapes from the type system in one file, one sentence each. */
export function checkSource({ path, text, isTest }: SourceFile): string[] {
  const problems: string[] = [];
  const base = path.slice(path.lastIndexOf("/") + 1).replace(/(\.test)?\.ts$/, "");
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(base)) problems.push(`${path}: the name is to be kebab-case`);
  if (!isTest && lineCount(text) > hardLineLimit)
    problems.push(`${path}: ${lineCount(text)} lines, at most ${hardLineLimit}`);
  for (const [pattern, reason] of forbidden) {
    for (const line of linesMatching(text, pattern)) problems.push(`${path}:${line}: ${reason}`);
  }
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  problems.push(...checkTree(tree, path, isTest));
  if (/\/src\/(index|[a-z-]+\/index)\.ts$/.test(path)) problems.push(...checkIndex(tree, path));
  return problems;
}

/** Methods that tfjs' chained_ops give to tensors and that nothing else here has. */
const tensorMethods =
  /^(?:sub|mul|div|reshape|expandDims|squeeze|matMul|transpose|tile|gather|toFloat|toInt|as[1-5]D)$/;

const forbidden: readonly (readonly [RegExp, string])[] = [
  [/\bas\s+any\b/, "a cast to any"],
  [/@ts-(?:ignore|nocheck)/, "the type checker is switched off"],
  [/^\s*export\s+\*/, "exports everything: name what is exported"],
  [/\b(?:it|test|describe)\.(?:skip|only|todo)\b/, "a test that does not run, or keeps others from running"],
];

function linesMatching(text: string, pattern: RegExp): number[] {
  return text.split("\n").flatMap((line, index) => (pattern.test(line) ? [index + 1] : []));
}

function checkTree(tree: ts.SourceFile, path: string, isTest: boolean): string[] {
  const problems: string[] = [];
  const at = (node: ts.Node) => `${path}:${tree.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
  const visit = (node: ts.Node): void => {
    // a capital is for what `new` calls: a stand-in for a class of the platform
    if (ts.isFunctionDeclaration(node) && node.name && !/^[a-zA-Z][a-zA-Z0-9]*$/.test(node.name.text)) {
      problems.push(`${at(node)}: the function ${node.name.text} is to be camelCase`);
    }
    if (ts.isExportAssignment(node) || isDefaultExport(node)) problems.push(`${at(node)}: a default export`);
    if (ts.isClassDeclaration(node) && !isTest && node.name?.text !== "LadError" && !isMathBackend(node)) {
      problems.push(`${at(node)}: a class; plain objects made by factories instead`);
    }
    const method = chainedMethod(node);
    if (method) problems.push(`${at(node)}: .${method}() on a tensor; call tf.${method}(…)`);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return problems;
}

function isDefaultExport(node: ts.Node): boolean {
  return (
    ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some((m) => m.kind === ts.SyntaxKind.DefaultKeyword)
  );
}

/** A tfjs backend can only be written as a subclass. */
function isMathBackend(node: ts.ClassDeclaration): boolean {
  return node.heritageClauses?.some((clause) => /Backend/.test(clause.getText())) ?? false;
}

/** The method's name if a call looks like a chained one on a tensor: with tfjs-core alone there are none. */
function chainedMethod(node: ts.Node): string | undefined {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined;
  const { expression: object, name } = node.expression;
  if (!tensorMethods.test(name.text)) return undefined;
  const isNamespace = ts.isIdentifier(object) && /^(?:tf|nn|layers|math)$/i.test(object.text);
  return isNamespace ? undefined : name.text;
}

function checkIndex(tree: ts.SourceFile, path: string): string[] {
  const isReExport = (node: ts.Statement) =>
    (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) || ts.isImportDeclaration(node);
  return tree.statements.every(isReExport) ? [] : [`${path}: an index only re-exports`];
}
