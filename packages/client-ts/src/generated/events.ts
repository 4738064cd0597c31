// Generated from schema/ by scripts/generate.mjs (npm run generate): change the contracts instead.
import type { AbsSize, Amount, Int256, Price, Rate, Ratio, Shares, SignedUsd, Size, Usd } from "../units.ts";

/** Every event by name, with its fields. */
export interface Events {
  absorbed: { vault: number; owner: string; amount: Amount; price: Price; paid: Usd; recovered: Usd; penalty: Usd; surplus: Amount; shortfall: Usd; reward: Usd };
  account_backed: { owner: string; account: number; backed: boolean; charge: Usd; shortfall: Usd };
  account_liquidated: { owner: string; account: number; equity: SignedUsd; maintenance: Usd; closed: Usd; penalty: Usd; reward: Usd; shortfall: Usd; positions_left: number };
  account_taken: { from: string; account: number; owner: string; into: number };
  auction_ended: { auction: number; surplus: Amount; shortfall: Usd; reward: Usd };
  auction_reset: { auction: number; price: Price; keeper: string };
  auction_started: { auction: number; vault: number; owner: string; lot: Amount; tab: Usd; penalty: Usd; price: Price; keeper: string };
  backstop_claimed: { owner: string; vault: number; amount: Amount; recipient: string };
  backstop_deposited: { owner: string; amount: Usd; payer: string };
  backstop_withdrawn: { owner: string; asked: Usd; amount: Usd };
  balanced: { vault: number; owner: string; burnt: Usd; minted: Usd; fee: Usd; keeper: string };
  bonded: { market: string; opener: string; bond: Usd; credit: Usd };
  bonded_closed: { market: string; opener: string; refund: Usd; forfeited: Usd; result: SignedUsd };
  bonded_closes: { market: string; ready_at: number };
  bonded_draw_announced: { market: string; amount: Usd; ready_at: number };
  bonded_drawn: { market: string; amount: Usd; drawn: Usd; recipient: string };
  bonded_graduated: { market: string; opener: string; refund: Usd; result: SignedUsd };
  bonded_marked: { market: string; claim: Usd; cost: SignedUsd };
  bonded_paid_in: { market: string; payer: string; amount: Usd };
  bonded_quarantined: { market: string; code: string; why: string; claim: Usd };
  bonded_resolved: { market: string; claim: Usd };
  bought: { synthetic: number; order: number; owner: string; recipient: string; amount: Amount; quantity: Size; price: Price; premium: SignedUsd; fee: Usd; keeper_fee: Usd; cost: Usd; refund: Usd };
  burnt: { vault: number; owner: string; amount: Usd; payer: string };
  ceiling_adjusted: { of: string; from: SignedUsd; to: SignedUsd };
  change_applied: { change: string };
  change_cancelled: { id: number };
  change_queued: { id: number; ready_at: number; change: string };
  claims_fixed: { claims: Usd; haircut: Ratio; bad_debt: Usd };
  collateral_claimed: { vault: number; owner: string; released: Amount; minted: Usd; charged: Usd };
  collected: { vault: number; holder: string; amount: Amount };
  conditional_armed: { id: number; owner: string; account: number; perp: number; order: number; size: Size; index: Price; keeper_fee: Usd; keeper: string };
  conditional_ended: { id: number; owner: string; account: number; perp: number; outcome: string; code: string; reason: string; refund: Usd; keeper_fee: Usd };
  conditional_placed: { id: number; owner: string; account: number; perp: number; size: Size; kind: string; trigger: Price; reduce_only: boolean; good_till: number; keeper_fee: Usd; entry: string };
  conditional_waits: { id: number; owner: string; account: number; perp: number; order: number; code: string; commits: number; keeper_fee: Usd };
  covariance_stepped: { hour: number; volatilities: Ratio[]; margins: Ratio[] };
  delegate_set: { owner: string; account: number; delegate: string; expires_at: number };
  deleveraged: { perp: number; side: string; factor: Ratio; price: Price; realised: SignedUsd; left: AbsSize };
  deposited: { vault: number; owner: string; amount: Amount; shares: Shares };
  depth_adjusted: { from: Usd; to: Usd };
  drawn: { market: string; amount: Usd; forfeited: Usd; recipient: string };
  event_bought: { owner: string; side: string; paid: Usd; contracts: Usd };
  event_paid_in: { amount: Usd };
  event_quoted: { yes_price: Ratio; spread: Ratio };
  event_redeemed: { owner: string; amount: Usd; drawn: Usd; left: Usd };
  event_resolved: { outcome: string; price: Price };
  exit_cancelled: { vault: number; owner: string };
  exit_lapsed: { vault: number; owner: string };
  exit_requested: { vault: number; owner: string; amount: Amount; ready_at: number; lapses_at: number };
  exited: { vault: number; owner: string; asked: Amount; released: Amount; minted: Usd; charged: Usd };
  flag_cleared: { vault: number; owner: string };
  funding_carried: { redemptions: Int256[]; until: number };
  funding_sampled: { indices: Int256[]; rates: Rate[]; integrals: Rate[]; until: number };
  insured: { amount: Usd; payer: string };
  jar_drawn: { owner: string; amount: Usd; recipient: string };
  jar_filled: { owner: string; amount: Usd; payer: string };
  loss_met: { source: string; insurance: Usd; providers: Usd; unmet: Usd };
  margin_deposited: { owner: string; account: number; amount: Usd; payer: string };
  margin_withdrawn: { owner: string; account: number; amount: Usd; charge: Usd; drawn: Usd; recipient: string };
  market_not_accepted: { market: string; code: string };
  market_shut_down: { prices: Price[] };
  minted: { vault: number; owner: string; amount: Usd; recipient: string };
  minter_set: { owner: string; minter: string };
  note_auction_dropped: { auction: number };
  note_auction_started: { auction: number; lot: Usd; claim: Usd };
  note_bid: { auction: number; bidder: string; lot: Usd; claim: Usd; ends_at: number };
  notes_issued: { auction: number; holder: string; lot: Usd; claim: Usd };
  notes_redeemed: { notes: Usd; paid: Usd; recipient: string };
  notes_sold: { paid: Usd; bad_debt: Usd };
  opened: Record<never, never>;
  order_cancelled: { perp: number; order: number };
  order_committed: { perp: number; order: number; owner: string; account: number; size: Size; interval: number; locked: Usd };
  order_filled: { perp: number; order: number; owner: string; account: number; size: Size; price: Price; premium: SignedUsd; fee: Usd; keeper_fee: Usd; insurance: Usd; realised: SignedUsd; shortfall: Usd; position: Size };
  order_refused: { perp: number; order: number; owner: string; account: number; code: string; reason: string; keeper_fee: Usd };
  ownership_updated: { owner: string; proposed: string };
  pool_shut_down: { prices: Price[] };
  position_cut: { owner: string; account: number; perp: number; size: Size; price: Price; premium: SignedUsd; realised: SignedUsd };
  position_deleveraged: { owner: string; account: number; perp: number; before: Size; after: Size; realised: SignedUsd };
  position_flagged: { vault: number; owner: string; debt: Usd };
  position_handed_over: { vault: number; from: string; to: string; shares: Shares; debt_exact: Int256 };
  position_offered: { vault: number; owner: string; to: string };
  position_written_off: { vault: number; owner: string; collateral: Amount; value: Usd; debt: Usd };
  price_rejected: { feed: number; code: string; reason: string };
  price_set: { feed: number; price: Price; confidence: Ratio; publish_time: number; interval: number; interval_set: boolean };
  redeemed: { holder: string; amount: Usd };
  referral_paid: { owner: string; account: number; referrer: string; amount: Usd };
  referrer_set: { owner: string; account: number; referrer: string };
  refused: { code: string; reason: string };
  regime_changed: { scope: string; from: string; to: string; reason: string; measure: Ratio };
  rejected: { item: string; code: string; reason: string };
  relieved: { vault: number; owner: string; burnt: Usd; returned: Usd; payer: string };
  resumed: { after: number };
  revalued: { token: number; mark: Price; value: Usd; loss: Usd; gain: Usd };
  rule_set: { vault: number; owner: string; on: boolean };
  seized: { vault: number; owner: string; lot: Amount; tab: Usd; penalty: Usd };
  set_aside: { amount: Usd };
  sold: { synthetic: number; order: number; owner: string; recipient: string; amount: Amount; quantity: Size; price: Price; premium: SignedUsd; fee: Usd; keeper_fee: Usd; proceeds: Usd; returned: Amount };
  spot_cancelled: { synthetic: number; order: number };
  spot_collected: { owner: string; amount: Usd; drawn: Usd; recipient: string };
  spot_committed: { synthetic: number; order: number; owner: string; side: string; paid: Usd; tokens: Amount; interval: number };
  spot_refused: { synthetic: number; order: number; owner: string; code: string; reason: string; keeper_fee: Usd; burnt: Amount };
  spot_shut_down: { owed: Usd[] };
  surplus_swept: { token: string; amount: Amount; value: Usd };
  swapped_in: { token: number; payer: string; amount: Amount; paid: Usd; fee: Usd; drawn: Usd };
  swapped_out: { token: number; payer: string; recipient: string; paid: Usd; amount: Amount; fee: Usd; kept: Usd; gain: Usd };
  swept: { burnt: Usd; found: Usd };
  synced: { debt_change: SignedUsd; stability_fees: Usd; reported: SignedUsd; potential: Usd; insurance: Usd; bad_debt: Usd };
  synthetic_added: { synthetic: number; token: string };
  synthetic_redeemed: { synthetic: number; holder: string; tokens: Amount; amount: Usd };
  synthetic_swept: { synthetic: number; burnt: Amount; supply: Amount };
  taken: { auction: number; payer: string; recipient: string; amount: Amount; price: Price; paid: Usd; recovered: Usd; penalty: Usd };
  token_sale_ended: { owner: string; account: number; token: number; owed: Usd };
  token_sale_reset: { owner: string; account: number; token: number; price: Price; keeper: string };
  token_sale_started: { owner: string; account: number; token: number; owed: Usd; penalty: Usd; price: Price; keeper: string };
  tokens_deposited: { owner: string; account: number; token: number; amount: Amount; payer: string };
  tokens_taken: { owner: string; account: number; token: number; payer: string; recipient: string; amount: Amount; price: Price; paid: Usd; recovered: Usd; penalty: Usd; reward: Usd };
  tokens_withdrawn: { owner: string; account: number; token: number; amount: Amount; charge: Usd; recipient: string };
  volatility_sampled: { slot: number; feeds: number[]; volatilities: Ratio[] };
  withdrawal_requested: { owner: string; amount: Usd; ready_at: number; lapses_at: number };
  yield_added: { vault: number; amount: Amount; payer: string };
}

