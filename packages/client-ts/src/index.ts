/**
 * Shared Debt Pools from TypeScript. See README.md; `@sdp/client/local` has the previews, `@sdp/client/chain` what
 * talks to a real chain.
 */
export * from "./config.ts";
export * from "./connect.ts";
export * from "./connection.ts";
export * from "./errors.ts";
export * from "./events.ts";
export * from "./sent.ts";
export * from "./units.ts";
export { decodeAnswer, encodeExecute, encodePart, encodeQuery, type Codec } from "./codec.ts";
export { divide, parseDecimal, writeDecimal } from "./decimal.ts";
export { ServeConnection } from "./serve.ts";

export { Contract } from "./contracts/contract.ts";
export { Lens } from "./contracts/lens.ts";
export { Liquidator } from "./contracts/liquidator.ts";
export { Market, type Order } from "./contracts/market.ts";
export { Oracle } from "./contracts/oracle.ts";
export { Orders, widened, type Bracket } from "./contracts/orders.ts";
export { Balancer, Bonded, Custody, EventMarket, Reserve, Spot } from "./contracts/others.ts";
export { Pool } from "./contracts/pool.ts";
export { orders as ordersCodec } from "./generated/orders.codec.ts";
export { holding, hook, pay, paySdusd, sdusdOf, transfer } from "./contracts/token.ts";

// The contracts' own types with integers where they have units; Wire<…> of them is their JSON.
export type * as balancerTypes from "./generated/balancer.types.ts";
export type * as bondedTypes from "./generated/bonded.types.ts";
export type * as custodyTypes from "./generated/custody.types.ts";
export type * as lensTypes from "./generated/lens.types.ts";
export type * as liquidatorTypes from "./generated/liquidator.types.ts";
export type * as marketTypes from "./generated/market.types.ts";
export type * as oracleTypes from "./generated/oracle.types.ts";
export type * as ordersTypes from "./generated/orders.types.ts";
export type * as poolTypes from "./generated/pool.types.ts";
export type * as reserveTypes from "./generated/reserve.types.ts";
export type * as spotTypes from "./generated/spot.types.ts";
