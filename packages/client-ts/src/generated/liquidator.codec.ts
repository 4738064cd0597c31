// Generated from schema/ by scripts/generate.mjs (npm run generate): change the contracts instead.
import type { Codec } from "../codec.ts";
import type { Answers, ExecuteMsg, QueryMsg } from "./liquidator.types.ts";

export const liquidator: Codec<QueryMsg, ExecuteMsg, Answers> = {
  contract: "Liquidator",
  definitions: {
    AuctionParams: {"fields":{"buffer":"Ratio","chip":"Ratio","curve":"#Curve","cusp":"Ratio","dust":"Usd","tip":"Usd"}},
    AuctionResponse: {"fields":{"lot":"Amount","penalty":"Usd","price":"Price","reward":"Usd","start_price":"Price","tab":"Usd"}},
    BackstopAccountResponse: {"fields":{"amount":"Usd","gains":{"list":"Amount"},"request":"#WithdrawalResponse"}},
    BackstopResponse: {"fields":{"product":"Int256","total":"Usd","vaults":{"list":"#BackstopVault"}}},
    BackstopVault: {"fields":{"absorbed":"Usd","cap":"Usd","discount":"Ratio","held":"Amount"}},
    Change: {"fields":{"params":{"fields":{"params":"#Params"}},"auction":{"fields":{"params":"#AuctionParams"}},"notes":{"fields":{"notes":"#NoteParams"}},"limits":{"fields":{"limits":"#Limits"}}}},
    ConfigResponse: {"fields":{"auctions":{"list":"#AuctionParams"},"limits":{"list":"#Limits"},"params":"#Params"}},
    Curve: {"fields":{"stair":{"fields":{"factor":"Ratio"}},"exponential":{"fields":{"factor":"Ratio"}}}},
    Cw20ReceiveMsg: {"fields":{"amount":"Uint128"}},
    Limits: {"fields":{"daily":"Ratio","discount":"Ratio","hole":"Usd"}},
    NoteAuctionResponse: {"fields":{"claim":"Usd","lot":"Usd","most":"Usd"}},
    NoteParams: {"fields":{"ceiling":"Usd","lot":"Usd","raise":"Ratio","start":"Ratio","step":"Ratio"}},
    NotesResponse: {"fields":{"claims":"Usd","escrow":"Usd","issued":"Usd","lots":"Usd","outstanding":"Usd","paid":"Usd","params":"#NoteParams"}},
    Params: {"fields":{"hole":"Usd"}},
    Queued_for_Change: {"fields":{"change":"#Change"}},
    QuoteResponse: {"fields":{"amount":"Amount","cost":"Usd","price":"Price"}},
    Recoveries: {"fields":{"bids":"Usd","notes_issued":"Usd","notes_paid":"Usd","notes_redeemed":"Usd","penalties":"Usd","recovered":"Usd","shortfalls":"Usd","tab":"Usd","tips":"Usd"}},
    TotalsResponse: {"fields":{"lots":{"list":{"tuple":[null,"Amount"]}},"outstanding":"Usd","outstanding_by_vault":{"list":"Usd"},"recoveries":"#Recoveries"}},
    WithdrawalResponse: {"fields":{"amount":"Usd"}},
  },
  execute: {"fields":{"receive":"#Cw20ReceiveMsg","flash_take":{"fields":{"amount":"Amount","max_price":"Price"}},"request_withdrawal":{"fields":{"amount":"Usd"}},"configure":{"fields":{"change":"#Change"}}}},
  query: {"fields":{"quote":{"fields":{"amount":"Amount"}}}},
  answers: {
    auction: "#AuctionResponse",
    auctions: {"list":"#AuctionResponse"},
    backstop: "#BackstopResponse",
    backstop_account: "#BackstopAccountResponse",
    changes: {"list":"#Queued_for_Change"},
    config: "#ConfigResponse",
    note_auctions: {"list":"#NoteAuctionResponse"},
    notes: "#NotesResponse",
    quote: "#QuoteResponse",
    totals: "#TotalsResponse",
  },
};
