import { LadError, type NdRecord } from "@lad/core";
import { type Detectron2Context, detectron2Rules } from "./detectron2-rules";
import { towerNames } from "./detectron2-towers";

export type Detectron2NamesOptions = {
  /** Whose names a dense head's predictors get: mmdetection's RetinaNet (`retina_cls`), FCOS (`conv_cls`) or ATSS (`atss_cls`). Default: FCOS with a centre-ness, else RetinaNet. */
  readonly head?: keyof typeof heads;
};

export type RenamedCheckpoint = {
  readonly tensors: NdRecord;
  /** Old and new names, where they differ. */
  readonly renamed: ReadonlyMap<string, string>;
  /** Entries that are no parameters (pixel statistics, anchors of cells): not among `tensors`. */
  readonly skipped: readonly string[];
};

const heads = {
  retina: { classes: "retina_cls", boxes: "retina_reg", quality: "retina_centerness" },
  fcos: { classes: "conv_cls", boxes: "conv_reg", quality: "conv_centerness" },
  atss: { classes: "atss_cls", boxes: "atss_reg", quality: "atss_centerness" },
} as const;

const student = "student.";
const isConstant = (name: string) => /(^|\.)(pixel_mean|pixel_std|cell_anchors\.\d+)$/.test(name);

/** Whether names are of detectron2's world: a stem and stages `res2` … or its pyramid. */
export function isDetectron2(names: Iterable<string>): boolean {
  const mark = /(^|\.)(stem\.conv1\.|res[2-5]\.\d+\.|fpn_(lateral|output)\d\.|rpn_head\.anchor_deltas\.)/;
  return [...names].some((name) => mark.test(name));
}

/**
 * A checkpoint of detectron2 (or of LGD's students, whose pyramid is in the file twice) under the names that torchvision and mmdetection
 * have for the same parameters. Names without a rule, such as a dynamic teacher's, stay.
 * @throws {LadError} INVALID_FILE if two entries of different values get one name.
 */
export function fromDetectron2Names(record: NdRecord, { head }: Detectron2NamesOptions = {}): RenamedCheckpoint {
  const bare = (name: string) => (name.startsWith(student) ? name.slice(student.length) : name);
  const names = Object.keys(record);
  const towers = towerNames(Object.entries(record).map(([name, array]) => [bare(name), array.shape.length] as const));
  const context = contextOf(names.map(bare), head);
  const tensors = new Map<string, NdRecord[string]>();
  const renamed = new Map<string, string>();
  for (const name of names.filter((each) => !isConstant(each))) {
    const plain = bare(name);
    const target = towers.get(plain) ?? renamedBy(plain, context);
    const [array, known] = [record[name]!, tensors.get(target)];
    if (known && !sameValues(known, array))
      throw new LadError(
        "INVALID_FILE",
        `fromDetectron2Names: ${name} and another entry are both ${target}, with other values`,
      );
    tensors.set(target, array);
    if (target !== name) renamed.set(name, target);
  }
  return { tensors: Object.fromEntries(tensors), renamed, skipped: names.filter(isConstant) };
}

function contextOf(names: readonly string[], head: Detectron2NamesOptions["head"]): Detectron2Context {
  const levels = new Set(names.flatMap((name) => /fpn_lateral(\d)\./.exec(name)?.[1] ?? []));
  const kind = head ?? (names.some((name) => name.startsWith("head.centerness.")) ? "fcos" : "retina");
  return { firstLevel: Math.min(...[...levels].map(Number)), levels: levels.size, head: heads[kind] };
}

function renamedBy(name: string, context: Detectron2Context): string {
  for (const [pattern, rename] of detectron2Rules) {
    const match = pattern.exec(name);
    if (match) return rename(match.slice(1), context) + name.slice(match[0].length);
  }
  return name;
}

function sameValues(a: NdRecord[string], b: NdRecord[string]): boolean {
  return `${a.shape}` === `${b.shape}` && a.data.every((value, index) => Object.is(value, b.data[index]));
}
