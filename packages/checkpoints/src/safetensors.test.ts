import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LadError, ndArray, random } from "@lad/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadSafetensors, readSafetensors, saveSafetensors, writeSafetensors } from "./index";

/** A file with the given header and `size` bytes of tensors. */
function fileOf(header: unknown, data: Uint8Array | number = 0): Uint8Array {
  const text = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const tail = typeof data === "number" ? new Uint8Array(data) : data;
  const bytes = new Uint8Array(8 + text.length + tail.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(tail, 8 + text.length);
  return bytes;
}
const one = (dtype: string, data: Uint8Array, shape: number[]) =>
  readSafetensors(fileOf({ x: { dtype, shape, data_offsets: [0, data.length] } }, data)).tensors.x!.data;
const bytesOf = (array: Uint16Array | BigInt64Array | Uint32Array | Int8Array) =>
  new Uint8Array(array.buffer.slice(0) as ArrayBuffer);

describe("writeSafetensors and readSafetensors", () => {
  const tensors = {
    small: ndArray(new Uint8Array([1, 2, 255]), [3]),
    weight: ndArray(new Float32Array([1.5, -0, Number.NaN, 1e-45]), [2, 2]),
    double: ndArray(new Float64Array([Math.PI]), []),
    index: ndArray(new Int32Array([-(2 ** 31), 2 ** 31 - 1]), [2, 1]),
    none: ndArray(new Float32Array(0), [0, 4]),
  };

  it("give back the same bits, shapes and notes", () => {
    const { tensors: back, metadata } = readSafetensors(writeSafetensors(tensors, { b: "2", a: "ä" }));
    expect(metadata).toEqual({ a: "ä", b: "2" });
    expect(Object.keys(back).sort()).toEqual(Object.keys(tensors).sort());
    for (const [name, { data, shape }] of Object.entries(tensors)) {
      expect(back[name]!.shape).toEqual(shape);
      expect(back[name]!.data.constructor).toBe(data.constructor);
      expect(new Uint8Array(back[name]!.data.buffer)).toEqual(new Uint8Array(data.buffer));
    }
  });

  it("give the same bytes for any order of the keys, every tensor aligned to its element", () => {
    const bytes = writeSafetensors(tensors, { b: "2", a: "1" });
    const reversed = Object.fromEntries(Object.entries(tensors).reverse());
    expect(writeSafetensors(reversed, { a: "1", b: "2" })).toEqual(bytes);
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    const { __metadata__, ...entries } = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
    const size = { F64: 8, F32: 4, I32: 4, U8: 1 };
    for (const { dtype, data_offsets } of Object.values(entries) as { dtype: "F32"; data_offsets: [number] }[])
      expect((8 + length + data_offsets[0]) % size[dtype]).toBe(0);
    expect(__metadata__).toEqual({ a: "1", b: "2" });
  });

  it("write a view, not the buffer behind it, and read at any offset", () => {
    const view = new Float32Array([9, 1, 2, 9]).subarray(1, 3);
    const bytes = writeSafetensors({ x: ndArray(view, [2]) });
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect([...readSafetensors(shifted.subarray(3)).tensors.x!.data]).toEqual([1, 2]);
  });

  it("keep a tensor named __proto__ an ordinary entry", () => {
    const record = Object.fromEntries([["__proto__", ndArray(new Float32Array([7]), [1])]]);
    const { tensors: back } = readSafetensors(writeSafetensors(record));
    expect(Object.keys(back)).toEqual(["__proto__"]);
    expect(Object.getPrototypeOf(back)).toBe(Object.prototype);
  });

  it("refuse to write a shape that does not hold its data and the reserved name", () => {
    const bad = { data: new Float32Array(5), shape: [2, 3] };
    expect(() => writeSafetensors({ bad })).toThrow("tensor bad: shape [2,3] holds 6 elements, got data of 5");
    expect(() => writeSafetensors({ __metadata__: ndArray(new Float32Array(1), [1]) })).toThrow("reserves it");
  });
});

describe("readSafetensors", () => {
  it("widens half precision: subnormal, infinite, NaN, negative zero and largest values", () => {
    const half = new Uint16Array([0x3c00, 0xc000, 0x0001, 0x7c00, 0xfc00, 0x7e00, 0x8000, 0x7bff, 0x3555]);
    const expected = [1, -2, 2 ** -24, Infinity, -Infinity, NaN, -0, 65504, 0.333251953125];
    expect([...one("F16", bytesOf(half), [9])]).toEqual(expected);
    const brain = new Uint16Array([0x3f80, 0xc000, 0x0001, 0x7f80, 0x7fc0, 0x8000]);
    expect([...one("BF16", bytesOf(brain), [6])]).toEqual([1, -2, 2 ** -133, Infinity, NaN, -0]);
  });

  it("narrows integers that fit 32 bits and refuses others", () => {
    expect(one("I64", bytesOf(new BigInt64Array([-5n, 2n ** 31n - 1n])), [2])).toEqual(
      new Int32Array([-5, 2 ** 31 - 1]),
    );
    expect(one("I8", bytesOf(new Int8Array([-1, 3])), [2])).toEqual(new Int32Array([-1, 3]));
    expect(one("BOOL", new Uint8Array([0, 1]), [2])).toEqual(new Uint8Array([0, 1]));
    const tooLarge = () => one("I64", bytesOf(new BigInt64Array([0n, 2n ** 31n])), [2]);
    expect(tooLarge).toThrow("tensor x holds 2147483648 at 1, which does not fit 32 bits");
    expect(() => one("U32", bytesOf(new Uint32Array([2 ** 31])), [1])).toThrow("does not fit 32 bits");
  });

  const entry = (begin: number, end: number, more: object = {}) => ({
    dtype: "F32",
    shape: [(end - begin) / 4],
    data_offsets: [begin, end],
    ...more,
  });
  it.each<[string, Uint8Array, string]>([
    ["an empty file", new Uint8Array(0), "wanted 8 bytes of header length, the file has 0"],
    ["another format", new TextEncoder().encode("PK\x03\x04 not this"), "not a safetensors file?"],
    ["a header beyond the end", fileOf("{}").subarray(0, 9), "a header of 2 bytes is announced, the file has 1"],
    ["no JSON", fileOf("{,}"), "not JSON"],
    ["no UTF-8", fileOf("{}").map((byte, i) => (i === 9 ? 0xff : byte)), "not JSON in UTF-8"],
    ["a list", fileOf([]), "not a JSON object"],
    ["notes that are no strings", fileOf({ __metadata__: { a: 1 } }), "__metadata__.a must be a string, got 1"],
    ["notes that are no object", fileOf({ __metadata__: null }), "__metadata__ is not an object"],
    ["an entry that is no object", fileOf({ x: 3 }), "tensor x: its description is not an object"],
    ["an unknown type", fileOf({ x: entry(0, 4, { dtype: "F8_E4M3" }) }, 4), 'type "F8_E4M3" is not one of F32'],
    ["a negative side", fileOf({ x: entry(0, 4, { shape: [-1] }) }, 4), "shape [-1] is not a list of sizes"],
    ["a huge shape", fileOf({ x: entry(0, 4, { shape: [2 ** 40, 2 ** 40] }) }, 4), "its data_offsets hold 4"],
    [
      "a truncated tensor",
      fileOf({ x: entry(0, 8) }, 4),
      "its bytes end at 8, the file holds 4 bytes of tensors; truncated?",
    ],
    [
      "reversed offsets",
      fileOf({ x: entry(0, 4, { data_offsets: [4, 0] }) }, 4),
      "data_offsets [4,0] are not [begin, end]",
    ],
    ["no offsets", fileOf({ x: { dtype: "F32", shape: [] } }, 4), "data_offsets undefined are not"],
    ["an overlap", fileOf({ x: entry(0, 8), y: entry(4, 12) }, 12), "tensor y: its bytes from 4 overlap those of x"],
    ["a gap", fileOf({ x: entry(0, 4), y: entry(8, 12) }, 12), "4 bytes between x and tensor y belong to no tensor"],
    ["bytes left over", fileOf({ x: entry(0, 4) }, 6), "2 bytes after x belong to no tensor"],
  ])("refuses %s", (_, bytes, message) => {
    expect(() => readSafetensors(bytes)).toThrow(message);
    try {
      readSafetensors(bytes);
    } catch (error) {
      expect(LadError.is(error) && error.code).toBe("INVALID_FILE");
    }
  });

  it("answers damaged files with INVALID_FILE and nothing else", () => {
    const whole = writeSafetensors(
      { a: ndArray(new Float32Array(3), [3]), b: ndArray(new Int32Array(2), [2]) },
      { n: "1" },
    );
    const stream = random(11);
    let refused = 0;
    for (let trial = 0; trial < 500; trial++) {
      const bytes = whole.slice(0, trial % 2 ? whole.length : stream.integer(whole.length));
      if (trial % 2) for (let i = 0; i < 3; i++) bytes[stream.integer(bytes.length)] = stream.integer(256);
      try {
        readSafetensors(bytes);
      } catch (error) {
        expect(LadError.is(error) && error.code).toBe("INVALID_FILE");
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(300);
  });
});

describe("loadSafetensors and saveSafetensors", () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "lad-safetensors-"));
  });
  afterAll(() => rm(directory, { recursive: true }));

  it("write the bytes of writeSafetensors and read them back", async () => {
    const tensors = { a: ndArray(new Float32Array([1, 2]), [2]), b: ndArray(new Uint8Array([3]), [1]) };
    const file = join(directory, "a.safetensors");
    await saveSafetensors(file, tensors, { iteration: "7" });
    expect(new Uint8Array(await readFile(file))).toEqual(writeSafetensors(tensors, { iteration: "7" }));
    expect(await loadSafetensors(file)).toEqual({ tensors, metadata: { iteration: "7" } });
  });

  it("name the file that is missing, damaged or a directory", async () => {
    const missing = join(directory, "none.safetensors");
    await expect(loadSafetensors(missing)).rejects.toMatchObject({
      code: "NOT_FOUND",
      message: `loadSafetensors: ${missing}: there is no such file`,
    });
    const broken = join(directory, "broken.safetensors");
    await writeFile(broken, "12345");
    await expect(loadSafetensors(broken)).rejects.toMatchObject({
      code: "INVALID_FILE",
      message: `loadSafetensors: ${broken}: wanted 8 bytes of header length, the file has 5`,
    });
    await expect(loadSafetensors(directory)).rejects.toMatchObject({ code: "IO" });
    expect(existsSync(missing)).toBe(false);
  });
});
