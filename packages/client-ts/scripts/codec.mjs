/** Which texts of a contract's messages and answers are numbers, and of which unit: a table for src/codec.ts. */
import { definitionsOf } from "./schema.mjs";

export const pascal = (name) => name.replace(/(?:^|_)(\w)/g, (_, letter) => letter.toUpperCase());

/** ts-codegen's name of a type. */
const typeName = (title) => pascal(title);

class Tables {
  constructor(definitions, units) {
    this.definitions = definitions;
    this.units = new Set(units);
    this.known = new Map();
  }

  /** The rule of a node; none where nothing below it is a unit. */
  rule(node) {
    if (node === undefined || node === null || typeof node !== "object") return undefined;
    if (node.$ref) return this.ofName(node.$ref.replace("#/definitions/", ""));
    if (Array.isArray(node.items)) {
      const parts = node.items.map((part) => this.rule(part) ?? null);
      return parts.some(Boolean) ? { tuple: parts } : undefined;
    }
    if (node.items) {
      const list = this.rule(node.items);
      return list && { list };
    }
    // Variants of an enum are objects with one key each, so their fields can stand side by side.
    const parts = [node, ...(node.oneOf ?? []), ...(node.anyOf ?? []), ...(node.allOf ?? [])];
    const fields = {};
    for (const part of parts) {
      if (part !== node) {
        const rule = this.rule(part);
        if (rule !== undefined && (typeof rule === "string" || !rule.fields)) return rule;
        Object.assign(fields, rule?.fields);
      } else {
        for (const [key, property] of Object.entries(part.properties ?? {})) {
          const rule = this.rule(property);
          if (rule !== undefined) fields[key] = rule;
        }
      }
    }
    return Object.keys(fields).length ? { fields } : undefined;
  }

  /** Units by name, everything else by its place in the table, so that it is written once. */
  ofName(name) {
    if (this.units.has(name)) return name;
    if (!this.known.has(name)) {
      // What has itself within it (a price source of two sources) refers to itself.
      this.known.set(name, `#${name}`);
      this.known.set(name, this.rule(this.definitions.get(name)));
    }
    return this.known.get(name) === undefined ? undefined : `#${name}`;
  }

  /** The rule of an answer, by its name where it has one of its own. */
  ofAnswer(answer) {
    return /^(Array_of|Nullable)_/.test(answer.title) ? this.rule(answer) : this.ofName(answer.title);
  }
}

const object = (entries) => Object.fromEntries(entries.filter(([, rule]) => rule !== undefined));

/** `key: rule` lines, one for each entry. */
function lines(table, indent) {
  return Object.entries(table)
    .map(([key, rule]) => `${indent}${key}: ${JSON.stringify(rule)},\n`)
    .join("");
}

export function codecOf(contract, schema, units) {
  const tables = new Tables(definitionsOf(schema), units);
  const answers = object(
    Object.entries(schema.responses ?? {}).map(([query, answer]) => [query, tables.ofAnswer(answer)]),
  );
  const messages = { execute: tables.rule(schema.execute ?? undefined), query: tables.rule(schema.query ?? undefined) };
  const definitions = object([...tables.known].sort(([a], [b]) => (a < b ? -1 : 1)));
  const name = pascal(contract);
  const executes = schema.execute ? "ExecuteMsg" : "never";
  const imports = [...(schema.execute ? ["ExecuteMsg"] : []), "QueryMsg", "Answers"].sort().join(", ");
  return `import type { Codec } from "../codec.ts";
import type { ${imports} } from "./${contract}.types.ts";

export const ${contract}: Codec<QueryMsg, ${executes}, Answers> = {
  contract: "${name}",
  definitions: {
${lines(definitions, "    ")}  },
  execute: ${JSON.stringify(messages.execute ?? null)},
  query: ${JSON.stringify(messages.query ?? null)},
  answers: {
${lines(answers, "    ")}  },
};
`;
}

/** What each query is answered with. */
export function answersOf(schema) {
  const plain = { Nullable_String: "string | null", Array_of_string: "string[]", Array_of_String: "string[]" };
  const entries = Object.entries(schema.responses ?? {}).map(([query, { title }]) => {
    const nullable = /^Nullable_(.*)$/.exec(title)?.[1];
    return `  ${query}: ${plain[title] ?? (nullable ? `${typeName(nullable)} | null` : typeName(title))};\n`;
  });
  return `\n/** What each query is answered with. */\nexport interface Answers {\n${entries.join("")}}\n`;
}
