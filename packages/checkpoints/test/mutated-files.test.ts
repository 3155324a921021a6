// Thousands of damaged checkpoints. LAD_MUTATED_SEED draws others.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { LadError, type NdRecord, random } from "@lad/core";
import { detectron2File, torchFile } from "@lad/testing";
import { expect, test } from "vitest";
import { readCheckpoint, writeSafetensors } from "../src/index";
import { mutate } from "./mutate";

const maxExpandedBytes = 2 ** 22;
const record: NdRecord = {
  "conv.weight": { data: Float32Array.from({ length: 24 }, (_, i) => i - 12), shape: [2, 3, 2, 2] },
  "conv.bias": { data: Float32Array.of(1, Number.NaN), shape: [2] },
  empty: { data: new Float32Array(0), shape: [0, 3] },
};
const made = [
  writeSafetensors(record, { epoch: "3" }),
  torchFile(record),
  torchFile(record, { key: "state_dict" }),
  detectron2File(record),
];
const golden = join(
  process.env.LAD_GOLDEN ?? fileURLToPath(new URL("../../../../shared/golden", import.meta.url)),
  "checkpoints",
);
const stored = existsSync(golden) ? readdirSync(golden).filter((name) => /\.(pth|pkl)$/.test(name)) : [];

/** Reads damaged copies in turn; every one must end in time, in an error of ours or in tensors that hold what their shapes say. */
function readDamaged(files: readonly Uint8Array[], count: number) {
  const source = random(Number(process.env.LAD_MUTATED_SEED ?? 1), 7);
  const seen = { read: 0, refused: 0, slowestMs: 0, mostBytes: 0 };
  const allocated = () => process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed;
  for (let index = 0; index < count; index++) {
    const bytes = mutate(files[index % files.length]!, source);
    const [before, begun] = [allocated(), performance.now()];
    try {
      for (const [name, { data, shape }] of Object.entries(readCheckpoint(bytes, { maxExpandedBytes }).tensors))
        expect(data.length, `file ${index}, ${name}`).toBe(shape.reduce((product, side) => product * side, 1));
      seen.read++;
    } catch (error) {
      if (!LadError.is(error)) throw new Error(`file ${index}: ${error}`, { cause: error });
      seen.refused++;
    }
    seen.slowestMs = Math.max(seen.slowestMs, performance.now() - begun);
    seen.mostBytes = Math.max(seen.mostBytes, allocated() - before - 6 * bytes.length);
  }
  return seen;
}

test("10,000 damaged files: an error or a result each, no hang, nothing allocated that the file does not explain", () => {
  const { read, refused, slowestMs, mostBytes } = readDamaged(made, 10_000);
  expect(read).toBeGreaterThan(200); // changes that hit values only, or nothing that is read
  expect(refused).toBeGreaterThan(5_000);
  expect(slowestMs).toBeLessThan(1000);
  expect(mostBytes).toBeLessThan(4 * maxExpandedBytes); // what may be expanded, and the interpreter's own objects
});

test.runIf(stored.length > 0)("damaged copies of PyTorch's and detectron2's own files", () => {
  const files = stored.map((name) => Uint8Array.from(readFileSync(join(golden, name))));
  const { refused, slowestMs, mostBytes } = readDamaged(files, 300);
  expect(refused).toBeGreaterThan(100);
  expect(slowestMs).toBeLessThan(1000);
  expect(mostBytes).toBeLessThan(8 * maxExpandedBytes);
});
