import { LadError, type NdArray, type NdRecord, ndArray } from "@lad/core";
import { borrow, type Params } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";

/** Tensors that an optimiser keeps between steps, one for each parameter. It owns them. */
export type OptimizerSlots = {
  get(name: string): tf.Tensor | undefined;
  /** Takes the place of the parameter's tensor, which may be the same memory. To be called inside a tidy or with a tensor of one's own. */
  replace(name: string, tensor: tf.Tensor): void;
  save(): Promise<NdRecord>;
  /** @throws {LadError} CHECKPOINT_MISMATCH naming the parameter if the record belongs to others; nothing is changed then. */
  load(record: NdRecord): void;
  dispose(): void;
};

/**
 * Slots by parameter name, saved as they lie in memory.
 * @param who for messages, with `what` a tensor is: "sgd", "momentum".
 */
export function optimizerSlots(who: string, what: string, params: Params): OptimizerSlots {
  const tensors = new Map<string, tf.Tensor>();
  const replace = (name: string, tensor: tf.Tensor) => {
    tensors.get(name)?.dispose();
    tensors.set(name, tf.keep(tensor));
  };
  const clear = () => {
    tf.dispose([...tensors.values()]);
    tensors.clear();
  };
  return {
    get: (name) => tensors.get(name),
    replace,
    save: async () => {
      const record: Record<string, NdArray> = {};
      for (const [name, tensor] of tensors)
        record[name] = await borrow(tensor, (values) => ndArray(Float32Array.from(values), tensor.shape));
      return record;
    },
    load: (record) => {
      checkRecord(who, what, record, params);
      clear();
      for (const [name, { data, shape }] of Object.entries(record))
        replace(name, tf.tensor(Float32Array.from(data), [...shape], "float32"));
    },
    dispose: clear,
  };
}

function checkRecord(who: string, what: string, record: NdRecord, params: Params): void {
  for (const [name, { shape }] of Object.entries(record)) {
    const wanted = params.get(name)?.variable.shape;
    if (`${wanted}` === `${shape}`) continue;
    const problem = wanted
      ? `has shape [${wanted}] in memory, its stored ${what} [${shape}]`
      : "is not among the parameters";
    throw new LadError("CHECKPOINT_MISMATCH", `${who}: ${name} ${problem}; the state belongs to another network`);
  }
}
