import { nodeBuiltin } from "./node-builtins";

/**
 * The folder of engines that belong to a user and not to a project: the one `LAD_ENGINES` names, else `lad/engines` in the user's cache folder.
 * Packages in its `node_modules` are found like those of the working folder. It need not be there.
 * @returns undefined in a browser.
 */
export function engineHome(): string | undefined {
  const os = nodeBuiltin("node:os");
  if (!os) return undefined;
  const { LAD_ENGINES, XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (LAD_ENGINES) return LAD_ENGINES;
  const caches: Partial<Record<NodeJS.Platform, string | undefined>> = {
    darwin: `${os.homedir()}/Library/Caches`,
    win32: LOCALAPPDATA,
  };
  return `${caches[process.platform] ?? (XDG_CACHE_HOME || `${os.homedir()}/.cache`)}/lad/engines`;
}
