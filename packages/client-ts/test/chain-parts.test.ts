import { describe, expect, test } from "vitest";
import { keplrChain, keplrSigner, type KeplrChain } from "../src/chain/keplr.ts";
import { accountNumber, developmentSigner } from "../src/chain/keys.ts";
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

describe("a chain that Keplr does not know", () => {
  const config = checked({
    mode: "chain",
    chain_id: "sdp-1",
    name: "Pools",
    prefix: "sdp",
    rpc: "https://rpc.test",
    rest: "https://rest.test",
    gas_price: "0.025uatom",
    contracts: {},
    markets: [],
    feeds: [],
    collaterals: [{ symbol: "ATOM", vault: 0, token: { native: "uatom" }, decimals: 6, feed: 0 }],
    fees: [
      { denom: "stake", decimals: 6 },
      { denom: "uatom", decimals: 6 },
    ],
  });

  async function wallet(refusal: string) {
    const offline = (await developmentSigner(words, "0", "sdp")).offline;
    const known: KeplrChain[] = [];
    return {
      known,
      enable: (id: string) =>
        known.some(({ chainId }) => chainId === id) ? Promise.resolve() : Promise.reject(new Error(refusal)),
      experimentalSuggestChain: async (chain: KeplrChain) => void known.push(chain),
      getOfflineSignerAuto: async () => offline,
      getKey: async () => ({ name: "savings" }),
    };
  }

  test("is offered to it, with what pays for gas first, and then its account signs", async () => {
    const keplr = await wallet("There is no chain info for sdp-1");
    expect(await keplrSigner(config, keplr)).toMatchObject({ label: "savings" });
    const atom = { coinDenom: "ATOM", coinMinimalDenom: "uatom", coinDecimals: 6 };
    expect(keplr.known).toMatchObject([
      {
        chainId: "sdp-1",
        chainName: "Pools",
        rpc: "https://rpc.test",
        rest: "https://rest.test",
        bech32Config: { bech32PrefixAccAddr: "sdp", bech32PrefixConsPub: "sdpvalconspub" },
        currencies: [atom, { coinMinimalDenom: "stake" }],
        feeCurrencies: [{ ...atom, gasPriceStep: { low: 0.025, average: 0.025, high: 0.025 } }],
      },
    ]);
  });

  test("is not offered to an owner who has said no", async () => {
    const keplr = await wallet("Request rejected");
    await expect(keplrSigner(config, keplr)).rejects.toMatchObject({ kind: "declined", text: "Request rejected" });
    expect(keplr.known).toEqual([]);
  });

  test("can't be offered without any coin, and the gap is named", () => {
    const bare = { ...config, gas_price: null, fees: [], collaterals: [] };
    expect(() => keplrChain(bare)).toThrow("config.json lacks fees");
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
    const rpc = "http://127.0.0.1:26657";
    // what is left out is as if it were not there, and no word "undefined" is taken for a price or for words
    expect(checked({ ...whole, rpc })).toMatchObject({
      chain_id: "x",
      gas_price: null,
      development_mnemonic: null,
      fees: [],
    });
    expect(() => checked({ ...whole, mode: "Chain" })).toThrow('mode of config.json is "Chain": it is chain or embedded');
    expect(() => checked({ ...whole, rpc, gas_price: "cheap" })).toThrow('gas_price of config.json is "cheap"');
  });
});
