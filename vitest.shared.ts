import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const packages = fileURLToPath(new URL("./packages/", import.meta.url));

/** Tests run on the sources of every package (no build between an edit and its test). */
export default defineConfig({
  resolve: {
    alias: [
      { find: /^@lad\/([\w-]+)$/, replacement: `${packages}$1/src/index.ts` },
      { find: /^@lad\/([\w-]+)\/([\w-]+)$/, replacement: `${packages}$1/src/$2/index.ts` }, // a subpath of a package
    ],
  },
  test: {
    include: ["{src,test}/**/*.test.ts"],
    reporters: ["default", "json"],
    outputFile: { json: ".turbo/test-report.json" }, // counted by scripts/test.mjs
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // tfjs-core's gradient files are ES modules without extensions, which Node itself cannot import
    server: { deps: { inline: [/tfjs-core[\\/]dist[\\/](?!tf-core)/] } },
  },
});
