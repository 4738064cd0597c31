/** A walk through a long list for what is nearest to something, page after page, again and again. */
import { signal } from "@preact/signals";

export interface Near<T> {
  /** The nearest, nearest first. */
  nearest: T[];
  /** How many were looked at. */
  seen: number;
  /** Whether the walk has been through all. */
  whole: boolean;
  error: unknown;
}

export interface Walk<Item, Cursor> {
  /** The next page after a cursor, and the cursor after it; none: it was the last one. */
  next(cursor: Cursor | null): Promise<{ items: Item[]; looked: number; cursor: Cursor | null }>;
  /** The larger, the nearer; none: not worth a look. */
  nearness(item: Item): number | null;
}

/** The most that are kept. */
const KEPT = 100;
/** Milliseconds between two pages, and between two walks. */
const BREATH = 40;
const REST = 20_000;

const sleep = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));

/** Walks while anybody looks. While the page is paused nothing changes but what was not there yet. */
export class Walker<Item, Cursor> {
  readonly near = signal<Near<Item>>({ nearest: [], seen: 0, whole: false, error: null });
  private users = 0;
  /** Counts those who were the first to look: a loop of an earlier one ends. */
  private turn = 0;

  constructor(
    private readonly walk: Walk<Item, Cursor>,
    private readonly isPaused: () => boolean,
    private readonly rest = REST,
  ) {}

  /** One more looks. */
  join(): void {
    this.users += 1;
    if (this.users === 1) void this.keepWalking(++this.turn);
  }

  /** One less does. Whether it was the last. */
  leave(): boolean {
    this.users -= 1;
    return this.users === 0;
  }

  private isOver(turn: number): boolean {
    return this.users === 0 || turn !== this.turn;
  }

  private async keepWalking(turn: number): Promise<void> {
    while (!this.isOver(turn)) {
      try {
        if (!this.isPaused() || !this.near.peek().whole) await this.walkOnce(turn);
      } catch (error) {
        if (!this.isOver(turn)) this.near.value = { ...this.near.peek(), error };
      }
      await sleep(this.rest);
    }
  }

  private async walkOnce(turn: number): Promise<void> {
    let best: { item: Item; nearness: number }[] = [];
    let [cursor, seen]: [Cursor | null, number] = [null, 0];
    do {
      const found = await this.walk.next(cursor);
      if (this.isOver(turn)) return;
      seen += found.looked;
      cursor = found.cursor;
      for (const item of found.items) {
        const nearness = this.walk.nearness(item);
        if (nearness !== null) best.push({ item, nearness });
      }
      best = best.sort((a, b) => b.nearness - a.nearness).slice(0, KEPT);
      // a second walk only shows its whole result, as rows would jump
      const isFirst = !this.near.peek().whole;
      if (isFirst || (cursor === null && !this.isPaused()))
        this.near.value = { nearest: best.map(({ item }) => item), seen, whole: cursor === null, error: null };
      if (cursor !== null) await sleep(BREATH);
    } while (cursor !== null);
  }
}
