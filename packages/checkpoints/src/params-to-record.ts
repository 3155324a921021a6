import type { NdArray, NdRecord } from "@lad/core";
import { borrow, type Params } from "@lad/tensor";
import { toTorchLayout } from "./torch-layout";

/** Copies parameters of every kind to the host, under their names and in torch layout (OIHW, `[out, in]`): what a checkpoint holds. */
export async function paramsToRecord(params: Params): Promise<NdRecord> {
  const record: [string, NdArray][] = [];
  for (const [name, { variable, layout }] of params) {
    const array = await borrow(variable, (data) =>
      toTorchLayout({ data: data as Float32Array, shape: variable.shape }, layout),
    );
    record.push([name, array]);
  }
  return Object.fromEntries(record);
}
