/**
 * The contracts' code run here, on what a chain said at one block (fixtures/block.json), against what that chain
 * answered itself. `SDP_SERVE=http://127.0.0.1:8080 npm run record` makes the fixture again, from `sdp serve --people
 * 40`: after the contracts' records have changed it has to.
 */
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { connectTo, parsePrice, SdpError } from "../src/index.ts";
import { BOARD_KEY, LocalConnection, pricesOn } from "../src/local.ts";
import { questions } from "./questions.ts";
import { Recorder, Replay, type Recording } from "./replay.ts";
import { isBuilt, load } from "./wasm.ts";

const path = fileURLToPath(new URL("fixtures/block.json", import.meta.url));

async function record(base: string): Promise<void> {
  const remote = await connectTo(base);
  const addresses = await Promise.all(["provider-1", "trader-1", "stranger"].map((name) => remote.account(name)));
  const [provider = "", trader = "", stranger = ""] = addresses.map(({ address }) => address);
  for (;;) {
    const block = await remote.block();
    const recorder = new Recorder(remote);
    const local = new LocalConnection(recorder, load, run);
    local.pin(block);
    try {
      const queries: Recording["queries"] = [];
      for (const { name, query } of questions(remote.config, provider, trader, stranger)) {
        const contract = remote.config.contracts[name] ?? "";
        const outcome = await remote.query(contract, query, block.height).then(
          (answer) => ({ answer }),
          (error: SdpError) => {
            if (error.kind === "setup") throw error;
            return { refused: error.text };
          },
        );
        await local.query(contract, query, block.height).catch((error: SdpError) => {
          if (error.kind !== "refused") throw error;
        });
        queries.push({ contract, query, ...outcome });
      }
      const recording: Recording = { config: remote.config, block, said: recorder.said, queries };
      await writeFile(path, `${JSON.stringify(recording, null, 1)}\n`);
      return;
    } catch (error) {
      // A chain that knows the present only has gone on: again, at its next block.
      if (!(error instanceof SdpError && error.hasMoved)) throw error;
    }
  }
}

// Without builds there is nothing to run; where a chain is tested against, that is a mistake.
const run = ["lens", "pool", "orders", "oracle"];
const canRun = run.every(isBuilt) || process.env.SDP_SERVE !== undefined;

