import type { Paa } from "@lad/detectors";
import type { NetworkContext, Settings } from "../config";
import { paaNetwork } from "../paa-network";
import { bccdSettings } from "./bccd-settings";

/** Images of a quarter of their size, so that an epoch takes a minute on the embedded engine. */
export const smallBccdSettings: Settings = {
  ...bccdSettings,
  pipeline: { ...bccdSettings.pipeline, resize: { kind: "fixed", width: 160, height: 120 } },
};

/** A narrow ResNet-18; four levels with anchors of 32 to 256 px. */
export function smallBccdNetwork({
  baseChannels,
}: {
  readonly baseChannels: number;
}): (context: NetworkContext) => Paa {
  return paaNetwork({ depth: 18, baseChannels, channels: 48, stackedConvs: 2, groups: 8, levels: 4, anchorScale: 4 });
}
