import { LadError } from "@lad/core";
import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Device } from "../device";
import { type KernelTable, kernel } from "../kernel";

type Inputs = { weight: TensorInfo; gradient: TensorInfo };
type Sgd = { rate: number; momentum: number; decay: number; nesterov: boolean };
type AdamW = Readonly<Record<"beta1" | "beta2" | "shrink" | "rate" | "correction" | "eps", number>>;

/**
 * Steps of optimisers in one pass, for optimisers only: the new weight and their own tensors are written over the old ones where nobody else can see
 * these, so that clones, slices and averages stay what they are. In place or not, the bits are the same.
 */
export function descentKernels({ addon, floats, replacement }: Device): KernelTable {
  const check = (who: string, { weight, ...others }: Inputs & Readonly<Record<string, TensorInfo | undefined>>) => {
    for (const [name, tensor] of Object.entries(others))
      if (tensor && `${tensor.shape}` !== `${weight.shape}`)
        throw new LadError(
          "SHAPE_MISMATCH",
          `native ${who}: ${name} [${tensor.shape}] is not of weight's shape [${weight.shape}]`,
        );
  };
  return {
    LadSgd: kernel<Inputs & { velocity?: TensorInfo }, Sgd>((inputs, { rate, momentum, decay, nesterov }) => {
      check("LadSgd", inputs);
      const { weight, gradient, velocity } = inputs;
      const before = [floats(weight), floats(gradient), velocity ? floats(velocity) : null] as const;
      const [w, v] = [replacement(weight), replacement(velocity ?? weight, velocity !== undefined)];
      addon.descend(...before, w.values, v.values, rate, momentum, decay, Number(nesterov));
      return [w.info, v.info];
    }),
    LadAdamW: kernel<Inputs & { mean?: TensorInfo; square?: TensorInfo }, AdamW>((inputs, step) => {
      check("LadAdamW", inputs);
      const { weight, gradient, mean, square } = inputs;
      const moments = [mean, square].map((tensor) => (tensor ? floats(tensor) : null));
      const before = [floats(weight), floats(gradient), ...moments];
      const after = [
        replacement(weight),
        ...[mean, square].map((own) => replacement(own ?? weight, own !== undefined)),
      ];
      const { beta1, beta2, shrink, rate, correction, eps } = step;
      addon.adamW(...before, ...after.map(({ values }) => values), beta1, beta2, shrink, rate, correction, eps);
      return after.map(({ info }) => info);
    }),
  };
}
