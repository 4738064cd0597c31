// Generated from schema/ by scripts/generate.mjs (npm run generate): change the contracts instead.
import type { Codec } from "../codec.ts";
import type { Answers, ExecuteMsg, QueryMsg } from "./pool.types.ts";

export const pool: Codec<QueryMsg, ExecuteMsg, Answers> = {
  contract: "Pool",
  definitions: {
    AuditResponse: {"fields":{"collateral":{"list":"#BalanceCheck"},"difference":"SignedUsd","ledger":"#Ledger","pending":"SignedUsd","unbooked":"SignedUsd"}},
    BalanceCheck: {"fields":{"balance":"Amount","booked":"Amount"}},
    Breaker: {"fields":{"caution":"Ratio","close_only":"Ratio","emergency":"Ratio","release":"Ratio"}},
    Breakers: {"fields":{"debt_growth":"#Breaker","insurance_floor":"Ratio","shortfall":"#Breaker","utilisation":"#Breaker","withdrawals":"#Breaker"}},
    Ceiling: {"fields":{"gap":"Usd","max":"Usd"}},
    Change: {"fields":{"params":{"fields":{"params":"#Params"}},"add_vault":{"fields":{"config":"#VaultConfig"}},"update_vault":{"fields":{"config":"#VaultConfig"}},"add_market":{"fields":{"line":"Usd"}},"set_line":{"fields":{"line":"Usd"}},"set_ceiling":{"fields":{"ceiling":"#Ceiling"}}}},
    ConfigResponse: {"fields":{"params":"#Params"}},
    Cw20ReceiveMsg: {"fields":{"amount":"Uint128"}},
    ExitResponse: {"fields":{"amount":"Amount"}},
    Ledger: {"fields":{"bad_debt":"Usd","estate":"SignedUsd","insurance":"Usd","potential":"Usd","reported":"SignedUsd","set_aside":"Usd","supply":"Usd","tab":"Usd","vault_debt":"SignedUsd"}},
    LossLimits: {"fields":{"draw_cap":"Ratio","loss_budget":"Ratio"}},
    MintedDebt: {"fields":{"carried":"Int256","index":"Int256","total":"Usd"}},
    Params: {"fields":{"breakers":"#Breakers","impact_depth":"Usd","least_depth":"Usd","losses":"#LossLimits","note_share":"Ratio","risk":"#RiskBudgets","supply_ceiling":"Usd"}},
    PositionResponse: {"fields":{"collateral":"Amount","debt":"SignedUsd","debt_exact":"Int256","debt_for_issuance":"SignedUsd","exit":"#ExitResponse","minted":"Usd","ratio":"Ratio","shares":"Shares","value":"Usd"}},
    Queued_for_Change: {"fields":{"change":"#Change"}},
    RiskBudgets: {"fields":{"high":"Ratio","low":"Ratio","markets":"Ratio","total":"Ratio"}},
    VaultConfig: {"fields":{"debt_ceiling":"Usd","deposit_cap":"Amount","issuance_ratio":"Ratio","liquidation_penalty":"Ratio","liquidation_ratio":"Ratio","maximum_confidence":"Ratio","minimum_debt":"Usd","minimum_deposit":"Usd","stability_fee":"Ratio"}},
    VaultResponse: {"fields":{"collateral":"Amount","config":"#VaultConfig","debt":"SignedUsd","minted":"#MintedDebt","peak_value_per_share":"Int256","remainder":"Int256","shares":"Shares","value":"Usd","value_per_share":"Int256"}},
  },
  execute: {"fields":{"offer_position":{"fields":{"amount":"Amount"}},"receive":"#Cw20ReceiveMsg","mint":{"fields":{"amount":"Usd"}},"request_exit":{"fields":{"accepted_haircut":"Ratio","amount":"Amount"}},"draw":{"fields":{"accepted_haircut":"Ratio","amount":"Usd"}},"seize":{"fields":{"dust":"Usd","room":"Usd"}},"redeem_notes":{"fields":{"least":"Usd","notes":"Usd"}},"configure":{"fields":{"change":"#Change"}}}},
  query: null,
  answers: {
    audit: "#AuditResponse",
    changes: {"list":"#Queued_for_Change"},
    config: "#ConfigResponse",
    position: "#PositionResponse",
    positions: {"list":"#PositionResponse"},
    vaults: {"list":"#VaultResponse"},
  },
};
