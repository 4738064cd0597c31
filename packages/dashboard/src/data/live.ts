/**
 * Answers that follow the chain, all of one block.
 *
 * With each block every answer that somebody looks at is asked for again at that block's height, and all of them are shown at once:
 * so no two numbers on the page are from different blocks. While the page is paused nothing is asked for but what was not there yet.
 */
import type { Block, Connection, Sample } from "@sdp/client";
import { SdpError } from "@sdp/client";
import { batch, signal, type Signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { note } from "./samples.ts";

export type Arguments = Record<string, unknown>;

/** What a contract answered, and what it was asked: every number that is shown says where it is from. */
export interface Answer<T> {
  data: T;
  block: Block;
  /** Name of the contract in the deployment. */
  contract: string;
  query: string;
  args: Arguments;
  /** Whether it is of a board with other prices: then the chain does not say so. */
  imagined?: true;
}

interface Entry {
  contract: string;
  query: string;
  args: Arguments;
  answer: Signal<Answer<unknown> | null>;
  error: Signal<unknown>;
  users: number;
  /** Seconds of block time that an answer stays good: 0 for what moves with each block. */
  keeps: number;
  /** Whether a first answer is on its way. */
  asked: boolean;
  /** Block time at which the contract last said that there is no such thing. */
  absentAt: number | null;
}

export interface Reading<T> {
  answer: Answer<T> | null;
  error: unknown;
  retry(): void;
}

/** Rounds that may find the chain a block further before their answers are shown all the same. */
const PATIENCE = 3;
/** Milliseconds without a block after which the chain is asked whether it is still there. */
const SILENCE = 10_000;
/** Seconds of block time after which what a contract did not have is asked for again, if nobody does anything meanwhile. */
const ABSENCE = 20;

export class Live {
  /** The newest block that there is. */
  readonly head = signal<Block | null>(null);
  /** The block that the page shows. */
  readonly shown = signal<Block | null>(null);
  readonly paused = signal(false);
  /** What the connection says while it fails. */
  readonly trouble = signal<unknown>(null);
  readonly history = signal<Sample[] | null>(null);
  readonly historyError = signal<unknown>(null);
  private readonly entries = new Map<string, Entry>();
  private running = false;
  private again = false;
  private impatience = 0;
  private stop = () => {};

  constructor(
    readonly connection: Connection,
    private readonly pauseAt: number | null = null,
  ) {}

  /** Begins to follow the chain. */
  async start(): Promise<void> {
    const first = await this.connection.block();
    this.head.value = first;
    let told = Date.now();
    const stop = this.connection.subscribe((block) => {
      told = Date.now();
      this.trouble.value = null;
      this.head.value = block;
      if (this.pauseAt !== null && block.height >= this.pauseAt && this.shown.value) this.pause();
      void this.refresh();
    });
    // where nothing was heard for long, somebody has to ask
    const timer = setInterval(() => {
      if (Date.now() - told < SILENCE) return;
      this.connection.block().then(
        (block) => {
          this.trouble.value = null;
          if (block.height === this.head.peek()?.height) return;
          this.head.value = block;
          void this.refresh();
        },
        (error: unknown) => {
          this.trouble.value = error;
        },
      );
    }, SILENCE / 2);
    this.stop = () => {
      stop();
      clearInterval(timer);
    };
    void this.refresh();
    void this.remember();
  }

  end(): void {
    this.stop();
  }

  pause(): void {
    this.paused.value = true;
  }

  resume(): void {
    this.paused.value = false;
    void this.refresh();
  }

  /** Looks for a newer block than the last that was told, and shows it: something was done, so what was absent may be there. */
  async catchUp(): Promise<void> {
    for (const entry of this.entries.values()) entry.absentAt = null;
    this.head.value = await this.connection.block();
    await this.refresh();
  }

  /** Asks for everything again, such as after a transaction. */
  async refresh(): Promise<void> {
    if (this.paused.value && this.shown.value) return;
    if (this.running) {
      this.again = true;
      return;
    }
    this.running = true;
    try {
      do {
        this.again = false;
        await this.round();
      } while (this.again && !this.paused.value);
    } finally {
      this.running = false;
    }
  }

  private async round(): Promise<void> {
    const block = this.head.value;
    if (!block) return;
    const due = [...this.entries.values()].filter((entry) => {
      const { answer, absentAt } = entry;
      const old = answer.peek();
      if (absentAt !== null && block.time - absentAt < ABSENCE) return false;
      return entry.users > 0 && (!old || entry.keeps === 0 || block.time - old.block.time >= entry.keeps);
    });
    const asked = await Promise.allSettled(due.map((entry) => this.ask(entry, block)));
    // who has paused meanwhile wants to see the block that he saw then
    if (this.paused.peek() && this.shown.peek()) return;
    const moved = asked.some((result) => result.status === "rejected" && hasMoved(result.reason));
    if (moved && ++this.impatience < PATIENCE) {
      this.head.value = await this.connection.block();
      this.again = true;
      return;
    }
    this.impatience = 0;
    batch(() => {
      asked.forEach((result, n) => {
        const entry = due[n];
        if (!entry) return;
        if (result.status === "fulfilled") {
          entry.answer.value = result.value;
          entry.error.value = null;
          entry.absentAt = null;
        } else if (!hasMoved(result.reason)) {
          entry.error.value = result.reason;
          if (result.reason instanceof SdpError && result.reason.kind === "refused") {
            entry.answer.value = null;
            entry.absentAt = block.time;
          }
        }
      });
      this.shown.value = block;
    });
    note({
      ...block,
      health: this.known("lens", "health"),
      solvency: this.known("lens", "solvency"),
      perps: this.knownPerps(),
    });
  }

  /** What the page knows of a query without arguments, as of this round. */
  private known<T>(contract: string, query: string, args: Arguments = {}): T | null {
    const answer = this.entries.get(JSON.stringify([contract, query, args]))?.answer.peek();
    return answer && answer.block.height === this.shown.peek()?.height ? (answer.data as T) : null;
  }

  /** Of all markets, or none where one is not looked at. */
  private knownPerps(): Sample["perps"] | null {
    const found = this.connection.config.markets.map(({ address }) =>
      this.known<Sample["perps"][number]>("lens", "perps", { market: address }),
    );
    return found.some((perps) => perps !== null) ? found.map((perps) => perps ?? []) : null;
  }

  private async ask(entry: Entry, block: Block): Promise<Answer<unknown>> {
    const { contract, query, args } = entry;
    const data = await this.read(contract, query, args, block.height);
    return { data, block, contract, query, args };
  }

  /** `bank` is the chain's own: coins of an address. */
  private async read(contract: string, query: string, args: Arguments, height: number): Promise<unknown> {
    if (contract !== "bank") return this.connection.query(this.address(contract), { [query]: args }, height);
    const { data } = await this.connection.balance(String(args.address), String(args.denom), height);
    return { balance: data };
  }

  /** Address of a contract by its name in the deployment; an address stays one. */
  address(contract: string): string {
    const { contracts, markets } = this.connection.config;
    return contracts[contract] ?? markets.find((market) => market.name === contract)?.address ?? contract;
  }

  /** An answer that follows the chain as long as the calling component is there. */
  use<T>(contract: string | null, query: string, args: Arguments = {}, keeps = 0): Reading<T> {
    const key = contract === null ? null : JSON.stringify([contract, query, args]);
    const entry = useMemo(() => {
      if (key === null || contract === null) return null;
      const known = this.entries.get(key);
      if (known) return known;
      const made: Entry = {
        contract,
        query,
        args,
        answer: signal(null),
        error: signal(null),
        users: 0,
        keeps,
        asked: false,
        absentAt: null,
      };
      this.entries.set(key, made);
      return made;
    }, [key]);
    useEffect(() => {
      if (!entry || key === null) return;
      entry.users += 1;
      this.entries.set(key, entry);
      if (!entry.answer.peek() && !entry.asked) void this.fetch(entry);
      return () => {
        entry.users -= 1;
        if (entry.users === 0) this.entries.delete(key);
      };
    }, [entry]);
    return {
      answer: (entry?.answer.value ?? null) as Answer<T> | null,
      error: entry?.error.value ?? null,
      retry: () => entry && void this.fetch(entry),
    };
  }

  /** A first answer does not wait for the next block. */
  private async fetch(entry: Entry): Promise<void> {
    entry.asked = true;
    try {
      await this.insist(entry);
    } finally {
      entry.asked = false;
    }
  }

  private async insist(entry: Entry): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      const block = this.paused.peek() ? this.shown.peek() : this.head.peek();
      if (!block) return;
      try {
        const answer = await this.ask(entry, block);
        batch(() => {
          entry.answer.value = answer;
          entry.error.value = null;
          if (!this.shown.peek()) this.shown.value = block;
        });
        return;
      } catch (error) {
        if (hasMoved(error) && attempt < PATIENCE && !this.paused.peek()) {
          this.head.value = await this.connection.block();
          continue;
        }
        entry.error.value = error;
        if (error instanceof SdpError && error.kind === "refused") entry.absentAt = block.time;
        return;
      }
    }
  }

  /** Samples of the past; what the page sees itself comes on top of them. */
  private async remember(): Promise<void> {
    try {
      this.history.value = await this.connection.history();
      this.historyError.value = null;
    } catch (error) {
      this.historyError.value = error;
    }
  }
}

/** Whether a chain that remembers the present only has gone on meanwhile. */
export function hasMoved(error: unknown): boolean {
  return error instanceof SdpError && error.kind === "setup" && error.text.includes("is not the present one");
}
