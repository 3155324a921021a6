/**
 * Yields `make(0) … make(count - 1)` in order, with up to `ahead` results in the making beyond the one asked for.
 * A failure comes out when its turn comes; what was begun after it is waited for by nobody and reported to nobody.
 */
export async function* prefetch<Item>(
  count: number,
  make: (index: number) => Promise<Item>,
  { from = 0, ahead = 2 }: { readonly from?: number; readonly ahead?: number } = {},
): AsyncGenerator<Item, void, undefined> {
  const pending: Promise<Item>[] = [];
  let next = from;
  for (let current = from; current < count; current++) {
    while (next < count && next <= current + ahead) {
      const promise = make(next++);
      promise.catch(() => undefined); // not unhandled while it waits for its turn
      pending.push(promise);
    }
    yield await pending.shift()!;
  }
}
