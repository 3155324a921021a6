import * as host from "../index";
import { fromTensor, type TensorLike } from "./from-tensor";

/** `hardNms` on tensors: boxes [N, 4] xyxy px, scores [N]. Both stay the caller's. @throws {LadError} as `hardNms`. */
export async function hardNms(
  boxes: TensorLike,
  scores: TensorLike,
  options: host.NmsOptions = {},
): Promise<Int32Array> {
  const [rows, { data }] = await both("hardNms", boxes, scores, 1);
  return host.hardNms(rows, data, options);
}

/** `classwiseNms` on tensors: boxes [N, 4] xyxy px, scores [N], labels [N]. All stay the caller's. @throws {LadError} as `classwiseNms`. */
export async function classwiseNms(
  boxes: TensorLike,
  scores: TensorLike,
  labels: TensorLike,
  options: host.NmsOptions = {},
): Promise<Int32Array> {
  const classes = fromTensor(labels, 1, "classwiseNms", "labels");
  const [[rows, { data }], { data: ofClass }] = await Promise.all([both("classwiseNms", boxes, scores, 1), classes]);
  return host.classwiseNms(rows, data, Int32Array.from(ofClass), options);
}

/** `softNms` on tensors: boxes [N, 4] xyxy px, scores [N]. Both stay the caller's. @throws {LadError} as `softNms`. */
export async function softNms(
  boxes: TensorLike,
  scores: TensorLike,
  options: host.SoftNmsOptions = {},
): Promise<host.SoftNms> {
  const [rows, { data }] = await both("softNms", boxes, scores, 1);
  return host.softNms(rows, data, options);
}

/** `multiclassNms` on tensors: boxes [N, 4] xyxy px, scores [N, C]. Both stay the caller's. @throws {LadError} as `multiclassNms`. */
export async function multiclassNms(
  boxes: TensorLike,
  scores: TensorLike,
  options: host.MulticlassNmsOptions = {},
): Promise<host.MulticlassNms> {
  return host.multiclassNms(...(await both("multiclassNms", boxes, scores, 2)), options);
}

function both(where: string, boxes: TensorLike, scores: TensorLike, rank: number) {
  return Promise.all([fromTensor(boxes, 2, where, "boxes"), fromTensor(scores, rank, where, "scores")]);
}
