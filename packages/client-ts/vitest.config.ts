import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // What asks a chain waits for its blocks.
    testTimeout: 60_000,
    // Several files act on one chain; one after another, so that each knows what it has done to it.
    fileParallelism: false,
  },
});
