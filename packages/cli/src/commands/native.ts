import { buildNative, useBackend } from "@lad/backends";
import { command } from "../command";

export const nativeCommand = command({
  name: "native",
  summary: "Says whether the native engine runs here; builds it where its install script did not.",
  usage: "[--build]",
  options: {
    build: { type: "boolean", help: "compiles its add-on; needs a C++ compiler and oneDNN, downloads nothing" },
  },
  positionals: [0, 0],
  notes: "Package managers that run no install scripts (pnpm) leave the add-on unbuilt: run it with --build once.",
  async run({ options }, terminal) {
    if (options.build) {
      terminal.note("building the native engine: a minute or two …");
      const { built, message } = await buildNative();
      terminal.note(message);
      if (!built) return 1;
    }
    const { version } = await useBackend("native");
    terminal.out(`the native engine runs: @lad/backend-native ${version}`);
    return 0;
  },
});
