// Generated from schema/ by scripts/generate.mjs (npm run generate): change the contracts instead.
import type { Codec } from "../codec.ts";
import type { Answers, ExecuteMsg, QueryMsg } from "./oracle.types.ts";

export const oracle: Codec<QueryMsg, ExecuteMsg, Answers> = {
  contract: "Oracle",
  definitions: {
    BoardResponse: {"fields":{"prices":{"list":"#PriceResponse"}}},
    Breaker: {"fields":{"caution":"Ratio","close_only":"Ratio","emergency":"Ratio","release":"Ratio"}},
    Change: {"fields":{"add_feed":{"fields":{"correlations":{"list":"SignedRatio"},"feed":"#FeedConfig","sigma":"Ratio"}},"update_feed":{"fields":{"config":"#FeedConfig"}},"covariance":{"fields":{"covariance":"#CovarianceConfig"}},"measurement":{"fields":{"measurement":"#Measurement"}},"breaker":{"fields":{"breaker":"#FeedBreaker"}}}},
    ConfigResponse: {"fields":{"breaker":"#FeedBreaker","feeds":{"list":"#FeedConfig"}}},
    CovarianceConfig: {"fields":{"correlations":{"list":{"list":"SignedRatio"}},"sigmas":{"list":"Ratio"}}},
    FeedBreaker: {"fields":{"breaker":"#Breaker"}},
    FeedConfig: {"fields":{"deviation_band":"Ratio","maximum_confidence":"Ratio","source":"#Source","volatility":"#VolatilityRange"}},
    MeasuredFeed: {"fields":{"margin":"Ratio","measured":"Ratio","price":"Price","pricing":"Ratio","volatility":"Ratio"}},
    Measurement: {"fields":{"margin_step":"Ratio","pricing_band":"Ratio","pricing_step":"Ratio","prior":"Ratio","shrink":"Ratio"}},
    MeasurementResponse: {"fields":{"correlations":{"list":{"list":"SignedRatio"}},"feeds":{"list":"#MeasuredFeed"},"parameters":"#Measurement"}},
    PriceResponse: {"fields":{"average":"Price","quote":"#Quote"}},
    Queued_for_Change: {"fields":{"change":"#Change"}},
    Quote: {"fields":{"confidence":"Ratio","price":"Price"}},
    RestrictedFeed: {"fields":{"measure":"Ratio"}},
    Slot: {"fields":{"quotes":{"list":"#SlotQuote"}}},
    SlotQuote: {"fields":{"quote":"#Quote"}},
    Source: {"fields":{"pyth":{"fields":{"maximum_confidence":"Ratio"}},"rate":{"fields":{"maximum_growth":"Rate"}},"product":{"fields":{"of":{"list":"#Source"}}},"quotient":{"fields":{"by":"#Source","of":"#Source"}},"lowest":{"fields":{"of":{"list":"#Source"}}},"first":{"fields":{"of":{"list":"#Source"}}},"checked":{"fields":{"by":"#Source","source":"#Source","within":"Ratio"}}}},
    Submission: {"fields":{"confidence":"Ratio","price":"Price"}},
    VolatilityRange: {"fields":{"ceiling":"Ratio","floor":"Ratio"}},
  },
  execute: {"fields":{"publish":{"fields":{"prices":{"list":"#Submission"}}},"configure":{"fields":{"change":"#Change"}}}},
  query: null,
  answers: {
    board: "#BoardResponse",
    changes: {"list":"#Queued_for_Change"},
    config: "#ConfigResponse",
    covariance: "#CovarianceConfig",
    interval: "#Slot",
    measurement: "#MeasurementResponse",
    price: "#PriceResponse",
    regimes: {"list":"#RestrictedFeed"},
  },
};
