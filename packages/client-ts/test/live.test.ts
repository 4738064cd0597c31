/**
 * Against a chain: that of `sdp serve` at SDP_SERVE, be it the embedded one or a real one that it points to. Without
 * SDP_SERVE there is nothing to test; with it nothing is skipped.
 */
import { Secp256k1HdWallet } from "@cosmjs/amino";
import { stringToPath } from "@cosmjs/crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { accountNumber } from "../src/chain/keys.ts";
import * as sdp from "../src/index.ts";
import { LocalConnection } from "../src/local.ts";
import { questions } from "./questions.ts";
import { load } from "./wasm.ts";

const base = process.env.SDP_SERVE;

/**
 * Every text in an answer that looks like a number: the contracts have numbers of units as text, so none may be left.
 */
function numbersLeft(value: unknown, path: string): string[] {
  if (typeof value === "string") return /^-?\d+(\.\d+)?$/.test(value) ? [`${path}: ${value}`] : [];
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, part]) => numbersLeft(part, `${path}.${key}`));
}

/** What happened, or the refusal, at a height. */
async function outcome(asked: Promise<sdp.AsOf<unknown>>, height?: number) {
  try {
    const { data, height } = await asked;
    return { height, says: { data } };
  } catch (error) {
    if (error instanceof sdp.SdpError && error.kind === "refused") return { height, says: { refused: error.text } };
    throw error;
  }
}

