import type { NdRecord } from "@lad/core";
import { zipFile } from "./zip-file";

const latin1 = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const bytesOf = (value: number) => String.fromCharCode(...new Uint8Array(Uint32Array.of(value).buffer));
const whole = (value: number) => `J${bytesOf(value)}`;
const text = (value: string) => `X${bytesOf(value.length)}${value}`;
const tuple = (values: readonly number[]) => `(${values.map(whole).join("")}t`;

/** A PyTorch file (zip) that holds a state dictionary of float32 tensors, alone or as `key` of a dictionary with other pickled entries. */
export function torchFile(record: NdRecord, { key, beside = "" }: PickledFileOptions = {}): Uint8Array {
  const names = Object.keys(record);
  const tensors = names.map((name, index) => {
    const { data, shape } = record[name]!;
    const storage = `(${text("storage")}ctorch\nFloatStorage\n${text(`${index}`)}${text("cpu")}${whole(data.length)}tQ`;
    const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, side) => product * side, 1));
    return `${text(name)}ctorch._utils\n_rebuild_tensor_v2\n(${storage}${whole(0)}${tuple(shape)}${tuple(strides)}\x89}tR`;
  });
  const storages = names.map((name, index) => [
    `archive/data/${index}`,
    new Uint8Array(Float32Array.from(record[name]!.data).buffer),
  ]);
  return zipFile({
    "archive/data.pkl": latin1(pickle(`}(${tensors.join("")}u`, key, beside)),
    ...Object.fromEntries(storages),
  });
}

/** A pickle as detectron2 writes it: float32 numpy arrays under `model`. */
export function detectron2File(record: NdRecord, { key = "model", beside = "" }: PickledFileOptions = {}): Uint8Array {
  const arrays = Object.entries(record).map(([name, { data, shape }]) => {
    const content = String.fromCharCode(...new Uint8Array(Float32Array.from(data).buffer));
    const empty = "cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\nK\0\x85C\x01btR";
    const type = `cnumpy\ndtype\n(${text("f4")}\x89\x88tR(K\x03${text("<")}NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tb`;
    return `${text(name)}${empty}(K\x01${tuple(shape)}${type}\x89B${bytesOf(content.length)}${content}tb`;
  });
  return latin1(pickle(`}(${arrays.join("")}u`, key, beside).replace("\x80\x02", "\x80\x03"));
}

export type PickledFileOptions = {
  /** Under which name the parameters lie; none: they are the whole file. */
  readonly key?: string;
  /** Opcodes of further keys and values beside them. */
  readonly beside?: string;
};

function pickle(dictionary: string, key: string | undefined, beside: string): string {
  return `\x80\x02${key === undefined ? dictionary : `}(${text(key)}${dictionary}${beside}u`}.`;
}
