/** Conditional orders: limits, stops, targets, brackets, and the jar that pays for them. */
import type { Connection } from "../connection.ts";
import { orders } from "../generated/orders.codec.ts";
import type { Answers, Entry, ExecuteMsg, Exit, NewOrder, QueryMsg } from "../generated/orders.types.ts";
import type { Size, Usd } from "../units.ts";
import { Contract } from "./contract.ts";
import { paySdusd } from "./token.ts";

/** An entry with a stop and a target that close what it opens. */
export interface Bracket {
  perp: number;
  /** Positive buys. */
  size: Size;
  entry: Entry;
  stop: Exit;
  target: Exit;
  account?: number;
  /** Block time until which the entry waits; as long as its exits by default. */
  entryGoodTill?: number | null;
  /** And its exits; as long as they may by default. */
  goodTill?: number | null;
  /** Of each of them that waits. */
  keeperFee: Usd;
}

/** What is read of a delegation here, whatever else it says. */
interface Delegated {
  expires_at: number;
  perps?: number[] | null;
}

/** The contract may trade an account a little longer than its orders wait, seconds: a block comes later than it is asked for. */
const SPARE = 3_600;

/**
 * What an account's owner has to let the contract do, on top of what he lets it do already, so that an order in a
 * perpetual can wait until a block time; none where that is enough. See `Market.setDelegate`.
 */
export function widened<D extends Delegated>(found: D | null, perp: number, until: number): D | Delegated | null {
  const enough = found && found.expires_at >= until && (found.perps?.includes(perp) ?? true);
  if (enough) return null;
  const expires_at = Math.max(found?.expires_at ?? 0, until + SPARE);
  if (!found) return { expires_at, perps: [perp] };
  const perps = found.perps && [...new Set([...found.perps, perp])].sort((a, b) => a - b);
  return { ...found, expires_at, perps };
}

export class Orders extends Contract<QueryMsg, ExecuteMsg, Answers> {
  constructor(connection: Connection, height: number | null = null, which = "orders") {
    super(connection, orders, which, height);
  }

  config = () => this.ask("config", {});
  order = (id: number) => this.ask("order", { id });
  orders = (owner: string, account = 0, startAfter: number | null = null, limit = 100) =>
    this.ask("orders", { owner, account, start_after: startAfter, limit });
  jar = (owner: string) => this.ask("jar", { owner });
  jars = (startAfter: string | null = null, limit = 100) => this.ask("jars", { start_after: startAfter, limit });
  totals = () => this.ask("totals", {});
  preview = (owner: string, account: number, order: NewOrder) => this.ask("preview", { owner, account, order });
  due = (startAfter: number | null = null, limit = 100) => this.ask("due", { start_after: startAfter, limit });

  place = (list: NewOrder[], account = 0, linked = false) => this.execute({ place: { account, orders: list, linked } });
  bracket({ entryGoodTill = null, goodTill = null, keeperFee, account = 0, ...rest }: Bracket) {
    const times = { entry_good_till: entryGoodTill, good_till: goodTill };
    return this.execute({ bracket: { ...rest, ...times, account, keeper_fee: keeperFee } });
  }
  cancel = (ids: number[]) => this.execute({ cancel: { ids } });
  arm = (ids: number[]) => this.execute({ arm: { ids } });
  sweep = (ids: number[]) => this.execute({ sweep: { ids } });
  fillJar = (amount: Usd, beneficiary: string | null = null) =>
    paySdusd(this.connection, this.address, amount, { deposit: { beneficiary } });
  withdraw = (amount: Usd, recipient: string | null = null) => this.execute({ withdraw: { amount, recipient } });
}
