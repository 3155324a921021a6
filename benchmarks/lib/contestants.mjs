import { fileURLToPath } from "node:url";
import { openChild } from "./open-child.mjs";
import { pinned } from "./pinned.mjs";

const path = (file) => fileURLToPath(new URL(file, import.meta.url));

/** Our side: workers/<name>.mjs in a Node process of its own. */
export async function startOurs(name, { threads, engine }) {
  const { command, args, env } = pinned(process.execPath, [path("serve.mjs"), path(`../workers/${name}.mjs`)], threads);
  const child = openChild(command, args, { env });
  try {
    await child.call("start", { threads, engine });
  } catch (error) {
    await child.close();
    throw error;
  }
  return { name: engine ?? "ours", ...child };
}

/** Our side on other engines, those that load; one line for each that does not. */
export async function startEngines(name, engines, { threads, log }) {
  const started = [];
  for (const engine of engines) {
    try {
      started.push(await startOurs(name, { threads, engine }));
    } catch (error) {
      log(`${name}: engine ${engine} skipped: ${error.message.trim().split("\n")[0]}`);
    }
  }
  return started;
}

/**
 * The peer: peers/<name>.py in a Python process (`LAD_PYTHON`, default python3) for each variant, such as a memory layout. None, and one line
 * that says why, if a package that it needs is not installed.
 */
export async function startPeers(name, variants, { threads, log }) {
  const python = process.env.LAD_PYTHON ?? "python3";
  const { command, args, env } = pinned(python, [path("../peers/serve.py"), name], threads);
  const peers = [];
  for (const variant of variants) {
    const child = openChild(command, args, { env });
    try {
      const { version } = await child.call("start", { threads, variant });
      peers.push({ name: `${version} ${variant}`, variant, ...child });
    } catch (error) {
      await child.close();
      const reason = error.message.trim().split("\n").at(-1);
      log(`${name}: peer ${variant} skipped (${python}; LAD_PYTHON names another): ${reason}`);
    }
  }
  return peers;
}
