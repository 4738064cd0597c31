import { endedOf } from "../../data/ended.ts";
import type { Perp } from "../../data/reads.ts";
import { useTransactions } from "../../data/transactions.ts";
import { Scroll } from "../../ui/card.tsx";
import { moment, shorten } from "../../ui/format.ts";
import { Badge } from "../../ui/pieces.tsx";
import { Missing } from "../../ui/states.tsx";
import { explainText } from "../../words/errors.ts";
import { kindName, outcomeOf } from "../../words/orders.ts";
import { Columns } from "./columns.tsx";

interface Props {
  /** Address of the contract of conditional orders. */
  contract: string;
  perps: Perp[];
  owner: string;
  number: number;
}

/** Conditional orders that wait no longer: how each ended, and why. */
export function EndedOrders({ contract, perps, owner, number }: Props) {
  const { found, error } = useTransactions(owner);
  if (!found) return <Missing what="what has ended" error={error} />;
  const rows = endedOf(found, contract, owner, number);
  if (rows.length === 0) return null;
  return (
    <Scroll label="Ended conditional orders">
      <table>
        <caption>Ended</caption>
        <Columns state="Outcome" fee="Fee paid" />
        <tbody>
          {rows.map(({ id, time, placed, paid, ended }) => {
            const { name, tone, meaning } = outcomeOf(ended.outcome);
            const unsaid = ended.reason === "none" || ended.outcome === "unfilled";
            const why = unsaid ? null : explainText(ended.reason);
            const waited = placed !== null && placed.kind !== "market";
            return (
              <tr key={id}>
                <th scope="row">
                  {perps.find(({ perp }) => perp === ended.perp)?.config.name} {id}
                </th>
                <td>{placed ? shorten(placed.size, "size", { plus: true }) : "–"}</td>
                <td class="text">
                  {placed ? kindName(placed.kind) : "–"}
                  {placed?.reduce_only && <span class="under">reduce only</span>}
                </td>
                <td>{waited ? shorten(placed.trigger, "price") : "–"}</td>
                <td class="text wrap">
                  <Badge {...(tone && { tone })}>{name}</Badge> {why ? why.sentence : `${meaning}.`}{" "}
                  {ended.code !== "none" && <span class="muted">({ended.code})</span>}
                  <span class="under">{moment(time)}</span>
                </td>
                <td>
                  {shorten(paid, "usd")}
                  {ended.refund > 0n && <span class="under">{shorten(ended.refund, "usd")} back</span>}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Scroll>
  );
}
