import { activate } from "./activate";

/** tfjs' engine in plain JavaScript: slow, everywhere, the reference of the tests. */
export async function loadCpu(): Promise<string> {
  const { version_cpu } = await import("@tensorflow/tfjs-backend-cpu");
  await activate("cpu");
  return version_cpu;
}
