import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** The served dashboard in a real browser. One file, in order: each part leaves the chain as the next one needs it. */
export default defineConfig({
  root: fileURLToPath(new URL("../..", import.meta.url)),
  test: {
    include: ["tests/page/page.test.ts"],
    environment: "node",
    testTimeout: 300_000,
    hookTimeout: 60_000,
    bail: 0,
    disableConsoleIntercept: true,
    reporters: ["verbose"],
  },
});
