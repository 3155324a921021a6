import { LadError } from "@lad/core";
import { expect, test } from "vitest";
import { cocoSettings } from "./coco-settings";
import type { Config } from "./config";
import { plainMethod } from "./methods";
import { paaNetwork } from "./paa-network";
import { resolveConfig } from "./resolve-config";

const config = { ...cocoSettings, student: paaNetwork({ depth: 18 }), method: plainMethod } satisfies Config;

function problem(value: unknown, overrides: readonly string[] = []): string {
  try {
    resolveConfig(value, { source: "lad.config.ts", overrides });
  } catch (error) {
    if (LadError.is(error) && error.code === "INVALID_CONFIG") return error.message;
    throw error;
  }
  throw new Error("no error was thrown");
}

test("fills in what is not given", () => {
  const { pipeline, batch, epochs, learningRate, student, method } = config;
  const resolved = resolveConfig({ pipeline, batch, epochs, learningRate, student, method });
  expect(resolved).toMatchObject({
    pretrained: false,
    milestones: [],
    warmup: { iterations: 0, ratio: 1 },
    momentum: 0.9,
    weightDecay: 1e-4,
    learningRateBatch: 16,
    validation: { every: 1, split: "val", batch: 16 },
    test: {},
  });
  expect(resolved.student).toBe(student);
});

test("names the wrong key, what was wanted and what came", () => {
  expect(problem({ ...config, epochs: "12" })).toBe('lad.config.ts:\n  epochs: wanted a number, got "12"');
  expect(problem({ ...config, batch: 0 })).toContain("batch: wanted a number >= 1, got 0");
  expect(problem({ ...config, batch: 1.5 })).toContain("batch: wanted a whole number, got 1.5");
  expect(problem({ ...config, learningRate: Number.NaN })).toContain("learningRate: wanted a number, got");
  expect(problem({ ...config, momentum: 2 })).toContain("momentum: wanted a number <= 1, got 2");
  expect(problem({ ...config, student: "resnet50" })).toContain('student: wanted a function, got "resnet50"');
  expect(problem({ ...config, method: undefined })).toContain("method: wanted a function, got nothing");
  expect(problem({ ...config, validation: { every: -1 } })).toContain("validation.every: wanted a number >= 0, got -1");
});

test("names several wrong keys at once", () => {
  const message = problem({ ...config, epochs: 0, batch: "a" });
  expect(message).toContain("epochs: wanted a number >= 1, got 0");
  expect(message).toContain('batch: wanted a number, got "a"');
});

test("unknown keys are errors, with the nearest known one", () => {
  expect(problem({ ...config, learningrate: 0.1 })).toContain(
    'unknown key "learningrate"; did you mean "learningRate"?',
  );
  expect(problem({ ...config, colour: 1 })).toMatch(
    /unknown key "colour" \(known: student, teacher, labeller, method, /,
  );
  expect(problem({ ...config, validation: { evry: 2 } })).toContain(
    'unknown key "validation.evry"; did you mean "every"?',
  );
  const resize = { kind: "fixed", width: 320, heigth: 240 };
  const message = problem({ ...config, pipeline: { ...config.pipeline, resize } });
  expect(message).toContain('unknown key "pipeline.resize.heigth"; did you mean "height"?');
  expect(message).toContain("pipeline.resize.height: wanted a number, got nothing");
});

test("says which values there are to choose from", () => {
  expect(problem({ ...config, pipeline: { ...config.pipeline, interpolation: "cubic" } })).toContain(
    'pipeline.interpolation: wanted one of "cv2", "pillow", got "cubic"',
  );
  expect(problem({ ...config, pipeline: { ...config.pipeline, resize: { kind: "crop" } } })).toContain(
    "pipeline.resize",
  );
});

test("overrides reach every setting by its path", () => {
  const overrides = [
    "epochs=2",
    "pipeline.resize.short=400",
    "milestones=[1]",
    "validation.split=test",
    "test.voting=false",
  ];
  const resolved = resolveConfig(config, { overrides });
  expect(resolved).toMatchObject({
    epochs: 2,
    milestones: [1],
    validation: { split: "test" },
    test: { voting: false },
  });
  expect(resolved.pipeline.resize).toEqual({ kind: "keepRatio", long: 1333, short: 400 });
  expect(config.epochs).toBe(12); // the given configuration is not touched
});

test("wrong overrides are named", () => {
  expect(problem(config, ["epoch=2"])).toContain('unknown key "epoch"; did you mean "epochs"?');
  expect(problem(config, ["epochs=two"])).toContain('epochs: wanted a number, got "two"');
  expect(problem(config, ["epochs"])).toContain('--set wants key=value, got "epochs"');
  expect(problem(config, ["student=resnet"])).toContain("student is code; change it in a config file");
});

test("a file that exports nothing is told so", () => {
  expect(problem(undefined)).toContain("lad.config.ts: the default export must be defineConfig({ … }), got undefined");
});

test("a teacher can only be trained where there is one, and by the configuration alone", () => {
  expect(problem({ ...config, trainsTeacher: true })).toContain("trainsTeacher: wanted a teacher beside it, got true");
  expect(problem({ ...config, trainsTeacher: "yes" })).toContain('trainsTeacher: wanted true or false, got "yes"');
  expect(problem(config, ["trainsTeacher=true"])).toContain("trainsTeacher is code; change it in a config file");
  expect(resolveConfig({ ...config, teacher: config.student, trainsTeacher: true }).trainsTeacher).toBe(true);
  expect(resolveConfig({ ...config, trainsTeacher: false }).trainsTeacher).toBe(false);
});
