import { LadError } from "@lad/core";
import { activate, required } from "./activate";
import type { EngineOptions } from "./engines";
import { importOptional } from "./import-optional";

type AdapterInfo = {
  readonly vendor?: string;
  readonly architecture?: string;
  readonly device?: string;
  readonly description?: string;
};
type Adapter = { readonly info?: AdapterInfo; readonly isFallbackAdapter?: boolean };
type Gpu = { requestAdapter(): Promise<Adapter | null> };

/**
 * WebGPU: the browser's, or in Node that of the npm package `webgpu`. @returns the version of tfjs-backend-webgpu.
 * @throws {LadError} NOT_FOUND if a package or an adapter is missing, or, for `auto`, if the adapter is a software renderer.
 */
export async function loadWebgpu({ automatic = false }: EngineOptions): Promise<string> {
  const { version_webgpu: version } = await required("@tensorflow/tfjs-backend-webgpu");
  const adapter = await (await gpu()).requestAdapter();
  if (!adapter) throw new LadError("NOT_FOUND", "there is no WebGPU adapter");
  if (automatic && isSoftware(adapter))
    throw new LadError("NOT_FOUND", "the only WebGPU adapter is a software renderer");
  await activate("webgpu");
  return typeof version === "string" ? version : "unknown";
}

/** Whether the adapter is SwiftShader, llvmpipe or the like, slower than the wasm engine. */
export function isSoftware({ info = {}, isFallbackAdapter = false }: Adapter): boolean {
  const text = [info.vendor, info.architecture, info.device, info.description].join(" ");
  return isFallbackAdapter || /swiftshader|llvmpipe|lavapipe|software|microsoft basic/i.test(text);
}

async function gpu(): Promise<Gpu> {
  const { navigator } = globalThis as { navigator?: { gpu?: Gpu } };
  if (navigator?.gpu) return navigator.gpu;
  const dawn = await importOptional("webgpu");
  if (!dawn) throw new LadError("NOT_FOUND", "webgpu is not installed and there is no navigator.gpu");
  Object.assign(globalThis, dawn.globals);
  const created = (dawn.create as (flags: string[]) => Gpu)([]);
  if (navigator) Object.defineProperty(navigator, "gpu", { value: created, configurable: true });
  else Object.defineProperty(globalThis, "navigator", { value: { gpu: created }, configurable: true });
  return created;
}
