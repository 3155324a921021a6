import { execFile } from "node:child_process";
import os from "node:os";
import { promisify } from "node:util";

/** What engines run on. */
export type Machine = {
  readonly node: string;
  readonly system: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryGb: number;
  /** As the driver names them: `NVIDIA A100-SXM4-40GB, 550.54.15, 40960 MiB`. */
  readonly gpus: readonly string[];
};

export async function describeMachine(): Promise<Machine> {
  return {
    node: process.versions.node,
    system: `${os.type()} ${os.release()} ${process.arch}`,
    processor: os.cpus()[0]?.model.trim() || "unknown",
    cores: os.availableParallelism(),
    memoryGb: Math.round(os.totalmem() / 2 ** 30),
    gpus: await nvidiaGpus(),
  };
}

/** Name, driver and memory of each; none where there is no driver. */
export async function nvidiaGpus(program = "nvidia-smi"): Promise<string[]> {
  try {
    const query = ["--query-gpu=name,driver_version,memory.total", "--format=csv,noheader"];
    const { stdout } = await promisify(execFile)(program, query, { timeout: 20_000 });
    return stdout
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== "");
  } catch {
    return [];
  }
}
