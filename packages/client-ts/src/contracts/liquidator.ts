/** The liquidator: auctions of seized collateral, and the backstop that buys before them. */
import type { Connection } from "../connection.ts";
import { liquidator } from "../generated/liquidator.codec.ts";
import type { AccountId, Answers, ExecuteMsg, QueryMsg } from "../generated/liquidator.types.ts";
import { toWire, type Amount, type Price, type Usd } from "../units.ts";
import { Contract } from "./contract.ts";
import { paySdusd } from "./token.ts";

export class Liquidator extends Contract<QueryMsg, ExecuteMsg, Answers> {
  constructor(connection: Connection, height: number | null = null, which = "liquidator") {
    super(connection, liquidator, which, height);
  }

  config = () => this.ask("config", {});
  auction = (auction: number) => this.ask("auction", { auction });
  auctions = (startAfter: number | null = null, limit = 100) =>
    this.ask("auctions", { start_after: startAfter, limit });
  quote = (auction: number, amount: Amount) => this.ask("quote", { auction, amount });
  totals = () => this.ask("totals", {});
  backstop = () => this.ask("backstop", {});
  backstopAccount = (owner: string) => this.ask("backstop_account", { owner });
  notes = () => this.ask("notes", {});
  noteAuctions = (startAfter: number | null = null, limit = 100) =>
    this.ask("note_auctions", { start_after: startAfter, limit });

  /** Buys at most so much of an auction's collateral for at most `payment`; what is not needed of it comes back. */
  take = (auction: number, amount: Amount, maxPrice: Price, payment: Usd, recipient: string | null = null) =>
    paySdusd(this.connection, this.address, payment, {
      take: { auction, amount: toWire("Amount", amount), max_price: toWire("Price", maxPrice), recipient },
    });
  redo = (auction: number) => this.execute({ redo: { auction } });
  liquidatePosition = (vault: number, owner: string) => this.execute({ liquidate_position: { vault, owner } });
  liquidateAccounts = (market: string, accounts: AccountId[]) =>
    this.execute({ liquidate_accounts: { market, accounts } });
  depositBackstop = (amount: Usd, beneficiary: string | null = null) =>
    paySdusd(this.connection, this.address, amount, { backstop: { beneficiary } });
  requestWithdrawal = (amount: Usd) => this.execute({ request_withdrawal: { amount } });
  withdraw = () => this.execute({ withdraw: {} });
  claim = (vault: number | null = null, recipient: string | null = null) =>
    this.execute({ claim: { vault, recipient } });
}
