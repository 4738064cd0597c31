import { SdpError, type Block, type Connection } from "@sdp/client";
import { afterEach, describe, expect, test, vi } from "vitest";

// what draws is not needed to follow a chain, nor is what there is one of on a page
vi.mock("preact/hooks", () => ({ useEffect: (effect: () => void) => effect(), useMemo: <T>(make: () => T) => make() }));
vi.mock("../../src/data/samples.ts", () => ({ note: () => {} }));

const { Live, hasMoved } = await import("../../src/data/live.ts");

/** A chain that remembers its present block only, and answers every question with that block's number. */
class Chain {
  height = 1;
  asked: string[] = [];
  /** Goes on by a block after so many more questions. */
  moveAfter = Number.POSITIVE_INFINITY;
  /** Questions that fail, and with what. */
  failing = new Map<string, Error>();
  /** Questions whose answers wait until they are let go. */
  held = new Map<string, Promise<void>>();
  heard = 0;
  private listener: (block: Block) => void = () => {};

  config = { contracts: { lens: "sdp1lens" }, markets: [] } as unknown as Connection["config"];
  block = async () => ({ height: this.height, time: 100 + this.height });
  history = async () => [];

  subscribe = (listener: (block: Block) => void) => {
    this.listener = listener;
    this.heard += 1;
    return () => {
      this.heard -= 1;
    };
  };

  query = async (contract: string, query: object, height?: number | null) => {
    if (--this.moveAfter < 0) {
      this.moveAfter = Number.POSITIVE_INFINITY;
      this.height += 1;
    }
    const name = Object.keys(query)[0] ?? "";
    this.asked.push(`${contract}.${name}@${height}`);
    if (height !== this.height) throw new SdpError("setup", `block ${height} is not the present one, ${this.height}`);
    const failure = this.failing.get(name);
    if (failure) throw failure;
    const answer = this.height;
    await this.held.get(name);
    if (name === "held") return answer;
    if (name === "absent") throw new SdpError("refused", "E0302 NoPosition { vault: 0, owner: a }");
    return this.height;
  };

  next() {
    this.height += 1;
    this.listener({ height: this.height, time: 100 + this.height });
  }
}

const settled = () => new Promise((done) => setTimeout(done, 5));

