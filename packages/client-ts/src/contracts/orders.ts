/** Conditional orders: stops, targets, brackets, and the jar that pays for them. */
import type { Connection } from "../connection.ts";
import { orders } from "../generated/orders.codec.ts";
import type { Answers, ExecuteMsg, NewOrder, QueryMsg } from "../generated/orders.types.ts";
import type { Usd } from "../units.ts";
import { Contract } from "./contract.ts";
import { paySdusd } from "./token.ts";

export class Orders extends Contract<QueryMsg, ExecuteMsg, Answers> {
  constructor(connection: Connection, height: number | null = null, which = "orders") {
    super(connection, orders, which, height);
  }

  config = () => this.ask("config", {});
  order = (id: number) => this.ask("order", { id });
  orders = (owner: string, account = 0, startAfter: number | null = null, limit = 100) =>
    this.ask("orders", { owner, account, start_after: startAfter, limit });
  jar = (owner: string) => this.ask("jar", { owner });
  preview = (owner: string, account: number, order: NewOrder) => this.ask("preview", { owner, account, order });
  due = (startAfter: number | null = null, limit = 100) => this.ask("due", { start_after: startAfter, limit });

  place = (list: NewOrder[], account = 0, linked = false) => this.execute({ place: { account, orders: list, linked } });
  cancel = (ids: number[]) => this.execute({ cancel: { ids } });
  arm = (ids: number[]) => this.execute({ arm: { ids } });
  fillJar = (amount: Usd, beneficiary: string | null = null) =>
    paySdusd(this.connection, this.address, amount, { deposit: { beneficiary } });
  withdraw = (amount: Usd, recipient: string | null = null) => this.execute({ withdraw: { amount, recipient } });
}
