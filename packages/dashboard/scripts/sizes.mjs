// Prints the size of what was built, raw and compressed, by file: `npm run build` ends with it.
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const dist = fileURLToPath(new URL("../dist", import.meta.url));

function files(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? files(path) : [path];
  });
}

const page = readFileSync(join(dist, "index.html"), "utf8");
const rows = files(dist).map((path) => {
  const name = relative(dist, path);
  return {
    name,
    raw: statSync(path).size,
    gzip: gzipSync(readFileSync(path)).length,
    first: page.includes(name) || name === "index.html",
  };
});
rows.sort((a, b) => Number(b.first) - Number(a.first) || b.gzip - a.gzip);

const kilobytes = (bytes) => `${(bytes / 1024).toFixed(1)} kB`.padStart(11);
const line = (name, raw, gzip, when) => console.log(`${name.padEnd(44)}${raw}${gzip}  ${when}`);
const sum = (list, key) => list.reduce((total, row) => total + row[key], 0);
line("file", "raw".padStart(11), "gzip".padStart(11), "loaded");
for (const row of rows) line(row.name, kilobytes(row.raw), kilobytes(row.gzip), row.first ? "at once" : "when needed");
const first = rows.filter((row) => row.first);
line("all that is loaded at once", kilobytes(sum(first, "raw")), kilobytes(sum(first, "gzip")), "");
