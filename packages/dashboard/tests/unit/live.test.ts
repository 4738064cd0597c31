import { SdpError, type Block, type Connection } from "@sdp/client";
import { describe, expect, test, vi } from "vitest";

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
  private listener: (block: Block) => void = () => {};

  config = { contracts: { lens: "sdp1lens" }, markets: [] } as unknown as Connection["config"];
  block = async () => ({ height: this.height, time: 100 + this.height });
  history = async () => [];

  subscribe = (listener: (block: Block) => void) => {
    this.listener = listener;
    return () => {};
  };

  query = async (contract: string, query: object, height?: number | null) => {
    if (--this.moveAfter < 0) {
      this.moveAfter = Number.POSITIVE_INFINITY;
      this.height += 1;
    }
    const name = Object.keys(query)[0] ?? "";
    this.asked.push(`${contract}.${name}@${height}`);
    if (height !== this.height) throw new SdpError("setup", `block ${height} is not the present one, ${this.height}`);
    if (name === "absent") throw new SdpError("refused", "E0302 NoPosition { vault: 0, owner: a }");
    return this.height;
  };

  next() {
    this.height += 1;
    this.listener({ height: this.height, time: 100 + this.height });
  }
}

const settled = () => new Promise((done) => setTimeout(done, 5));

async function following(chain: Chain) {
  const live = new Live(chain as unknown as Connection);
  await live.start();
  const [a, b] = [() => live.use<number>("lens", "a"), () => live.use<number>("lens", "b")];
  a();
  b();
  await settled();
  return { live, a, b };
}

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

  test("only a block that is gone counts as such", () => {
    expect(hasMoved(new SdpError("setup", "block 3 is not the present one, 4"))).toBe(true);
    expect(hasMoved(new SdpError("refused", "E0302 NoPosition"))).toBe(false);
    expect(hasMoved(new Error("x"))).toBe(false);
  });
});
