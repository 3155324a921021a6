import path from "node:path";
import { lock } from "proper-lockfile";

/**
 * Does `work` while no other run, in whatever process, works on the same folder. Waits for one that does; one that was killed is given up after ten seconds
 * without a sign of life.
 */
export async function withLock<T>(folder: string, log: (line: string) => void, work: () => Promise<T>): Promise<T> {
  const release = await waitFor(folder, log);
  try {
    return await work();
  } finally {
    await release();
  }
}

async function waitFor(folder: string, log: (line: string) => void): Promise<() => Promise<void>> {
  const options = { lockfilePath: path.join(folder, ".lad-lock"), stale: 10_000, update: 2_000 };
  for (let tries = 0; ; tries++) {
    try {
      return await lock(folder, options);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
      if (tries === 0) log(`another run is at work in ${folder}; waiting for it`);
      await new Promise((wake) => setTimeout(wake, 500));
    }
  }
}
