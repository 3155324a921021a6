import { LadError } from "@lad/core";
import * as tf from "@tensorflow/tfjs-core";
import type { Info, Kernel } from "./heap";

type Engine = tf.KernelBackend & { disposeData(id: object, force?: boolean): boolean };

/**
 * A kernel that the wasm engine lacks and that is not hot, run by tfjs' cpu engine on copies.
 * @throws {LadError} ENGINE if `@tensorflow/tfjs-backend-cpu` was not imported.
 */
export function cpuFallback(name: string): Kernel {
  return (backend, inputs, attributes) => {
    const cpu = tf.findBackend("cpu") as Engine | null;
    const kernel = tf.getKernel(name, "cpu");
    if (!cpu || !kernel) {
      const message = `${name}: the wasm engine runs this kernel on the cpu engine; import @tensorflow/tfjs-backend-cpu`;
      throw new LadError("ENGINE", message);
    }
    const copies = Object.entries(inputs).map(([key, { dataId, shape, dtype }]): [string, Info] => [
      key,
      { dataId: cpu.write(backend.readSync(dataId), shape, dtype), shape, dtype },
    ]);
    const result = kernel.kernelFunc({ inputs: Object.fromEntries(copies), backend: cpu, attrs: attributes }) as Info;
    const values = cpu.readSync(result.dataId);
    const output = backend.makeOutput(result.shape, result.dtype, undefined, values);
    for (const { dataId } of [...copies.map(([, copy]) => copy), result]) cpu.disposeData(dataId);
    return output;
  };
}
