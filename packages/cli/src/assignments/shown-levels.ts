import type { AssignedImage } from "./assigned-image";

/** Levels on which any network has anything to show, fine to coarse; the finest if there is none. */
export function shownLevels({ networks }: AssignedImage): { readonly level: number; readonly stride: number }[] {
  const strides = networks[0]?.strides ?? [];
  const used = new Set(networks.flatMap(({ before = [], after }) => [...before, ...after].map(({ level }) => level)));
  const levels = strides.map((stride, level) => ({ level, stride }));
  return used.size === 0 ? levels.slice(0, 1) : levels.filter(({ level }) => used.has(level));
}
