/** Types of all events, and a table of their fields for src/events.ts. */

const plain = {
  String: "string",
  bool: "boolean",
  u8: "number",
  u16: "number",
  u32: "number",
  u64: "number",
  FeedId: "number",
};
/** The names of a few things, and what the contracts' schemas call the integers with 256 bits. */
const others = { Regime: "string", Reason: "string", Wide: "Int256" };

function typeOf(rust, units) {
  const list = /^List ?< ?(\w+) ?>$/.exec(rust);
  if (list) return `${typeOf(list[1], units)}[]`;
  const known = plain[rust] ?? others[rust] ?? (units.includes(rust) ? rust : undefined);
  if (!known) throw new Error(`schema/events.json: nobody has said what ${rust} is`);
  return known;
}

/** As src/events.ts reads it: a unit, `number`, `boolean` or `string`, and a `*` after what comes more than once. */
function kindOf(rust, units) {
  return typeOf(rust, units).replace("[]", "*");
}

export function eventsOf(events, units) {
  const all = Object.entries(events);
  const types = all.map(([name, fields]) => {
    const body = fields.map((field) => `${field.name}: ${typeOf(field.type, units)}`).join("; ");
    return `  ${name}: ${body ? `{ ${body} }` : "Record<never, never>"};\n`;
  });
  const table = all.map(([name, fields]) => {
    const body = fields.map((field) => `${field.name}: ${JSON.stringify(kindOf(field.type, units))}`).join(", ");
    return `  ${name}: {${body ? ` ${body} ` : ""}},\n`;
  });
  const used = units.filter((unit) =>
    all.some(([, fields]) => fields.some((field) => typeOf(field.type, units).replace("[]", "") === unit)),
  );
  return `import type { ${used.sort().join(", ")} } from "../units.ts";

/** Every event by name, with its fields. */
export interface Events {
${types.join("")}}

/** What each field is: a unit, \`number\`, \`boolean\` or \`string\`; \`*\` after what is a list. */
export const fields = {
${table.join("")}} as const;
`;
}
