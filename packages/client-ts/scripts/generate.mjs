/**
 * Writes src/generated from the schemas of the contracts: types by ts-codegen, and beside them the tables that tell
 * which texts are numbers of which unit. `--check` only compares.
 */
import { mkdtemp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { answersOf, codecOf, pascal } from "./codec.mjs";
import { eventsOf } from "./events.mjs";
import { prepare } from "./schema.mjs";

const { default: codegen } = createRequire(import.meta.url)("@cosmwasm/ts-codegen");

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const schemas = here("../../../schema");
const generated = here("../src/generated");
/** A contract that only tests have. */
const left = "hostile";

const stamp = "// Generated from schema/ by scripts/generate.mjs (npm run generate): change the contracts instead.\n";

/** Enums with a line for each variant, where that is short. */
function compact(types) {
  const join = (text) =>
    text.replace(/\{\n((?: *[^}\s][^\n]*;\n)+) *\}/g, (found, body) => {
      const line = `{ ${body.trim().replace(/;\n */g, "; ").replace(/;$/, "")} }`;
      return line.length <= 100 ? line : found;
    });
  const joined = (text) => (join(text) === text ? text : joined(join(text)));
  return types.replace(/^export type \w+ = [\s\S]*?;$(?=\n(?:export|$))/gm, (found) =>
    joined(found).replace(/ \| \{/g, "\n  | {"),
  );
}

/** ts-codegen's types, with the units in the place of plain texts. */
function withUnits(types, units) {
  const aliases = units.filter((unit) => new RegExp(`^export type ${unit} = string;$`, "m").test(types));
  const body = aliases.reduce(
    (text, unit) => text.replace(`export type ${unit} = string;\n`, ""),
    compact(types.replace(/^\/\*\*[\s\S]*?\*\/\n+/, "")),
  );
  const imports = aliases.length ? `import type { ${aliases.sort().join(", ")} } from "../units.ts";\n\n` : "";
  const again = aliases.length ? `\nexport type { ${aliases.join(", ")} };\n` : "";
  return `${stamp}${imports}${body.trimEnd()}\n${again}`;
}

async function typesOf(name, schema, units) {
  const work = await mkdtemp(join(tmpdir(), "sdp-client-"));
  // It tells its progress to people who run it by hand.
  const { log } = console;
  console.log = () => {};
  try {
    await mkdir(join(work, "schema"));
    await writeFile(join(work, "schema", `${name}.json`), JSON.stringify(schema));
    const off = { enabled: false };
    const options = { bundle: off, types: { enabled: true }, client: off, messageComposer: off, messageBuilder: off };
    await codegen({
      contracts: [{ name: pascal(name), dir: join(work, "schema") }],
      outPath: join(work, "out"),
      options,
    });
    return withUnits(await readFile(join(work, "out", `${pascal(name)}.types.ts`), "utf8"), units);
  } finally {
    console.log = log;
    await rm(work, { recursive: true });
  }
}

/** All files by name. */
async function generate() {
  const units = [...(await readFile(here("../src/units.ts"), "utf8")).matchAll(/^export type (\w+) = Unit</gm)].map(
    ([, name]) => name,
  );
  const names = (await readdir(schemas)).filter((file) => file.endsWith(".json")).map((file) => file.slice(0, -5));
  const files = new Map();
  for (const name of names.sort()) {
    const found = JSON.parse(await readFile(join(schemas, `${name}.json`), "utf8"));
    if (name === left || !found.contract_name) continue;
    const schema = prepare(name, found);
    const types = await typesOf(name, schema, units);
    files.set(`${name}.types.ts`, types + answersOf(schema));
    files.set(`${name}.codec.ts`, stamp + codecOf(name, schema, units));
  }
  files.set("events.ts", stamp + eventsOf(JSON.parse(await readFile(join(schemas, "events.json"), "utf8")), units));
  return files;
}

async function stored() {
  const names = await readdir(generated).catch(() => []);
  return new Map(await Promise.all(names.map(async (name) => [name, await readFile(join(generated, name), "utf8")])));
}

const [argument, ...more] = process.argv.slice(2);
if (more.length || (argument !== undefined && argument !== "--check")) {
  console.error("usage: node scripts/generate.mjs [--check]");
  process.exit(2);
}
const [fresh, old] = [await generate(), await stored()];
const stale = [...new Set([...fresh.keys(), ...old.keys()])].filter((name) => fresh.get(name) !== old.get(name));
if (argument === "--check") {
  if (stale.length) {
    console.error(
      `src/generated does not match schema/: ${stale.join(", ")}. Run npm run generate and commit what it changes.`,
    );
    process.exit(1);
  }
  console.log("src/generated is up to date");
} else {
  await mkdir(generated, { recursive: true });
  for (const name of stale) {
    const text = fresh.get(name);
    await (text === undefined ? rm(join(generated, name)) : writeFile(join(generated, name), text));
  }
  console.log(`${fresh.size} files, ${stale.length} changed`);
}
