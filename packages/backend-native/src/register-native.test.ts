import * as tf from "@tensorflow/tfjs-core";
import { afterEach, expect, it } from "vitest";
import manifest from "../package.json" with { type: "json" };
import { nativeSuite, normal } from "../test/native-suite";
import { nativeInfo, registerNative, takeFallbacks, version } from "./index";

nativeSuite("registerNative", () => {
  afterEach(() => registerNative());

  it("is the engine that tfjs runs, with every kernel of the plain one", () => {
    expect(tf.getBackend()).toBe("native");
    const names = (engine: string) => new Set(tf.getKernelsForBackend(engine).map(({ kernelName }) => kernelName));
    const own = names("native");
    for (const name of names("cpu")) expect(own).toContain(name);
    expect(own).toContain("LadNormalize");
  });

  it("takes another thread count, with results that differ by rounding only", async () => {
    const run = () =>
      tf.tidy(
        () =>
          tf
            .sum(tf.conv2d(normal([2, 20, 20, 32]) as tf.Tensor4D, normal([3, 3, 32, 32]) as tf.Tensor4D, 1, 1))
            .dataSync()[0]!,
      );
    await registerNative({ threads: 1 });
    const single = run();
    await registerNative({ threads: 2 });
    expect(nativeInfo().threads).toBe(2);
    expect(Math.abs(run() - single)).toBeLessThan(1e-3 + 1e-5 * Math.abs(single));
  });

  it("tells its parts and its version", () => {
    expect(nativeInfo().oneDnn).toMatch(/^\d+\.\d+\.\d+$/);
    expect(["baseline", "avx2", "avx512"]).toContain(nativeInfo().isa);
    expect(version).toBe(manifest.version);
  });

  it("counts what runs in JavaScript", () => {
    takeFallbacks();
    tf.tidy(() => tf.localResponseNormalization(tf.relu(normal([1, 2, 2, 3])) as tf.Tensor4D));
    const [[name, { calls, elapsedMs }]] = [...takeFallbacks()] as [[string, { calls: number; elapsedMs: number }]];
    expect([name, calls, elapsedMs >= 0]).toEqual(["LRN", 1, true]);
    expect(takeFallbacks().size).toBe(0);
  });

  it("refuses options outside their domain", async () => {
    await expect(registerNative({ threads: 0 })).rejects.toThrow(
      "threads must be a whole number from 1 to 1024, got 0",
    );
    await expect(registerNative({ poolCapacity: -1 })).rejects.toThrow("poolCapacity must be ≥ 0 bytes, got -1");
    await expect(registerNative({ convolution: "fft" as "auto" })).rejects.toThrow(
      "convolution must be auto or direct, got fft",
    );
  });
});
