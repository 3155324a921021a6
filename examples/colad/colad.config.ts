import { colad } from "@lad/distill";
import { conditionalObjectness } from "@lad/heads";
import { defineConfig, findRecipe, paaNetwork } from "@lad/recipes";

const { pipeline } = findRecipe("bccd/paa-r18").config;

// Two networks that share their anchors: the same levels and the same scale. They may differ in everything else, here in width and head.
const shared = { channels: 64, stackedConvs: 2, groups: 16, levels: 5, anchorScale: 4 };

/** CoLAD (arXiv 2108.10520): both networks train, and for every object and level the one whose costs tell more assigns for both. */
export default defineConfig({
  ...findRecipe("bccd/paa-r18").config, // 24 epochs from scratch; images keep their shape:
  pipeline: { ...pipeline, resize: { kind: "keepRatio", long: 320, short: 240 } },
  student: paaNetwork({ depth: 18, baseChannels: 32, ...shared, probability: conditionalObjectness() }),
  teacher: paaNetwork({ depth: 18, baseChannels: 16, ...shared }),
  trainsTeacher: true,
  method: ({ student, teacher, groups }) =>
    colad(student, teacher, groups, { criterion: "stdMean", granularity: "level" }),
});
