import { live } from "../../app/session.ts";
import { market as contract } from "../../data/contracts.ts";
import { type MarketConfig, type Perp, useOrdersOf, useOracleConfig } from "../../data/reads.ts";
import { Scroll } from "../../ui/card.tsx";
import { moment } from "../../ui/format.ts";
import { Num } from "../../ui/num.tsx";
import { Empty, Failed, Wait } from "../../ui/states.tsx";
import { propose } from "../../ui/tx.tsx";

interface Props {
  market: MarketConfig;
  perps: Perp[];
  owner: string;
  number: number;
}

/** Orders that wait for the price of their interval. Anybody may settle them, their owner too. */
export function Orders({ market, perps, owner, number }: Props) {
  // as many hooks as perpetuals: the component is made anew for another market
  const readings = perps.map((perp) => useOrdersOf(market.address, perp.perp));
  const seconds = useOracleConfig().answer?.data.intervals.seconds ?? 0;
  const now = live.value?.shown.value?.time ?? 0;
  const failed = readings.find(({ error, answer }) => error && !answer);
  if (failed) return <Failed what="The orders" error={failed.error} retry={failed.retry} />;
  if (readings.some(({ answer }) => !answer)) return <Wait what="your orders" />;
  const rows = readings.flatMap(({ answer }, p) =>
    answer!.data
      .map((order, n) => ({ order, n, answer: answer!, perp: perps[p]! }))
      .filter(({ order }) => order.owner === owner && order.account === number),
  );
  if (rows.length === 0)
    return <Empty title="No orders wait.">An order waits here from its commit until it is filled or refused.</Empty>;
  const settle = (perp: Perp) =>
    propose({
      title: `Settle ${perp.config.name}`,
      sentence: `You settle the oldest orders of ${perp.config.name} that are due, at the prices of their intervals; a keeper's part of their fees is yours.`,
      risks: [
        "Somebody else may have settled them already: then nothing is due.",
        "An order whose price is beyond its limit is refused, not filled.",
      ],
      action: "Settle",
      messages: [contract(market.address).settle(perp.perp)],
    });
  const cancel = (perp: Perp, order: number) =>
    propose({
      title: `Cancel order ${order}`,
      sentence: `You cancel order ${order} in ${perp.config.name} and get back what it locks, less the keeper's fee.`,
      risks: ["It is refused once the order's interval has begun."],
      action: "Cancel order",
      messages: [contract(market.address).cancel(perp.perp, order)],
    });
  return (
    <Scroll label="Orders">
      <table>
        <caption class="hidden-text">Orders of account {number} that wait</caption>
        <thead>
          <tr>
            <th scope="col">Order</th>
            <th scope="col">Size</th>
            <th scope="col">Worst price</th>
            <th scope="col">Locked</th>
            <th scope="col">Fills from</th>
            <th scope="col">Expires</th>
            <th scope="col">
              <span class="hidden-text">What can be done</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ order, n, answer, perp }) => {
            const due = now >= order.interval * seconds;
            return (
              <tr key={`${perp.perp}/${order.order}`}>
                <th scope="row">
                  {perp.config.name} {order.order}
                </th>
                <td>
                  <Num of={answer} at={`${n}.size`} as="size" plus toned />
                </td>
                <td>
                  <Num of={answer} at={`${n}.limit_price`} as="price" none="none" />
                </td>
                <td>
                  <Num of={answer} at={`${n}.locked`} as="usd" />
                </td>
                <td>{due ? "its interval has begun" : moment(order.interval * seconds)}</td>
                <td class="muted">{moment((order.last_interval + 1) * seconds)}</td>
                <td class="act">
                  {due ? (
                    <button type="button" class="button small" onClick={() => settle(perp)}>
                      Settle<span class="hidden-text"> {perp.config.name}</span>
                    </button>
                  ) : (
                    <button type="button" class="button small" onClick={() => cancel(perp, order.order)}>
                      Cancel<span class="hidden-text"> order {order.order}</span>
                    </button>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Scroll>
  );
}
