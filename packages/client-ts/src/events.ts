/** Events as the contracts tell them: typed by name, with integers where there are units. */
import type { RawEvent } from "./connection.ts";
import { SdpError } from "./errors.ts";
import { fields, type Events } from "./generated/events.ts";
import { fromWire, scales, type UnitName } from "./units.ts";

export type { Events };
export type EventName = keyof Events;

/** An event of any name: narrow it by `event.name`. */
export type Event = { [Name in EventName]: { name: Name; contract: string | null; data: Events[Name] } }[EventName];

/** Name without the chain's `wasm-`, if it is one of ours. */
export function nameOf(event: RawEvent): EventName | null {
  const name = event.type.replace(/^wasm-/, "");
  return Object.hasOwn(fields, name) ? (name as EventName) : null;
}

function one(kind: string, text: string): unknown {
  if (Object.hasOwn(scales, kind)) return fromWire(kind as UnitName, text);
  switch (kind) {
    case "number":
      if (!/^\d+$/.test(text)) throw new RangeError(`"${text}" is no count`);
      return Number(text);
    case "boolean":
      if (text !== "true" && text !== "false") throw new RangeError(`"${text}" is neither true nor false`);
      return text === "true";
    default:
      return text;
  }
}

function value(kind: string, text: string): unknown {
  if (!kind.endsWith("*")) return one(kind, text);
  const items = text.split(",").filter((item) => item !== "");
  return items.map((item) => one(kind.slice(0, -1), item));
}

/**
 * The event; none where it is not one of ours. A field that is missing or can't be read is an error and not a guess.
 */
export function decodeEvent(event: RawEvent): Event | null {
  const name = nameOf(event);
  if (name === null) return null;
  const attribute = (key: string) => event.attributes.find((found) => found.key === key)?.value;
  const data: Record<string, unknown> = {};
  for (const [key, kind] of Object.entries(fields[name] as Record<string, string>)) {
    const text = attribute(key);
    if (text === undefined) throw new SdpError("setup", `an event ${name} without ${key}`);
    try {
      data[key] = value(kind, text);
    } catch (cause) {
      throw new SdpError("setup", `${key} of an event ${name}: ${String(cause)}`, { cause });
    }
  }
  return {
    name,
    contract: attribute("_contract_address") ?? null,
    data,
  } as unknown as Event;
}

/** All of ours, in order. */
export function decodeEvents(events: readonly RawEvent[]): Event[] {
  return events.map(decodeEvent).filter((event) => event !== null);
}

/** Those of one name. */
export function eventsOf<Name extends EventName>(events: readonly RawEvent[], name: Name): Events[Name][] {
  return decodeEvents(events.filter((event) => nameOf(event) === name)).map((event) => event.data as Events[Name]);
}
