/** Keplr, which holds the keys of whoever signs on a public chain. */
import type { OfflineSigner } from "@cosmjs/proto-signing";
import { parseGasPrice, type Config } from "../config.ts";
import { SdpError } from "../errors.ts";
import type { ChainSigner } from "./keys.ts";

/** What this needs of the wallet that Keplr puts into the page. */
export interface Keplr {
  enable(chainId: string): Promise<void>;
  /** Offers a chain that Keplr does not know: its owner is asked whether it is to be added. */
  experimentalSuggestChain?(chain: KeplrChain): Promise<void>;
  getOfflineSignerAuto(chainId: string): Promise<OfflineSigner>;
  getKey(chainId: string): Promise<{ name: string }>;
}

interface Currency {
  coinDenom: string;
  coinMinimalDenom: string;
  coinDecimals: number;
}

/** A chain in Keplr's words: https://docs.keplr.app/api/guide/suggest-chain */
export interface KeplrChain {
  chainId: string;
  chainName: string;
  rpc: string;
  rest: string;
  bip44: { coinType: number };
  bech32Config: Record<string, string>;
  currencies: Currency[];
  feeCurrencies: (Currency & { gasPriceStep: { low: number; average: number; high: number } })[];
  stakeCurrency: Currency;
}

/** Keplr, where the page has it. */
export function keplr(): Keplr | null {
  return (globalThis as { keplr?: Keplr }).keplr ?? null;
}

/** Coins that fees are paid in, or where they cost nothing those that are collateral: Keplr wants one at least. */
function currencies({ fees, collaterals, gas_price: price }: Config): Currency[] {
  const paying = price === null ? null : (parseGasPrice(price)?.denom ?? null);
  const symbolOf = (denom: string) =>
    collaterals.find(({ token }) => "native" in token && token.native === denom)?.symbol ?? denom;
  const coins = [
    ...fees,
    ...collaterals.flatMap(({ token, decimals }) => ("native" in token ? [{ denom: token.native, decimals }] : [])),
    // most chains have micro-coins; who hosts the page says so in `fees` where this one has not
    ...(paying === null ? [] : [{ denom: paying, decimals: 6 }]),
  ];
  const distinct = coins.filter(({ denom }, n) => coins.findIndex((other) => other.denom === denom) === n);
  return distinct
    .map(({ denom, decimals }) => ({ coinDenom: symbolOf(denom), coinMinimalDenom: denom, coinDecimals: decimals }))
    .sort((a, b) => Number(b.coinMinimalDenom === paying) - Number(a.coinMinimalDenom === paying));
}

/** The chain of a config as Keplr is told of it. */
export function keplrChain(config: Config): KeplrChain {
  const { chain_id: chainId, name, prefix, rpc, rest, gas_price: price } = config;
  const coins = currencies(config);
  const [coin] = coins;
  if (!rpc || !coin)
    throw new SdpError("setup", `Keplr does not know ${chainId}, and config.json lacks ${rpc ? "fees" : "rpc"} to tell it`);
  const parts = price === null ? null : parseGasPrice(price);
  // a gas price is for display and for signing only, where a float is as good as what Keplr makes of it
  const gas = parts ? Number(`${parts.whole}.${parts.fraction || "0"}`) : 0;
  const ending = (kind: string) => `${prefix}${kind}`;
  return {
    chainId,
    chainName: name,
    rpc,
    // Keplr wants one, and needs it for what it shows itself only: signing goes over the page
    rest: rest ?? rpc,
    bip44: { coinType: 118 },
    bech32Config: {
      bech32PrefixAccAddr: prefix,
      bech32PrefixAccPub: ending("pub"),
      bech32PrefixValAddr: ending("valoper"),
      bech32PrefixValPub: ending("valoperpub"),
      bech32PrefixConsAddr: ending("valcons"),
      bech32PrefixConsPub: ending("valconspub"),
    },
    currencies: coins,
    feeCurrencies: [{ ...coin, gasPriceStep: { low: gas, average: gas, high: gas } }],
    stakeCurrency: coin,
  };
}

const textOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** Asks to be let in; a chain that Keplr does not know is offered to it first. */
async function enable(wallet: Keplr, config: Config): Promise<void> {
  try {
    await wallet.enable(config.chain_id);
  } catch (error) {
    if (!wallet.experimentalSuggestChain || !/no chain info|unknown chain|not found|not registered/i.test(textOf(error)))
      throw error;
    await wallet.experimentalSuggestChain(keplrChain(config));
    await wallet.enable(config.chain_id);
  }
}

/** Asks Keplr for its account on this chain. `declined` where its owner does not want to. */
export async function keplrSigner(config: Config, wallet: Keplr | null = keplr()): Promise<ChainSigner> {
  if (!wallet) throw new SdpError("setup", "Keplr is not there");
  try {
    await enable(wallet, config);
    const offline = await wallet.getOfflineSignerAuto(config.chain_id);
    const [account] = await offline.getAccounts();
    if (!account) throw new SdpError("setup", `Keplr has no account on ${config.chain_id}`);
    const { name } = await wallet.getKey(config.chain_id);
    return { address: account.address, label: name, offline };
  } catch (cause) {
    throw cause instanceof SdpError ? cause : new SdpError("declined", textOf(cause), { cause });
  }
}
