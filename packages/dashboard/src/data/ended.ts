/** Conditional orders that have ended: their contract forgets them, what it told of them stays in transactions. */
import { decodeEvent, type Event, type Events, type RawEvent, type Transaction } from "@sdp/client";

export interface Ended {
  id: number;
  time: number;
  height: number;
  /** As it was placed, where that is among the transactions. */
  placed: Events["conditional_placed"] | null;
  /** What its commits and its end paid to keepers, micro-USD. */
  paid: bigint;
  ended: Events["conditional_ended"];
}

/** None where it can't be read, such as one of another version of the contract: the others are still worth a line. */
function readable(raw: RawEvent): Event | null {
  try {
    return decodeEvent(raw);
  } catch {
    return null;
  }
}

/** Those of an account of an owner, newest first. The transactions are newest first, too. */
export function endedOf(transactions: Transaction[], contract: string, owner: string, account: number): Ended[] {
  const placed = new Map<number, Events["conditional_placed"]>();
  const paid = new Map<number, bigint>();
  const ended: Ended[] = [];
  for (const { time, height, events } of [...transactions].reverse()) {
    for (const raw of events) {
      if (!/conditional_(placed|armed|ended)$/.test(raw.type)) continue;
      const event = readable(raw);
      if (!event || (event.contract !== null && event.contract !== contract)) continue;
      if (!("id" in event.data && "account" in event.data)) continue;
      if (event.data.owner !== owner || event.data.account !== account) continue;
      const { id } = event.data;
      if (event.name === "conditional_placed") placed.set(id, event.data);
      if (event.name === "conditional_armed") paid.set(id, (paid.get(id) ?? 0n) + event.data.keeper_fee);
      if (event.name === "conditional_ended")
        ended.push({
          id,
          time,
          height,
          placed: placed.get(id) ?? null,
          paid: (paid.get(id) ?? 0n) + event.data.keeper_fee,
          ended: event.data,
        });
    }
  }
  return ended.reverse();
}
