/** Trading: price, order form with preview, account, positions, orders, history. */
import { useState } from "preact/hooks";
import { account } from "../app/session.ts";
import { go, route } from "../app/router.ts";
import { useAccount, useConditionals, useConfig, useOrdersContract, usePerps } from "../data/reads.ts";
import { Card } from "../ui/card.tsx";
import { SelectField } from "../ui/field.tsx";
import { TabPanel, Tabs } from "../ui/tabs.tsx";
import { Num } from "../ui/num.tsx";
import { Empty, Missing } from "../ui/states.tsx";
import { SignInPrompt } from "../app/account.tsx";
import { AccountCard } from "./trade/account.tsx";
import { Conditionals } from "./trade/conditionals.tsx";
import { AccountHistory } from "./trade/history.tsx";
import { OrderForm } from "./trade/form.tsx";
import { Orders } from "./trade/orders.tsx";
import { Positions } from "./trade/positions.tsx";
import { PriceChart } from "./trade/chart.tsx";

const tabs = ["positions", "orders", "conditional", "history"] as const;
type Tab = (typeof tabs)[number];

const counted = (name: string, count: number) => (count > 0 ? `${name} (${count})` : name);

export default function Trade() {
  const config = useConfig();
  const asked = route.value.detail[0];
  const [marketName, chooseMarket] = useState(config.markets[0]?.name ?? "");
  const [number, chooseNumber] = useState(0);
  const [tab, chooseTab] = useState<Tab>("positions");
  const market = config.markets.find(({ name }) => name === marketName) ?? config.markets[0];
  const perps = usePerps(market?.address ?? null);
  const owner = account.value?.address ?? null;
  const mine = useAccount(market?.address ?? null, owner, number);
  const conditionals = useConditionals(useOrdersContract(market), owner, number).answer?.data ?? [];
  if (!market) return <Empty title="There is no market yet.">The pool's owner lists one.</Empty>;
  if (!perps.answer) return <Missing what="the market" lines={8} error={perps.error} retry={perps.retry} />;
  const index = Math.max(
    0,
    perps.answer.data.findIndex((perp) => perp.config.name === asked),
  );
  const perp = perps.answer.data[index];
  if (!perp) return <Empty title="This market has no perpetuals yet." />;
  const waiting = mine.answer?.data.orders ?? 0;
  const held = mine.answer?.data.positions.length ?? 0;
  return (
    <div class="trade">
      <div class="trade-pick card">
        <div class="perps" role="group" aria-label="Perpetual">
          {perps.answer.data.map((one, n) => (
            <button
              key={one.perp}
              type="button"
              class="perp"
              aria-pressed={n === index}
              onClick={() => go("trade", one.config.name)}
            >
              <span>{one.config.name}</span>
              <b>
                <Num of={perps.answer} at={`${n}.index`} as="price" />
              </b>
            </button>
          ))}
        </div>
        {config.markets.length > 1 && (
          <SelectField
            label="Market contract"
            value={market.name}
            options={config.markets.map(({ name }) => ({ value: name, label: name }))}
            onValue={chooseMarket}
          />
        )}
      </div>
      <PriceChart market={market} perps={perps.answer} n={index} mine={mine.answer} conditionals={conditionals} />
      <div class="trade-side stack">
        <Card title={`Order in ${perp.config.name}`}>
          <OrderForm
            key={`${market.name}/${perp.perp}`}
            market={market}
            perps={perps.answer}
            n={index}
            number={number}
            mine={mine.answer}
          />
        </Card>
        <AccountCard market={market} number={number} onNumber={chooseNumber} mine={mine} />
      </div>
      <section class="card trade-books" aria-label="Positions, orders and history">
        <header class="with-tabs">
          <Tabs
            label="Positions, orders and history"
            id="books"
            value={tab}
            onValue={chooseTab}
            options={[
              { value: "positions", label: counted("Positions", held) },
              { value: "orders", label: counted("Orders", waiting) },
              { value: "conditional", label: counted("Conditional", conditionals.length) },
              { value: "history", label: "History" },
            ]}
          />
        </header>
        <TabPanel id="books" tab={tab}>
          {!owner ? (
            <SignInPrompt what="see your positions, orders and history" />
          ) : tab === "positions" ? (
            <Positions market={market} perps={perps.answer.data} owner={owner} number={number} mine={mine} />
          ) : tab === "orders" ? (
            <Orders market={market} perps={perps.answer.data} owner={owner} number={number} mine={mine} />
          ) : tab === "conditional" ? (
            <Conditionals market={market} perps={perps.answer.data} owner={owner} number={number} />
          ) : (
            <AccountHistory address={owner} />
          )}
        </TabPanel>
      </section>
    </div>
  );
}
