import { describe, expect, it } from "vitest";
import type { Platform } from "./platform";
import { checkWheelPlatform, parseWheelName } from "./wheel-name";

const linux: Platform = { os: "linux", arch: "x64", glibc: [2, 31] };

describe("parseWheelName", () => {
  it("takes a name apart, with and without a build tag", () => {
    expect(parseWheelName("/w/tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl")).toEqual({
      name: "tensorflow_cpu",
      version: "2.21.0",
      python: "cp311",
      platforms: ["manylinux_2_27_x86_64"],
    });
    expect(
      parseWheelName("nvidia_cublas_cu12-12.9-1-py3-none-manylinux_2_27_x86_64.manylinux2014_x86_64.whl"),
    ).toMatchObject({
      python: "py3",
      platforms: ["manylinux_2_27_x86_64", "manylinux2014_x86_64"],
    });
  });

  it.each(["tensorflow.zip", "tensorflow-2.21.0.whl", "tensorflow-2.21.0.tar.gz"])("refuses %s", (file) => {
    expect(() => parseWheelName(file)).toThrow(`got ${file}`);
  });
});

describe("checkWheelPlatform", () => {
  const check = (platform: string, here: Platform) =>
    checkWheelPlatform(parseWheelName(`tensorflow-2.21.0-cp313-cp313-${platform}.whl`), here);
  const arm = { ...linux, arch: "arm64" };
  const mac: Platform = { os: "darwin", arch: "arm64", glibc: undefined };

  it.each([
    ["manylinux_2_27_x86_64", linux],
    ["manylinux2014_x86_64", linux],
    ["linux_x86_64", linux],
    ["any", linux],
    ["win_amd64.manylinux_2_31_x86_64", linux],
    ["manylinux_2_17_aarch64", arm],
    ["macosx_12_0_arm64", mac],
    ["macosx_12_0_universal2", mac],
  ])("takes %s", (platform, here) => expect(() => check(platform, here)).not.toThrow());

  it.each([
    ["win_amd64", linux, "this machine is linux x64, glibc 2.31"],
    ["manylinux_2_34_x86_64", linux, "is a wheel for manylinux_2_34_x86_64"],
    ["manylinux_2_17_aarch64", linux, "python3 -m pip download --no-deps tensorflow"],
    ["manylinux_2_17_x86_64", arm, "linux arm64"],
    ["manylinux_2_17_x86_64", { ...linux, glibc: undefined }, "linux x64 without glibc"],
    ["musllinux_1_2_x86_64", linux, "musllinux"],
    ["macosx_12_0_arm64", linux, "macosx"],
    ["macosx_12_0_x86_64", mac, "darwin arm64:"],
  ])("refuses %s elsewhere", (platform, here, text) => expect(() => check(platform, here)).toThrow(text));
});
