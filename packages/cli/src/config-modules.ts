import * as assigners from "@lad/assigners";
import * as backbones from "@lad/backbones";
import * as boxes from "@lad/boxes";
import * as core from "@lad/core";
import * as data from "@lad/data";
import * as detectors from "@lad/detectors";
import * as distill from "@lad/distill";
import * as heads from "@lad/heads";
import * as losses from "@lad/losses";
import * as nms from "@lad/nms";
import * as nn from "@lad/nn";
import * as recipes from "@lad/recipes";
import * as tensor from "@lad/tensor";
import * as train from "@lad/train";
import * as tf from "@tensorflow/tfjs-core";

/** What a config file may import without having installed it. */
export const configModules: Readonly<Record<string, unknown>> = {
  "@lad/assigners": assigners,
  "@lad/backbones": backbones,
  "@lad/boxes": boxes,
  "@lad/core": core,
  "@lad/data": data,
  "@lad/detectors": detectors,
  "@lad/distill": distill,
  "@lad/heads": heads,
  "@lad/losses": losses,
  "@lad/nms": nms,
  "@lad/nn": nn,
  "@lad/recipes": recipes,
  "@lad/tensor": tensor,
  "@lad/train": train,
  "@tensorflow/tfjs-core": tf,
};
