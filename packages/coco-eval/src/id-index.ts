/** Finds the position of an id, -1 if it is not there. Of a repeated id the first position counts. */
export type IdIndex = (id: number) => number;

/** Ids below this are looked up in a table (of at most 16 MB). */
const tableLimit = 2 ** 22;

/** Makes an index over ids: a table when they are small whole numbers, as in COCO, else a map. */
export function idIndex(ids: ArrayLike<number>): IdIndex {
  let highest = -1;
  let isSmall = true;
  for (let i = 0; i < ids.length; i++) {
    highest = Math.max(highest, ids[i]!);
    isSmall &&= ids[i]! >= 0 && ids[i]! < tableLimit && Number.isInteger(ids[i]!);
  }
  return isSmall ? tableIndex(ids, highest + 1) : mapIndex(ids);
}

function tableIndex(ids: ArrayLike<number>, size: number): IdIndex {
  const positions = new Int32Array(size).fill(-1);
  for (let i = ids.length - 1; i >= 0; i--) positions[ids[i]!] = i;
  return (id) => (id >= 0 && id < size && Number.isInteger(id) ? positions[id]! : -1);
}

function mapIndex(ids: ArrayLike<number>): IdIndex {
  const positions = new Map<number, number>();
  for (let i = ids.length - 1; i >= 0; i--) positions.set(ids[i]!, i);
  return (id) => positions.get(id) ?? -1;
}
