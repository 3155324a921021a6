import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { LadError } from "@lad/core";
import { afterEach, beforeEach, expect, it } from "vitest";
import { fakeWheel, type WheelOptions } from "../test/fake-engine";
import { openWheel } from "./open-wheel";
import { unpackEngine } from "./unpack-engine";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "lad-unpack-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function wheelOf(options: WheelOptions) {
  const { file, bytes } = fakeWheel(options);
  writeFileSync(path.join(folder, file), bytes);
  return openWheel(path.join(folder, file));
}
const places = () => ({ engine: path.join(folder, "engine"), include: path.join(folder, "include") });

it("takes libraries and headers, each to its place, and nothing out of the folder", async () => {
  const evil = { "tensorflow/include/tensorflow/c/../../../../../evil.h": "", "tensorflow/include/xla/tsl/a.h": "a" };
  const wheel = await wheelOf({ files: process.platform === "linux" ? { ...evil } : evil }).catch(
    (error: unknown) => error,
  );
  // the zip reader refuses such a name itself
  expect(LadError.is(wheel) && wheel.message).toContain("invalid relative path");
  const good = await wheelOf({
    files: { "tensorflow/include/xla/tsl/a.h": "a", "tensorflow/include/unused/b.h": "b" },
  });
  const { version, libraries } = await unpackEngine([good], places());
  good.close();
  expect(version).toBe("2.21.0");
  expect(libraries).toEqual(["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"]);
  expect(
    readdirSync(places().include, { recursive: true })
      .filter((name) => `${name}`.endsWith(".h"))
      .sort(),
  ).toEqual(["tensorflow/c/c_api.h", "xla/tsl/a.h"]);
});

it("counts the room that is needed before it writes anything", async () => {
  const wheel = await wheelOf({});
  const huge = { ...wheel, sizes: new Map([...wheel.sizes].map(([name]) => [name, 2 ** 60])) };
  const failure = unpackEngine([huge], places());
  await expect(failure).rejects.toThrow(/has \d+ MB free, 3298534883328 MB are needed; make room/);
  await expect(failure).rejects.toSatisfy((error) => LadError.is(error) && error.code === "IO");
  wheel.close();
});