async function following(chain: Chain, pauseAt: number | null = null) {
  const live = new Live(chain as unknown as Connection, pauseAt);
  await live.start();
  const [a, b] = [() => live.use<number>("lens", "a"), () => live.use<number>("lens", "b")];
  a();
  b();
  await settled();
  return { live, a, b };
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe("following a chain", () => {
  test("with each block all answers are of that block", async () => {
    const chain = new Chain();
    const { live, a, b } = await following(chain);
    chain.next();
    await settled();
    expect([a().answer?.data, b().answer?.data, live.shown.value?.height]).toEqual([2, 2, 2]);
    expect(a().answer?.block.height).toBe(2);
    live.end();
  });

  test("where the chain goes on in the middle of a round, no answer of it is shown, and the next block is asked for", async () => {
    const chain = new Chain();
    const { live, a, b } = await following(chain);
    chain.moveAfter = 1;
    chain.next();
    await settled();
    expect([a().answer?.data, b().answer?.data]).toEqual([3, 3]);
    expect(live.shown.value?.height).toBe(3);
    live.end();
  });

  test("while it is paused nothing moves, and afterwards everything does", async () => {
    const chain = new Chain();
    const { live, a } = await following(chain);
    live.pause();
    const before = chain.asked.length;
    chain.next();
    await settled();
    expect([a().answer?.data, chain.asked.length, live.head.value?.height]).toEqual([1, before, 2]);
    live.resume();
    await settled();
    expect(a().answer?.data).toBe(2);
    live.end();
  });

  test("what a contract does not have is an error that is not asked for at every block, but after something was done", async () => {
    const chain = new Chain();
    const { live } = await following(chain);
    const absent = () => live.use<number>("lens", "absent");
    absent();
    await settled();
    expect(absent().error).toBeInstanceOf(SdpError);
    const count = () => chain.asked.filter((question) => question.includes("absent")).length;
    const before = count();
    chain.next();
    await settled();
    expect(count()).toBe(before);
    await live.catchUp();
    expect(count()).toBe(before + 1);
    live.end();
  });

  test("a block of which an answer is lost is not shown, and the page says so until one is whole", async () => {
    const chain = new Chain();
    const { live, a, b } = await following(chain);
    chain.failing.set("b", new SdpError("network", "fetch failed"));
    chain.next();
    await settled();
    expect([a().answer?.data, b().answer?.data, live.shown.value?.height, live.head.value?.height]).toEqual([1, 1, 1, 2]);
    expect(live.trouble.value).toMatchObject({ text: "fetch failed" });
    chain.failing.clear();
    chain.next();
    await settled();
    expect([a().answer?.data, b().answer?.data, live.shown.value?.height]).toEqual([3, 3, 3]);
    expect(live.trouble.value).toBeNull();
    live.end();
  });

  test("what the chain said that there is not stays absent while its answers are lost", async () => {
    const chain = new Chain();
    const { live } = await following(chain);
    const absent = () => live.use<number>("lens", "absent");
    absent();
    await settled();
    chain.failing.set("absent", new SdpError("network", "fetch failed"));
    await live.catchUp();
    expect(absent().error).toMatchObject({ kind: "refused", code: "E0302" });
    expect(live.trouble.value).toMatchObject({ text: "fetch failed" });
    live.end();
  });

  test("what the chain itself says is no lost answer: no old number stays in its place", async () => {
    const chain = new Chain();
    const { live, a, b } = await following(chain);
    chain.failing.set("b", new SdpError("setup", "no such contract"));
    chain.next();
    await settled();
    expect([a().answer?.data, b().answer, live.shown.value?.height]).toEqual([2, null, 2]);
    expect([b().error, live.trouble.value]).toEqual([chain.failing.get("b"), null]);
    live.end();
  });

  test("a node that does not have the block yet is asked again", async () => {
    const chain = new Chain();
    const { live, b } = await following(chain);
    const text = "Query failed with (26): cannot query with height in the future; please provide a valid height";
    chain.failing.set("b", new SdpError("setup", text));
    chain.next();
    await settled();
    expect([live.shown.value?.height, live.trouble.value]).toEqual([1, null]);
    chain.failing.clear();
    await vi.waitFor(() => expect([b().answer?.data, live.shown.value?.height]).toEqual([2, 2]));
    live.end();
  });

  test("an answer that comes late does not replace a newer one", async () => {
    const chain = new Chain();
    const { live } = await following(chain);
    let go = () => {};
    chain.held.set("held", new Promise((done) => (go = done)));
    const held = () => live.use<number>("lens", "held");
    held();
    chain.held.delete("held");
    chain.next();
    await settled();
    expect(held().answer?.data).toBe(2);
    go();
    await settled();
    expect([held().answer?.data, held().answer?.block.height]).toEqual([2, 2]);
    live.end();
  });

  test("a page that stands still for more than 10 s while the chain goes on says so", async () => {
    const chain = new Chain();
    vi.useFakeTimers();
    const live = new Live(chain as unknown as Connection);
    await live.start();
    live.use<number>("lens", "slow");
    await vi.advanceTimersByTimeAsync(5);
    chain.held.set("slow", new Promise(() => {}));
    chain.next();
    await vi.advanceTimersByTimeAsync(9_000);
    expect(live.late.value).toBe(false);
    await vi.advanceTimersByTimeAsync(6_000);
    expect([live.late.value, live.shown.value?.height, live.head.value?.height]).toEqual([true, 1, 2]);
    live.end();
  });

  test("a page that was asked to pause at a block pauses there once", async () => {
    const chain = new Chain();
    const { live, a } = await following(chain, 0);
    chain.next();
    expect(live.paused.value).toBe(true);
    live.resume();
    chain.next();
    await settled();
    expect([live.paused.value, a().answer?.data]).toEqual([false, 3]);
    live.end();
  });

  test("where nobody sees the page nothing is asked, and all is when somebody does again", async () => {
    const page = Object.assign(new EventTarget(), { hidden: false });
    vi.stubGlobal("document", page);
    const chain = new Chain();
    const { live, a } = await following(chain);
    page.hidden = true;
    page.dispatchEvent(new Event("visibilitychange"));
    const before = chain.asked.length;
    chain.height += 1;
    await settled();
    expect([chain.heard, chain.asked.length]).toEqual([0, before]);
    page.hidden = false;
    page.dispatchEvent(new Event("visibilitychange"));
    await settled();
    expect([chain.heard, a().answer?.data, live.shown.value?.height]).toEqual([1, 2, 2]);
    live.end();
    expect(chain.heard).toBe(0);
  });

  test("a chain that does not answer after something was done is the page's trouble, not an error of what was done", async () => {
    const chain = new Chain();
    const { live } = await following(chain);
    chain.block = () => Promise.reject(new SdpError("network", "fetch failed"));
    await live.catchUp();
    expect(live.trouble.value).toMatchObject({ text: "fetch failed" });
    live.end();
  });

  test("only a block that is gone counts as such", () => {
    expect(hasMoved(new SdpError("setup", "block 3 is not the present one, 4"))).toBe(true);
    expect(hasMoved(new SdpError("refused", "E0302 NoPosition"))).toBe(false);
    expect(hasMoved(new Error("x"))).toBe(false);
  });
});
