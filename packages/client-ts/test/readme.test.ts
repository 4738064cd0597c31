import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { firstSteps } from "../examples/first-steps.ts";
import { loadConfig } from "../src/index.ts";
import { load } from "./wasm.ts";

const file = (path: string) => readFile(fileURLToPath(new URL(`../${path}`, import.meta.url)), "utf8");

test("the README shows what the example does", async () => {
  const [readme, example] = await Promise.all([file("README.md"), file("examples/first-steps.ts")]);
  const shown = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
  expect(shown.trim().length).toBeGreaterThan(100);
  expect(example.replace(/^ {2}/gm, "")).toContain(shown.trim());
});

test.skipIf(!process.env.SDP_SERVE)("the example works", async () => {
  const server = process.env.SDP_SERVE ?? "";
  // On a real chain account 0 has all coins.
  const { mode } = await loadConfig(`${server}/config.json`);
  const said = await firstSteps(server, load, mode === "chain" ? "0" : "anna");
  expect(said[0]).toMatch(/^minted 1,000\.00 sdUSD in block \d+$/);
  expect(said[1]).toMatch(/^ratio \d[\d,]*\.\d\d %$/);
  expect(said[2]).toMatch(/^a fee of \d/);
});