/** What each field is: a unit, `number`, `boolean` or `string`; `*` after what is a list. */
export const fields = {
  absorbed: { vault: "number", owner: "string", amount: "Amount", price: "Price", paid: "Usd", recovered: "Usd", penalty: "Usd", surplus: "Amount", shortfall: "Usd", reward: "Usd" },
  account_backed: { owner: "string", account: "number", backed: "boolean", charge: "Usd", shortfall: "Usd" },
  account_liquidated: { owner: "string", account: "number", equity: "SignedUsd", maintenance: "Usd", closed: "Usd", penalty: "Usd", reward: "Usd", shortfall: "Usd", positions_left: "number" },
  account_taken: { from: "string", account: "number", owner: "string", into: "number" },
  auction_ended: { auction: "number", surplus: "Amount", shortfall: "Usd", reward: "Usd" },
  auction_reset: { auction: "number", price: "Price", keeper: "string" },
  auction_started: { auction: "number", vault: "number", owner: "string", lot: "Amount", tab: "Usd", penalty: "Usd", price: "Price", keeper: "string" },
  backstop_claimed: { owner: "string", vault: "number", amount: "Amount", recipient: "string" },
  backstop_deposited: { owner: "string", amount: "Usd", payer: "string" },
  backstop_withdrawn: { owner: "string", asked: "Usd", amount: "Usd" },
  balanced: { vault: "number", owner: "string", burnt: "Usd", minted: "Usd", fee: "Usd", keeper: "string" },
  bonded: { market: "string", opener: "string", bond: "Usd", credit: "Usd" },
  bonded_closed: { market: "string", opener: "string", refund: "Usd", forfeited: "Usd", result: "SignedUsd" },
  bonded_closes: { market: "string", ready_at: "number" },
  bonded_draw_announced: { market: "string", amount: "Usd", ready_at: "number" },
  bonded_drawn: { market: "string", amount: "Usd", drawn: "Usd", recipient: "string" },
  bonded_graduated: { market: "string", opener: "string", refund: "Usd", result: "SignedUsd" },
  bonded_marked: { market: "string", claim: "Usd", cost: "SignedUsd" },
  bonded_paid_in: { market: "string", payer: "string", amount: "Usd" },
  bonded_quarantined: { market: "string", code: "string", why: "string", claim: "Usd" },
  bonded_resolved: { market: "string", claim: "Usd" },
  bought: { synthetic: "number", order: "number", owner: "string", recipient: "string", amount: "Amount", quantity: "Size", price: "Price", premium: "SignedUsd", fee: "Usd", keeper_fee: "Usd", cost: "Usd", refund: "Usd" },
  burnt: { vault: "number", owner: "string", amount: "Usd", payer: "string" },
  ceiling_adjusted: { of: "string", from: "SignedUsd", to: "SignedUsd" },
  change_applied: { change: "string" },
  change_cancelled: { id: "number" },
  change_queued: { id: "number", ready_at: "number", change: "string" },
  claims_fixed: { claims: "Usd", haircut: "Ratio", bad_debt: "Usd" },
  collateral_claimed: { vault: "number", owner: "string", released: "Amount", minted: "Usd", charged: "Usd" },
  collected: { vault: "number", holder: "string", amount: "Amount" },
  conditional_armed: { id: "number", owner: "string", account: "number", perp: "number", order: "number", size: "Size", index: "Price", keeper_fee: "Usd", keeper: "string" },
  conditional_ended: { id: "number", owner: "string", account: "number", perp: "number", outcome: "string", code: "string", reason: "string", refund: "Usd", keeper_fee: "Usd" },
  conditional_placed: { id: "number", owner: "string", account: "number", perp: "number", size: "Size", kind: "string", trigger: "Price", reduce_only: "boolean", good_till: "number", keeper_fee: "Usd", entry: "string" },
  conditional_waits: { id: "number", owner: "string", account: "number", perp: "number", order: "number", code: "string", commits: "number", keeper_fee: "Usd" },
  covariance_stepped: { hour: "number", volatilities: "Ratio*", margins: "Ratio*" },
  delegate_set: { owner: "string", account: "number", delegate: "string", expires_at: "number" },
  deleveraged: { perp: "number", side: "string", factor: "Ratio", price: "Price", realised: "SignedUsd", left: "AbsSize" },
  deposited: { vault: "number", owner: "string", amount: "Amount", shares: "Shares" },
  depth_adjusted: { from: "Usd", to: "Usd" },
  drawn: { market: "string", amount: "Usd", forfeited: "Usd", recipient: "string" },
  event_bought: { owner: "string", side: "string", paid: "Usd", contracts: "Usd" },
  event_paid_in: { amount: "Usd" },
  event_quoted: { yes_price: "Ratio", spread: "Ratio" },
  event_redeemed: { owner: "string", amount: "Usd", drawn: "Usd", left: "Usd" },
  event_resolved: { outcome: "string", price: "Price" },
  exit_cancelled: { vault: "number", owner: "string" },
  exit_lapsed: { vault: "number", owner: "string" },
  exit_requested: { vault: "number", owner: "string", amount: "Amount", ready_at: "number", lapses_at: "number" },
  exited: { vault: "number", owner: "string", asked: "Amount", released: "Amount", minted: "Usd", charged: "Usd" },
  flag_cleared: { vault: "number", owner: "string" },
  funding_carried: { redemptions: "Int256*", until: "number" },
  funding_sampled: { indices: "Int256*", rates: "Rate*", integrals: "Rate*", until: "number" },
  insured: { amount: "Usd", payer: "string" },
  jar_drawn: { owner: "string", amount: "Usd", recipient: "string" },
  jar_filled: { owner: "string", amount: "Usd", payer: "string" },
  loss_met: { source: "string", insurance: "Usd", providers: "Usd", unmet: "Usd" },
  margin_deposited: { owner: "string", account: "number", amount: "Usd", payer: "string" },
  margin_withdrawn: { owner: "string", account: "number", amount: "Usd", charge: "Usd", drawn: "Usd", recipient: "string" },
  market_not_accepted: { market: "string", code: "string" },
  market_shut_down: { prices: "Price*" },
  minted: { vault: "number", owner: "string", amount: "Usd", recipient: "string" },
  minter_set: { owner: "string", minter: "string" },
  note_auction_dropped: { auction: "number" },
  note_auction_started: { auction: "number", lot: "Usd", claim: "Usd" },
  note_bid: { auction: "number", bidder: "string", lot: "Usd", claim: "Usd", ends_at: "number" },
  notes_issued: { auction: "number", holder: "string", lot: "Usd", claim: "Usd" },
  notes_redeemed: { notes: "Usd", paid: "Usd", recipient: "string" },
  notes_sold: { paid: "Usd", bad_debt: "Usd" },
  opened: {},
  order_cancelled: { perp: "number", order: "number" },
  order_committed: { perp: "number", order: "number", owner: "string", account: "number", size: "Size", interval: "number", locked: "Usd" },
  order_filled: { perp: "number", order: "number", owner: "string", account: "number", size: "Size", price: "Price", premium: "SignedUsd", fee: "Usd", keeper_fee: "Usd", insurance: "Usd", realised: "SignedUsd", shortfall: "Usd", position: "Size" },
  order_refused: { perp: "number", order: "number", owner: "string", account: "number", code: "string", reason: "string", keeper_fee: "Usd" },
  ownership_updated: { owner: "string", proposed: "string" },
  pool_shut_down: { prices: "Price*" },
  position_cut: { owner: "string", account: "number", perp: "number", size: "Size", price: "Price", premium: "SignedUsd", realised: "SignedUsd" },
  position_deleveraged: { owner: "string", account: "number", perp: "number", before: "Size", after: "Size", realised: "SignedUsd" },
  position_flagged: { vault: "number", owner: "string", debt: "Usd" },
  position_handed_over: { vault: "number", from: "string", to: "string", shares: "Shares", debt_exact: "Int256" },
  position_offered: { vault: "number", owner: "string", to: "string" },
  position_written_off: { vault: "number", owner: "string", collateral: "Amount", value: "Usd", debt: "Usd" },
  price_rejected: { feed: "number", code: "string", reason: "string" },
  price_set: { feed: "number", price: "Price", confidence: "Ratio", publish_time: "number", interval: "number", interval_set: "boolean" },
  redeemed: { holder: "string", amount: "Usd" },
  referral_paid: { owner: "string", account: "number", referrer: "string", amount: "Usd" },
  referrer_set: { owner: "string", account: "number", referrer: "string" },
  refused: { code: "string", reason: "string" },
  regime_changed: { scope: "string", from: "string", to: "string", reason: "string", measure: "Ratio" },
  rejected: { item: "string", code: "string", reason: "string" },
  relieved: { vault: "number", owner: "string", burnt: "Usd", returned: "Usd", payer: "string" },
  resumed: { after: "number" },
  revalued: { token: "number", mark: "Price", value: "Usd", loss: "Usd", gain: "Usd" },
  rule_set: { vault: "number", owner: "string", on: "boolean" },
  seized: { vault: "number", owner: "string", lot: "Amount", tab: "Usd", penalty: "Usd" },
  set_aside: { amount: "Usd" },
  sold: { synthetic: "number", order: "number", owner: "string", recipient: "string", amount: "Amount", quantity: "Size", price: "Price", premium: "SignedUsd", fee: "Usd", keeper_fee: "Usd", proceeds: "Usd", returned: "Amount" },
  spot_cancelled: { synthetic: "number", order: "number" },
  spot_collected: { owner: "string", amount: "Usd", drawn: "Usd", recipient: "string" },
  spot_committed: { synthetic: "number", order: "number", owner: "string", side: "string", paid: "Usd", tokens: "Amount", interval: "number" },
  spot_refused: { synthetic: "number", order: "number", owner: "string", code: "string", reason: "string", keeper_fee: "Usd", burnt: "Amount" },
  spot_shut_down: { owed: "Usd*" },
  surplus_swept: { token: "string", amount: "Amount", value: "Usd" },
  swapped_in: { token: "number", payer: "string", amount: "Amount", paid: "Usd", fee: "Usd", drawn: "Usd" },
  swapped_out: { token: "number", payer: "string", recipient: "string", paid: "Usd", amount: "Amount", fee: "Usd", kept: "Usd", gain: "Usd" },
  swept: { burnt: "Usd", found: "Usd" },
  synced: { debt_change: "SignedUsd", stability_fees: "Usd", reported: "SignedUsd", potential: "Usd", insurance: "Usd", bad_debt: "Usd" },
  synthetic_added: { synthetic: "number", token: "string" },
  synthetic_redeemed: { synthetic: "number", holder: "string", tokens: "Amount", amount: "Usd" },
  synthetic_swept: { synthetic: "number", burnt: "Amount", supply: "Amount" },
  taken: { auction: "number", payer: "string", recipient: "string", amount: "Amount", price: "Price", paid: "Usd", recovered: "Usd", penalty: "Usd" },
  token_sale_ended: { owner: "string", account: "number", token: "number", owed: "Usd" },
  token_sale_reset: { owner: "string", account: "number", token: "number", price: "Price", keeper: "string" },
  token_sale_started: { owner: "string", account: "number", token: "number", owed: "Usd", penalty: "Usd", price: "Price", keeper: "string" },
  tokens_deposited: { owner: "string", account: "number", token: "number", amount: "Amount", payer: "string" },
  tokens_taken: { owner: "string", account: "number", token: "number", payer: "string", recipient: "string", amount: "Amount", price: "Price", paid: "Usd", recovered: "Usd", penalty: "Usd", reward: "Usd" },
  tokens_withdrawn: { owner: "string", account: "number", token: "number", amount: "Amount", charge: "Usd", recipient: "string" },
  volatility_sampled: { slot: "number", feeds: "number*", volatilities: "Ratio*" },
  withdrawal_requested: { owner: "string", amount: "Usd", ready_at: "number", lapses_at: "number" },
  yield_added: { vault: "number", amount: "Amount", payer: "string" },
} as const;
