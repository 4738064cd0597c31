/**
 * Answers that follow the chain, all of one block.
 *
 * With each block every answer that somebody looks at is asked for again at that block's height, and all of them are shown at once:
 * so no two numbers on the page are from different blocks. A block of which an answer is lost is not shown at all: the page stays at the
 * one before it, and says so. While the page is paused nothing is asked for but what was not there yet, and while nobody sees it nothing.
 */
import type { Block, Connection, Sample } from "@sdp/client";
import { SdpError } from "@sdp/client";
import { batch, computed, signal, type Signal } from "@preact/signals";
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
  /** Which question the answer or the error is of: questions are counted. */
  turn: number;
  /** Block time at which the contract last said that there is no such thing. */
  absentAt: number | null;
}

export interface Reading<T> {
  answer: Answer<T> | null;
  error: unknown;
  retry(): void;
}

/** Rounds in a row that may find the chain a block further before the next block is waited for. */
const PATIENCE = 3;
/** Milliseconds without a block after which the chain is asked whether it is still there, and behind the newest until the page says so. */
const SILENCE = 10_000;
/** Milliseconds until a node that does not have a block yet, though another one behind its address does, is asked again. */
const CATCHING_UP = 300;
/** Seconds of block time after which what a contract did not have is asked for again, if nobody does anything meanwhile. */
const ABSENCE = 20;

export class Live {
  /** The newest block that there is. */
  readonly head = signal<Block | null>(null);
  /** The block that the page shows. */
  readonly shown = signal<Block | null>(null);
  readonly paused = signal(false);
  /** Why no block can be heard of, and why answers of the newest are missing. */
  private readonly silent = signal<unknown>(null);
  private readonly lost = signal<unknown>(null);
  /** What the connection says while it fails. */
  readonly trouble = computed(() => this.lost.value ?? this.silent.value);
  /** Whether the page has been behind the chain for long, though nothing fails. */
  readonly late = signal(false);
  readonly history = signal<Sample[] | null>(null);
  readonly historyError = signal<unknown>(null);
  private readonly entries = new Map<string, Entry>();
  private running = false;
  private again = false;
  private impatience = 0;
  private turns = 0;
  /** When the page last went on, or had nowhere to go. */
  private currentAt = Date.now();
  /** When a block was last heard of. */
  private heardAt = Date.now();
  private stop = () => {};

  constructor(
    readonly connection: Connection,
    private pauseAt: number | null = null,
  ) {}

  /** Begins to follow the chain. */
  async start(): Promise<void> {
    this.head.value = await this.connection.block();
    const follow = () => {
      const [unhear, unwatch] = [this.hear(), this.watch()];
      this.stop = () => {
        unhear();
        unwatch();
      };
    };
    if (isSeen()) follow();
    const unsee = seen((visible) => {
      this.stop();
      this.stop = () => {};
      if (!visible) return;
      this.currentAt = Date.now();
      follow();
      void this.catchUp();
    });
    this.end = () => {
      unsee();
      this.stop();
    };
    void this.refresh();
    void this.remember();
  }

  end = (): void => {};

  /** Hears of blocks. */
  private hear(): () => void {
    return this.connection.subscribe((block) => {
      this.heardAt = Date.now();
      this.silent.value = null;
      this.advance(block);
      if (this.pauseAt !== null && block.height >= this.pauseAt && this.shown.value) {
        // once: who goes on from there goes on
        this.pauseAt = null;
        this.pause();
      }
      void this.refresh();
    });
  }

  /** Where nothing was heard for long, somebody has to ask. */
  private watch(): () => void {
    const timer = setInterval(() => {
      this.judge();
      if (Date.now() - this.heardAt < SILENCE) return;
      const last = this.head.peek()?.height;
      void this.look().then((found) => {
        if (found && (this.head.peek()?.height !== last || this.lost.peek())) void this.refresh();
      });
    }, SILENCE / 4);
    return () => clearInterval(timer);
  }

  /** Asks for the newest block. Whether there was an answer. */
  private async look(): Promise<boolean> {
    try {
      this.advance(await this.connection.block());
      this.silent.value = null;
      return true;
    } catch (error) {
      this.silent.value = error;
      return false;
    }
  }

  /** There is a newer block. Of several nodes behind one address one may be behind; only the embedded chain begins anew. */
  private advance(block: Block): void {
    const known = this.head.peek();
    if (known && block.height < known.height && this.connection.config.mode === "chain") return;
    this.head.value = block;
  }

