import { fileURLToPath } from "node:url";
import { defineConfig, mergeConfig } from "vitest/config";
import shared from "../../../vitest.shared";

/** Packages whose tests start tfjs' reference engine and need no other: all that must hold on any engine. */
const packages = ["tensor", "nn", "losses", "backbones", "heads", "detectors", "distill", "train", "recipes"];

/** Their tests once more, on TensorFlow: `npm run test:tensorflow`. */
export default mergeConfig(
  { ...shared, test: { ...shared.test, include: [] } },
  defineConfig({
    root: fileURLToPath(new URL("../../../", import.meta.url)),
    test: {
      // one compares bits with a process of its own, which runs on the reference; one registers kernels of the reference
      exclude: ["packages/train/src/resume.test.ts", "packages/nn/src/fused-kernel.test.ts"],
      include: [
        ...packages.map((name) => `packages/${name}/src/**/*.test.ts`),
        "tools/conformance/tensorflow/*.test.ts",
      ],
      setupFiles: [fileURLToPath(new URL("./start-tensorflow.ts", import.meta.url))],
      // TensorFlow brings threads of its own
      maxWorkers: 2,
      outputFile: { json: ".turbo/tensorflow-report.json" },
    },
  }),
);
