/** The contracts as `scripts/build-wasm` has built them. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Load } from "../src/local.ts";

const pathOf = (contract: string) => fileURLToPath(new URL(`../../../target/wasm/${contract}.wasm`, import.meta.url));
const compiled = new Map<string, Promise<WebAssembly.Module>>();

export const isBuilt = (contract: string) => existsSync(pathOf(contract));

export const load: Load = (contract) => {
  const known = compiled.get(contract) ?? readFile(pathOf(contract)).then((bytes) => WebAssembly.compile(bytes));
  compiled.set(contract, known);
  return known;
};
