import { activate, required } from "./activate";
import type { EngineOptions } from "./engines";

/** @lad/backend-native: `registerNative({ threads })`, which registers the tfjs backend `native`. @returns its version. */
export async function loadNative({ threads }: EngineOptions): Promise<string> {
  const { registerNative, version } = await required("@lad/backend-native");
  const register = registerNative as (options: { readonly threads?: number }) => Promise<void>;
  await register(threads === undefined ? {} : { threads });
  await activate("native");
  return typeof version === "string" ? version : "unknown";
}
