import type { ImageChoice } from "./choose-costs";

/** Candidates whose costs are summarised as one. */
type CostSet = { readonly image: number; readonly members: Int32Array };

/**
 * Both networks' costs in numbers: per image the mean over its sets of the set's mean and (unbiased, sets of two and more) standard deviation,
 * then the mean over images. Without `sets` an image's candidates are one set.
 */
export function costSummary(
  images: readonly ImageChoice[],
  networks: readonly (readonly Float32Array[])[],
  sets: readonly CostSet[] | undefined,
): Record<string, number> {
  const summary: Record<string, number> = {};
  const put = (name: string, perImage: readonly (number | undefined)[]) => {
    const known = perImage.filter((value) => value !== undefined);
    if (known.length > 0) summary[name] = mean(known);
  };
  networks.forEach((costs, network) => {
    const setsOf = (image: number): Float64Array[] =>
      sets
        ? sets
            .filter((set) => set.image === image)
            .map(({ members }) => Float64Array.from(members, (position) => costs[image]![position]!))
        : [Float64Array.from(costs[image]!)].filter(({ length }) => length > 0);
    const name = network === 0 ? "s" : "t";
    const averaged = (of: (costs: Float64Array) => number, least: number) =>
      images.map((_, image) => {
        const counted = setsOf(image).filter(({ length }) => length >= least);
        return counted.length > 0 ? mean(counted.map(of)) : undefined;
      });
    put(`${name}_mean`, averaged(mean, 1));
    put(`${name}_std`, averaged(deviation, 2));
  });
  put(
    "t_ratio",
    images.map(({ choices }) => {
      const decided = [...choices].filter((choice) => choice >= 0);
      return decided.length > 0 ? mean(decided) : undefined;
    }),
  );
  return summary;
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += values[at]!;
  return sum / values.length;
}

function deviation(values: Float64Array): number {
  const center = mean(values);
  return Math.sqrt((mean(values.map((value) => (value - center) ** 2)) * values.length) / (values.length - 1));
}
