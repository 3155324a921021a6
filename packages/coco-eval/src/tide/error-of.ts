import type { TideKind } from "./tide-types";

/** How a detection lies to an object of its image. */
type Relation = { readonly iou: number; readonly same: boolean; readonly found: boolean };
type Best = { object: number; iou: number };

/**
 * The error of a detection that is not true: the first of Loc, Cls, Dupe, Bkg, Both that applies.
 * @param relation of the detection to object g of `count`, in file order.
 * @returns the object that it is badly placed at, misnames or found again; -1 for none.
 * Follows tidecv 1.0.1 (arXiv:2008.08115 §2.2); a detection at both limits is Loc, not Bkg.
 */
export function errorOf(
  { foregroundIou, backgroundIou }: { readonly foregroundIou: number; readonly backgroundIou: number },
  count: number,
  relation: (g: number) => Relation,
): { readonly kind: Exclude<TideKind, "Miss">; readonly object: number } {
  const none = (): Best => ({ object: -1, iou: -1 });
  const [same, other, found] = [none(), none(), none()];
  for (let g = 0; g < count; g++) {
    const { iou, same: isSame, found: isFound } = relation(g);
    keepBest(isSame ? same : other, g, iou);
    if (isSame && isFound) keepBest(found, g, iou);
  }
  if (same.iou >= backgroundIou && same.iou <= foregroundIou) return { kind: "Loc", object: same.object };
  if (other.iou >= foregroundIou) return { kind: "Cls", object: other.object };
  if (found.iou >= foregroundIou) return { kind: "Dupe", object: found.object };
  return { kind: Math.max(same.iou, other.iou) <= backgroundIou ? "Bkg" : "Both", object: -1 };
}

function keepBest(best: Best, object: number, iou: number): void {
  if (iou > best.iou) Object.assign(best, { object, iou });
}
