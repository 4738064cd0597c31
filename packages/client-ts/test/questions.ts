/** Queries that the contracts' code has to answer here as it does on the chain. */
import type { Config } from "../src/config.ts";
import { addressOf } from "../src/config.ts";

export interface Question {
  name: "lens" | "pool" | "orders" | "oracle";
  query: object;
}

/** Of conditional orders: one that would wait, one that is due, one that makes no sense. */
function conditional(owner: string): Question[] {
  const order = (kind: object) => ({ perp: 0, size: "0.01", kind, reduce_only: false, good_till: null });
  const preview = (kind: object, keeper_fee: string): Question => ({
    name: "orders",
    query: { preview: { owner, account: 0, order: { ...order(kind), keeper_fee } } },
  });
  return [
    preview({ limit: { price: "1000" } }, "100000"),
    preview({ stop: { trigger: "1000", limit_price: null } }, "5000000"),
    preview({ take_profit: { trigger: "0", limit_price: null } }, "100000"),
    preview({ limit: { price: "1000" } }, "1"),
    { name: "orders", query: { jar: { owner } } },
    { name: "orders", query: { config: {} } },
  ];
}

/** About a provider and a trader, and about strangers. */
export function questions(config: Config, provider: string, trader: string, stranger: string): Question[] {
  const market = addressOf(config, "market");
  const lens = (query: object): Question => ({ name: "lens", query });
  const trade = (owner: string, perp: number, size: string) =>
    lens({ preview_trade: { market, owner, account: 0, perp, size } });
  const glances = ["health", "solvency", "contributions", "markets", "ceilings", "regimes", "estate", "config"].map(
    (name) => lens({ [name]: {} }),
  );
  return [
    ...glances,
    lens({ perps: { market } }),
    lens({ totals: { market } }),
    ...[provider, trader, stranger].flatMap((owner) => [
      lens({ maximum_mint: { vault: 0, owner } }),
      lens({ preview_mint: { vault: 0, owner, amount: "1000000" } }),
      lens({ preview_mint: { vault: 0, owner, amount: "999999999999999999" } }),
      lens({ preview_exit: { vault: 0, owner, amount: "1000000" } }),
      lens({ offer: { vault: 0, owner } }),
      lens({ account: { market, owner, account: 0 } }),
      lens({ redeemed: { holder: owner } }),
      trade(owner, 0, "0.01"),
      trade(owner, 0, "-0.01"),
      trade(owner, 1, "2.5"),
      trade(owner, 99, "1"),
      trade(owner, 0, "1000000000"),
      { name: "pool", query: { position: { vault: 0, owner } } } as Question,
    ]),
    lens({ orders: { market, perp: 0, start_after: null, limit: 10 } }),
    lens({ delegation: { market, owner: trader, account: 0, delegate: provider } }),
    ...conditional(trader),
    { name: "oracle", query: { board: {} } },
    { name: "pool", query: { vaults: {} } },
    { name: "pool", query: { config: {} } },
    { name: "pool", query: { audit: {} } },
  ];
}
