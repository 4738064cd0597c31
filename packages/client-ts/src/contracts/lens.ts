/** The lens: what the pool's and the markets' books come to now, and what an order, a mint or an exit would do. */
import type { Connection } from "../connection.ts";
import { lens } from "../generated/lens.codec.ts";
import type { AccountId, Answers, QueryMsg } from "../generated/lens.types.ts";
import type { Amount, Size, Usd } from "../units.ts";
import { Contract } from "./contract.ts";

export class Lens extends Contract<QueryMsg, never, Answers> {
  constructor(connection: Connection, height: number | null = null, which = "lens") {
    super(connection, lens, which, height);
  }

  health = () => this.ask("health", {});
  solvency = () => this.ask("solvency", {});
  contributions = () => this.ask("contributions", {});
  markets = () => this.ask("markets", {});
  ceilings = () => this.ask("ceilings", {});
  regimes = () => this.ask("regimes", {});
  estate = () => this.ask("estate", {});
  redeemed = (holder: string) => this.ask("redeemed", { holder });

  maximumMint = (vault: number, owner: string) => this.ask("maximum_mint", { vault, owner });
  previewMint = (vault: number, owner: string, amount: Usd) => this.ask("preview_mint", { vault, owner, amount });
  previewExit = (vault: number, owner: string, amount: Amount) => this.ask("preview_exit", { vault, owner, amount });
  offer = (vault: number, owner: string) => this.ask("offer", { vault, owner });
  minter = (owner: string) => this.ask("minter", { owner });

  /** Markets are named by their addresses. */
  perps = (market: string) => this.ask("perps", { market });
  totals = (market: string) => this.ask("totals", { market });
  account = (market: string, owner: string, account = 0) => this.ask("account", { market, owner, account });
  accounts = (market: string, accounts: AccountId[]) => this.ask("accounts", { market, accounts });
  orders = (market: string, perp: number, startAfter: number | null = null, limit = 100) =>
    this.ask("orders", { market, perp, start_after: startAfter, limit });
  previewTrade = (market: string, owner: string, account: number, perp: number, size: Size) =>
    this.ask("preview_trade", { market, owner, account, perp, size });
  delegation = (market: string, owner: string, account: number, delegate: string) =>
    this.ask("delegation", { market, owner, account, delegate });
}
