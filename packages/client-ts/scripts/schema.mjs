/** Makes a contract's schema ready for generators that have one name space for a whole contract. */

/**
 * Definitions that share a name within a contract, which a property of theirs tells apart, and what they are called
 * here.
 */
const apart = {
  lens: [{ name: "PositionResponse", has: "break_even", called: "PerpPositionResponse" }],
};

/** A definition without what only people read. */
function bare(node) {
  if (Array.isArray(node)) return node.map(bare);
  if (node === null || typeof node !== "object") return node;
  const skipped = new Set(["description", "title", "$schema", "definitions"]);
  return Object.fromEntries(
    Object.entries(node)
      .filter(([key]) => !skipped.has(key))
      .map(([key, part]) => [key, bare(part)]),
  );
}

function renamed(node, from, to) {
  if (Array.isArray(node)) return node.map((part) => renamed(part, from, to));
  if (node === null || typeof node !== "object") return node;
  if (node.$ref === `#/definitions/${from}`) return { $ref: `#/definitions/${to}` };
  return Object.fromEntries(Object.entries(node).map(([key, part]) => [key, renamed(part, from, to)]));
}

/** Everything in it that has definitions of its own. */
export function roots(schema) {
  const messages = ["instantiate", "execute", "query", "migrate"].map((part) => schema[part]).filter(Boolean);
  return [...messages, ...Object.values(schema.responses ?? {})];
}

/** All definitions and answers by name. Two of one name have to be one thing. */
export function definitionsOf(schema) {
  const found = new Map();
  const add = (name, definition) => {
    const known = found.get(name);
    if (known && JSON.stringify(bare(known)) !== JSON.stringify(bare(definition))) {
      throw new Error(
        `${schema.contract_name}: two things are called ${name}; scripts/schema.mjs has to tell them apart`,
      );
    }
    found.set(name, definition);
  };
  for (const root of roots(schema)) {
    for (const [name, definition] of Object.entries(root.definitions ?? {})) add(name, definition);
  }
  for (const answer of Object.values(schema.responses ?? {})) add(answer.title, answer);
  return found;
}

/** The same schema in which each name is one thing. */
export function prepare(contract, schema) {
  for (const { name, has, called } of apart[contract] ?? []) {
    for (const [query, answer] of Object.entries(schema.responses)) {
      if (!answer.definitions?.[name]?.properties?.[has]) continue;
      const { [name]: moved, ...others } = answer.definitions;
      schema.responses[query] = renamed({ ...answer, definitions: { ...others, [called]: moved } }, name, called);
    }
  }
  definitionsOf(schema);
  return schema;
}
