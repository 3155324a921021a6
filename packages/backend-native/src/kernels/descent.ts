import { LadError } from "@lad/core";
import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Device } from "../device";
import { type KernelTable, kernel } from "../kernel";

type Inputs = { weight: TensorInfo; gradient: TensorInfo; velocity?: TensorInfo };
type Attributes = { rate: number; momentum: number; decay: number; nesterov: boolean };

/**
 * A step of gradient descent with momentum in one pass, for optimisers only: the new weight and velocity are written over the old ones where nobody
 * else can see these, so that clones, slices and averages stay what they are.
 */
export function descentKernels({ addon, floats, replacement }: Device): KernelTable {
  return {
    LadSgd: kernel<Inputs, Attributes>(({ weight, gradient, velocity }, { rate, momentum, decay, nesterov }) => {
      for (const [name, tensor] of Object.entries({ gradient, velocity }))
        if (tensor && `${tensor.shape}` !== `${weight.shape}`)
          throw new LadError(
            "SHAPE_MISMATCH",
            `native LadSgd: ${name} [${tensor.shape}] is not of weight's shape [${weight.shape}]`,
          );
      const before = [floats(weight), floats(gradient), velocity ? floats(velocity) : null] as const;
      const [w, v] = [replacement(weight), replacement(velocity ?? weight, velocity !== undefined)];
      addon.descend(...before, w.values, v.values, rate, momentum, decay, Number(nesterov));
      return [w.info, v.info];
    }),
  };
}
