import { describe, expect, test, vi } from "vitest";
import { Walker, type Walk } from "../../src/data/walk.ts";

/** Pages of three, of the numbers below `length`; every fifth is not worth a look. */
function numbers(length: () => number): Walk<number, number> {
  return {
    next: async (after) => {
      const from = after === null ? 0 : after + 1;
      const items = [0, 1, 2].map((n) => from + n).filter((n) => n < length());
      return { items, looked: items.length, cursor: items.length < 3 ? null : items[2]! };
    },
    nearness: (n) => (n % 5 === 0 ? null : n),
  };
}

const soon = { timeout: 2_000, interval: 5 };

describe("a walk", () => {
  test("tells what is nearest first, while it walks and when it is through, and begins again", async () => {
    let length = 7;
    const walker = new Walker(numbers(() => length), () => false, 5);
    walker.join();
    await vi.waitFor(() => expect(walker.near.value.seen).toBe(3), soon);
    expect(walker.near.value).toMatchObject({ nearest: [2, 1], whole: false });
    await vi.waitFor(() => expect(walker.near.value.whole).toBe(true), soon);
    expect(walker.near.value).toMatchObject({ nearest: [6, 4, 3, 2, 1], seen: 7 });
    length = 9;
    await vi.waitFor(() => expect(walker.near.value.nearest).toEqual([8, 7, 6, 4, 3, 2, 1]), soon);
    walker.leave();
  });

  test("of two who look is one, and ends with the last of them", async () => {
    const walk = numbers(() => 2);
    const next = vi.spyOn(walk, "next");
    const walker = new Walker(walk, () => false, 5);
    walker.join();
    walker.join();
    await vi.waitFor(() => expect(walker.near.value.whole).toBe(true), soon);
    expect(walker.leave()).toBe(false);
    const before = next.mock.calls.length;
    await vi.waitFor(() => expect(next.mock.calls.length).toBeGreaterThan(before), soon);
    expect(walker.leave()).toBe(true);
    await new Promise((done) => setTimeout(done, 20));
    const after = next.mock.calls.length;
    await new Promise((done) => setTimeout(done, 40));
    expect(next.mock.calls.length).toBe(after);
  });

  test("stands still while the page is paused, once it is through", async () => {
    let [length, paused] = [4, true];
    const walker = new Walker(numbers(() => length), () => paused, 5);
    walker.join();
    await vi.waitFor(() => expect(walker.near.value.whole).toBe(true), soon);
    length = 5;
    await new Promise((done) => setTimeout(done, 150));
    expect(walker.near.value.seen).toBe(4);
    paused = false;
    await vi.waitFor(() => expect(walker.near.value.seen).toBe(5), soon);
    walker.leave();
  });

  test("that fails says so, keeps what it had, and tries again", async () => {
    let fails = true;
    const walk = numbers(() => 2);
    const { next } = walk;
    walk.next = (after) => (fails ? Promise.reject(new Error("gone")) : next(after));
    const walker = new Walker(walk, () => false, 5);
    walker.join();
    await vi.waitFor(() => expect(walker.near.value.error).toEqual(new Error("gone")), soon);
    fails = false;
    await vi.waitFor(() => expect(walker.near.value).toEqual({ nearest: [1], seen: 2, whole: true, error: null }), soon);
    walker.leave();
  });
});
