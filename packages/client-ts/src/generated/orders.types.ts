// Generated from schema/ by scripts/generate.mjs (npm run generate): change the contracts instead.
import type { Price, Ratio, Size, Uint128, Usd } from "../units.ts";

export interface InstantiateMsg {
  market: string;
  params: Params;
}
export interface Params {
  least_fee: Usd;
  longest_life: number;
  most_commits: number;
  most_fee: Usd;
  most_waiting: number;
  refusal_share: Ratio;
}
export type ExecuteMsg = { place: { account: number; linked?: boolean; orders: NewOrder[] } }
  | {
  bracket: {
    account: number;
    entry: Entry;
    entry_good_till?: number | null;
    good_till?: number | null;
    keeper_fee: Usd;
    perp: number;
    size: Size;
    stop: Exit;
    target: Exit;
  };
}
  | { cancel: { ids: number[] } }
  | { arm: { ids: number[] } }
  | { sweep: { ids: number[] } }
  | { withdraw: { amount: Usd; recipient?: string | null } }
  | { receive: Cw20ReceiveMsg };
export type Kind = { limit: { price: Price } }
  | { stop: { limit_price?: Price | null; trigger: Price } }
  | { take_profit: { limit_price?: Price | null; trigger: Price } };
export type Entry = { market: { limit_price?: Price | null } }
  | { waits: Kind };
export type Binary = string;
export interface NewOrder {
  good_till?: number | null;
  keeper_fee: Usd;
  kind: Kind;
  perp: number;
  reduce_only?: boolean;
  size: Size;
}
export interface Exit {
  limit_price?: Price | null;
  trigger: Price;
}
export interface Cw20ReceiveMsg {
  amount: Uint128;
  msg: Binary;
  sender: string;
}
export type QueryMsg = { config: {} }
  | { order: { id: number } }
  | { orders: { account: number; limit?: number | null; owner: string; start_after?: number | null } }
  | { jar: { owner: string } }
  | { jars: { limit?: number | null; start_after?: string | null } }
  | { totals: {} }
  | { preview: { account: number; order: NewOrder; owner: string } }
  | { due: { limit?: number | null; start_after?: number | null } };
export interface MigrateMsg {}
export interface ConfigResponse {
  market: string;
  params: Params;
  sdusd: string;
}
export interface DueResponse {
  due: number[];
  last?: number | null;
}
export type ArrayOfJarResponse = JarResponse[];
export interface JarResponse {
  amount: Usd;
  owner: string;
}
export type Stage = "sleeping" | "waiting"
  | { committed: number };
export interface OrderResponse {
  account: number;
  commits: number;
  entry?: number | null;
  good_till: number;
  id: number;
  keeper_fee: Usd;
  kind?: Kind | null;
  linked: number[];
  owner: string;
  perp: number;
  reduce_only: boolean;
  reserved: Usd;
  since: number;
  size: Size;
  stage: Stage;
}
export type ArrayOfOrderResponse = OrderResponse[];
export interface PreviewResponse {
  index: Price;
  keeper_fee: Usd;
  least_fee: Usd;
  locked: Usd;
  most_commits: number;
  most_fee: Usd;
  not_due?: string | null;
  not_placed?: string | null;
  refusal_fee: Usd;
  refused?: string | null;
}
export interface TotalsResponse {
  held: Usd;
  next: number;
}

export type { Price, Ratio, Size, Uint128, Usd };

/** What each query is answered with. */
export interface Answers {
  config: ConfigResponse;
  due: DueResponse;
  jar: Usd;
  jars: ArrayOfJarResponse;
  order: OrderResponse;
  orders: ArrayOfOrderResponse;
  preview: PreviewResponse;
  totals: TotalsResponse;
}
