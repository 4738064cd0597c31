/** The pool: collateral, debt, mints and exits. */
import type { Connection, Message } from "../connection.ts";
import { pool } from "../generated/pool.codec.ts";
import type { Answers, ExecuteMsg, QueryMsg } from "../generated/pool.types.ts";
import type { Amount, Ratio, Usd } from "../units.ts";
import { Contract } from "./contract.ts";
import { pay, paySdusd } from "./token.ts";

export class Pool extends Contract<QueryMsg, ExecuteMsg, Answers> {
  constructor(connection: Connection, height: number | null = null, which = "pool") {
    super(connection, pool, which, height);
  }

  config = () => this.ask("config", {});
  vaults = () => this.ask("vaults", {});
  position = (vault: number, owner: string) => this.ask("position", { vault, owner });
  positions = (vault: number, startAfter: string | null = null, limit = 100) =>
    this.ask("positions", { vault, start_after: startAfter, limit });
  audit = () => this.ask("audit", {});
  changes = () => this.ask("changes", {});
  ownership = () => this.ask("ownership", {});

  /** Collateral comes in: coins, or tokens by a message to their contract. */
  deposit(vault: number, amount: Amount, beneficiary: string | null = null): Message {
    const collateral = this.connection.config.collaterals.find((known) => known.vault === vault);
    if (!collateral) throw new RangeError(`there is no vault ${vault}`);
    return pay(collateral.token, this.address, amount, { deposit: { beneficiary } });
  }

  mint = (vault: number, amount: Usd, recipient: string | null = null) =>
    this.execute({ mint: { vault, amount, recipient } });
  /** sdUSD against a position's debt, the payer's by default. */
  burn = (vault: number, amount: Usd, owner: string | null = null) =>
    paySdusd(this.connection, this.address, amount, { burn: { vault, owner } });
  requestExit = (vault: number, amount: Amount, acceptedHaircut: Ratio | null = null) =>
    this.execute({ request_exit: { vault, amount, accepted_haircut: acceptedHaircut } });
  cancelExit = (vault: number) => this.execute({ cancel_exit: { vault } });
  executeExit = (vault: number, owner: string) => this.execute({ execute_exit: { vault, owner } });
  sync = () => this.execute({ sync: {} });
  insure = (amount: Usd) => paySdusd(this.connection, this.address, amount, { insure: {} });
}
