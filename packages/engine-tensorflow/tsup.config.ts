import { defineConfig } from "tsup";
import { base } from "../../tsup.config.base";

// shims: `import.meta.url` in the CommonJS build
export default defineConfig({ ...base, shims: true });
