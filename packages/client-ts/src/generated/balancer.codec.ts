// Generated from schema/ by scripts/generate.mjs (npm run generate): change the contracts instead.
import type { Codec } from "../codec.ts";
import type { Answers, ExecuteMsg, QueryMsg } from "./balancer.types.ts";

export const balancer: Codec<QueryMsg, ExecuteMsg, Answers> = {
  contract: "Balancer",
  definitions: {
    BalancePreview: {"fields":{"burnt":"Usd","fee":"Usd","minted":"Usd","position":"#PositionResponse"}},
    Balancing: {"fields":{"fee":"#Fee","lower":"Ratio","target":"Ratio","upper":"Ratio"}},
    Cw20ReceiveMsg: {"fields":{"amount":"Uint128"}},
    ExitResponse: {"fields":{"amount":"Amount"}},
    Fee: {"fields":{"most":"Usd","rate":"Ratio"}},
    MeansResponse: {"fields":{"allowed":"Usd","held":"Usd"}},
    PositionResponse: {"fields":{"collateral":"Amount","debt":"SignedUsd","debt_exact":"Int256","debt_for_issuance":"SignedUsd","exit":"#ExitResponse","minted":"Usd","ratio":"Ratio","shares":"Shares","value":"Usd"}},
    RuleResponse: {"fields":{"rule":"#Balancing"}},
    StandingResponse: {"fields":{"ratio":"Ratio"}},
  },
  execute: {"fields":{"set":{"fields":{"rule":"#Balancing"}},"receive":"#Cw20ReceiveMsg"}},
  query: null,
  answers: {
    means: "#MeansResponse",
    position: "#StandingResponse",
    preview: "#BalancePreview",
    rule: "#Balancing",
    rules: {"list":"#RuleResponse"},
  },
};
