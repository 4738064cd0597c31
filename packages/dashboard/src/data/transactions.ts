/** What has happened to an address, newest first. */
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { RawEvent, Transaction } from "@sdp/client";
import { connection, live } from "../app/session.ts";

export interface Transactions {
  found: Transaction[] | null;
  error: unknown;
}

/** Milliseconds from the end of a search to the next one: on a real chain a search is two dozen questions. */
const PAUSE = 3_000;
/** Blocks that are searched once more: a node's index is a little behind its blocks. */
const OVERLAP = 5;
/** The most that a search answers: where it is so many, there may be older ones. */
const MOST = 100;
/** The most that are kept. */
const KEPT = 500;

/** One search at a time, each from the last one's height on. */
export class Log {
  readonly known = signal<Transactions>({ found: null, error: null });
  private under = false;
  /** Height of the newest block that there is, and up to which all is known. */
  private head = 0;
  private upTo = -1;

  constructor(
    private readonly search: (since: number) => Promise<Transaction[]>,
    private readonly pause = PAUSE,
  ) {}

  /** There is a block: it is searched as soon as nothing else is. */
  tell(height: number): void {
    this.head = Math.max(this.head, height);
    if (!this.under) void this.run();
  }

  private async run(): Promise<void> {
    this.under = true;
    while (this.head > this.upTo) {
      const [head, since] = [this.head, Math.max(0, this.upTo - OVERLAP)];
      try {
        const newer = await this.search(since);
        const older = newer.length < MOST ? (this.known.peek().found ?? []).filter(({ height }) => height < since) : [];
        this.known.value = { found: [...newer, ...older].slice(0, KEPT), error: null };
        this.upTo = head;
      } catch (error) {
        this.known.value = { ...this.known.peek(), error };
        // the next block is tried, however soon it comes: not this one again and again
        this.head = this.upTo;
      }
      await new Promise((done) => setTimeout(done, this.pause));
    }
    this.under = false;
  }
}

const logs = new Map<string, Log>();

function logOf(address: string): Log {
  const found = logs.get(address) ?? new Log((since) => connection.value!.events(address, since));
  logs.set(address, found);
  return found;
}

/** Followed while the calling component is there; what is known of an address stays. */
export function useTransactions(address: string): Transactions {
  const log = logOf(address);
  const height = live.value?.shown.value?.height ?? 0;
  useEffect(() => log.tell(height), [log, height]);
  return log.known.value;
}

const nameOf = ({ type }: RawEvent) => type.replace(/^wasm-/, "");
const valueOf = ({ attributes }: RawEvent, key: string) => attributes.find((found) => found.key === key)?.value;

/** Whether an event is about an address. What is told of a cancelled order is its number only. */
export function aboutOf(address: string, transactions: Transaction[]): (event: RawEvent, sender: string) => boolean {
  const orderOf = (event: RawEvent) =>
    ["_contract_address", "perp", "order"].map((key) => valueOf(event, key) ?? "").join("/");
  const owners = new Map(
    transactions.flatMap(({ events }) =>
      events
        .filter((event) => nameOf(event) === "order_committed")
        .map((event) => [orderOf(event), valueOf(event, "owner")] as const),
    ),
  );
  return (event, sender) => {
    if (event.attributes.some(({ value }) => value === address)) return true;
    if (nameOf(event) !== "order_cancelled") return false;
    // who cancels is its owner, or a delegate whose order is known
    return (owners.get(orderOf(event)) ?? sender) === address;
  };
}
