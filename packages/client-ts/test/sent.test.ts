import { afterEach, describe, expect, test, vi } from "vitest";
import { developmentSigner } from "../src/chain/keys.ts";
import { hand } from "../src/chain/sign.ts";
import { waitFor } from "../src/chain/wait.ts";
import { ChainConnection } from "../src/chain.ts";
import { checked, type Config } from "../src/config.ts";
import type { Outcome } from "../src/connection.ts";
import { SdpError } from "../src/errors.ts";
import { UnknownOutcome } from "../src/sent.ts";
import { ServeConnection } from "../src/serve.ts";
import { within } from "../src/within.ts";
import { Node } from "./node.ts";

const caught = (asked: Promise<unknown>): Promise<unknown> =>
  asked.then(
    () => null,
    (error: unknown) => error,
  );
const outcome: Outcome = { height: 7, time: 700, events: [], gas_used: 1, hash: "AB" };
const bytes = new Uint8Array([1]);
type Comet = Parameters<typeof hand>[0];
const node = (broadcastTxSync: () => Promise<unknown>) => ({ broadcastTxSync }) as unknown as Comet;

describe("handing a transaction to a node", () => {
  test("a node that has it, now or before, has it", async () => {
    expect(await hand(node(async () => ({ code: 0 })), bytes)).toBeNull();
    expect(await hand(node(async () => ({ code: 19, log: "tx already in mempool" })), bytes)).toBeNull();
    const again = '{"code":-32603,"message":"Internal error","data":"tx already exists in cache"}';
    expect(await hand(node(() => Promise.reject(new Error(again))), bytes)).toBeNull();
  });

  test("what a node says against it is thrown: it is in no block", async () => {
    const short = node(async () => ({ code: 13, log: "insufficient fee" }));
    expect(await caught(hand(short, bytes))).toMatchObject({ kind: "setup", text: "insufficient fee" });
    const full = '{"code":-32603,"message":"Internal error","data":"mempool is full"}';
    expect(await caught(hand(node(() => Promise.reject(new Error(full))), bytes))).toMatchObject({ message: full });
  });

  test("a lost answer leaves open whether it has arrived", async () => {
    for (const text of ["Failed to fetch", "Bad status on response: 504", "Unexpected token '<'"])
      expect(await hand(node(() => Promise.reject(new Error(text))), bytes)).toMatchObject({ message: text });
  });
});

describe("waiting for its block", () => {
  test("a look that fails is no answer: the next one finds it", async () => {
    let looks = 0;
    const look = async () => {
      looks += 1;
      if (looks === 1) throw new SdpError("network", "fetch failed");
      return looks < 3 ? null : outcome;
    };
    expect(await waitFor("AB", look, null, 1_000, 1)).toBe(outcome);
    expect(looks).toBe(3);
  });

  test("one that has failed in its block is refused, with the block", async () => {
    const refused = new SdpError("refused", "E0319 NotOpen", { height: 7 });
    expect(await caught(waitFor("AB", () => Promise.reject(refused), null, 1_000, 1))).toBe(refused);
  });

  test("in the end nobody knows, the error has the hash, and a later look finds it", async () => {
    let known: Outcome | null = null;
    const error = await caught(waitFor("AB", async () => known, new Error("Failed to fetch"), 10, 1));
    expect(error).toBeInstanceOf(UnknownOutcome);
    expect(error).toMatchObject({ kind: "unknown", hash: "AB", height: null });
    expect((error as UnknownOutcome).text).toContain("Failed to fetch");
    expect(await (error as UnknownOutcome).look()).toBeNull();
    known = outcome;
    expect(await (error as UnknownOutcome).look()).toBe(outcome);
  });
});

afterEach(() => vi.unstubAllGlobals());

describe("a transaction by a node", () => {
  const words = "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";
  const lists = { contracts: {}, markets: [], feeds: [], collaterals: [] };
  const config = checked({ mode: "chain", chain_id: "sdp-1", prefix: "sdp", rpc: "http://node", ...lists });

  async function send(node: Node) {
    vi.stubGlobal("fetch", node.fetch);
    const connection = await ChainConnection.open(config);
    return connection.broadcast(await developmentSigner(words, "0", "sdp"), [{ contract: "sdp1pool", msg: {} }]);
  }

  test("is found in its block, though the answer to its sending was lost", async () => {
    const node = new Node("sdp-1");
    node.lost.add("broadcast_tx_sync");
    const events = [{ type: "wasm-minted", attributes: [{ key: "vault", value: "0" }] }];
    const outcome = await send(node);
    expect(outcome).toMatchObject({ height: 6, gas_used: 123, events });
    expect([outcome.hash]).toEqual([...node.blocks.keys()]);
  });

  test("is refused with its block where it has failed there", async () => {
    const node = new Node("sdp-1");
    node.code = 5;
    node.log = "failed to execute message; message index: 0: E0319 NotOpen: execute wasm contract failed";
    expect(await caught(send(node))).toMatchObject({ kind: "refused", code: "E0319", height: 6 });
  });

  test("is not sent where the node does not answer before", async () => {
    const node = new Node("sdp-1");
    node.lost.add("abci_query");
    expect(await caught(send(node))).toMatchObject({ kind: "network" });
    expect(node.blocks.size).toBe(0);
  });
});

describe("the chain behind a server", () => {

  const anna = { address: "sdp1anna", label: "anna" };
  const told = (height: number, type: string, sender = anna.address) => ({
    height,
    time: height,
    sender,
    events: [{ type, attributes: [] }],
  });

  test("a lost answer is neither done nor refused, and what was sent is found among the account's transactions", async () => {
    // two of hers are in the block that is still open, and one that only mentions her
    let transactions = [told(5, "second"), told(5, "other", "sdp1bert"), told(5, "first"), told(4, "old")];
    vi.stubGlobal("fetch", async (url: string) => {
      if (url.includes("broadcast")) throw new TypeError("Failed to fetch");
      const since = Number(new URL(url, "http://x").searchParams.get("since"));
      return new Response(JSON.stringify({ transactions: transactions.filter(({ height }) => height >= since) }));
    });
    const chain = new ServeConnection({} as Config, "http://x");
    const error = await caught(chain.broadcast(anna, []));
    expect(error).toMatchObject({ kind: "unknown", hash: null });
    const { look } = error as UnknownOutcome;
    expect(await look()).toBeNull();
    transactions = [told(6, "third"), told(6, "other", "sdp1bert"), told(5, "mine"), ...transactions];
    expect(await look()).toMatchObject({ height: 5, events: [{ type: "mine" }] });
  });

  test("where even the question before it fails, nothing was sent", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
    const error = await caught(new ServeConnection({} as Config, "http://x").broadcast(anna, []));
    expect(error).toMatchObject({ kind: "network" });
  });

  test("a server's no is a no", async () => {
    const no = { error: { kind: "refused", code: "E0319", text: "E0319 NotOpen" } };
    vi.stubGlobal("fetch", async (url: string) =>
      url.includes("broadcast")
        ? new Response(JSON.stringify(no), { status: 400 })
        : new Response(JSON.stringify({ transactions: [] })),
    );
    const error = await caught(new ServeConnection({} as Config, "http://x").broadcast(anna, []));
    expect(error).toMatchObject({ kind: "refused", code: "E0319" });
  });
});

test("a question that nobody answers is given up", async () => {
  expect(await caught(within(new Promise(() => {}), 5))).toMatchObject({
    kind: "network",
    text: "no answer within 0.005 s",
  });
});
