// Generated from schema/ by scripts/generate.mjs (npm run generate): change the contracts instead.
import type { Codec } from "../codec.ts";
import type { Answers, ExecuteMsg, QueryMsg } from "./bonded.types.ts";

export const bonded: Codec<QueryMsg, ExecuteMsg, Answers> = {
  contract: "Bonded",
  definitions: {
    Announcement: {"fields":{"amount":"Usd"}},
    BondedResponse: {"fields":{"announced":"#Announcement","bond":"Usd","claim":"Usd","cost":"SignedUsd","credit":"Usd","paid_in":"Usd","paid_out":"Usd","record":"#Exposure","refund":"Usd"}},
    Change: {"fields":{"params":{"fields":{"params":"#Params"}}}},
    CheckResponse: {"fields":{"claim":"Usd","record":"#Exposure"}},
    ConfigResponse: {"fields":{"params":"#Params"}},
    Cw20ReceiveMsg: {"fields":{"amount":"Uint128"}},
    Exposure: {"fields":{"base":"SignedUsd","drawn":"Usd","fees":"Usd","funding":"#FundingPolynomial","quantities":{"list":"#FeedQuantity"},"shortfalls":"Usd"}},
    FeedQuantity: {"fields":{"quantity":"Size"}},
    FundingPolynomial: {"fields":{"constant":"Int256","linear":"Int256","quadratic":"Int256"}},
    Params: {"fields":{"cap":"Ratio","minimum_bond":"Usd","multiple":"Ratio"}},
    Queued_for_Change: {"fields":{"change":"#Change"}},
    TotalsResponse: {"fields":{"bonds":"Usd","cap":"Usd","credit":"Usd","exposure":"#Exposure","held":"Usd","results":"SignedUsd","used":"SignedUsd"}},
  },
  execute: {"fields":{"receive":"#Cw20ReceiveMsg","request_draw":{"fields":{"amount":"Usd"}},"draw":{"fields":{"accepted_haircut":"Ratio","amount":"Usd"}},"resolve":{"fields":{"claim":"Usd"}},"configure":{"fields":{"change":"#Change"}}}},
  query: null,
  answers: {
    changes: {"list":"#Queued_for_Change"},
    check: "#CheckResponse",
    config: "#ConfigResponse",
    market: "#BondedResponse",
    markets: {"list":"#BondedResponse"},
    totals: "#TotalsResponse",
  },
};
