import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { zipFile } from "@lad/testing";
import { describe, expect, it } from "vitest";
import {
  loadCheckpoint,
  loadSafetensors,
  openPickled,
  pickledEntries,
  readCheckpoint,
  readDetectron2Checkpoint,
  readTorchCheckpoint,
} from "./index";
import { isKind } from "./pickle-values";

const latin1 = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const storage = (elements: string) =>
  `((X\x07\0\0\0storagectorch\nFloatStorage\nX\x01\0\0\x000X\x03\0\0\0cpu${elements}tQ`;
const tensor = (elements: string, offset: string, shape: string, strides: string) =>
  `ctorch._utils\n_rebuild_tensor_v2\n${storage(elements)}${offset}(${shape}t(${strides}t\x89}tR`;
const dictionary = (value: string) => latin1(`\x80\x02}X\x01\0\0\0w${value}s.`);

const floats = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);
const torch = (value: string, deflated = false) =>
  zipFile({ "a/data.pkl": dictionary(value), "a/data/0": floats(1, 2, 3, 4, 5, 6) }, deflated);
const invalid = (bytes: Uint8Array, message: string | RegExp, options = {}) => {
  expect(() => readCheckpoint(bytes, options)).toThrow(message);
  expect(() => readCheckpoint(bytes, options)).toThrow(expect.objectContaining({ code: "INVALID_FILE" }));
};

describe("readTorchCheckpoint", () => {
  it.each([false, true])("reads transposed, offset, expanded and scalar views (deflated: %s)", (deflated) => {
    const read = (...view: [string, string, string]) =>
      readTorchCheckpoint(torch(tensor("K\x06", ...view), deflated)).tensors.w;
    expect(read("K\0", "K\x03K\x02", "K\x01K\x03")).toEqual({ data: Float32Array.of(1, 4, 2, 5, 3, 6), shape: [3, 2] });
    expect(read("K\x02", "K\x02", "K\x01")).toEqual({ data: Float32Array.of(3, 4), shape: [2] });
    expect(read("K\x05", "K\x02K\x02", "K\0K\0")).toEqual({ data: Float32Array.of(6, 6, 6, 6), shape: [2, 2] });
    expect(read("K\x01", "", "")).toEqual({ data: Float32Array.of(2), shape: [] });
  });

  it("refuses views that leave their storage, storages that are too short or absent, and damaged bytes", () => {
    invalid(
      torch(tensor("K\x06", "K\x05", "K\x02", "K\x01")),
      "tensor w: shape [2], strides [1] and offset 5 reach element 6",
    );
    invalid(torch(tensor("K\x07", "K\0", "K\x07", "K\x01")), "storage 0 of 7 float32 has 24 bytes");
    invalid(zipFile({ "a/data.pkl": dictionary(tensor("K\x06", "K\0", "K\x02", "K\x01")) }), "no entry a/data/0");
    const damaged = torch(tensor("K\x06", "K\0", "K\x02", "K\x01"));
    damaged[Buffer.from(damaged).indexOf(Buffer.from(floats(3)))]! ^= 1;
    invalid(damaged, "a/data/0 does not match its size and checksum");
  });

  it("caps expanded views before it allocates them", () => {
    const huge = torch(tensor("K\x06", "K\0", "J\0\0\0\x40J\0\0\0\x40", "K\0K\0"));
    invalid(huge, "expands beyond maxExpandedBytes (67108864)");
    const small = torch(tensor("K\x06", "K\0", "M\0\x10", "K\0"));
    invalid(small, "expands beyond maxExpandedBytes (64)", { maxExpandedBytes: 64 });
    expect(readTorchCheckpoint(small).tensors.w!.data.length).toBe(4096);
  });

  it("reads the dictionaries of mmdetection and flattens nested ones", () => {
    const pickle =
      "\x80\x02}(X\x04\0\0\0meta}X\x05\0\0\0epochK\x0csX\x0a\0\0\0state_dict}X\x01\0\0\0a}X\x01\0\0\0b" +
      `${tensor("K\x06", "K\0", "K\x02", "K\x01")}ssX\x09\0\0\0optimizer}X\x02\0\0\0lrG\x3f\xe0\0\0\0\0\0\0su.`;
    const bytes = zipFile({ "a/data.pkl": latin1(pickle), "a/data/0": floats(1, 2, 3, 4, 5, 6) });
    expect(readTorchCheckpoint(bytes)).toEqual({
      tensors: { "a.b": { data: Float32Array.of(1, 2), shape: [2] } },
      metadata: { epoch: "12" },
      optimizer: { tensors: {}, metadata: { lr: "0.5" } },
    });
  });
});

