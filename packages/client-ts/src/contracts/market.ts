/** A market: margin accounts and orders. What they come to, the lens says. */
import type { Connection, Message } from "../connection.ts";
import { market } from "../generated/market.codec.ts";
import type { AccountId, Answers, Delegation, ExecuteMsg, QueryMsg } from "../generated/market.types.ts";
import type { Price, Ratio, Size, Usd } from "../units.ts";
import { Contract } from "./contract.ts";
import { paySdusd } from "./token.ts";

export interface Order {
  perp: number;
  /** Positive buys. */
  size: Size;
  account?: number;
  /** Worst price of the fill, premium included. */
  limitPrice?: Price | null;
  /** Seconds until the end of the last interval that it may fill at. */
  expiresIn?: number | null;
  reduceOnly?: boolean;
}

export class Market extends Contract<QueryMsg, ExecuteMsg, Answers> {
  constructor(connection: Connection, height: number | null = null, which = "market") {
    super(connection, market, which, height);
  }

  config = () => this.ask("config", {});
  accounts = (startAfter: AccountId | null = null, limit = 100) =>
    this.ask("accounts", { start_after: startAfter, limit });
  changes = () => this.ask("changes", {});
  ownership = () => this.ask("ownership", {});

  deposit(amount: Usd, account = 0, beneficiary: string | null = null): Message {
    return paySdusd(this.connection, this.address, amount, { deposit: { beneficiary, account } });
  }

  withdraw = (amount: Usd, account = 0, acceptedHaircut: Ratio | null = null, recipient: string | null = null) =>
    this.execute({ withdraw: { account, amount, recipient, accepted_haircut: acceptedHaircut } });
  commit = ({ perp, size, account = 0, limitPrice = null, expiresIn = null, reduceOnly = false }: Order) =>
    this.execute({
      commit: { account, perp, size, limit_price: limitPrice, expires_in: expiresIn, reduce_only: reduceOnly },
    });
  cancel = (perp: number, order: number) => this.execute({ cancel: { perp, order } });
  settle = (perp: number, limit = 100) => this.execute({ settle: { perp, limit } });
  /** Lets somebody act for an account, or with none lets him no longer. */
  setDelegate = (delegate: string, delegation: Delegation | null, account = 0) =>
    this.execute({ set_delegate: { account, delegate, delegation } });
  poke = () => this.execute({ poke: {} });
}
