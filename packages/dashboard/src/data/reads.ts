/** What the views read, each by its query. */
import type {
  custodyTypes,
  lensTypes,
  liquidatorTypes,
  marketTypes,
  oracleTypes,
  ordersTypes,
  poolTypes,
  reserveTypes,
  TokenId,
  Wire,
} from "@sdp/client";
import type { CollateralConfig, Config, MarketConfig as MarketOfConfig } from "@sdp/client";
import { SdpError } from "@sdp/client";
import { connection, live } from "../app/session.ts";
import type { Reading } from "./live.ts";

export type Collateral = CollateralConfig;
export type MarketConfig = MarketOfConfig;
type Lens = Wire<lensTypes.Answers>;
type Pool = Wire<poolTypes.Answers>;
type Market = Wire<marketTypes.Answers>;
type Liquidator = Wire<liquidatorTypes.Answers>;
type Oracle = Wire<oracleTypes.Answers>;
type Conditional = Wire<ordersTypes.Answers>;
type Reserve = Wire<reserveTypes.Answers>;
type Custody = Wire<custodyTypes.Answers>;
export type Health = Lens["health"];
export type Perp = Lens["perps"][number];
export type Account = Lens["account"];
export type TradePreview = Lens["preview_trade"];
export type ExitPreview = Lens["preview_exit"];
export type CeilingOf = Lens["ceilings"][number]["of"];
export type Vault = Pool["vaults"][number];
export type Position = Pool["position"];
export type Auction = Liquidator["auctions"][number];
export type Quote = Liquidator["quote"];
export type Sale = Custody["sales"][number];
export type ConditionalOrder = Conditional["orders"][number];
export type OrderPreview = Conditional["preview"];
export type OrdersParams = Conditional["config"]["params"];

/** A position that may not be there: that is an answer, not an error. */
export type PositionReading = Reading<Position> & { none: boolean };

export const useConfig = (): Config => connection.value!.config;

const use = <T>(contract: string | null, query: string, args: Record<string, unknown> = {}, keeps = 0): Reading<T> =>
  live.value!.use<T>(contract, query, args, keeps);

/** Seconds that what only governance changes stays good. */
const SELDOM = 120;

export const useHealth = () => use<Lens["health"]>("lens", "health");
export const useSolvency = () => use<Lens["solvency"]>("lens", "solvency");
export const useRegimes = () => use<Lens["regimes"]>("lens", "regimes");
export const useCeilings = () => use<Lens["ceilings"]>("lens", "ceilings");
export const useMarkets = () => use<Lens["markets"]>("lens", "markets");
export const useContributions = () => use<Lens["contributions"]>("lens", "contributions");
export const usePerps = (market: string | null) => use<Lens["perps"]>(market && "lens", "perps", { market });
export const useAccount = (market: string | null, owner: string | null, account: number) =>
  use<Lens["account"]>(market && owner && "lens", "account", { market, owner, account });
export const useAccounts = (market: string, accounts: { owner: string; account: number }[]) =>
  use<Lens["accounts"]>(accounts.length > 0 ? "lens" : null, "accounts", { market, accounts });
/** Orders of a page of a queue. */
export const ORDERS_OF_PAGE = 100;
/** A page of a perpetual's queue by its number: of the orders 0 to 99, 100 to 199 and so on those that wait, whatever was settled before. */
export const useOrdersPage = (market: string, perp: number, page: number) =>
  use<Lens["orders"]>("lens", "orders", {
    market,
    perp,
    start_after: page === 0 ? null : page * ORDERS_OF_PAGE - 1,
    limit: ORDERS_OF_PAGE,
  });
export const useMaximumMint = (vault: number | null, owner: string) =>
  use<Lens["maximum_mint"]>(vault === null ? null : "lens", "maximum_mint", { vault, owner });

