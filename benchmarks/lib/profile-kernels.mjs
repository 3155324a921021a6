import * as tf from "@tensorflow/tfjs-core";

/**
 * Times every kernel of the current engine from now on, by running them one by one as they are anyway.
 * @returns `take()`: per kernel ms, calls and floating point operations (of convolutions and matrix products) since the last call.
 */
export function profileKernels() {
  let kernels = new Map();
  for (const config of tf.getKernelsForBackend(tf.getBackend())) {
    tf.unregisterKernel(config.kernelName, config.backendName);
    tf.registerKernel({ ...config, kernelFunc: timed(config, (...entry) => add(kernels, ...entry)) });
  }
  return {
    take() {
      const taken = kernels;
      kernels = new Map();
      return taken;
    },
  };
}

function timed({ kernelName, kernelFunc }, note) {
  return (call) => {
    const start = performance.now();
    const made = kernelFunc(call);
    note(kernelName, performance.now() - start, operations(kernelName, call, made));
    return made;
  };
}

function add(kernels, name, ms, flops) {
  const before = kernels.get(name) ?? { ms: 0, calls: 0, flops: 0 };
  kernels.set(name, { ms: before.ms + ms, calls: before.calls + 1, flops: before.flops + flops });
}

/** Multiplications and additions of the plain algorithm: one that does with fewer shows as a higher rate. */
function operations(name, { inputs, attrs }, made) {
  const output = Array.isArray(made) ? made[0] : made;
  if (/conv/i.test(name)) {
    const filter = inputs.filter?.shape ?? attrs.filterShape;
    const map = inputs.dy?.shape ?? output.shape;
    return filter?.length === 4 ? 2 * size(map) * filter[0] * filter[1] * filter[2] : 0;
  }
  if (/matmul/i.test(name)) return 2 * size(output.shape) * inputs.a.shape.at(attrs.transposeA ? -2 : -1);
  return 0;
}

const size = (shape) => shape.reduce((product, side) => product * side, 1);
