import { spawn, spawnSync } from "node:child_process";
import { createWriteStream, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";

/** The registry npm is set up to use here; everything but our own packages comes from there. */
function upstream(cwd) {
  const { stdout } = spawnSync("npm", ["config", "get", "registry"], { cwd, encoding: "utf8" });
  return stdout.trim().split("\n").at(-1);
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function configuration(folder, registry) {
  return {
    storage: join(folder, "storage"),
    auth: { htpasswd: { file: join(folder, "htpasswd"), max_users: -1 } },
    uplinks: { upstream: { url: registry, timeout: "60s", maxage: "60m" } },
    packages: {
      "@lad/*": { access: "$all", publish: "$all" }, // no uplink: never asked of, nor sent to, anyone else
      "**": { access: "$all", proxy: "upstream" },
    },
    web: { enable: false },
    log: { type: "stdout", format: "json", level: "warn" },
    max_body_size: "100mb",
  };
}

/**
 * Starts Verdaccio on 127.0.0.1 with its storage in `folder`.
 * @param program path of Verdaccio's command.
 * @returns its address, an npmrc file that leads npm and pnpm to it, and `stop`.
 */
export async function startLocalRegistry({ program, folder, env }) {
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const config = join(folder, "config.yaml");
  writeFileSync(config, JSON.stringify(configuration(folder, upstream(folder)))); // JSON is YAML
  const log = join(folder, "log");
  const args = [program, "--config", config, "--listen", `127.0.0.1:${port}`];
  const child = spawn(process.execPath, args, { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
  for (const stream of [child.stdout, child.stderr]) stream.pipe(createWriteStream(log, { flags: "a" }));
  const address = `http://127.0.0.1:${port}/`;
  const npmrc = join(folder, "npmrc");
  writeFileSync(npmrc, `registry=${address}\n//127.0.0.1:${port}/:_authToken=nobody\n`);
  const stop = () => stopped(child);
  await answering(`${address}-/ping`, child, log).catch(async (error) => {
    await stop();
    throw error;
  });
  return { address, npmrc, stop };
}

async function answering(url, child, log) {
  for (let tries = 0; tries < 150; tries++) {
    if (child.exitCode !== null)
      throw new Error(`Verdaccio ended with ${child.exitCode}:\n${readFileSync(log, "utf8")}`);
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`Verdaccio did not answer at ${url} within 30 s:\n${readFileSync(log, "utf8")}`);
}

function stopped(child) {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once("exit", resolve);
    child.kill();
    setTimeout(() => child.kill("SIGKILL"), 5000).unref();
  });
}
