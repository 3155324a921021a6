import * as tf from "@tensorflow/tfjs-core";

type Attributes = {
  readonly strides: number | [number, number];
  readonly pad: Parameters<typeof tf.backend_util.computeConv2DInfo>[4];
  readonly dataFormat?: "NHWC" | "NCHW";
  readonly dilations?: number | [number, number];
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
};

/**
 * What TensorFlow has wrong, put right once, after tfjs-node has registered its kernels: a convolution of no images is returned in the shape of
 * its input. All else is its own.
 */
export function mendTensorflow(backendName = "tensorflow"): void {
  for (const kernelName of [tf.Conv2D, tf.DepthwiseConv2dNative]) {
    const stock = tf.getKernel(kernelName, backendName);
    if (!stock) continue;
    tf.unregisterKernel(kernelName, backendName);
    tf.registerKernel({
      ...stock,
      kernelFunc: (call) => {
        const { x, filter } = call.inputs as { readonly x: tf.TensorInfo; readonly filter: tf.TensorInfo };
        if (tf.util.sizeFromShape(x.shape) > 0) return stock.kernelFunc(call);
        const shape = outShape(x, filter, call.attrs as unknown as Attributes, kernelName === tf.DepthwiseConv2dNative);
        return tf.zeros(shape, x.dtype);
      },
    });
  }
}

function outShape(
  x: tf.TensorInfo,
  filter: tf.TensorInfo,
  { strides, pad, dataFormat = "NHWC", dilations = 1, dimRoundingMode }: Attributes,
  depthwise: boolean,
): number[] {
  return tf.backend_util.computeConv2DInfo(
    x.shape as [number, number, number, number],
    filter.shape as [number, number, number, number],
    strides,
    dilations,
    pad,
    dimRoundingMode,
    depthwise,
    tf.backend_util.convertConv2DDataFormat(dataFormat),
  ).outShape;
}
