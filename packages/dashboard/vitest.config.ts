import { defineConfig } from "vitest/config";

/** `npm test`: what needs neither a browser nor a chain. `npm run test:page` has its own configuration. */
export default defineConfig({
  define: { __CONTRACTS__: "[]" },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  test: { include: ["tests/unit/**/*.test.ts"], environment: "node" },
});
