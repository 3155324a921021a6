import { createHash } from "node:crypto";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { strToU8, zipSync } from "fflate";
import { vi } from "vitest";

// A tfjs-node of a few lines whose "binding" is a text file, a compiler that writes that file, a pip that knows the wheels of a folder:
// everything around the real parts, so that each of them can be made to fail, in milliseconds.

/** tfjs-node's way of finding and refusing its binding; computes what a proof asks if the binding's text says so. */
const engineSource = `
const fs = require('fs');
const path = require('path');
const bindingPath = require('@mapbox/node-pre-gyp').find(path.resolve(__dirname, "../package.json"));
if (!fs.existsSync(bindingPath)) throw new Error("The Node.js native addon module (tfjs_binding.node) can not be found at path: " + bindingPath + ". \\nPlease run");
const text = fs.readFileSync(bindingPath, "utf8");
if (!text.startsWith("binding of ")) throw new Error(bindingPath + ": file too short");
const tensor = (values) => ({ dataSync: () => Float32Array.from(values) });
Object.assign(exports, {
  getBackend: () => "tensorflow",
  backend: () => ({ binding: { TF_Version: text.slice(11).trim() }, isUsingGpuDevice: false }),
  matMul: () => tensor(text.includes("wrong") ? [0, 0, 0, 0] : [19, 22, 43, 50]),
  grad: () => () => tensor([8, 16, 8, 8, 16, 8]),
  ones: () => tensor([]),
});`;

const finderSource = `exports.find = (file) => require('path').join(require('path').dirname(file), "lib/napi-v8/tfjs_binding.node");`;

/** Writes the version of the library it links with; a machine's own compiler otherwise. */
const compilerSource = `#!/bin/sh
[ "$1" = --version ] && exit 0
[ -n "$LAD_FAKE_COMPILER" ] && eval "$LAD_FAKE_COMPILER"
for argument; do
  case "$previous" in -o) target=$argument;; esac
  case "$argument" in -L*) libraries=\${argument#-L};; esac
  previous=$argument
done
echo "binding of $(cat "$libraries/libtensorflow_cc.so.2")" > "$target"
`;

/** Answers as pip does; knows the wheels in WHEELS, each for one Python (its own is 3.11). */
const pipSource = `#!/bin/sh
shift 2
[ "$1" = --version ] && exit 0
for argument; do
  case "$previous" in --python-version) python=$argument;; --dest) target=$argument;; esac
  previous=$argument
done
name=$(echo "$previous" | sed 's/[<>=!~].*//; s/-/_/g')
tag=cp$(echo "\${python:-3.11}" | tr -d .)
wheel=$(ls "$WHEELS"/$name-*-$tag-*.whl 2>/dev/null | head -n 1)
if [ -z "$wheel" ]; then echo "ERROR: No matching distribution found for $previous" >&2; exit 1; fi
if [ -n "$LAD_FAKE_PIP" ] && [ -n "$target" ]; then eval "$LAD_FAKE_PIP"; fi
if [ -n "$target" ]; then cp "$wheel" "$target"; else echo '{ "install": [{ "download_info": { "url": "file://'$wheel'" } }] }'; fi
`;

export type WheelOptions = {
  readonly version?: string;
  readonly name?: string;
  readonly python?: string;
  readonly platform?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly metadata?: string;
  /** Written to RECORD in place of the true checksums. */
  readonly checksum?: string;
};

/** A wheel with TensorFlow's parts in miniature, as bytes with its file name. */
export function fakeWheel({
  version = "2.21.0",
  name = "tensorflow_cpu",
  python = "cp311",
  platform = process.arch === "arm64" ? "manylinux_2_17_aarch64" : "manylinux_2_17_x86_64",
  files = {},
  metadata = "",
  checksum,
}: WheelOptions = {}): { readonly file: string; readonly bytes: Uint8Array } {
  const info = `${name}-${version}.dist-info`;
  const all: Record<string, string> = {
    "tensorflow/libtensorflow_cc.so.2": version,
    "tensorflow/libtensorflow_framework.so.2": "framework",
    "tensorflow/python/unused.so": "unused",
    "tensorflow/include/tensorflow/c/c_api.h": "// header",
    ...files,
    [`${info}/WHEEL`]: "Wheel-Version: 1.0\n",
    [`${info}/METADATA`]: `Metadata-Version: 2.4\nName: ${name}\nVersion: ${version}\n${metadata}`,
  };
  const sum = (text: string) => checksum ?? createHash("sha256").update(text).digest("base64url");
  const record = Object.entries(all).map(([path, text]) => `${path},sha256=${sum(text)},${text.length}\n`);
  const zipped = Object.entries({ ...all, [`${info}/RECORD`]: record.join("") }).map(([path, text]) => [
    path,
    strToU8(text),
  ]);
  return { file: `${name}-${version}-${python}-${python}-${platform}.whl`, bytes: zipSync(Object.fromEntries(zipped)) };
}

export type Workplace = {
  readonly root: string;
  /** The installed package. */
  readonly folder: string;
  readonly lib: string;
  readonly binding: string;
  at(...parts: string[]): string;
  /** Puts a wheel where pip finds it. @returns its path */
  addWheel(options?: WheelOptions): Promise<string>;
  /** Everything below the package's `lib`, with the text of files, to see that nothing changed. */
  contents(): Promise<string[]>;
  remove(): Promise<void>;
};

/** A project with the package installed without its binding, with compiler and pip; the process stands in it until `remove`. */
export async function fakeWorkplace(root?: string): Promise<Workplace> {
  const place = root ?? (await mkdtemp(path.join(tmpdir(), "lad-engine-")));
  await chmod(place, 0o755);
  const at = (...parts: string[]) => path.join(place, ...parts);
  const folder = at("project/node_modules/@tensorflow/tfjs-node");
  const put = async (file: string, text: string, mode = 0o644) => {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text, { mode });
  };
  await put(
    path.join(folder, "package.json"),
    JSON.stringify({ version: "4.22.0", main: "dist/index.js", binary: { napi_versions: [3, 8] } }),
  );
  await put(path.join(folder, "dist/index.js"), engineSource);
  await put(path.join(folder, "binding/tfjs_binding.cc"), "");
  const finder = at("project/node_modules/@mapbox/node-pre-gyp");
  await put(path.join(finder, "package.json"), '{ "main": "index.js" }');
  await put(path.join(finder, "index.js"), finderSource);
  await put(at("compiler"), compilerSource, 0o755);
  await put(at("python"), pipSource, 0o755);
  await mkdir(at("wheels"));
  vi.spyOn(process, "cwd").mockReturnValue(at("project"));
  const variables = { CXX: at("compiler"), PYTHON: at("python"), WHEELS: at("wheels"), LAD_ENGINES: at("home") };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  const lib = path.join(folder, "lib");
  return {
    root: place,
    folder,
    lib,
    binding: path.join(lib, "napi-v8", "tfjs_binding.node"),
    at,
    async addWheel(options) {
      const { file, bytes } = fakeWheel(options);
      await writeFile(at("wheels", file), bytes);
      return at("wheels", file);
    },
    async contents() {
      const names = await readdir(lib, { recursive: true }).catch(() => []);
      const text = (name: string) => readFile(path.join(lib, name), "utf8").catch(() => "");
      return Promise.all(names.sort().map(async (name) => `${name}: ${await text(name)}`));
    },
    async remove() {
      vi.unstubAllEnvs();
      vi.restoreAllMocks();
      await rm(place, { recursive: true, force: true });
    },
  };
}
