import { orders } from "../../data/contracts.ts";
import {
  type ConditionalOrder,
  type MarketConfig,
  type Perp,
  useConditionals,
  useOrdersContract,
} from "../../data/reads.ts";
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

const kinds = { limit: "limit", stop: "stop", take_profit: "take profit" } as const;

/** Which kind an order is, and where in it its trigger stands. */
function kindOf(order: ConditionalOrder): { name: string; trigger: string } | null {
  if (!order.kind) return null;
  if ("limit" in order.kind) return { name: kinds.limit, trigger: "kind.limit.price" };
  if ("stop" in order.kind) return { name: kinds.stop, trigger: "kind.stop.trigger" };
  return { name: kinds.take_profit, trigger: "kind.take_profit.trigger" };
}

function stage(order: ConditionalOrder): string {
  if (order.stage === "sleeping") return `sleeps until order ${order.entry ?? ""} fills`;
  return order.stage === "waiting" ? "waits for its price" : `committed as ${order.stage.committed}`;
}

/** Orders that wait for a price of the index: limit, stop and take-profit orders, and the exits of brackets. */
export function Conditionals({ market, perps, owner, number }: Props) {
  const contract = useOrdersContract(market);
  const { answer, error, retry } = useConditionals(contract, owner, number);
  if (!contract)
    return <Empty title="This market has no conditional orders.">Its deployment has no contract for them.</Empty>;
  if (!answer)
    return error ? (
      <Failed what="The conditional orders" error={error} retry={retry} />
    ) : (
      <Wait what="your conditional orders" />
    );
  if (answer.data.length === 0) {
    return (
      <Empty title="No conditional orders.">
        Limit, stop and take-profit orders are placed with <code>sdp orders</code>; they are listed here, and can be
        taken back here.
      </Empty>
    );
  }
  const cancel = (id: number) =>
    propose({
      title: `Take conditional order ${id} back`,
      sentence: `You take conditional order ${id} back, with its fee; with the entry of a bracket its exits.`,
      risks: ["It is refused if the order is committed already."],
      action: "Take back",
      messages: [orders(contract).cancel([id])],
    });
  return (
    <Scroll label="Conditional orders">
      <table>
        <caption class="hidden-text">Conditional orders of account {number}</caption>
        <thead>
          <tr>
            <th scope="col">Order</th>
            <th scope="col">Size</th>
            <th scope="col" class="text">
              Kind
            </th>
            <th scope="col">At</th>
            <th scope="col" class="text">
              Now
            </th>
            <th scope="col">Fee</th>
            <th scope="col">Until</th>
            <th scope="col">
              <span class="hidden-text">What can be done</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {answer.data.map((order, n) => {
            const kind = kindOf(order);
            return (
              <tr key={order.id}>
                <th scope="row">
                  {perps.find(({ perp }) => perp === order.perp)?.config.name} {order.id}
                </th>
                <td>
                  <Num of={answer} at={`${n}.size`} as="size" plus toned />
                </td>
                <td class="text">
                  {kind?.name ?? "market"}
                  {order.reduce_only && ", reduces"}
                </td>
                <td>{kind ? <Num of={answer} at={`${n}.${kind.trigger}`} as="price" /> : "–"}</td>
                <td class="text muted">{stage(order)}</td>
                <td>
                  <Num of={answer} at={`${n}.keeper_fee`} as="usd" />
                </td>
                <td class="muted">{moment(order.good_till)}</td>
                <td class="act">
                  <button type="button" class="button small" onClick={() => cancel(order.id)}>
                    Take back<span class="hidden-text"> order {order.id}</span>
                  </button>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Scroll>
  );
}
