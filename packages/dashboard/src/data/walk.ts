/** A walk through a long list for what is nearest to something, page after page, again and again. */
import { signal } from "@preact/signals";

export interface Near<T> {
  /** The nearest, nearest first: at most {@link KEPT}. */
  nearest: T[];
  /** How many were worth a look. */
  found: number;
  /** How many were looked at. */
  seen: number;
  /** Whether the walk has been through all. */
  whole: boolean;
  error: unknown;
}

export interface Page<Item, Cursor> {
  /** How many are on it. */
  looked: number;
  /** Where the next one begins; none: it was the last one. */
  cursor: Cursor | null;
  /** What is on it. It may take a while: further pages are asked for meanwhile. */
  items(height: number | null): Promise<Item[]>;
}

export interface Walk<Item, Cursor> {
  /** The page after a cursor, as of a height; none: of the newest block. */
  next(cursor: Cursor | null, height: number | null): Promise<Page<Item, Cursor>>;
  /** The larger, the nearer; none: not worth a look. */
  nearness(item: Item): number | null;
}

/** How a walk goes; milliseconds. */
export interface Pace {
  /** Between two walks. */
  rest: number;
  /** Between two looks of others at the first one. */
  show: number;
  /** Before a page that has failed is asked for again. */
  again: number;
}

/** The most that are kept. */
export const KEPT = 2_000;
/** Pages that are looked at together: a node has others to answer, too. */
const AT_ONCE = 4;
/** A page that fails so often ends the walk. */
const TRIES = 3;
const usual: Pace = { rest: 20_000, show: 400, again: 300 };

const sleep = (milliseconds: number) => new Promise<void>((done) => setTimeout(done, milliseconds));

/** An item, how near it is, and where it was: of equals the first one stays the first. */
interface Placed<Item> {
  item: Item;
  nearness: number;
  page: number;
}

/** Walks while anybody looks. While the page is paused nothing changes but what was not there yet. */
export class Walker<Item, Cursor> {
  readonly near = signal<Near<Item>>({ nearest: [], found: 0, seen: 0, whole: false, error: null });
  private users = 0;
  /** Counts those who were the first to look: a loop of an earlier one ends. */
  private turn = 0;
  private wake = () => {};

  /** `height` is that of a whole walk, where the chain remembers it; none: each page is of the newest block. */
  constructor(
    public walk: Walk<Item, Cursor>,
    private readonly isPaused: () => boolean,
    private readonly height: () => number | null = () => null,
    private readonly pace: Pace = usual,
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

  /** Walks now, without the rest. */
  retry(): void {
    this.wake();
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
      await Promise.race([sleep(this.pace.rest), new Promise<void>((done) => (this.wake = done))]);
    }
  }

  private async walkOnce(turn: number): Promise<void> {
    const [height, isFirst] = [this.height(), !this.near.peek().whole];
    const under = new Set<Promise<void>>();
    let best: Placed<Item>[] = [];
    let [found, seen, shownAt, failure]: [number, number, number, { error: unknown } | null] = [0, 0, 0, null];

    const show = (whole: boolean) => {
      shownAt = Date.now();
      const nearest = best.map(({ item }) => item);
      this.near.value = { nearest, found, seen, whole, error: null };
    };
    const take = (page: number, looked: number, items: Item[]) => {
      const placed = items.flatMap((item) => {
        const nearness = this.walk.nearness(item);
        return nearness === null ? [] : [{ item, nearness, page }];
      });
      seen += looked;
      found += placed.length;
      best = [...best, ...placed].sort((a, b) => b.nearness - a.nearness || a.page - b.page).slice(0, KEPT);
      // a second walk only shows its whole result, as rows would jump
      if (isFirst && Date.now() - shownAt >= this.pace.show) show(false);
    };

    let cursor: Cursor | null = null;
    for (let number = 0; number === 0 || cursor !== null; number += 1) {
      const from: Cursor | null = cursor;
      const page: Page<Item, Cursor> = await this.insist(turn, height, (at) => this.walk.next(from, at));
      if (this.isOver(turn)) return;
      const look = this.insist(turn, height, (at) => page.items(at)).then(
        (items) => {
          if (!this.isOver(turn) && !failure) take(number, page.looked, items);
        },
        (error: unknown) => {
          failure ??= { error };
        },
      );
      const task: Promise<void> = look.finally(() => under.delete(task));
      under.add(task);
      if (under.size >= AT_ONCE) await Promise.race(under);
      if (failure) break;
      cursor = page.cursor;
    }
    await Promise.all(under);
    if (failure) throw (failure as { error: unknown }).error;
    if (!this.isOver(turn) && (isFirst || !this.isPaused())) show(true);
  }

  /** A request that fails is made again; the last time of the newest block, as a node may have dropped the other one. */
  private async insist<T>(turn: number, height: number | null, ask: (height: number | null) => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await ask(tries < TRIES ? height : null);
      } catch (error) {
        if (tries >= TRIES || this.isOver(turn)) throw error;
        await sleep(this.pace.again * tries);
      }
    }
  }
}
