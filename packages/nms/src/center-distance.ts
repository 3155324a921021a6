const { fround, max, min } = Math;

/** Added to denominators by the Cluster-DIoU code of the LD repository. */
export const clusterEps = fround(1e-7);

/** Squared distance of two boxes' centres over (squared diagonal of their hull + 1e-7), every step in float32. */
export function centerDistanceAt(a: Float32Array, i: number, b: Float32Array, j: number): number {
  let distance = 0;
  let diagonal = 0;
  for (let axis = 0; axis < 2; axis++) {
    const centers = fround(
      fround(fround(a[i + axis]! + a[i + axis + 2]!) / 2) - fround(fround(b[j + axis]! + b[j + axis + 2]!) / 2),
    );
    const hull = max(0, fround(max(a[i + axis + 2]!, b[j + axis + 2]!) - min(a[i + axis]!, b[j + axis]!)));
    distance = fround(distance + fround(centers * centers));
    diagonal = fround(diagonal + fround(hull * hull));
  }
  return fround(distance / fround(diagonal + clusterEps));
}
