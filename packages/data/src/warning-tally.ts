/** Counts what happened to annotations, by kind and picture, and says it in one line a kind. */
export type WarningTally = {
  count(kind: string, image: string): void;
  warnings(file: string): string[];
};

const NAMED_IMAGES = 5;

export function warningTally(): WarningTally {
  const kinds = new Map<string, Map<string, number>>();
  return {
    count(kind, image) {
      const images = kinds.get(kind) ?? new Map<string, number>();
      kinds.set(kind, images.set(image, (images.get(image) ?? 0) + 1));
    },
    warnings: (file) => [...kinds].map(([kind, images]) => `${file}: ${line(kind, images)}`),
  };
}

function line(kind: string, images: ReadonlyMap<string, number>): string {
  const total = [...images.values()].reduce((sum, count) => sum + count, 0);
  const named = [...images].slice(0, NAMED_IMAGES).map(([image, count]) => (count > 1 ? `${image} (${count})` : image));
  const rest = images.size > NAMED_IMAGES ? ` and ${images.size - NAMED_IMAGES} more` : "";
  return `${total} ${total === 1 ? "annotation" : "annotations"} ${kind}, in ${named.join(", ")}${rest}`;
}
