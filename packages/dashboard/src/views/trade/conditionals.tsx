import { usd } from "@sdp/client";
import { live } from "../../app/session.ts";
import { orders } from "../../data/contracts.ts";
import type { Answer } from "../../data/live.ts";
import {
  type ConditionalOrder,
  type MarketConfig,
  type Perp,
  useConditionals,
  useJar,
  useOrdersContract,
} from "../../data/reads.ts";
import { Scroll } from "../../ui/card.tsx";
import { moment, usdText } from "../../ui/format.ts";
import { dig, Num } from "../../ui/num.tsx";
import { Empty, Missing } from "../../ui/states.tsx";
import { propose } from "../../ui/tx.tsx";
import { kindOf, stageOf } from "../../words/orders.ts";
import { Columns } from "./columns.tsx";
import { EndedOrders } from "./ended.tsx";

interface Props {
  market: MarketConfig;
  perps: Perp[];
  owner: string;
  number: number;
}

/** Orders that wait for a price of the index, what pays for them, and those that have ended. */
export function Conditionals({ market, perps, owner, number }: Props) {
  const contract = useOrdersContract(market);
  const { answer, error, retry } = useConditionals(contract, owner, number);
  if (!contract)
    return <Empty title="This market has no conditional orders.">Its deployment has no contract for them.</Empty>;
  if (!answer) return <Missing what="the conditional orders" error={error} retry={retry} />;
  return (
    <>
      {answer.data.length > 0 ? (
        <Waiting answer={answer} contract={contract} perps={perps} number={number} />
      ) : (
        <Empty title="No conditional orders wait.">
          Limit, stop and take-profit orders are placed in the form, and wait here for their price.
        </Empty>
      )}
      <Jar contract={contract} owner={owner} />
      <EndedOrders contract={live.value!.address(contract)} perps={perps} owner={owner} number={number} />
    </>
  );
}

interface WaitingProps {
  answer: Answer<ConditionalOrder[]>;
  contract: string;
  perps: Perp[];
  number: number;
}

function Waiting({ answer, contract, perps, number }: WaitingProps) {
  const now = live.value?.shown.value?.time ?? 0;
  const exits = (id: number) => answer.data.filter(({ entry }) => entry === id).length;
  const cancel = ({ id, keeper_fee }: ConditionalOrder) =>
    propose({
      title: `Cancel conditional order ${id}`,
      sentence: exits(id)
        ? `You cancel conditional order ${id} and the stop and target that wait for it; all their fees go back into your jar.`
        : `You cancel conditional order ${id}; its fee of ${usdText(keeper_fee)} goes back into your jar.`,
      risks: ["It is refused if the order is committed already."],
      action: "Cancel order",
      messages: [orders(contract).cancel([id])],
    });
  return (
    <Scroll label="Conditional orders">
      <table>
        <caption class="hidden-text">Conditional orders of account {number} that wait</caption>
        <Columns state="State" fee="Keeper's fee">
          <th scope="col">
            <span class="hidden-text">What can be done</span>
          </th>
        </Columns>
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
                  {order.reduce_only && <span class="under">reduce only</span>}
                </td>
                <td>
                  {kind ? <Num of={answer} at={`${n}.${kind.trigger}`} as="price" /> : "–"}
                  {kind?.worst && dig(order, kind.worst) != null && (
                    <span class="under">
                      worst <Num of={answer} at={`${n}.${kind.worst}`} as="price" />
                    </span>
                  )}
                </td>
                <td class="text wrap">
                  {stageOf(order, order.good_till - now)}
                  <span class="under">good till {moment(order.good_till)}</span>
                </td>
                <td>
                  <Num of={answer} at={`${n}.keeper_fee`} as="usd" />
                </td>
                <td class="act">
                  {typeof order.stage !== "object" && (
                    <button type="button" class="button small" onClick={() => cancel(order)}>
                      Cancel<span class="hidden-text"> order {order.id}</span>
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

/** sdUSD that further orders' fees come out of. */
function Jar({ contract, owner }: { contract: string; owner: string }) {
  const { answer } = useJar(contract, owner);
  const held = BigInt(answer?.data ?? "0");
  if (!answer || held === 0n) return null;
  const withdraw = () =>
    propose({
      title: "Withdraw from the jar",
      sentence: `You withdraw ${usdText(answer.data)} of sdUSD, all that no order has reserved, into your wallet.`,
      risks: ["The next conditional order brings its keeper's fee along again."],
      action: "Withdraw",
      messages: [orders(contract).withdraw(usd(held))],
    });
  return (
    <p class="jar">
      <span>
        In the jar for keepers' fees:{" "}
        <strong>
          <Num of={answer} at="" as="usd" />
        </strong>
      </span>
      <button type="button" class="button small" onClick={withdraw}>
        Withdraw<span class="hidden-text"> from the jar</span>
      </button>
    </p>
  );
}