  /** Says so where the page has stood still for long, though the chain has not. */
  private judge(): void {
    const [head, shown] = [this.head.peek()?.height ?? 0, this.shown.peek()?.height ?? 0];
    if (head <= shown || this.paused.peek()) this.currentAt = Date.now();
    this.late.value = Date.now() - this.currentAt > SILENCE;
  }

  pause(): void {
    this.paused.value = true;
    // nothing is asked for that could be lost
    this.lost.value = null;
  }

  resume(): void {
    this.paused.value = false;
    void this.refresh();
  }

  /**
   * Looks for a newer block than the last that was told, and shows it: something was done, so what was absent may be there. What goes
   * wrong is {@link trouble}, and no error of whoever has done something.
   */
  async catchUp(): Promise<void> {
    for (const entry of this.entries.values()) entry.absentAt = null;
    await this.look();
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
    const turn = ++this.turns;
    const asked = await Promise.allSettled(due.map((entry) => this.ask(entry, block)));
    // who has paused meanwhile wants to see the block that he saw then
    if (this.paused.peek() && this.shown.peek()) return;
    const errors = asked.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []));
    if (errors.some(hasMoved)) {
      // what has come is of a block that is over, and not whole
      if (++this.impatience >= PATIENCE) this.impatience = 0;
      else if (await this.look()) this.again = true;
      return;
    }
    this.impatience = 0;
    const lost = errors.find((error) => !isAnswer(error)) ?? null;
    this.lost.value = lost;
    if (lost) {
      // what is there stays, all of one block, and so does what the chain said that there is not; what nobody knows of says why
      due.forEach((entry, n) => {
        const result = asked[n];
        const isKnown = entry.answer.peek() !== null || isAnswer(entry.error.peek());
        if (result?.status === "rejected" && !isKnown) entry.error.value = result.reason;
      });
      return;
    }
    batch(() => {
      asked.forEach((result, n) => {
        const entry = due[n];
        if (entry) this.put(entry, result, block, turn);
      });
      this.shown.value = block;
    });
    this.currentAt = Date.now();
    this.judge();
    note({
      ...block,
      health: this.known("lens", "health"),
      solvency: this.known("lens", "solvency"),
      perps: this.knownPerps(),
    });
  }

  /** Takes what came of a question, unless a later one was answered already. */
  private put(entry: Entry, result: PromiseSettledResult<Answer<unknown>>, block: Block, turn: number): void {
    if (entry.turn > turn) return;
    entry.turn = turn;
    if (result.status === "fulfilled") {
      entry.answer.value = result.value;
      entry.error.value = null;
      entry.absentAt = null;
      return;
    }
    entry.error.value = result.reason;
    if (!isAnswer(result.reason)) return;
    // no old number stands where the chain says that there is none
    entry.answer.value = null;
    if (result.reason instanceof SdpError && result.reason.kind === "refused") entry.absentAt = block.time;
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
    for (let attempt = 0; ; attempt += 1) {
      try {
        const data = await this.read(contract, query, args, block.height);
        return { data, block, contract, query, args };
      } catch (error) {
        if (!isAhead(error) || attempt >= PATIENCE) throw error;
        await new Promise((done) => setTimeout(done, CATCHING_UP));
      }
    }
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
        turn: 0,
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
      const turn = ++this.turns;
      const [result] = await Promise.allSettled([this.ask(entry, block)]);
      const moved = result.status === "rejected" && hasMoved(result.reason) && !this.paused.peek();
      if (moved && attempt < PATIENCE && (await this.look())) continue;
      batch(() => {
        this.put(entry, result, block, turn);
        if (result.status === "fulfilled" && !this.shown.peek()) this.shown.value = block;
      });
      return;
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
export const hasMoved = (error: unknown): boolean => error instanceof SdpError && error.hasMoved;

/** Whether the node does not have the block yet. */
const isAhead = (error: unknown): boolean => error instanceof SdpError && error.isAhead;

/** Whether it is what the chain says, and not that nothing was heard of it. */
export function isAnswer(error: unknown): boolean {
  return error instanceof SdpError && error.kind !== "network" && !error.hasMoved && !error.isAhead;
}

const isSeen = (): boolean => typeof document === "undefined" || !document.hidden;

/** Tells whenever the page is shown or hidden, until the returned function is called. */
function seen(tell: (visible: boolean) => void): () => void {
  if (typeof document === "undefined") return () => {};
  const changed = () => tell(isSeen());
  document.addEventListener("visibilitychange", changed);
  return () => document.removeEventListener("visibilitychange", changed);
}
