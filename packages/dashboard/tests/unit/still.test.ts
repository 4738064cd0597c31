import { beforeEach, describe, expect, test, vi } from "vitest";

/** A chain with a block after so many reads, and contracts in the page that read a record for each question. */
const chain = vi.hoisted(() => ({ mode: "embedded", height: 7, reads: 0, each: Number.POSITIVE_INFINITY, asked: [] as unknown[] }));
vi.mock("../../src/app/session.ts", () => ({
  live: { value: { shown: { peek: () => ({ height: 7, time: 7 }) }, address: (name: string) => name } },
  connection: {
    value: {
      config: { get mode() { return chain.mode; } },
      block: async () => ({ height: chain.height, time: chain.height }),
      raw: async (contract: string, key: string, height?: number) => {
        chain.asked.push([contract, key, height]);
        const found = { data: new Uint8Array([chain.height]), height: height ?? chain.height, time: 0 };
        if (++chain.reads % chain.each === 0) chain.height += 1;
        return found;
      },
    },
  },
}));
vi.mock("@sdp/client/local", () => ({
  loadFrom: () => async () => null,
  LocalConnection: class {
    private height = 0;
    constructor(private readonly remote: { raw(contract: string, key: string, height: number): Promise<{ data: Uint8Array }> }) {}
    pin({ height }: { height: number }) {
      this.height = height;
    }
    withPrices = async () => this;
    query = async (contract: string, query: object) =>
      (await this.remote.raw(contract, Object.keys(query)[0]!, this.height)).data[0];
  },
}));

const { still } = await import("../../src/data/still.ts");

const three: Parameters<typeof still<number[]>>[0] = async (imagine) => {
  const found: number[] = [];
  for (const query of ["a", "b", "c"]) found.push(await (await imagine(new Map())).ask<number>("lens", query));
  return found;
};

beforeEach(() => Object.assign(chain, { mode: "embedded", height: 7, reads: 0, each: Number.POSITIVE_INFINITY, asked: [] }));

describe("many questions about one block", () => {
  test("are of the block that is shown, where the chain remembers it", async () => {
    chain.mode = "chain";
    expect(await still(three)).toEqual({ data: [7, 7, 7], from: 7, to: 7 });
    expect(chain.asked).toEqual([
      ["lens", "a", 7],
      ["lens", "b", 7],
      ["lens", "c", 7],
    ]);
  });

  test("are asked again once the chain has gone on, what is known to be wanted at once", async () => {
    chain.each = 2;
    const done = await still(async (imagine) => {
      const world = await imagine(new Map());
      const found = [await world.ask<number>("lens", "a"), await world.ask<number>("lens", "b"), await world.ask<number>("lens", "c")];
      chain.each = Number.POSITIVE_INFINITY;
      return found;
    });
    expect(done).toEqual({ data: [8, 8, 8], from: 8, to: 8 });
    expect(chain.reads).toBe(6);
  });

  test("say of which blocks they are where every run is too slow", async () => {
    Object.assign(chain, { each: 1 });
    const { data, from, to } = await still(three);
    expect(data).toEqual([from, from + 1, to]);
    expect(to - from).toBe(2);
  });
});
