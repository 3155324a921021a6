import { defineConfig } from "tsup";
import { base } from "../../tsup.config.base";

export default defineConfig({
  ...base,
  entry: { index: "src/index.ts", node: "src/node/index.ts", xml: "src/xml/index.ts" },
  noExternal: [/^@lad\//, "@rgrove/parse-xml"],
  // without the workspace's paths to the sources, so that the types are found in the built packages and bundled
  dts: { resolve: [/^@lad\//], compilerOptions: { paths: {} } },
});
