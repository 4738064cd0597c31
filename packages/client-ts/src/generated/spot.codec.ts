// Generated from schema/ by scripts/generate.mjs (npm run generate): change the contracts instead.
import type { Codec } from "../codec.ts";
import type { Answers, ExecuteMsg, QueryMsg } from "./spot.types.ts";

export const spot: Codec<QueryMsg, ExecuteMsg, Answers> = {
  contract: "Spot",
  definitions: {
    BuyExact: {"fields":{"in":{"fields":{"least":"Amount"}},"out":{"fields":{"amount":"Amount"}}}},
    Change: {"fields":{"params":{"fields":{"params":"#Params"}},"add_synthetic":{"fields":{"config":"#SyntheticConfig"}},"update_synthetic":{"fields":{"config":"#SyntheticConfig"}}}},
    ClaimResponse: {"fields":{"amount":"Usd"}},
    ConfigResponse: {"fields":{"params":"#Params"}},
    Cw20ReceiveMsg: {"fields":{"amount":"Uint128"}},
    Exposure: {"fields":{"base":"SignedUsd","drawn":"Usd","fees":"Usd","funding":"#FundingPolynomial","quantities":{"list":"#FeedQuantity"},"shortfalls":"Usd"}},
    FeedQuantity: {"fields":{"quantity":"Size"}},
    FundingPolynomial: {"fields":{"constant":"Int256","linear":"Int256","quadratic":"Int256"}},
    OrderKind: {"fields":{"buy_for":{"fields":{"least":"Amount","paid":"Usd"}},"buy_exactly":{"fields":{"amount":"Amount","paid":"Usd"}},"sell_all":{"fields":{"amount":"Amount","least":"Usd"}},"sell_for":{"fields":{"amount":"Amount","usd":"Usd"}}}},
    OrderResponse: {"fields":{"keeper_fee":"Usd","kind":"#OrderKind","reserved":"Amount"}},
    Params: {"fields":{"fee":"Ratio","insurance_share":"Ratio","keeper_share":"Ratio","maximum_slippage":"Ratio"}},
    Queued_for_Change: {"fields":{"change":"#Change"}},
    SellExact: {"fields":{"in":{"fields":{"least":"Usd"}},"out":{"fields":{"usd":"Usd"}}}},
    SyntheticConfig: {"fields":{"minimum_notional":"Usd","premium_cap":"Ratio","settle_confidence":"Ratio","skew_cap":"Usd","trade_confidence":"Ratio"}},
    SyntheticResponse: {"fields":{"config":"#SyntheticConfig","frozen":"Usd","funding_index":"Int256","index":"Price","locked":"Amount","premium":"SignedRatio","price":"Price","quantity":"Size","redemption":"Int256","reserved":"Amount","room":"Usd","supply":"Amount"}},
    TotalsResponse: {"fields":{"claims":"Usd","exposure":"#Exposure","frozen":"Usd","held":"Usd","locked":"Usd","reported":"SignedUsd"}},
    TradePreview: {"fields":{"amount":"Amount","fee":"Usd","insurance_fee":"Usd","keeper_fee":"Usd","premium":"SignedUsd","premium_after":"SignedRatio","price":"Price","quantity":"Size","usd":"Usd","value":"Usd"}},
  },
  execute: {"fields":{"receive":"#Cw20ReceiveMsg","collect":{"fields":{"accepted_haircut":"Ratio","amount":"Usd"}},"configure":{"fields":{"change":"#Change"}}}},
  query: {"fields":{"preview_buy":{"fields":{"exact":"#BuyExact","usd":"Usd"}},"preview_sell":{"fields":{"amount":"Amount","exact":"#SellExact"}}}},
  answers: {
    changes: {"list":"#Queued_for_Change"},
    claim: "#ClaimResponse",
    claims: {"list":"#ClaimResponse"},
    config: "#ConfigResponse",
    orders: {"list":"#OrderResponse"},
    preview_buy: "#TradePreview",
    preview_sell: "#TradePreview",
    synthetics: {"list":"#SyntheticResponse"},
    totals: "#TotalsResponse",
  },
};
