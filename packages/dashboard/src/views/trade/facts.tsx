/** What an order would do, before anything is signed. */
import type { Preview } from "../../data/preview.ts";
import type { TradePreview } from "../../data/reads.ts";
import { rawOf } from "../../ui/format.ts";
import { Num } from "../../ui/num.tsx";
import { Fact, Facts } from "../../ui/pieces.tsx";
import { Failed, Refusal } from "../../ui/states.tsx";
import type { Foreseen } from "./standing.ts";

const basis: Record<string, string> = {
  sum: "of each position, summed",
  base: "at the correlations of the board",
  high: "if everything moved together",
  low: "if hedges broke",
  limit: "at the most that offsets may take off",
};

interface TradeProps {
  preview: Preview<TradePreview>;
  /** Of a limit order: a fill with the premium may be beyond it. */
  limit: bigint | null;
}

/** What a fill would come to, at the index or at the price that the order waits for. */
export function TradeFacts({ preview: { answer: found, error, busy }, limit }: TradeProps) {
  if (error && !found) return <Failed what="The preview" error={error} />;
  if (!found) return <p class="small muted">{busy ? "Computing the preview …" : ""}</p>;
  const { initial_margin, maintenance_margin } = found.data;
  const fill = rawOf(found.data.fill_price, "price");
  const beyond = limit !== null && (String(found.args.size).startsWith("-") ? fill < limit : fill > limit);
  return (
    <>
      {beyond && (
        <p class="small">With the premium a fill there would be beyond the limit: the index has to go further.</p>
      )}
      <Facts>
        <Fact
          name={found.imagined ? "Fill price there, with premium" : "Fill price, with premium"}
          of={found}
          at="fill_price"
          as="price"
        />
        <Fact name="Fee" of={found} at="fee" as="usd" />
        <Fact name="Locked until it fills" of={found} at="locked" as="usd" />
        <Fact name="Available margin" indent of={found} at="available" as="usd" />
        <Fact name="Position after" of={found} at="size" as="size" plus />
        <Fact name="Liquidation price">
          <strong>
            <Num of={found} at="liquidation_price" as="price" none="none" />
          </strong>
        </Fact>
      </Facts>
      <details>
        <summary class="small">Premium, fees and margin in detail</summary>
        <Facts>
          <Fact name="Premium (negative: rebate)" of={found} at="premium" as="usd" />
          <Fact name="Marginal premium after" of={found} at="premium_after" as="percent" digits={4} plus />
          <Fact name="Of the fee: insurance / keeper">
            <Num of={found} at="insurance_fee" as="usd" /> / <Num of={found} at="keeper_fee" as="usd" />
          </Fact>
          <Fact name="Insurance premium">
            <Num of={found} at="shortfall_premium" as="usd" /> + <Num of={found} at="leverage_premium" as="usd" />
          </Fact>
          <Fact name="Equity after" of={found} at="equity" as="usd" />
          <Fact
            name={<span title={basis[initial_margin.basis]}>Initial margin</span>}
            of={found}
            at="initial_margin.required"
            as="usd"
          />
          <Fact
            name={<span title={basis[maintenance_margin.basis]}>Maintenance margin</span>}
            of={found}
            at="maintenance_margin.required"
            as="usd"
          />
        </Facts>
      </details>
    </>
  );
}

interface WaitProps {
  foreseen: Foreseen;
  /** Orders that wait, each with its fee. */
  count: number;
}

/** What the contract says of orders that wait: whether they can be placed, what the market would say now, and what they cost. */
export function WaitFacts({ foreseen: { entry, any, refusal }, count }: WaitProps) {
  const { not_due = null, refused = null } = entry?.data ?? {};
  const there = entry && not_due === null;
  return (
    <>
      {refusal && <Refusal lead="It can't be placed." why={refusal} />}
      {there && <p class="small">The index is there already: the order is due with the next price.</p>}
      {refused && <Refusal lead="As things are, it would be refused once it is due." why={refused} />}
      {any && (
        <Facts>
          <Fact
            name={count > 1 ? `Keeper's fee of each of ${count} orders` : "Keeper's fee"}
            of={any}
            at="keeper_fee"
            as="usd"
          />
          <Fact name="of it, where the market refuses it" indent of={any} at="refusal_fee" as="usd" />
        </Facts>
      )}
    </>
  );
}
