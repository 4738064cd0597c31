// Generated from schema/ by scripts/generate.mjs (npm run generate): change the contracts instead.
import type { Codec } from "../codec.ts";
import type { Answers, ExecuteMsg, QueryMsg } from "./reserve.types.ts";

export const reserve: Codec<QueryMsg, ExecuteMsg, Answers> = {
  contract: "Reserve",
  definitions: {
    Change: {"fields":{"params":{"fields":{"params":"#Params"}},"add_token":{"fields":{"config":"#TokenConfig"}},"update_token":{"fields":{"config":"#TokenConfig"}}}},
    ConfigResponse: {"fields":{"params":"#Params"}},
    Cw20ReceiveMsg: {"fields":{"amount":"Uint128"}},
    Exposure: {"fields":{"base":"SignedUsd","drawn":"Usd","fees":"Usd","funding":"#FundingPolynomial","quantities":{"list":"#FeedQuantity"},"shortfalls":"Usd"}},
    FeedQuantity: {"fields":{"quantity":"Size"}},
    FundingPolynomial: {"fields":{"constant":"Int256","linear":"Int256","quadratic":"Int256"}},
    InPreview: {"fields":{"drawn":"Usd","fee":"Usd","paid":"Usd"}},
    OutFee: {"fields":{"least":"Ratio","most":"Ratio"}},
    OutPreview: {"fields":{"amount":"Amount","fee":"Usd","haircut":"Ratio","kept":"Usd"}},
    Params: {"fields":{"minimum_room":"Usd","supply_share":"Ratio"}},
    Queued_for_Change: {"fields":{"change":"#Change"}},
    Then: {"fields":{"pay":{"fields":{"accepted_haircut":"Ratio"}}}},
    TokenConfig: {"fields":{"band":"Ratio","ceiling":"Usd","fee_in":"Ratio","fee_out":"#OutFee","maximum_confidence":"Ratio"}},
    TokenResponse: {"fields":{"config":"#TokenConfig","held":"Amount","marginal_fee":"Ratio","mark":"Price","price":"Price","room_in":"Usd","room_out":"Usd","value":"Usd"}},
    TotalsResponse: {"fields":{"exposure":"#Exposure","held":"Usd","value":"Usd"}},
  },
  execute: {"fields":{"swap_in":{"fields":{"least":"Amount","then":"#Then"}},"receive":"#Cw20ReceiveMsg","configure":{"fields":{"change":"#Change"}}}},
  query: {"fields":{"preview_in":{"fields":{"amount":"Amount"}},"preview_out":{"fields":{"amount":"Usd"}}}},
  answers: {
    changes: {"list":"#Queued_for_Change"},
    config: "#ConfigResponse",
    preview_in: "#InPreview",
    preview_out: "#OutPreview",
    tokens: {"list":"#TokenResponse"},
    totals: "#TotalsResponse",
  },
};