describe.skipIf(!base)("on a chain", () => {
  let connection: sdp.Connection;
  let alice: sdp.Signer;
  let market: string;

  /** Again at the next block, where the chain has forgotten the one that was asked about. */
  async function atOneBlock<T>(work: (block: sdp.Block) => Promise<T>): Promise<T> {
    for (let tries = 0; ; tries += 1) {
      try {
        return await work(await connection.block());
      } catch (error) {
        if (tries > 20 || !(error instanceof sdp.SdpError && error.hasMoved)) throw error;
      }
    }
  }

  beforeAll(async () => {
    connection = await sdp.connectTo(base ?? "");
    market = sdp.addressOf(connection.config, "market");
    // On a real chain account 0 has all coins; on the embedded one anybody is given some.
    alice = await connection.account(connection.config.mode === "chain" ? "0" : "alice");
    if (connection instanceof sdp.ServeConnection) await connection.give("alice", "ATOM", "200500");
    // A pool where nobody else is has nothing to mint against: it locks credit for its markets.
    const { free_collateral, locked_credit } = await new sdp.Lens(connection).health();
    if (free_collateral - locked_credit < sdp.parseUsd("10000")) {
      await connection.broadcast(alice, [new sdp.Pool(connection).deposit(0, sdp.parseAmount("200,000", 6))]);
    }
  });

  test("blocks come by themselves, each later than the last", async () => {
    const blocks: sdp.Block[] = [];
    await new Promise<void>((done) => {
      const stop = connection.subscribe((block) => {
        if (blocks.push(block) === 3) {
          stop();
          done();
        }
      });
    });
    expect(blocks[0]!.height).toBeLessThan(blocks[1]!.height);
    expect(blocks[1]!.height).toBeLessThan(blocks[2]!.height);
    const { height, time } = await connection.block();
    expect(height).toBeGreaterThanOrEqual(blocks[2]!.height);
    expect(time).toBeGreaterThanOrEqual(blocks[2]!.time);
  });

  test("collateral comes in and sdUSD out, and both are told", async () => {
    const pool = new sdp.Pool(connection);
    const before = await pool.position(0, alice.address).catch(() => null);
    const outcome = await connection.broadcast(alice, [pool.deposit(0, sdp.parseAmount("500", 6))]);
    const [deposited] = sdp.eventsOf(outcome.events, "deposited");
    expect(deposited).toMatchObject({ vault: 0, owner: alice.address, amount: 500_000_000n });
    const after = await pool.position(0, alice.address);
    expect(after.collateral - (before?.collateral ?? 0n)).toBe(500_000_000n);

    const minted = await connection.broadcast(alice, [pool.mint(0, sdp.parseUsd("1500"))]);
    expect(sdp.eventsOf(minted.events, "minted")).toEqual([
      { vault: 0, owner: alice.address, amount: 1_500_000_000n, recipient: alice.address },
    ]);
    expect(await sdp.sdusdOf(connection, alice.address)).toBeGreaterThanOrEqual(1_500_000_000n);
    expect(minted.height).toBeGreaterThanOrEqual(outcome.height);
    if (connection.config.mode === "chain") expect(minted.gas_used).toBeGreaterThan(100_000);
  });

  test("several messages are one transaction: margin and an order", async () => {
    const trading = new sdp.Market(connection);
    // Orders of earlier tests would wait for ever, and only so many may.
    await connection.broadcast(alice, [trading.settle(0)]).catch((error: sdp.SdpError) => {
      expect(error.code).toBe("E0420");
    });
    const outcome = await connection.broadcast(alice, [
      trading.deposit(sdp.parseUsd("500")),
      trading.commit({ perp: 0, size: sdp.parseSize("0.001") }),
    ]);
    expect(sdp.eventsOf(outcome.events, "margin_deposited")).toMatchObject([
      { owner: alice.address, account: 0, amount: 500_000_000n },
    ]);
    const [order] = sdp.eventsOf(outcome.events, "order_committed");
    expect(order).toMatchObject({ perp: 0, owner: alice.address, size: 10n ** 15n });
    const waiting = await new sdp.Lens(connection, outcome.height)
      .orders(market, 0)
      .catch((error: sdp.SdpError) => error);
    if (!(waiting instanceof sdp.SdpError)) expect(waiting.map(({ order }) => order)).toContain(order?.order);
    else expect(waiting.hasMoved).toBe(true);
  });

  test("a refusal has its code and its numbers, and nothing has changed", async () => {
    const pool = new sdp.Pool(connection);
    const before = await sdp.sdusdOf(connection, alice.address);
    const error = await connection.broadcast(alice, [pool.mint(0, sdp.parseUsd("1000000000"))]).then(
      () => null,
      (error: unknown) => error,
    );
    expect(error).toBeInstanceOf(sdp.SdpError);
    expect(error).toMatchObject({
      kind: "refused",
      code: expect.stringMatching(/^E03\d\d$/),
      rule: expect.any(String),
    });
    expect(Object.keys((error as sdp.SdpError).fields).length).toBeGreaterThan(0);
    expect((error as sdp.SdpError).text).toMatch(/^E03\d\d \w+ \{ .* \}$/);
    expect(await sdp.sdusdOf(connection, alice.address)).toBe(before);
  });

  test("the contracts' code says here what it says there", async () => {
    const other = await connection.account("trader-1");
    const stranger = await connection.account("stranger");
    for (const { name, query } of questions(connection.config, alice.address, other.address, stranger.address)) {
      const contract = sdp.addressOf(connection.config, name);
      await atOneBlock(async (block) => {
        const local = new LocalConnection(connection, load, ["lens", "pool", "orders", "oracle"]);
        local.pin(block);
        const there = await outcome(connection.ask(contract, query, block.height), block.height);
        const here = await outcome(local.ask(contract, query, block.height), block.height);
        expect(here, JSON.stringify(query)).toEqual(there);
      });
    }
  });

  test("previews follow the chain from block to block", async () => {
    const local = new LocalConnection(connection, load);
    const first = await new sdp.Lens(local).asOf("health", {});
    await new Promise((done) => setTimeout(done, 3_000));
    local.pin(await connection.block());
    const second = await new sdp.Lens(local).asOf("health", {});
    expect(second.height).toBeGreaterThan(first.height);
    expect(second.data.as_of).toBeGreaterThan(first.data.as_of);
  });

  test("no number of an answer is left as text", async () => {
    const { config } = connection;
    const lens = new sdp.Lens(connection);
    const pool = new sdp.Pool(connection);
    const liquidator = new sdp.Liquidator(connection);
    const oracle = new sdp.Oracle(connection);
    const asked = {
      health: lens.health(),
      solvency: lens.solvency(),
      contributions: lens.contributions(),
      markets: lens.markets(),
      ceilings: lens.ceilings(),
      regimes: lens.regimes(),
      perps: lens.perps(market),
      totals: lens.totals(market),
      account: lens.account(market, alice.address),
      preview: lens.previewTrade(market, alice.address, 0, 0, sdp.parseSize("0.001")),
      maximum: lens.maximumMint(0, alice.address),
      poolConfig: pool.config(),
      vaults: pool.vaults(),
      position: pool.position(0, alice.address),
      positions: pool.positions(0),
      audit: pool.audit(),
      marketConfig: new sdp.Market(connection).config(),
      liquidatorConfig: liquidator.config(),
      auctions: liquidator.auctions(),
      backstop: liquidator.backstop(),
      liquidatorTotals: liquidator.totals(),
      oracleConfig: oracle.config(),
      board: oracle.board(),
      price: oracle.price(0),
      covariance: oracle.covariance(),
      ...(config.contracts.orders
        ? { orders: new sdp.Orders(connection).config(), jar: new sdp.Orders(connection).jar(alice.address) }
        : {}),
      ...(config.contracts.reserve ? { reserve: new sdp.Reserve(connection).ask("totals", {}) } : {}),
    };
    const answers = await Promise.all(
      Object.entries(asked).map(async ([name, answer]) => [name, await answer] as const),
    );
    expect(answers.flatMap(([name, answer]) => numbersLeft(answer, name))).toEqual([]);
    expect(typeof (await asked.health).collateral).toBe("bigint");
  });

  test("the past is there, oldest first, and so is what an account did", async () => {
    const samples = await connection.history();
    expect(samples.length).toBeGreaterThan(1);
    expect(samples.map(({ height }) => height)).toEqual([...samples.map(({ height }) => height)].sort((a, b) => a - b));
    const last = samples.at(-1)!;
    expect(BigInt(last.health.collateral)).toBeGreaterThan(0n);
    expect(last.perps.length).toBe(connection.config.markets.length);

    const transactions = await connection.events(alice.address);
    expect(transactions.length).toBeGreaterThanOrEqual(3);
    const heights = transactions.map(({ height }) => height);
    expect(heights).toEqual([...heights].sort((a, b) => b - a));
    expect(transactions.flatMap(({ events }) => sdp.eventsOf(events, "minted"))).toContainEqual({
      vault: 0,
      owner: alice.address,
      amount: 1_500_000_000n,
      recipient: alice.address,
    });
    for (const { events, time } of transactions) {
      sdp.decodeEvents(events);
      expect(time).toBeGreaterThan(1_600_000_000);
    }
    expect((await connection.events(null)).length).toBeGreaterThan(0);
    expect(await connection.events(alice.address, heights[0]! + 1_000_000)).toEqual([]);
  });

  test("two transactions of one account at once both get in", async () => {
    const pool = new sdp.Pool(connection);
    const outcomes = await Promise.all(
      [1, 2, 3].map((n) => connection.broadcast(alice, [pool.burn(0, sdp.parseUsd(String(n)))])),
    );
    expect(outcomes.flatMap(({ events }) => sdp.eventsOf(events, "burnt")).map(({ amount }) => amount)).toEqual([
      1_000_000n,
      2_000_000n,
      3_000_000n,
    ]);
  });

  test("a wallet that knows amino only signs too, and an account that the chain has not seen is told so", async (context) => {
    const { config } = connection;
    if (config.mode !== "chain") return context.skip();
    const offline = await Secp256k1HdWallet.fromMnemonic(config.development_mnemonic ?? "", {
      prefix: config.prefix,
      hdPaths: [stringToPath(`m/44'/118'/${accountNumber("0")}'/0/0`)],
    });
    const wallet = { ...alice, offline } as sdp.Signer;
    const pool = new sdp.Pool(connection);
    const messages = [pool.deposit(0, sdp.amount(1_000_000n)), pool.mint(0, sdp.parseUsd("1"))];
    const { events } = await connection.broadcast(wallet, messages);
    expect(sdp.eventsOf(events, "minted").map(({ amount }) => amount)).toEqual([1_000_000n]);

    const nobody = await connection.account(`nobody ${Date.now()}`);
    await expect(connection.broadcast(nobody, [pool.mint(0, sdp.parseUsd("1"))])).rejects.toThrow(
      "has to receive coins first",
    );
  });

  test("what does not exist is nobody's refusal", async () => {
    await expect(connection.query(alice.address, { config: {} })).rejects.toBeInstanceOf(sdp.SdpError);
    expect((await connection.raw(sdp.addressOf(connection.config, "oracle"), "ff00")).data).toBeNull();
    expect((await connection.raw(sdp.addressOf(connection.config, "oracle"), "80")).data?.length).toBeGreaterThan(20);
    expect((await connection.balance(alice.address, "nothing")).data).toBe("0");
  });
});
