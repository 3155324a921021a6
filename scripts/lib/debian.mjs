import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Debian packages that are not needed, but good to have: how one sees that they are there, and what goes without them. */
const packages = [
  {
    name: "chromium",
    onlyForTests: true,
    present: () => findChromium() !== undefined,
    without: "the browser test is left out",
  },
  {
    name: "g++",
    onlyForTests: false,
    present: ({ CXX } = process.env) => [CXX, "g++", "c++", "clang++"].some((name) => name && onPath(name)),
    without: "the native engine is not built, training is 15 to 50 times slower",
  },
  {
    name: "libdnnl-dev",
    onlyForTests: false,
    present: hasOneDnn,
    without: "the native engine is not built, training is 15 to 50 times slower",
  },
];

/** Path of a Chromium or Chrome: the one `LAD_CHROMIUM` names, else the first on the PATH, else undefined. */
export function findChromium(env = process.env) {
  if (env.LAD_CHROMIUM) return env.LAD_CHROMIUM;
  return ["chromium", "chromium-browser", "google-chrome"].map((name) => onPath(name, env)).find(Boolean);
}

/** oneDNN's headers, where the native engine's own build looks for them. */
function hasOneDnn({ LAD_ONEDNN, CONDA_PREFIX } = process.env) {
  const prefixes = [LAD_ONEDNN, CONDA_PREFIX, "/opt/homebrew", "/usr/local", "/usr"].filter(Boolean);
  return prefixes.some((prefix) => existsSync(join(prefix, "include", "oneapi", "dnnl", "dnnl.hpp")));
}

/** Those that are not here; with `forTests` also what only tests use. */
export function missingPackages({ forTests }) {
  return packages.filter(({ onlyForTests, present }) => (forTests || !onlyForTests) && !present());
}

/** Whether packages can be installed here without asking anyone. */
export function canInstallPackages() {
  return process.getuid?.() === 0 && existsSync("/etc/debian_version") && onPath("apt-get") !== undefined;
}

function onPath(program, env = process.env) {
  return (env.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, program))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
