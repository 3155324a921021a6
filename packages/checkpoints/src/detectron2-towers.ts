const towers: Readonly<Record<string, string>> = { cls_subnet: "cls_convs", bbox_subnet: "reg_convs" };

/**
 * Names of the towers of a dense head. detectron2 numbers everything in a tower, activations and norms too (`head.cls_subnet.2.weight`);
 * mmdetection its layers (`bbox_head.cls_convs.1.conv.weight`, `.gn.` or `.bn.`). A layer begins with each weight of rank 4.
 * @param entries names and ranks, of all parameters or of some
 */
export function towerNames(entries: readonly (readonly [name: string, rank: number])[]): ReadonlyMap<string, string> {
  const parts = entries.flatMap(([name, rank]) => {
    const match = /^head\.(cls_subnet|bbox_subnet)\.(\d+)\.(\w+)$/.exec(name);
    return match ? [{ name, rank, tower: match[1]!, place: Number(match[2]), leaf: match[3]! }] : [];
  });
  const places = (tower: string, test: (part: (typeof parts)[number]) => boolean) =>
    new Set(parts.filter((part) => part.tower === tower && test(part)).map(({ place }) => place));
  const renamed = new Map<string, string>();
  for (const [tower, layers] of Object.entries(towers)) {
    const convs = [...places(tower, ({ leaf, rank }) => leaf === "weight" && rank === 4)].sort((a, b) => a - b);
    const batchNorms = places(tower, ({ leaf }) => leaf === "running_mean");
    for (const { name, place, leaf } of parts.filter((part) => part.tower === tower)) {
      const layer = convs.filter((conv) => conv <= place).length - 1;
      const norm = batchNorms.has(place) ? "bn" : "gn";
      renamed.set(name, `bbox_head.${layers}.${layer}.${convs[layer] === place ? "conv" : norm}.${leaf}`);
    }
  }
  return renamed;
}