export const usePoolConfig = () => use<Pool["config"]>("pool", "config", {}, SELDOM);
export const useVaults = () => use<Pool["vaults"]>("pool", "vaults");
export const useAudit = () => use<Pool["audit"]>("pool", "audit");

export function usePosition(vault: number | null, owner: string | null): PositionReading {
  const reading = use<Position>(vault !== null && owner ? "pool" : null, "position", { vault, owner });
  const { error } = reading;
  return { ...reading, none: error instanceof SdpError && error.code === "E0302" };
}

export const useMarketParams = (market: string) => use<Market["config"]>(market, "config", {}, SELDOM);

export const useBoard = () => use<Oracle["board"]>("oracle", "board");
export const useCovariance = () => use<Oracle["covariance"]>("oracle", "covariance", {}, 30);
export const useOracleConfig = () => use<Oracle["config"]>("oracle", "config", {}, SELDOM);

/** The par reserve's tokens: each is a dollar. None where the deployment has no such contract. */
export function useReserveTokens(): Reading<Reserve["tokens"]> & { none: boolean } {
  const none = !("reserve" in useConfig().contracts);
  return { ...use<Reserve["tokens"]>(none ? null : "reserve", "tokens", {}, SELDOM), none };
}

const custodyOf = ({ contracts }: Config) => ("custody" in contracts ? "custody" : null);
/** Sales of tokens that are margin; nothing is asked where the deployment takes none. */
export const useSales = () =>
  use<Custody["sales"]>(custodyOf(useConfig()), "sales", { start_after: null, limit: 100 });
export const useMarginTokens = () => use<Custody["tokens"]>(custodyOf(useConfig()), "tokens");

export const useAuctions = () =>
  use<Liquidator["auctions"]>("liquidator", "auctions", { start_after: null, limit: 100 });
export const useBackstop = () => use<Liquidator["backstop"]>("liquidator", "backstop");
export const useBackstopAccount = (owner: string) =>
  use<Liquidator["backstop_account"]>("liquidator", "backstop_account", { owner });
export const useLiquidatorConfig = () => use<Liquidator["config"]>("liquidator", "config", {}, SELDOM);

/** The contract of a market's conditional orders: `orders` of the first market, `NAME-orders` of another one. */
export function useOrdersContract(market: MarketConfig | undefined): string | null {
  const { contracts, markets } = useConfig();
  if (!market) return null;
  const name = markets[0]?.address === market.address ? "orders" : `${market.name}-orders`;
  return name in contracts ? name : null;
}

export const useOrdersConfig = (contract: string | null) => use<Conditional["config"]>(contract, "config", {}, SELDOM);
export const useJar = (contract: string | null, owner: string | null) =>
  use<Conditional["jar"]>(owner && contract, "jar", { owner });
export const useDelegation = (market: string, owner: string | null, account: number, delegate: string | null) =>
  use<Lens["delegation"]>(owner && delegate && "lens", "delegation", { market, owner, account, delegate });
export const useConditionals = (contract: string | null, owner: string | null, account: number) =>
  use<Conditional["orders"]>(owner && contract, "orders", { owner, account, start_after: null, limit: 100 });

/** sdUSD of an address. */
export const useSdusd = (address: string | null) =>
  use<{ balance: string }>(address && "sdusd", "balance", { address });

/** A collateral token of an address, coin or CW20. */
export function useBalance(token: TokenId, address: string) {
  const coin = "native" in token;
  const of = coin
    ? { contract: "bank", args: { address, denom: token.native } }
    : { contract: token.cw20, args: { address } };
  const { answer, error } = use<{ balance: string }>(of.contract, "balance", of.args);
  return { answer, error, path: "balance", held: answer ? BigInt(answer.data.balance) : null };
}

/** The ceiling of sdUSD's supply, where it follows what is used. */
export function useSupplyCeiling() {
  const { answer } = useCeilings();
  const index = answer?.data.findIndex(({ of }) => "supply" in of) ?? -1;
  return answer && index >= 0 ? { answer, index } : null;
}
