/**
 * Between JSON, where numbers of units are text, and integers. What is which, the generated tables say
 * (`generated/*.codec.ts`), so a field that a contract gets is decoded from the next `npm run generate` on.
 */
import { SdpError } from "./errors.ts";
import { fromWire, scales, toWire, type UnitName, type Wire } from "./units.ts";

/** A unit; `#Name` of a definition; fields of an object or of all variants of an enum; a list; a tuple. */
export type Rule =
  | UnitName
  | `#${string}`
  | { readonly fields: Readonly<Record<string, Rule>> }
  | { readonly list: Rule }
  | { readonly tuple: readonly (Rule | null)[] };

/** A contract's tables. The types are those of its messages and answers. */
export interface Codec<Query, Execute, Answers> {
  readonly contract: string;
  readonly definitions: Readonly<Record<string, Rule>>;
  readonly execute: Rule | null;
  readonly query: Rule | null;
  readonly answers: Readonly<Record<string, Rule>>;
  /** Never there; it only carries the types. */
  readonly types?: { query: Query; execute: Execute; answers: Answers };
}

type Tables = Pick<Codec<never, never, never>, "contract" | "definitions">;
type Leaf = (unit: UnitName, value: unknown) => unknown;

const isUnit = (rule: string): rule is UnitName => rule in scales;

function walk(tables: Tables, rule: Rule | null | undefined, value: unknown, leaf: Leaf): unknown {
  if (rule === null || rule === undefined || value === null || value === undefined) return value;
  if (typeof rule === "string") {
    if (isUnit(rule)) return leaf(rule, value);
    return walk(tables, tables.definitions[rule.slice(1)], value, leaf);
  }
  if ("list" in rule) return Array.isArray(value) ? value.map((item) => walk(tables, rule.list, item, leaf)) : value;
  if ("tuple" in rule)
    return Array.isArray(value) ? value.map((item, n) => walk(tables, rule.tuple[n], item, leaf)) : value;
  // An enum's variant without fields is its name alone.
  if (typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, walk(tables, rule.fields[key], part, leaf)]),
  );
}

function read(unit: UnitName, value: unknown): bigint {
  if (typeof value !== "string") throw new SdpError("setup", `${JSON.stringify(value)} is no ${unit}`);
  return fromWire(unit, value);
}

const write: Leaf = (unit, value) => (typeof value === "bigint" ? toWire(unit, value) : value);

/** What a contract answered to a query, with integers where it has units. */
export function decodeAnswer<Answers, Query extends keyof Answers & string>(
  codec: Codec<never, never, Answers> | Codec<any, any, Answers>,
  query: Query,
  answer: Wire<Answers[Query]>,
): Answers[Query] {
  return walk(codec, codec.answers[query], answer, read) as Answers[Query];
}

/** A query as JSON. */
export function encodeQuery<Query>(codec: Codec<Query, any, any>, query: Query): Wire<Query> {
  return walk(codec, codec.query, query, write) as Wire<Query>;
}

/** A part of a query or a message as JSON, by the name of its type. */
export function encodePart(codec: Codec<any, any, any>, type: string, part: object): object {
  return walk(codec, `#${type}`, part, write) as object;
}

/** A message as JSON. Texts that already are in the contracts' notation are left alone. */
export function encodeExecute<Execute>(codec: Codec<any, Execute, any>, message: Execute): Wire<Execute> {
  return walk(codec, codec.execute, message, write) as Wire<Execute>;
}
