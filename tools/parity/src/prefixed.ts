import type { GoldenCase } from "./golden-case";

/** The part of a case whose tensors begin with `<prefix>.`, seen without it. */
export function prefixed(golden: GoldenCase, prefix: string): GoldenCase {
  const full = (name: string) => `${prefix}.${name}`;
  return {
    ...golden,
    name: prefix,
    has: (name) => golden.has(full(name)),
    take: (name) => golden.take(full(name)),
    takeAll: (inner) => golden.takeAll(full(inner)),
    exclude: (name) => golden.exclude(full(name)),
    names: (inner = "") => golden.names(full(inner)).map((name) => name.slice(prefix.length + 1)),
  };
}
