/** What a page has to know before it asks anything: `config.json` beside it. */
import { SdpError } from "./errors.ts";

/** A token as the contracts name it. */
export type TokenId = { native: string } | { cw20: string };

export interface MarketConfig {
  name: string;
  address: string;
  /** Symbols of their feeds, by number of the perpetual. */
  perps: string[];
}

export interface CollateralConfig {
  symbol: string;
  vault: number;
  token: TokenId;
  decimals: number;
  /** Number of its feed. */
  feed: number;
}

export interface Config {
  /** `embedded`: the chain is behind the page's own server. `chain`: pages talk to a node. */
  mode: "embedded" | "chain";
  chain_id: string;
  /** Of the deployment. */
  name: string;
  /** Address of the node's CometBFT RPC. */
  rpc: string | null;
  /** Address of its REST service, of which only wallets are told. */
  rest?: string | null;
  /** What addresses begin with. */
  prefix: string;
  /** `0.025uatom`; none: gas costs nothing. */
  gas_price: string | null;
  /** Words of accounts that everybody may use; on local networks only. */
  development_mnemonic: string | null;
  /** Addresses by name. */
  contracts: Record<string, string>;
  markets: MarketConfig[];
  /** Symbols by number of the feed. */
  feeds: string[];
  collaterals: CollateralConfig[];
  /** Coins that pay for transactions. */
  fees: { denom: string; decimals: number }[];
}

/** Address of a contract or market by its name in the deployment. */
export function addressOf(config: Config, name: string): string {
  const address = config.contracts[name] ?? config.markets.find((market) => market.name === name)?.address;
  if (!address) throw new SdpError("setup", `${config.name} has no contract "${name}"`);
  return address;
}

/** Digits before and after the point, and the denom; none where it is no price of gas. */
export function parseGasPrice(price: string): { whole: string; fraction: string; denom: string } | null {
  const [, whole, fraction = "", denom] = /^(\d+)(?:\.(\d+))?([a-zA-Z][\w/:-]*)$/.exec(price) ?? [];
  return whole === undefined || denom === undefined ? null : { whole, fraction, denom };
}

/** Reads it; by default the one beside the page. */
export async function loadConfig(url = "config.json"): Promise<Config> {
  let answer: Response;
  try {
    answer = await fetch(url);
  } catch (cause) {
    throw new SdpError("network", `can't read ${url}`, { cause });
  }
  if (!answer.ok) throw new SdpError("network", `can't read ${url}: HTTP ${answer.status}`);
  try {
    return checked(await answer.json());
  } catch (cause) {
    throw SdpError.from(cause, "setup");
  }
}

/** Refuses what is no config, before its gaps show up elsewhere. */
export function checked(found: unknown): Config {
  const config = found as Partial<Config> | null;
  const lacking = (["mode", "chain_id", "prefix", "contracts", "markets", "feeds", "collaterals"] as const).filter(
    (key) => config?.[key] === undefined,
  );
  if (!config || lacking.length) throw new SdpError("setup", `config.json lacks ${lacking.join(", ")}`);
  if (config.mode !== "chain" && config.mode !== "embedded")
    throw new SdpError("setup", `mode of config.json is "${String(config.mode)}": it is chain or embedded`);
  if (config.mode === "chain" && !config.rpc) throw new SdpError("setup", "config.json has no address of a node (rpc)");
  const price = config.gas_price ?? null;
  if (price !== null && !parseGasPrice(price))
    throw new SdpError("setup", `gas_price of config.json is "${price}": a number and a denom, such as 0.025uatom`);
  // what somebody who writes it by hand may leave out
  const whole = { name: config.chain_id, rpc: null, development_mnemonic: null, fees: [], ...config, gas_price: price };
  return whole as Config;
}
