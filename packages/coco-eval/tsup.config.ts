import { defineConfig } from "tsup";
import { base } from "../../tsup.config.base";

/** What others import. */
const entry = {
  index: "src/index.ts",
  rle: "src/rle/index.ts",
  tide: "src/tide/index.ts",
  node: "src/node/index.ts",
};

export default defineConfig({
  ...base,
  entry: { ...entry, worker: "src/node/worker.ts" },
  noExternal: [/^@lad\//],
  sourcemap: false,
  treeshake: false, // it would print the code anew; esbuild leaves out what is not used, too
  splitting: true, // what the entries share is published once
  shims: true, // `import.meta.url` in the CommonJS build
  minify: true, // what is installed by others for this alone is to be small
  // without the workspace's paths to the sources, so that the types are found in the built packages and bundled
  dts: {
    entry,
    resolve: [/^@lad\//],
    compilerOptions: { paths: {} },
  },
});
