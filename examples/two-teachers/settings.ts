import { findRecipe, gflNetwork, paaNetwork } from "@lad/recipes";

/** Images, schedule and optimiser of the demo. */
const { student: _, method: __, ...demo } = findRecipe("demo/paa-student").config;
export const settings = demo;

// one grid for all: three levels, anchors of 4 strides
const grid = { depth: 18, channels: 32, stackedConvs: 1, groups: 8, levels: 3, anchorScale: 4 } as const;

export const student = gflNetwork({ ...grid, baseChannels: 8 });
export const gflTeacher = gflNetwork({ ...grid, baseChannels: 12 });
export const paaTeacher = paaNetwork({ ...grid, baseChannels: 12 });
