import { describe, expect, test } from "vitest";
import { accountNumber, developmentSigner, keplrSigner } from "../src/chain/keys.ts";
import { feeFor } from "../src/chain/sign.ts";
import { checked, type Config } from "../src/config.ts";

const words = "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

describe("development accounts are the CLI's", () => {
  test("a plain number is itself, and only that", () => {
    expect(["0", "7", "2147483647"].map(accountNumber)).toEqual([0, 7, 2147483647]);
    for (const name of ["07", "+7", "2147483648", "7 "]) expect(accountNumber(name)).not.toBe(7);
  });

  test("a name is the account of its hash: sha256(anna) begins with 55579b55", () => {
    expect(accountNumber("anna")).toBe(0x55579b55 >>> 1);
  });

  test("account 0 of well-known words has its well-known address, under any prefix", async () => {
    expect((await developmentSigner(words, "0", "cosmos")).address).toBe(
      "cosmos19rl4cm2hmr8afy4kldpxz3fka4jguq0auqdal4",
    );
    expect((await developmentSigner(words, "0", "wasm")).address).toBe("wasm19rl4cm2hmr8afy4kldpxz3fka4jguq0akuugk7");
  });

  test("anna and her number are one account, bert is another", async () => {
    const address = async (name: string) => (await developmentSigner(words, name, "wasm")).address;
    expect(await address("anna")).toBe(await address(String(accountNumber("anna"))));
    expect(await address("anna")).not.toBe(await address("bert"));
  });
});

describe("Keplr", () => {
  const config = { chain_id: "sdp-1" } as Config;

  test("its account signs, under its own name", async () => {
    const offline = (await developmentSigner(words, "0", "wasm")).offline;
    const wallet = {
      enable: async () => {},
      getOfflineSignerAuto: async () => offline,
      getKey: async () => ({ name: "savings" }),
    };
    expect(await keplrSigner(config, wallet)).toMatchObject({
      label: "savings",
      address: "wasm19rl4cm2hmr8afy4kldpxz3fka4jguq0akuugk7",
    });
  });

  test("no is no, and no wallet is no wallet", async () => {
    const wallet = {
      enable: () => Promise.reject(new Error("Request rejected")),
      getOfflineSignerAuto: () => Promise.reject(),
      getKey: () => Promise.reject(),
    };
    await expect(keplrSigner(config, wallet)).rejects.toMatchObject({ kind: "declined", text: "Request rejected" });
    await expect(keplrSigner(config, null)).rejects.toMatchObject({ kind: "setup" });
  });
});

describe("fees", () => {
  test("gas at its price, rounded up; nothing where it costs nothing", () => {
    expect(feeFor(123_457n, "0.025uatom")).toEqual([{ denom: "uatom", amount: "3087" }]);
    expect(feeFor(100_000n, "1ibc/ABC")).toEqual([{ denom: "ibc/ABC", amount: "100000" }]);
    expect(feeFor(100_000n, "0stake")).toEqual([]);
    expect(feeFor(100_000n, null)).toEqual([]);
    expect(() => feeFor(1n, "cheap")).toThrow("no price of gas");
  });
});

describe("config.json", () => {
  test("one with gaps is refused, with what it lacks", () => {
    expect(() => checked({ mode: "chain", chain_id: "x" })).toThrow(
      "lacks prefix, contracts, markets, feeds, collaterals",
    );
    const whole = {
      mode: "chain",
      chain_id: "x",
      prefix: "sdp",
      contracts: {},
      markets: [],
      feeds: [],
      collaterals: [],
    };
    expect(() => checked(whole)).toThrow("no address of a node");
    expect(checked({ ...whole, rpc: "http://127.0.0.1:26657" })).toMatchObject({ chain_id: "x" });
  });
});
