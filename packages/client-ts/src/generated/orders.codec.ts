// Generated from schema/ by scripts/generate.mjs (npm run generate): change the contracts instead.
import type { Codec } from "../codec.ts";
import type { Answers, ExecuteMsg, QueryMsg } from "./orders.types.ts";

export const orders: Codec<QueryMsg, ExecuteMsg, Answers> = {
  contract: "Orders",
  definitions: {
    ConfigResponse: {"fields":{"params":"#Params"}},
    Cw20ReceiveMsg: {"fields":{"amount":"Uint128"}},
    Entry: {"fields":{"market":{"fields":{"limit_price":"Price"}},"waits":"#Kind"}},
    Exit: {"fields":{"limit_price":"Price","trigger":"Price"}},
    JarResponse: {"fields":{"amount":"Usd"}},
    Kind: {"fields":{"limit":{"fields":{"price":"Price"}},"stop":{"fields":{"limit_price":"Price","trigger":"Price"}},"take_profit":{"fields":{"limit_price":"Price","trigger":"Price"}}}},
    NewOrder: {"fields":{"keeper_fee":"Usd","kind":"#Kind","size":"Size"}},
    OrderResponse: {"fields":{"keeper_fee":"Usd","kind":"#Kind","reserved":"Usd","size":"Size"}},
    Params: {"fields":{"least_fee":"Usd","most_fee":"Usd","refusal_share":"Ratio"}},
    PreviewResponse: {"fields":{"index":"Price","keeper_fee":"Usd","least_fee":"Usd","locked":"Usd","most_fee":"Usd","refusal_fee":"Usd"}},
    TotalsResponse: {"fields":{"held":"Usd"}},
  },
  execute: {"fields":{"place":{"fields":{"orders":{"list":"#NewOrder"}}},"bracket":{"fields":{"entry":"#Entry","keeper_fee":"Usd","size":"Size","stop":"#Exit","target":"#Exit"}},"withdraw":{"fields":{"amount":"Usd"}},"receive":"#Cw20ReceiveMsg"}},
  query: {"fields":{"preview":{"fields":{"order":"#NewOrder"}}}},
  answers: {
    config: "#ConfigResponse",
    jar: "Usd",
    jars: {"list":"#JarResponse"},
    order: "#OrderResponse",
    orders: {"list":"#OrderResponse"},
    preview: "#PreviewResponse",
    totals: "#TotalsResponse",
  },
};
