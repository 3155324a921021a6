import { LadError } from "@lad/core";
import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Device } from "../device";
import { type KernelTable, kernel } from "../kernel";

type Inputs = { weight: TensorInfo; gradient: TensorInfo };
type Blend = { stored: TensorInfo; fresh: TensorInfo };
type Sgd = { rate: number; momentum: number; decay: number; nesterov: boolean };
type AdamW = Readonly<Record<"beta1" | "beta2" | "shrink" | "rate" | "correction" | "eps", number>>;

/**
 * Steps of optimisers and moving averages in one pass, for those only who replace the old values by the new: these are written over the old ones where nobody else can see
 * these, so that clones, slices and averages stay what they are. In place or not, the bits are the same.
 */
export function descentKernels({ addon, floats, replacement }: Device): KernelTable {
  const check = (who: string, inputs: Readonly<Record<string, TensorInfo | undefined>>, like: string) => {
    const { shape } = inputs[like]!;
    for (const [name, tensor] of Object.entries(inputs))
      if (tensor && `${tensor.shape}` !== `${shape}`)
        throw new LadError(
          "SHAPE_MISMATCH",
          `native ${who}: ${name} [${tensor.shape}] is not of ${like}'s shape [${shape}]`,
        );
  };
  return {
    LadSgd: kernel<Inputs & { velocity?: TensorInfo }, Sgd>((inputs, { rate, momentum, decay, nesterov }) => {
      check("LadSgd", inputs, "weight");
      const { weight, gradient, velocity } = inputs;
      const before = [floats(weight), floats(gradient), velocity ? floats(velocity) : null] as const;
      const [w, v] = [replacement(weight), replacement(velocity ?? weight, velocity !== undefined)];
      addon.descend(...before, w.values, v.values, rate, momentum, decay, Number(nesterov));
      return [w.info, v.info];
    }),
    LadAdamW: kernel<Inputs & { mean?: TensorInfo; square?: TensorInfo }, AdamW>((inputs, step) => {
      check("LadAdamW", inputs, "weight");
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
    LadBlend: kernel<Blend, { keep: number; take: number }>((inputs, { keep, take }) => {
      check("LadBlend", inputs, "stored");
      const { stored, fresh } = inputs;
      const [before, latest, after] = [floats(stored), floats(fresh), replacement(stored)];
      addon.blend(before, latest, after.values, keep, take);
      return after.info;
    }),
  };
}
