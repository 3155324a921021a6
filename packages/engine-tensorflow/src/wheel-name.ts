import path from "node:path";
import { LadError } from "@lad/core";
import type { Platform } from "./platform";

/** A wheel's file name taken apart: `name-version(-build)-python-abi-platform.whl`. */
export type WheelName = {
  /** With `_` for `-`: `tensorflow_cpu`. */
  readonly name: string;
  readonly version: string;
  readonly python: string;
  /** Any of these fits: `manylinux_2_27_x86_64`. */
  readonly platforms: readonly string[];
};

/** @throws {LadError} INVALID_FILE if it is not a wheel's name */
export function parseWheelName(file: string): WheelName {
  const parts = path
    .basename(file)
    .replace(/\.whl$/, "")
    .split("-");
  if (!file.endsWith(".whl") || (parts.length !== 5 && parts.length !== 6))
    throw new LadError(
      "INVALID_FILE",
      `parseWheelName: wanted a wheel, NAME-VERSION-PYTHON-ABI-PLATFORM.whl, got ${path.basename(file)}; leave downloaded wheels their names`,
    );
  const [python, , platforms] = parts.slice(-3) as [string, string, string];
  return {
    name: parts[0]!.toLowerCase().replace(/[-.]/g, "_"),
    version: parts[1]!,
    python,
    platforms: platforms.split("."),
  };
}

/**
 * Refuses a wheel whose libraries do not run on this machine. For which Python it was made does not matter: TensorFlow's C library does not need one.
 * @throws {LadError} UNSUPPORTED naming both platforms
 */
export function checkWheelPlatform({ name, version, platforms }: WheelName, here: Platform): void {
  if (platforms.some((tag) => fits(tag, here))) return;
  const glibc = here.glibc ? `, glibc ${here.glibc.join(".")}` : here.os === "linux" ? " without glibc" : "";
  throw new LadError(
    "UNSUPPORTED",
    `buildTensorflowEngine: ${name} ${version} is a wheel for ${platforms.join(", ")}, this machine is ${here.os} ${here.arch}${glibc}: get the wheel for it (python3 -m pip download --no-deps ${name.replaceAll("_", "-")}, run on such a machine)`,
  );
}

function fits(tag: string, { os, arch, glibc }: Platform): boolean {
  if (tag === "any") return true;
  const machine = os === "darwin" ? { x64: "x86_64", arm64: "arm64" } : { x64: "x86_64", arm64: "aarch64" };
  if (!tag.endsWith(`_${machine[arch as "x64" | "arm64"]}`)) return os === "darwin" && tag.endsWith("_universal2");
  if (os === "darwin") return tag.startsWith("macosx_");
  if (tag.startsWith("linux_")) return true;
  const wanted = manylinux(tag);
  if (!wanted || !glibc) return false;
  return glibc[0] > wanted[0] || (glibc[0] === wanted[0] && glibc[1] >= wanted[1]);
}

/** The glibc that a tag asks for. */
function manylinux(tag: string): readonly [number, number] | undefined {
  const found = /^manylinux_(\d+)_(\d+)_/.exec(tag);
  if (found) return [Number(found[1]), Number(found[2])];
  const named: Readonly<Record<string, readonly [number, number]>> = { 1: [2, 5], 2010: [2, 12], 2014: [2, 17] };
  return named[/^manylinux(\d+)_/.exec(tag)?.[1] ?? ""];
}
