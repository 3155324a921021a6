/** Calls random entry points of the add-on, right and wrong ones; see random-calls.mjs. */
export function randomCalls(
  addon: object,
  options: { readonly calls: number; readonly seed: number; readonly skip?: readonly string[] },
): { readonly right: readonly string[]; readonly wrong: number };
