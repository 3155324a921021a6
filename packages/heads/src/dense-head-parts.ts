import { random as createRandom, type Random } from "@lad/core";
import { convLayer, type Layer, normalInit, scaleLayer } from "@lad/nn";
import { joinParams, type Params } from "@lad/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import { convTower } from "./conv-tower";

/** What all dense heads share: two towers, a class output, one scale a level. */
export type DenseHeadOptions = {
  readonly classes: number;
  readonly in?: number;
  readonly channels?: number;
  /** Convolutions per tower. */
  readonly stackedConvs?: number;
  /** Groups of the towers' group norms; 0: no norm, convolutions with bias. */
  readonly groups?: number;
  readonly levels?: number;
  readonly anchorsPerCell?: number;
  /** Probability of every class at the start. */
  readonly classPrior?: number;
  readonly random?: Random;
};

export type DenseHeadParts = {
  /** A 3×3 output convolution on a tower, of so many numbers an anchor; normal(0, 0.01) weights. */
  output(numbers: number): Layer;
  /** Class logits and what the box branch reads, of one level's map. */
  branches(map: tf.Tensor4D): { readonly logits: tf.Tensor4D; readonly boxFeatures: tf.Tensor4D };
  /** One learnable factor a level, of its box output. */
  readonly scales: readonly Layer[];
  /** Channels of the towers' outputs. */
  readonly width: number;
  readonly random: Random;
  /** All parameters: `cls_convs`, `reg_convs`, `<className>`, those given, `scales.<level>`. */
  named(className: string, others: Readonly<Record<string, Params>>): Params;
};

/**
 * The parts of a dense head as mmdet 2.10 names and initialises them: two towers, 3×3 outputs with normal(0, 0.01) weights, class bias
 * `-ln((1 - prior) / prior)`, scales of 1.
 * @param classChannels logits an anchor, if they are not the classes.
 */
export function denseHeadParts(
  {
    classes,
    in: input = 256,
    channels = 256,
    stackedConvs = 4,
    groups = 32,
    levels = 5,
    anchorsPerCell = 1,
    classPrior = 0.01,
    random = createRandom(0),
  }: DenseHeadOptions,
  classChannels = classes,
): DenseHeadParts {
  const width = stackedConvs ? channels : input;
  const tower = () => convTower({ in: input, channels, depth: stackedConvs, groups, random });
  const output = (numbers: number, biasValue = 0) => {
    const shape = { in: width, out: numbers * anchorsPerCell, kernel: 3, bias: true };
    return convLayer({ ...shape, initial: normalInit(0.01), biasValue, random });
  };
  const classTower = tower();
  const boxTower = tower();
  const classOutput = output(classChannels, -Math.log((1 - classPrior) / classPrior));
  const scales = Array.from({ length: levels }, () => scaleLayer());
  return {
    output,
    branches(map) {
      const boxFeatures = boxTower.forward(map);
      return { logits: classOutput.forward(classTower.forward(map)), boxFeatures };
    },
    scales,
    width,
    random,
    named: (className, others) =>
      joinParams({
        cls_convs: classTower.params,
        reg_convs: boxTower.params,
        [className]: classOutput.params,
        ...others,
        ...Object.fromEntries(scales.map((scale, level) => [`scales.${level}`, scale.params])),
      }),
  };
}