describe.skipIf(!canRun)("contracts run here", () => {
  let recording: Recording;

  beforeAll(async () => {
    if (process.env.SDP_RECORD) await record(process.env.SDP_SERVE ?? "http://127.0.0.1:8080");
    recording = JSON.parse(await readFile(path, "utf8")) as Recording;
  });

  test("say what they say on the chain, refusals too", async () => {
    const local = new LocalConnection(new Replay(recording), load, run);
    expect(recording.queries.length).toBeGreaterThan(40);
    expect(recording.queries.filter(({ refused }) => refused).length).toBeGreaterThan(5);
    for (const { contract, query, answer, refused } of recording.queries) {
      const here = await local.query(contract, query).then(
        (found) => ({ answer: found }),
        (error: SdpError) => ({ refused: error.text, kind: error.kind }),
      );
      expect(here, JSON.stringify(query)).toEqual(refused === undefined ? { answer } : { refused, kind: "refused" });
    }
  });

  test("ask for a record once per block, and never again at a slider's pull", async () => {
    const replay = new Replay(recording);
    const local = new LocalConnection(replay, load);
    const lens = recording.config.contracts.lens ?? "";
    const market = recording.config.contracts.market ?? "";
    const owner = recording.config.contracts.pool ?? "";
    const preview = (size: string) =>
      local.query(lens, { preview_trade: { market, owner, account: 0, perp: 0, size } });
    // Nobody has that account, which the recording does not know: only what is known is counted.
    await local.query(lens, { health: {} });
    const before = replay.asked;
    for (let n = 0; n < 20; n += 1) await local.query(lens, { health: {} });
    expect(replay.asked).toBe(before);
    await expect(preview("1")).rejects.toMatchObject({ kind: "setup" });
  });

  test("what was usual at the last block comes along at once at the next", async () => {
    const replay = new Replay(recording);
    const lens = recording.config.contracts.lens ?? "";
    const local = new LocalConnection(replay, load);
    local.pin(recording.block);
    await local.ask(lens, { health: {} });
    const records = replay.asked;
    expect([records > 5, replay.rounds]).toEqual([true, records]);
    // The recording says the same of every block, if it is told to.
    replay.block = () => Promise.resolve({ ...recording.block, height: recording.block.height + 1 });
    replay.anyBlock = true;
    local.pin(await replay.block());
    await local.ask(lens, { health: {} });
    expect([replay.asked, replay.rounds]).toEqual([2 * records, records + 1]);
  });

  test("what was forgotten is read again, of the same block too", async () => {
    const replay = new Replay(recording);
    const lens = recording.config.contracts.lens ?? "";
    const local = new LocalConnection(replay, load);
    local.pin(recording.block);
    const before = await local.ask(lens, { health: {} });
    const records = replay.asked;
    local.forget();
    expect(await local.ask(lens, { health: {} })).toEqual(before);
    expect(replay.asked).toBe(2 * records);
  });

  test("queries at once about one block share its records", async () => {
    const [one, several] = [new Replay(recording), new Replay(recording)];
    const lens = recording.config.contracts.lens ?? "";
    const { height } = recording.block;
    await new LocalConnection(one, load).ask(lens, { health: {} }, height);
    const local = new LocalConnection(several, load);
    await Promise.all([1, 2, 3, 4].map(() => local.ask(lens, { health: {} }, height)));
    expect(several.asked).toBe(one.asked);
  });

  test("at other prices the pool stands otherwise, and at these as it does", async () => {
    const local = new LocalConnection(new Replay(recording), load);
    const lens = recording.config.contracts.lens ?? "";
    const now = await local.query<{ collateral: string }>(lens, { health: {} });
    const atom = recording.config.feeds.indexOf("ATOM");
    const cheap = await local.withPrices(new Map([[atom, parsePrice("1")]]));
    const then = await cheap.query<{ collateral: string }>(lens, { health: {} });
    expect(BigInt(then.collateral)).toBeLessThan(BigInt(now.collateral));
    expect(await local.query(lens, { health: {} })).toEqual(now);
  });

  test("the board with other prices is one to the oracle's own code, and nothing else on it has changed", async () => {
    const local = new LocalConnection(new Replay(recording), load, run);
    const oracle = recording.config.contracts.oracle ?? "";
    interface Board {
      prices: { feed: number; quote: { price: string; confidence: string; publish_time: number } }[];
    }
    const now = await local.query<Board>(oracle, { board: {} });
    const { data } = await local.raw(oracle, BOARD_KEY, recording.block.height);
    expect(pricesOn(data!)).toEqual(now.prices.map(({ quote }) => parsePrice(quote.price)));
    // each feed alone and all at once: small, large, of many digits and of few
    const texts = [
      "0.000000000000000001",
      "1",
      "123456.789",
      "999999999999",
      "340282366920938463463.374607431768211455",
    ];
    const changes = [
      ...now.prices.flatMap(({ feed }) => texts.map((text) => [[feed, text]] as [number, string][])),
      now.prices.map(({ feed }) => [feed, texts[feed % texts.length]!] as [number, string]),
      now.prices.map(({ feed, quote }) => [feed, quote.price] as [number, string]),
    ];
    for (const change of changes) {
      const there = await local.withPrices(new Map(change.map(([feed, text]) => [feed, parsePrice(text)])));
      const changed = new Map(change);
      const wanted = now.prices.map((entry) => ({
        ...entry,
        quote: { ...entry.quote, price: changed.get(entry.feed) ?? entry.quote.price },
      }));
      expect(await there.query<Board>(oracle, { board: {} })).toEqual({ ...now, prices: wanted });
    }
  });

  test("what is no address is refused by the host as by the chain", async () => {
    const local = new LocalConnection(new Replay(recording), load);
    const lens = recording.config.contracts.lens ?? "";
    await expect(local.query(lens, { maximum_mint: { vault: 0, owner: "NOBODY" } })).rejects.toMatchObject({
      kind: "refused",
      code: "E0008",
    });
  });

  test("a list of records is asked of the chain; what it would be at other prices nobody says", async () => {
    const replay = new Replay(recording);
    const pool = recording.config.contracts.pool ?? "";
    const query = { positions: { vault: 0, start_after: null, limit: 2 } };
    const asked: unknown[] = [];
    replay.ask = async (...args: unknown[]) => {
      asked.push(args);
      return { data: [] as never, ...recording.block };
    };
    const local = new LocalConnection(replay, load, ["pool"]);
    expect(await local.query(pool, query)).toEqual([]);
    expect(asked).toEqual([[pool, query, recording.block.height]]);
    await expect((await local.withPrices(new Map([[0, parsePrice("1")]]))).query(pool, query)).rejects.toMatchObject({
      kind: "setup",
    });
  });

  test("a message that the contract does not know is an error of the contract", async () => {
    const local = new LocalConnection(new Replay(recording), load);
    await expect(local.query(recording.config.contracts.lens ?? "", { nothing: {} })).rejects.toMatchObject({
      kind: "refused",
    });
  });
});
