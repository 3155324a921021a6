import { writeFileSync } from "node:fs";
import { defineConfig } from "tsup";
import { base } from "../../tsup.config.base";

/** What others import. */
const entry = {
  index: "src/index.ts",
  rle: "src/rle/index.ts",
  tide: "src/tide/index.ts",
  node: "src/node/index.ts",
};

const small = {
  ...base,
  noExternal: [/^@lad\//],
  sourcemap: false,
  treeshake: false, // it would print the code anew; esbuild leaves out what is not used, too
  minify: true, // what is installed by others for this alone is to be small
};

/** Types, without the workspace's paths to the sources, so that the types are found in the built packages and bundled. */
const types = (removeComments: boolean) => ({
  entry,
  resolve: [/^@lad\//],
  compilerOptions: { paths: {}, removeComments },
});

/** CommonJS entries of one line: what browsers run is one file, what needs Node is the ES module, which Node can require. */
function writeCommonJsEntries(): void {
  for (const name of ["index", "rle", "tide"]) {
    writeFileSync(`dist/${name}.cjs`, `module.exports=require("./commonjs.cjs").${name};\n`);
  }
  writeFileSync("dist/node.cjs", `module.exports=require("./node.js");\n`);
}

export default defineConfig([
  {
    ...small,
    entry: { ...entry, worker: "src/node/worker.ts" },
    format: ["esm"],
    splitting: true, // what the entries share is published once
    dts: types(false),
  },
  {
    ...small,
    entry: { commonjs: "src/commonjs.ts" },
    format: ["cjs"],
    splitting: false, // to split CommonJS, tsup has `?.` and `??` written as calls, which are slow
    clean: false,
    dts: types(true), // the same types; who reads them finds the comments beside the ES modules
    onSuccess: async () => writeCommonJsEntries(),
  },
]);
