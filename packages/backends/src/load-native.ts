import { activate, required } from "./activate";
import type { EngineOptions } from "./engines";

type NativeOptions = Pick<EngineOptions, "threads" | "convolution">;

/** @lad/backend-native: `registerNative({ threads, convolution })`, which registers the tfjs backend `native`. @returns its version. */
export async function loadNative({ threads, convolution }: EngineOptions): Promise<string> {
  const { registerNative, version } = await required("@lad/backend-native");
  const register = registerNative as (options: NativeOptions) => Promise<void>;
  await register({ ...(threads !== undefined && { threads }), ...(convolution !== undefined && { convolution }) });
  await activate("native");
  return typeof version === "string" ? version : "unknown";
}
