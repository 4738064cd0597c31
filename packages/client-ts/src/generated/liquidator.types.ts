// Generated from schema/ by scripts/generate.mjs (npm run generate): change the contracts instead.
import type { Amount, Int256, Price, Ratio, Uint128, Usd } from "../units.ts";

export type Curve = { linear: { seconds: number } }
  | { stair: { factor: Ratio; seconds: number } }
  | { exponential: { factor: Ratio; seconds: number } };
export interface InstantiateMsg {
  auctions: AuctionParams[];
  guardian?: string | null;
  limits: Limits[];
  note_code_id: number;
  note_name: string;
  note_symbol: string;
  notes: NoteParams;
  owner: string;
  params: Params;
  pool: string;
}
export interface AuctionParams {
  buffer: Ratio;
  chip: Ratio;
  curve: Curve;
  cusp: Ratio;
  dust: Usd;
  tail: number;
  tip: Usd;
}
export interface Limits {
  daily: Ratio;
  discount: Ratio;
  hole: Usd;
}
export interface NoteParams {
  auction_seconds: number;
  bid_seconds: number;
  ceiling: Usd;
  lot: Usd;
  raise: Ratio;
  start: Ratio;
  step: Ratio;
}
export interface Params {
  change_delay: number;
  hole: Usd;
  stop_level: number;
  withdrawal_delay: number;
  withdrawal_window: number;
}
export type ExecuteMsg = { receive: Cw20ReceiveMsg }
  | { liquidate_position: { owner: string; vault: number } }
  | { liquidate_accounts: { accounts: AccountId[]; market: string } }
  | { redo: { auction: number } }
  | { flash_take: { amount: Amount; auction: number; callee: string; max_price: Price; msg: Binary } }
  | { claim: { recipient?: string | null; vault?: number | null } }
  | { request_withdrawal: { amount: Usd } }
  | { withdraw: {} }
  | { flag: { owner: string; vault: number } }
  | { start_note_auction: {} }
  | { restart_note_auction: { auction: number } }
  | { settle_note_auction: { auction: number } }
  | { configure: { change: Change } }
  | { enact: { id: number } }
  | { cancel_change: { id: number } }
  | { update_ownership: Action };
export type Binary = string;
export type Change = { params: { params: Params } }
  | { auction: { params: AuctionParams; vault: number } }
  | { notes: { notes: NoteParams } }
  | { limits: { limits: Limits; vault: number } }
  | { set_guardian: { guardian?: string | null } };
export type Action = { transfer_ownership: { expiry?: number | null; new_owner: string } } | "accept_ownership" | "renounce_ownership";
export interface Cw20ReceiveMsg {
  amount: Uint128;
  msg: Binary;
  sender: string;
}
export interface AccountId {
  account?: number;
  owner: string;
}
export type QueryMsg = { config: {} }
  | { auction: { auction: number } }
  | { auctions: { limit?: number | null; start_after?: number | null } }
  | { quote: { amount: Amount; auction: number } }
  | { totals: {} }
  | { backstop: {} }
  | { backstop_account: { owner: string } }
  | { notes: {} }
  | { note_auctions: { limit?: number | null; start_after?: number | null } }
  | { changes: {} }
  | { ownership: {} };
export interface MigrateMsg {}
export type Token = { native: string }
  | { cw20: string };
export interface AuctionResponse {
  auction: number;
  decimals: number;
  feed: number;
  keeper: string;
  lot: Amount;
  needs_redo: boolean;
  owner: string;
  penalty: Usd;
  price: Price;
  redoer?: string | null;
  reward: Usd;
  start_price: Price;
  started_at: number;
  tab: Usd;
  token: Token;
  vault: number;
}
export type ArrayOfAuctionResponse = AuctionResponse[];
export interface BackstopResponse {
  epoch: number;
  product: Int256;
  scale: number;
  total: Usd;
  vaults: BackstopVault[];
}
export interface BackstopVault {
  absorbed: Usd;
  cap: Usd;
  discount: Ratio;
  flagged?: string | null;
  held: Amount;
  vault: number;
}
export interface BackstopAccountResponse {
  amount: Usd;
  gains: Amount[];
  request?: WithdrawalResponse | null;
}
export interface WithdrawalResponse {
  amount: Usd;
  lapses_at: number;
  ready_at: number;
}
export type ArrayOfQueuedForChange = QueuedForChange[];
export interface QueuedForChange {
  change: Change;
  id: number;
  ready_at: number;
}
export interface ConfigResponse {
  auctions: AuctionParams[];
  guardian?: string | null;
  limits: Limits[];
  oracle: string;
  params: Params;
  pool: string;
  sdusd: string;
}
export type ArrayOfNoteAuctionResponse = NoteAuctionResponse[];
export interface NoteAuctionResponse {
  auction: number;
  bidder?: string | null;
  claim: Usd;
  ends_at: number;
  lot: Usd;
  most: Usd;
}
export interface NotesResponse {
  claims: Usd;
  escrow: Usd;
  issued: Usd;
  lots: Usd;
  outstanding: Usd;
  paid: Usd;
  params: NoteParams;
  running: number;
  token: string;
}
export interface Ownership {
  owner?: string | null;
  pending_expiry?: number | null;
  pending_owner?: string | null;
}
export interface QuoteResponse {
  amount: Amount;
  cost: Usd;
  price: Price;
}
export interface TotalsResponse {
  lots: [Token, Amount][];
  outstanding: Usd;
  outstanding_by_vault: Usd[];
  recoveries: Recoveries;
  running: number;
}
export interface Recoveries {
  bids: Usd;
  notes_issued: Usd;
  notes_paid: Usd;
  notes_redeemed: Usd;
  penalties: Usd;
  recovered: Usd;
  shortfalls: Usd;
  tab: Usd;
  tips: Usd;
}

export type { Amount, Int256, Price, Ratio, Uint128, Usd };

/** What each query is answered with. */
export interface Answers {
  auction: AuctionResponse;
  auctions: ArrayOfAuctionResponse;
  backstop: BackstopResponse;
  backstop_account: BackstopAccountResponse;
  changes: ArrayOfQueuedForChange;
  config: ConfigResponse;
  note_auctions: ArrayOfNoteAuctionResponse;
  notes: NotesResponse;
  ownership: Ownership;
  quote: QuoteResponse;
  totals: TotalsResponse;
}
