// Generated from schema/ by scripts/generate.mjs (npm run generate): change the contracts instead.
import type { Codec } from "../codec.ts";
import type { Answers, ExecuteMsg, QueryMsg } from "./market.types.ts";

export const market: Codec<QueryMsg, ExecuteMsg, Answers> = {
  contract: "Market",
  definitions: {
    Change: {"fields":{"params":{"fields":{"params":"#Params"}},"add_perp":{"fields":{"config":"#PerpConfig"}},"update_perp":{"fields":{"config":"#PerpConfig"}}}},
    ConfigResponse: {"fields":{"params":"#Params"}},
    Cw20ReceiveMsg: {"fields":{"amount":"Uint128"}},
    Delegation: {"fields":{"most_notional":"Usd"}},
    Deleveraging: {"fields":{"begin":"Ratio","end":"Ratio"}},
    FeeSchedule: {"fields":{"referral_discount":"Ratio","referral_share":"Ratio","tiers":{"list":{"tuple":["Usd","Ratio"]}}}},
    FundingParams: {"fields":{"integral_cap":"Rate","proportional":"Rate","rate_cap":"Rate","velocity":"Rate"}},
    InsurancePremium: {"fields":{"leverage":"Ratio","shortfall":"Ratio"}},
    Liquidation: {"fields":{"reward":"Usd","reward_share":"Ratio","target":"Ratio"}},
    Params: {"fields":{"deleveraging":"#Deleveraging","fee":"Ratio","fees":"#FeeSchedule","funding":"#FundingParams","insurance":"#InsurancePremium","insurance_share":"Ratio","keeper_share":"Ratio","liquidation":"#Liquidation","maximum_offset":"Ratio","maximum_slippage":"Ratio","profit_haircut":"Ratio","responses":"#Responses"}},
    PerpConfig: {"fields":{"initial_margin":"Ratio","liquidate_confidence":"Ratio","liquidation_penalty":"Ratio","maintenance_margin":"Ratio","minimum_notional":"Usd","open_interest_cap":"Usd","premium_cap":"Ratio","skew_cap":"Usd","trade_confidence":"Ratio"}},
    Queued_for_Change: {"fields":{"change":"#Change"}},
    Responses: {"fields":{"credit":"Ratio","fee":"Ratio","funding":"Ratio"}},
  },
  execute: {"fields":{"receive":"#Cw20ReceiveMsg","withdraw":{"fields":{"accepted_haircut":"Ratio","amount":"Usd"}},"commit":{"fields":{"limit_price":"Price","size":"Size"}},"set_delegate":{"fields":{"delegation":"#Delegation"}},"set_backed":{"fields":{"charge":"Usd"}},"configure":{"fields":{"change":"#Change"}}}},
  query: null,
  answers: {
    changes: {"list":"#Queued_for_Change"},
    config: "#ConfigResponse",
  },
};
