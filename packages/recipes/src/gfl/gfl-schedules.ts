import { cocoSettings, longSchedule } from "../coco-settings";
import type { Settings } from "../config";

const multiScale = (longest: number): Settings => ({
  ...cocoSettings,
  ...longSchedule,
  pipeline: { ...cocoSettings.pipeline, resize: { kind: "keepRatio", long: 1333, short: [480, longest] } },
});

const voc: Settings = {
  ...cocoSettings,
  epochs: 4,
  milestones: [3],
  training: { split: "trainval", repeat: 3, keepIgnoredOnly: true },
  validation: { split: "test" },
};

const schedule = (title: string, dataset: string, settings: Settings) => ({ title, dataset, settings });

/** The published schedules by the names that recipes have: images of 1333×800, multi-scale ones with a shorter side from 480 px. */
export const gflSchedules = {
  "1x": schedule("1x", "COCO", cocoSettings),
  "2x": schedule("2x, shorter side 480–800", "COCO", multiScale(800)),
  "2x-960": schedule("2x, shorter side 480–960", "COCO", multiScale(960)),
  voc: schedule("4 epochs of 3 passes", "VOC 2007 + 2012", voc),
  "voc-12": schedule("12 epochs of 3 passes", "VOC 2007 + 2012", { ...voc, epochs: 12, milestones: [9] }),
  "voc-24": schedule("24 epochs, shorter side 480–800", "VOC 2007 + 2012", {
    ...multiScale(800),
    training: { ...voc.training, repeat: 1 },
    validation: { split: "test" },
  }),
  "voc-16": schedule("16 epochs of 3 passes", "VOC 2007 + 2012", { ...voc, epochs: 16, milestones: [12] }),
} as const;

export type GflSchedule = keyof typeof gflSchedules;
