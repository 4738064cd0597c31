import { SdpError, UnknownOutcome, type Config, type Outcome } from "@sdp/client";
import { describe, expect, test } from "vitest";
import { ended, failed, lookAgain } from "../../src/ui/sending.ts";

const config = { collaterals: [], markets: [], contracts: {} } as unknown as Config;
const minted: Outcome = {
  height: 9,
  time: 900,
  events: [{ type: "wasm-minted", attributes: [{ key: "amount", value: "5000000" }] }],
  gas_used: 10,
  hash: "AB",
};

const saysUnchanged = (error: unknown) => JSON.stringify(failed(error)).includes("Nothing has changed");

describe("what became of a transaction", () => {
  test("nothing has changed only where a contract, or its signer, said no", () => {
    expect(saysUnchanged(new SdpError("refused", "E0319 NotOpen"))).toBe(true);
    expect(saysUnchanged(new SdpError("declined", "Request rejected"))).toBe(true);
    expect(saysUnchanged(new SdpError("network", "fetch failed"))).toBe(false);
    expect(saysUnchanged(new SdpError("setup", "no such account"))).toBe(false);
    expect(saysUnchanged(new TypeError("x"))).toBe(false);
    expect(saysUnchanged(new UnknownOutcome("AB", async () => null, new Error("fetch failed")))).toBe(false);
  });

  test("an event that can't be read does not make a success anything else", () => {
    const broken = { type: "wasm-minted", attributes: [{ key: "amount", value: "much" }] };
    expect(ended({ ...minted, events: [broken] }, config)).toMatchObject({ is: "done", told: [] });
  });

  test("one that failed in its block has cost its fee", () => {
    const stage = failed(new SdpError("refused", "E0319 NotOpen", { height: 9 }));
    expect(stage).toMatchObject({ is: "refused", rest: expect.stringContaining("block 9") });
  });

  test("what was sent and not seen is unknown, until it is looked for: then it is done, or has failed", async () => {
    let answer: () => Promise<Outcome | null> = () => Promise.reject(new SdpError("network", "fetch failed"));
    const sent = new UnknownOutcome("AB", () => answer(), new Error("Failed to fetch"));
    expect(failed(sent)).toEqual({ is: "unknown", sent, looked: null });
    expect(await lookAgain(sent, config)).toMatchObject({ is: "unknown", looked: expect.stringContaining("fetch failed") });
    answer = async () => null;
    expect(await lookAgain(sent, config)).toMatchObject({ is: "unknown", looked: expect.stringContaining("no block") });
    answer = async () => minted;
    expect(await lookAgain(sent, config)).toEqual(ended(minted, config));
    expect(ended(minted, config)).toMatchObject({ is: "done", height: 9, told: ["Minted $5.00 of sdUSD"], gas: "10" });
    answer = () => Promise.reject(new SdpError("refused", "E0319 NotOpen", { height: 9 }));
    expect(await lookAgain(sent, config)).toMatchObject({ is: "refused" });
  });
});
