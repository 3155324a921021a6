import { defineConfig } from "tsup";
import { base } from "../../tsup.config.base";

export default defineConfig({
  ...base,
  entry: { index: "src/index.ts", rle: "src/rle/index.ts", tide: "src/tide/index.ts" },
  noExternal: [/^@lad\//],
  sourcemap: false,
  treeshake: false, // it would print the code anew; esbuild leaves out what is not used, too
  splitting: true, // what the entries share is published once
  minify: true, // what is installed by others for this alone is to be small
  // without the workspace's paths to the sources, so that the types are found in the built packages and bundled
  dts: { resolve: [/^@lad\//], compilerOptions: { paths: {} } },
});
