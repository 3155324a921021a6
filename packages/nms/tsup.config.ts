import { defineConfig } from "tsup";
import { base } from "../../tsup.config.base";

export default defineConfig({
  ...base,
  entry: { index: "src/index.ts", tfjs: "src/tfjs/index.ts" },
  noExternal: [/^@lad\//],
  // without the workspace's paths to the sources, so that the types are found in the built packages and bundled
  dts: { resolve: [/^@lad\//], compilerOptions: { paths: {} } },
});
