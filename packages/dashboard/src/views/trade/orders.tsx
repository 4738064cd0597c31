import { live } from "../../app/session.ts";
import { market as contract } from "../../data/contracts.ts";
import type { Reading } from "../../data/live.ts";
import {
  type Account,
  type MarketConfig,
  ORDERS_OF_PAGE,
  type Perp,
  useOracleConfig,
  useOrdersPage,
} from "../../data/reads.ts";
import { Scroll } from "../../ui/card.tsx";
import { moment } from "../../ui/format.ts";
import { Num } from "../../ui/num.tsx";
import { Empty, Missing } from "../../ui/states.tsx";
import { propose } from "../../ui/tx.tsx";

interface Props {
  market: MarketConfig;
  perps: Perp[];
  owner: string;
  number: number;
  mine: Reading<Account>;
}

interface PageProps {
  market: string;
  perp: Perp;
  /** Number of the page, see {@link useOrdersPage}. */
  page: number;
  owner: string;
  number: number;
  /** Orders of the account that are still to be found. */
  left: number;
}

const settle = (market: string, perp: Perp) =>
  propose({
    title: `Settle ${perp.config.name}`,
    sentence: `You settle the oldest orders of ${perp.config.name} that are due, at the prices of their intervals; a keeper's part of their fees is yours.`,
    risks: [
      "Somebody else may have settled them already: then nothing is due.",
      "An order whose price is beyond its limit is refused, not filled.",
    ],
    action: "Settle",
    messages: [contract(market).settle(perp.perp)],
  });
const cancel = (market: string, perp: Perp, order: number) =>
  propose({
    title: `Cancel order ${order}`,
    sentence: `You cancel order ${order} in ${perp.config.name} and get back what it locks, less the keeper's fee.`,
    risks: ["It is refused once the order's interval has begun."],
    action: "Cancel order",
    messages: [contract(market).cancel(perp.perp, order)],
  });

/** Orders that wait for the price of their interval. Anybody may settle them, their owner too. */
export function Orders({ market, perps, owner, number, mine }: Props) {
  if (!mine.answer) return <Missing what="your orders" error={mine.error} retry={mine.retry} />;
  const waiting = mine.answer.data.orders;
  if (waiting === 0)
    return <Empty title="No orders wait.">An order waits here from its commit until it is filled or refused.</Empty>;
  const busy = perps.filter(({ next_order, next_settled }) => next_order > next_settled);
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
        {busy.map((perp) => {
          const page = Math.floor(perp.next_settled / ORDERS_OF_PAGE);
          return (
            <Page
              key={`${perp.perp}/${page}`}
              {...{ market: market.address, perp, page, owner, number, left: waiting }}
            />
          );
        })}
      </table>
    </Scroll>
  );
}

/** The account's orders of a page of a queue, and then of the next pages until all are found or the queue is at its end. */
function Page(props: PageProps) {
  const { market, perp, page, owner, number, left } = props;
  const { answer, error, retry } = useOrdersPage(market, perp.perp, page);
  const seconds = useOracleConfig().answer?.data.intervals.seconds ?? 0;
  const now = live.value?.shown.value?.time ?? 0;
  if (!answer)
    return (
      <tbody>
        <tr>
          <td colSpan={7} class="text">
            <Missing what={`the orders of ${perp.config.name}`} lines={1} error={error} retry={retry} />
          </td>
        </tr>
      </tbody>
    );
  const end = (page + 1) * ORDERS_OF_PAGE;
  const rows = answer.data
    .map((order, n) => ({ order, n }))
    .filter(({ order }) => order.owner === owner && order.account === number && order.order < end);
  const more = rows.length < left && end < perp.next_order;
  return (
    <>
      <tbody>
        {rows.map(({ order, n }) => {
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
                  <button type="button" class="button small" onClick={() => settle(market, perp)}>
                    Settle<span class="hidden-text"> {perp.config.name}</span>
                  </button>
                ) : (
                  <button type="button" class="button small" onClick={() => cancel(market, perp, order.order)}>
                    Cancel<span class="hidden-text"> order {order.order}</span>
                  </button>
                )}
              </td>
            </tr>
          );
        })}
      </tbody>
      {more && <Page key={page + 1} {...props} page={page + 1} left={left - rows.length} />}
    </>
  );
}
