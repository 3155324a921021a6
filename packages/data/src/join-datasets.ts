import type { Dataset } from "./dataset";

/** A data set and what tells its pictures from those of others. */
export type NamedDataset = { readonly prefix: string; readonly dataset: Dataset };

/**
 * Data sets one after the other, as one. Where their classes differ they are all names, sorted, and labels follow; an id that several have
 * gets its data set's prefix, `VOC2012/000005`.
 */
export function joinDatasets(parts: readonly NamedDataset[]): Dataset {
  const names = parts.map(({ dataset }) => dataset.classes);
  const alike = names.every((other) => other.join() === names[0]!.join());
  const classes = alike ? names[0]! : [...new Set(names.flat())].sort();
  const owners = ownersOfIds(parts);
  return {
    name: parts.map(({ dataset }) => dataset.name).join(" + "),
    classes,
    categoryIds: classes.map((_, label) => label + 1),
    images: parts.flatMap(({ prefix, dataset }) =>
      dataset.images.map((image) => ({
        ...image,
        id: owners.get(image.id)! > 1 ? `${prefix}/${image.id}` : image.id,
        labels: image.labels.map((label) => classes.indexOf(dataset.classes[label]!)),
      })),
    ),
    warnings: parts.flatMap(({ dataset }) => dataset.warnings),
  };
}

/** How many of the data sets have an id. */
function ownersOfIds(parts: readonly NamedDataset[]): ReadonlyMap<string, number> {
  const owners = new Map<string, number>();
  for (const { id } of parts.flatMap(({ dataset }) => dataset.images)) owners.set(id, (owners.get(id) ?? 0) + 1);
  return owners;
}
