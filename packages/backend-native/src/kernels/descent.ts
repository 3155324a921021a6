import { LadError } from "@lad/core";
import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Device } from "../device";
import { type KernelTable, kernel, sizeOf } from "../kernel";

type Inputs = { weight: TensorInfo; gradient: TensorInfo; velocity?: TensorInfo };
type Attributes = { rate: number; momentum: number; decay: number; nesterov: boolean };

/** A step of gradient descent with momentum in one pass: the new weight and velocity, in memory of their own, so that clones and averages stay what they are. */
export function descentKernels({ addon, floats, allocate, result }: Device): KernelTable {
  return {
    LadSgd: kernel<Inputs, Attributes>(({ weight, gradient, velocity }, { rate, momentum, decay, nesterov }) => {
      for (const [name, tensor] of Object.entries({ gradient, velocity }))
        if (tensor && `${tensor.shape}` !== `${weight.shape}`)
          throw new LadError(
            "SHAPE_MISMATCH",
            `native LadSgd: ${name} [${tensor.shape}] is not of weight's shape [${weight.shape}]`,
          );
      const [w, v] = [allocate(sizeOf(weight.shape)), allocate(sizeOf(weight.shape))];
      const before = velocity ? floats(velocity) : null;
      addon.descend(floats(weight), floats(gradient), before, w, v, rate, momentum, decay, Number(nesterov));
      return [result(weight.shape, w), result(weight.shape, v)];
    }),
  };
}
