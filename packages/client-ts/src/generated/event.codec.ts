// Generated from schema/ by scripts/generate.mjs (npm run generate): change the contracts instead.
import type { Codec } from "../codec.ts";
import type { Answers, ExecuteMsg, QueryMsg } from "./event.types.ts";

export const event: Codec<QueryMsg, ExecuteMsg, Answers> = {
  contract: "Event",
  definitions: {
    Cw20ReceiveMsg: {"fields":{"amount":"Uint128"}},
    EventQuote: {"fields":{"spread":"Ratio","yes_price":"Ratio"}},
    HolderResponse: {"fields":{"cost":"Usd","no":"Usd","yes":"Usd"}},
    InstantiateMsg: {"fields":{"quote":"#EventQuote","strike":"Price"}},
    StateResponse: {"fields":{"cost":"Usd","held":"Usd","no":"Usd","owed":"Usd","quote":"#EventQuote","terms":"#InstantiateMsg","yes":"Usd"}},
  },
  execute: {"fields":{"receive":"#Cw20ReceiveMsg","quote":{"fields":{"quote":"#EventQuote"}},"redeem":{"fields":{"accepted_haircut":"Ratio"}}}},
  query: null,
  answers: {
    holder: "#HolderResponse",
    holders: {"list":"#HolderResponse"},
    state: "#StateResponse",
  },
};
