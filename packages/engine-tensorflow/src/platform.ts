import { LadError } from "@lad/core";

/** Of the machine: what decides whether a wheel's libraries run here. */
export type Platform = {
  readonly os: NodeJS.Platform;
  readonly arch: string;
  /** `[2, 36]`; undefined where the C library is not glibc. */
  readonly glibc: readonly [major: number, minor: number] | undefined;
};

/** Proven on Linux x64; arm64 and macOS have the same parts. @throws {LadError} UNSUPPORTED elsewhere */
export function thisPlatform(os = process.platform, arch: string = process.arch): Platform {
  const proven = (os === "linux" || os === "darwin") && (arch === "x64" || arch === "arm64");
  if (!proven)
    throw new LadError(
      "UNSUPPORTED",
      `buildTensorflowEngine: wanted Linux or macOS on x64 or arm64, this is ${os} ${arch}; use the engine native or wasm`,
    );
  return { os, arch, glibc: os === "linux" ? glibcVersion() : undefined };
}

function glibcVersion(): [number, number] | undefined {
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  const found = /^(\d+)\.(\d+)/.exec(header.glibcVersionRuntime ?? "");
  return found ? [Number(found[1]), Number(found[2])] : undefined;
}
