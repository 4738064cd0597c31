import { describe, expect, test, vi } from "vitest";
import { Walker, type Pace, type Walk } from "../../src/data/walk.ts";

/** Pages of three, of the numbers below `length`; every fifth is not worth a look. */
function numbers(length: () => number): Walk<number, number> {
  return {
    next: async (after) => {
      const from = after === null ? 0 : after + 1;
      const items = [0, 1, 2].map((n) => from + n).filter((n) => n < length());
      return { items: async () => items, looked: items.length, cursor: items.length < 3 ? null : items[2]! };
    },
    nearness: (n) => (n % 5 === 0 ? null : n),
  };
}

const soon = { timeout: 2_000, interval: 5 };
const fast: Pace = { rest: 5, show: 0, again: 1 };
const always = () => null;
const pause = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));

function walkerOf<Item, Cursor>(walk: Walk<Item, Cursor>, paused = () => false, height: () => number | null = always) {
  return new Walker(walk, paused, height, fast);
}

/** All that is told, one after the other. */
function told<Item, Cursor>(walker: Walker<Item, Cursor>) {
  const all: (typeof walker.near.value)[] = [];
  walker.near.subscribe((near) => all.push(near));
  return all;
}

describe("a walk", () => {
  test("tells what is nearest first, while it walks and when it is through, and begins again", async () => {
    let length = 7;
    const walker = walkerOf(numbers(() => length));
    const all = told(walker);
    walker.join();
    await vi.waitFor(() => expect(walker.near.value.whole).toBe(true), soon);
    expect(all).toContainEqual({ nearest: [2, 1], found: 2, seen: 3, whole: false, error: null });
    expect(walker.near.value).toMatchObject({ nearest: [6, 4, 3, 2, 1], found: 5, seen: 7 });
    length = 9;
    await vi.waitFor(() => expect(walker.near.value.nearest).toEqual([8, 7, 6, 4, 3, 2, 1]), soon);
    walker.leave();
  });

  test("of two who look is one, and ends with the last of them", async () => {
    const walk = numbers(() => 2);
    const next = vi.spyOn(walk, "next");
    const walker = walkerOf(walk);
    walker.join();
    walker.join();
    await vi.waitFor(() => expect(walker.near.value.whole).toBe(true), soon);
    expect(walker.leave()).toBe(false);
    const before = next.mock.calls.length;
    await vi.waitFor(() => expect(next.mock.calls.length).toBeGreaterThan(before), soon);
    expect(walker.leave()).toBe(true);
    await pause(20);
    const after = next.mock.calls.length;
    await pause(40);
    expect(next.mock.calls.length).toBe(after);
  });

  test("that nobody looks at any more ends in the middle", async () => {
    const walk = numbers(() => 3_000);
    const { next } = walk;
    walk.next = async (after, height) => {
      await pause(1);
      return next(after, height);
    };
    const spy = vi.spyOn(walk, "next");
    const walker = walkerOf(walk);
    walker.join();
    await vi.waitFor(() => expect(walker.near.value.seen).toBeGreaterThan(6), soon);
    walker.leave();
    const [asked, seen] = [spy.mock.calls.length, walker.near.value.seen];
    await pause(40);
    expect(spy.mock.calls.length).toBeLessThanOrEqual(asked + 1);
    expect(walker.near.value.seen).toBe(seen);
  });

  test("stands still while the page is paused, once it is through", async () => {
    let [length, paused] = [4, true];
    const walker = walkerOf(
      numbers(() => length),
      () => paused,
    );
    walker.join();
    await vi.waitFor(() => expect(walker.near.value.whole).toBe(true), soon);
    length = 5;
    await pause(150);
    expect(walker.near.value.seen).toBe(4);
    paused = false;
    await vi.waitFor(() => expect(walker.near.value.seen).toBe(5), soon);
    walker.leave();
  });

  test("that fails says so, keeps what it had, and tries again", async () => {
    let fails = true;
    const walk = numbers(() => 2);
    const { next } = walk;
    walk.next = (after, height) => (fails ? Promise.reject(new Error("gone")) : next(after, height));
    const walker = walkerOf(walk);
    walker.join();
    await vi.waitFor(() => expect(walker.near.value.error).toEqual(new Error("gone")), soon);
    fails = false;
    const whole = { nearest: [1], found: 1, seen: 2, whole: true, error: null };
    await vi.waitFor(() => expect(walker.near.value).toEqual(whole), soon);
    walker.leave();
  });

  test("looks at four pages at once and at no more, while it asks for further ones", async () => {
    let [under, most] = [0, 0];
    const walk = numbers(() => 60);
    const { next } = walk;
    walk.next = async (after, height) => {
      const page = await next(after, height);
      return {
        ...page,
        items: async (at) => {
          most = Math.max(most, ++under);
          await pause(5);
          under -= 1;
          return page.items(at);
        },
      };
    };
    const walker = walkerOf(walk);
    walker.join();
    await vi.waitFor(() => expect(walker.near.value.whole).toBe(true), soon);
    expect(most).toBe(4);
    expect(walker.near.value).toMatchObject({ seen: 60, found: 48 });
    walker.leave();
  });

  test("keeps the list's order among equals, whichever page comes first", async () => {
    const walk = { ...numbers(() => 15), nearness: () => 1 };
    const { next } = walk;
    walk.next = async (after, height) => {
      const page = await next(after, height);
      // the first page is the last to come
      const wait = after === null ? 30 : 1;
      return { ...page, items: async (at) => pause(wait).then(() => page.items(at)) };
    };
    const walker = walkerOf(walk);
    walker.join();
    await vi.waitFor(() => expect(walker.near.value.whole).toBe(true), soon);
    expect(walker.near.value.nearest).toEqual(Array.from({ length: 15 }, (_, n) => n));
    walker.leave();
  });

  test("asks again for a page that has failed, and the third time of the newest block", async () => {
    const walk = numbers(() => 10);
    const { next } = walk;
    const heights: (number | null)[] = [];
    walk.next = async (after, height) => {
      const page = await next(after, height);
      if (after !== 2) return page;
      return {
        ...page,
        items: async (at) => {
          heights.push(at);
          if (at === 8) throw new Error("dropped");
          return page.items(at);
        },
      };
    };
    const walker = walkerOf(walk, undefined, () => 8);
    const all = told(walker);
    walker.join();
    await vi.waitFor(() => expect(walker.near.value.whole).toBe(true), soon);
    walker.leave();
    expect(walker.near.value).toMatchObject({ nearest: [9, 8, 7, 6, 4, 3, 2, 1], seen: 10 });
    expect(all.every(({ error }) => error === null)).toBe(true);
    expect(heights.slice(0, 3)).toEqual([8, 8, null]);
  });

  test("is all of one height", async () => {
    const walk = numbers(() => 10);
    const next = vi.spyOn(walk, "next");
    let height = 5;
    const walker = walkerOf(walk, undefined, () => height++);
    walker.join();
    await vi.waitFor(() => expect(walker.near.value.whole).toBe(true), soon);
    walker.leave();
    expect(next.mock.calls.slice(0, 4).map(([, at]) => at)).toEqual([5, 5, 5, 5]);
  });

  test("goes by the newest words on what is near", async () => {
    const walker = walkerOf(numbers(() => 5));
    walker.join();
    await vi.waitFor(() => expect(walker.near.value.nearest).toEqual([4, 3, 2, 1]), soon);
    walker.walk = { ...numbers(() => 5), nearness: (n) => -n };
    await vi.waitFor(() => expect(walker.near.value.nearest).toEqual([0, 1, 2, 3, 4]), soon);
    walker.leave();
  });

  test("that rests can be woken", async () => {
    let length = 1;
    const walker = new Walker(numbers(() => length), () => false, always, { ...fast, rest: 60_000 });
    walker.join();
    await vi.waitFor(() => expect(walker.near.value.whole).toBe(true), soon);
    length = 2;
    await pause(5);
    walker.retry();
    await vi.waitFor(() => expect(walker.near.value.seen).toBe(2), soon);
    walker.leave();
  });
});
