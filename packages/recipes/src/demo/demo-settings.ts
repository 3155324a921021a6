import type { Paa } from "@lad/detectors";
import { imageNet } from "../coco-settings";
import type { NetworkContext, Settings } from "../config";
import { paaNetwork } from "../paa-network";

/** Minutes on one core of the embedded engine: drawn shapes of 160 px. */
export const demoSettings: Settings = {
  pipeline: {
    ...imageNet,
    resize: { kind: "fixed", width: 160, height: 160 },
    interpolation: "cv2",
    flip: 0.5,
    padMultiple: 32,
  },
  batch: 4,
  epochs: 6,
  learningRate: 0.04,
  milestones: [5],
  warmup: { iterations: 50, ratio: 0.01 },
};

/** Three levels with anchors of 32, 64 and 128 px on a ResNet-18 as narrow as can be. */
export function demoNetwork({ baseChannels }: { readonly baseChannels: number }): (context: NetworkContext) => Paa {
  return paaNetwork({ depth: 18, baseChannels, channels: 32, stackedConvs: 1, groups: 8, levels: 3, anchorScale: 4 });
}
