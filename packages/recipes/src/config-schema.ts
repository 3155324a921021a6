import { z } from "zod";

const count = z.int().min(1);
const positive = z.number().positive();
const rate = z.number().min(0).max(1);
const factory = z.custom<(...args: never[]) => unknown>((value) => typeof value === "function", {
  error: "a function",
});
const channels = z.tuple([z.number(), z.number(), z.number()]);

const resize = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("keepRatio"), long: count, short: z.union([count, z.tuple([count, count])]) }),
  z.strictObject({ kind: z.literal("shortSide"), long: count, short: z.union([count, z.array(count).min(1)]) }),
  z.strictObject({ kind: z.literal("fixed"), width: count, height: count }),
]);

const pipeline = z.strictObject({
  resize,
  interpolation: z.enum(["cv2", "pillow"]),
  mean: channels,
  std: z.tuple([positive, positive, positive]),
  rule: z.enum(["reciprocal", "divide"]).optional(),
  channels: z.enum(["rgb", "bgr"]).optional(),
  flip: rate,
  padMultiple: count,
});

const test = z.strictObject({
  scoreThreshold: rate.optional(),
  iouThreshold: rate.optional(),
  perLevel: count.optional(),
  perImage: count.optional(),
  voting: z.union([z.boolean(), z.enum(["score", "clusterDiou"])]).optional(),
  rescale: z.boolean().optional(),
});

const config = z.strictObject({
  student: factory,
  teacher: factory.optional(),
  labeller: factory.optional(),
  method: factory,
  trainsTeacher: z.boolean().optional(),
  pretrained: z.boolean().optional(),
  pipeline,
  batch: count,
  accumulate: count.optional(),
  epochs: count,
  learningRate: positive,
  learningRateBatch: count.optional(),
  milestones: z.array(count).optional(),
  warmup: z.strictObject({ iterations: z.int().min(0), ratio: rate }).optional(),
  momentum: rate.optional(),
  weightDecay: z.number().min(0).optional(),
  training: z
    .strictObject({
      split: z.string().min(1).optional(),
      repeat: count.optional(),
      keepIgnoredOnly: z.boolean().optional(),
    })
    .optional(),
  groupByOrientation: z.boolean().optional(),
  workers: z.int().min(0).optional(),
  validation: z
    .strictObject({ every: z.int().min(0).optional(), split: z.string().min(1).optional(), batch: count.optional() })
    .optional(),
  test: test.optional(),
});

/** What a configuration must look like; unknown keys are errors. */
export const configSchema = config.refine(({ teacher, trainsTeacher }) => teacher || !trainsTeacher, {
  path: ["trainsTeacher"],
  error: "a teacher beside it",
});