describe("readDetectron2Checkpoint", () => {
  const state = (shape: string, fortran: string, bytes: string, order = "<") =>
    `cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\nK\0\x85C\x01btR(K\x01(${shape}tcnumpy\ndtype\n(X\x02\0\0\0i2` +
    `\x89\x88tR(K\x03X\x01\0\0\0${order}NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tb${fortran}C${String.fromCharCode(bytes.length)}${bytes}tb`;
  const model = (array: string) => latin1(`\x80\x03}X\x05\0\0\0model}X\x01\0\0\0w${array}ss.`);

  it("reads numpy arrays in both orders", () => {
    const read = (fortran: string) =>
      readDetectron2Checkpoint(model(state("K\x02K\x02", fortran, "\x01\0\x02\0\xff\xff\x04\0"))).tensors.w;
    expect(read("\x89")).toEqual({ data: Int32Array.of(1, 2, -1, 4), shape: [2, 2] });
    expect(read("\x88")).toEqual({ data: Int32Array.of(1, -1, 2, 4), shape: [2, 2] });
  });

  it("refuses big-endian arrays and shapes that the bytes do not fill", () => {
    invalid(model(state("K\x02", "\x89", "\0\0\0\0", ">")), "an array is big-endian");
    invalid(model(state("K\x03", "\x89", "\0\0\0\0")), "an array of int16 and shape [3] has 4 bytes");
  });
});

describe("unpickle", () => {
  it.each([
    ["cos\nsystem\nX\x01\0\0\0x\x85R", "forbidden global os.system at byte 9"],
    ["X\x02\0\0\0osX\x06\0\0\0system\x93", "forbidden global os.system"],
    ["(X\x01\0\0\0xios\nsystem\n", "forbidden global os.system (instance)"],
    ["c__builtin__\neval\n", "forbidden global __builtin__.eval"],
    ["cbuiltins\ngetattr\n", "forbidden global builtins.getattr"],
    ["ctorch\nload\n", "forbidden global torch.load"],
    ["K\x01K\x02R", "a call of what cannot be called"],
    ["P0\n", "opcode 0x50 at byte 9 is unknown or not allowed"],
    ["X\xff\xff\xff\x7f", "2147483647 bytes are announced"],
    ["h\x07", "nothing is remembered as 7"],
    ["]q\0h\0a", "nested deeper than 64"],
  ])("refuses %j", (value, message) => {
    const bytes = value.startsWith("]") ? latin1("\x80\x02}q\0X\x01\0\0\0wh\0s.") : dictionary(value);
    invalid(bytes, message);
  });
});

const folder = join(
  process.env.LAD_GOLDEN ?? fileURLToPath(new URL("../../../../shared/golden", import.meta.url)),
  "checkpoints",
);
const files = existsSync(folder) ? readdirSync(folder).filter((name) => /\.(pth|pkl)$/.test(name)) : [];

describe.runIf(files.length > 0)("golden files", () => {
  it.each(files.filter((name) => name.startsWith("hostile_")))("%s is refused by name", async (name) => {
    await expect(loadCheckpoint(join(folder, name))).rejects.toThrow(
      /forbidden global (posix\.system|__builtin__\.eval) at byte \d+/,
    );
  });

  it.each(files.filter((name) => !/^hostile_|views/.test(name)))(
    "%s holds the parameters of its case",
    async (name) => {
      const golden = await loadSafetensors(join(folder, "..", "paa", `${name.split(".")[0]}.safetensors`));
      const { tensors } = await loadCheckpoint(join(folder, name));
      const params = Object.entries(golden.tensors).filter(([key]) => key.startsWith("param."));
      expect(params.length).toBeGreaterThan(50);
      const digits = name.includes(".bf16") ? 2 ** -8 : name.includes(".half") ? 2 ** -10 : 0;
      for (const [key, { data, shape }] of params) {
        const read = tensors[key.slice(6)]!;
        expect(read.shape, key).toEqual(shape);
        expect(
          read.data.every((value, i) => Math.abs(value - data[i]!) <= digits * Math.abs(data[i]!) + digits * 1e-4),
          key,
        ).toBe(true);
      }
    },
  );

  it.each(files.filter((name) => name.includes("views")))("%s has the expected entries", (name) => {
    const { root, read } = openPickled(readFileSync(join(folder, name)));
    const { entries } = JSON.parse(readFileSync(join(folder, name.replace(/pth$/, "expected.json")), "utf8"));
    const found = new Map(pickledEntries(root));
    for (const [path, { shape, values, first }] of Object.entries<Record<"shape" | "values" | "first", unknown[]>>(
      entries,
    )) {
      const value = found.get(path);
      if (!isKind(value, "tensor")) throw new Error(`${path} is no tensor`);
      const exact = read(value, path);
      expect(exact.shape, path).toEqual(shape);
      const wanted = (values ?? first).map((item) =>
        exact.data instanceof BigInt64Array ? BigInt(item as string) : Number(item),
      );
      const got = Array.from<number | bigint>(exact.data).slice(0, wanted.length);
      const same = (a: number | bigint, b: number | bigint) =>
        Object.is(a, exact.data instanceof Float32Array ? Math.fround(Number(b)) : b);
      expect(
        got.every((item, i) => same(item, wanted[i]!)),
        `${path}: ${got} / ${wanted}`,
      ).toBe(true);
    }
  });
});

it("names the global of pickles without a protocol mark, and stops shared dictionaries from multiplying", () => {
  invalid(latin1("cposix\nsystem\n(S'true'\ntR."), "forbidden global posix.system at byte 0");
  const level = (i: number) =>
    `}(X\x01\0\0\0ah${String.fromCharCode(i)}X\x01\0\0\0bh${String.fromCharCode(i)}uq${String.fromCharCode(i + 1)}`;
  const levels = Array.from({ length: 50 }, (_, i) => level(i)).join("");
  invalid(latin1(`\x80\x02}q\0${levels}.`), "more entries than");
});
