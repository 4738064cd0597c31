import { existsSync } from "node:fs";
import { copyFile, mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The contracts that previews run in the browser. They are built by `scripts/build-wasm`; without them the page asks the chain. */
const contracts = ["lens.wasm", "pool.wasm", "liquidator.wasm", "orders.wasm"];

/** Puts the contracts that there are beside the page, to be fetched when the first preview is made. */
function contractAssets(): Plugin {
  const found = contracts.map((name) => [name, here(`../../target/wasm/${name}`)] as const);
  const present = found.filter(([, path]) => existsSync(path));
  return {
    name: "contract-assets",
    config: () => ({ define: { __CONTRACTS__: JSON.stringify(present.map(([name]) => name)) } }),
    async writeBundle(options) {
      const out = `${options.dir}/contracts`;
      await mkdir(out, { recursive: true });
      await Promise.all(present.map(([name, path]) => copyFile(path, `${out}/${name}`)));
    },
  };
}

export default defineConfig({
  base: "./",
  plugins: [contractAssets()],
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  resolve: { dedupe: ["preact", "@preact/signals"] },
  build: {
    target: "es2022",
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1_000,
    reportCompressedSize: false,
  },
  server: {
    proxy: Object.fromEntries(
      ["/api", "/config.json"].map((path) => [path, { target: process.env.SDP_SERVE ?? "http://127.0.0.1:8080" }]),
    ),
  },
});
