// Generated from schema/ by scripts/generate.mjs (npm run generate): change the contracts instead.
import type { Codec } from "../codec.ts";
import type { Answers, ExecuteMsg, QueryMsg } from "./custody.types.ts";

export const custody: Codec<QueryMsg, ExecuteMsg, Answers> = {
  contract: "Custody",
  definitions: {
    AuctionParams: {"fields":{"buffer":"Ratio","chip":"Ratio","curve":"#Curve","cusp":"Ratio","dust":"Usd","tip":"Usd"}},
    BackedAccountResponse: {"fields":{"counted":"Usd","counted_for_opening":"Usd","equity":"SignedUsd","free":"Usd","margin":"SignedUsd","tokens":{"list":"#TokenHolding"}}},
    Change: {"fields":{"params":{"fields":{"params":"#Params"}},"list_token":{"fields":{"config":"#TokenConfig"}},"update_token":{"fields":{"config":"#TokenConfig"}}}},
    ConfigResponse: {"fields":{"params":"#Params"}},
    Curve: {"fields":{"stair":{"fields":{"factor":"Ratio"}},"exponential":{"fields":{"factor":"Ratio"}}}},
    Cw20ReceiveMsg: {"fields":{"amount":"Uint128"}},
    Haircut: {"fields":{"base":"Ratio","maximum":"Ratio","slope":"Ratio"}},
    HoldingResponse: {"fields":{"amounts":{"list":"Amount"}}},
    Params: {"fields":{"auction":"#AuctionParams","minimum_deposit":"Usd","penalty":"Ratio"}},
    Queued_for_Change: {"fields":{"change":"#Change"}},
    SaleResponse: {"fields":{"lot":"Amount","owed":"Usd","penalty":"Usd","price":"Price","reward":"Usd"}},
    TokenConfig: {"fields":{"cap":"Usd","terms":"#TokenTerms"}},
    TokenHolding: {"fields":{"amount":"Amount","counted":"Usd","haircut":"Ratio","value":"Usd"}},
    TokenResponse: {"fields":{"balance":"Amount","config":"#TokenConfig","held":"Amount","price":"Price","value":"Usd"}},
    TokenTerms: {"fields":{"confidence":"Ratio","haircut":"#Haircut"}},
  },
  execute: {"fields":{"receive":"#Cw20ReceiveMsg","withdraw":{"fields":{"amount":"Amount"}},"configure":{"fields":{"change":"#Change"}}}},
  query: null,
  answers: {
    account: "#BackedAccountResponse",
    accounts: {"list":"#HoldingResponse"},
    changes: {"list":"#Queued_for_Change"},
    config: "#ConfigResponse",
    sale: "#SaleResponse",
    sales: {"list":"#SaleResponse"},
    tokens: {"list":"#TokenResponse"},
  },
};
