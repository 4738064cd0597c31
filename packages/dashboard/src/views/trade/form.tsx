/** The order form: what to buy or sell, what that would do, and then the question whether to do it. */
import { useState } from "preact/hooks";
import { price, size as sizeOf } from "@sdp/client";
import { account } from "../../app/session.ts";
import { SignInPrompt } from "../../app/account.tsx";
import { market as contract } from "../../data/contracts.ts";
import type { Answer } from "../../data/live.ts";
import { usePreview } from "../../data/preview.ts";
import { type Account, type MarketConfig, type Perp, type TradePreview } from "../../data/reads.ts";
import { AmountField, entered, nothing, Segments, type Entered } from "../../ui/field.tsx";
import { decimalText, duration } from "../../ui/format.ts";
import { Num } from "../../ui/num.tsx";
import { Fact, Facts } from "../../ui/pieces.tsx";
import { Failed } from "../../ui/states.tsx";
import { propose } from "../../ui/tx.tsx";
import { explainText } from "../../words/errors.ts";
import { useMarketParams } from "../../data/reads.ts";

interface Props {
  market: MarketConfig;
  perps: Answer<Perp[]>;
  n: number;
  number: number;
  mine: Answer<Account> | null;
}

const basis: Record<string, string> = {
  sum: "of each position, summed",
  base: "at the correlations of the board",
  high: "if everything moved together",
  low: "if hedges broke",
  limit: "at the most that offsets may take off",
};

export function OrderForm({ market, perps, n, number, mine }: Props) {
  const perp = perps.data[n]!;
  const symbol = market.perps[perp.perp] ?? perp.config.name;
  const [side, setSide] = useState<"buy" | "sell">("buy");
  const [size, setSize] = useState<Entered>(nothing);
  const [limit, setLimit] = useState<Entered>(nothing);
  const [reduceOnly, setReduceOnly] = useState(false);
  const signer = account.value;
  const params = useMarketParams(market.name).answer?.data.params;
  const asked = size.value !== null && size.value > 0n ? (side === "buy" ? size.value : -size.value) : null;
  const args =
    asked !== null && signer
      ? {
          market: market.address,
          owner: signer.address,
          account: number,
          perp: perp.perp,
          size: decimalText(asked, 18),
        }
      : null;
  const preview = usePreview<TradePreview>("preview_trade", args);
  const found = preview.answer;
  const position = mine?.data.positions.find((one) => one.perp === perp.perp);
  if (!signer) return <SignInPrompt what="trade" />;

  const review = () => {
    if (!args || !found) return;
    const order = {
      perp: perp.perp,
      size: sizeOf(asked!),
      account: number,
      limitPrice: limit.value === null ? null : price(limit.value),
      reduceOnly,
    };
    const delay = params ? duration(params.order_delay) : "a short delay";
    propose({
      title: `${side === "buy" ? "Buy" : "Sell"} ${symbol}`,
      sentence: (
        <>
          You commit an order to {side} {size.text} {symbol}; it fills at the index of the first interval that begins at
          least {delay} from now, about <Num of={found} at="fill_price" as="price" /> with the premium.
        </>
      ),
      facts: [
        ["Premium", <Num of={found} at="premium" as="usd" />],
        ["Fee", <Num of={found} at="fee" as="usd" />],
        ["Locked until it fills", <Num of={found} at="locked" as="usd" />],
        ["Liquidation price after it", <Num of={found} at="liquidation_price" as="price" none="none" />],
      ],
      risks: [
        "The price is that of a coming interval, not today's: it may be worse. A limit price bounds it.",
        "Once the interval has begun the order can't be taken back.",
        "If the price runs against you beyond the liquidation price, the position is closed and a penalty is charged.",
      ],
      action: side === "buy" ? "Buy" : "Sell",
      tone: side,
      messages: [contract(market.address).commit(order)],
      after: () => {
        setSize(nothing);
        setLimit(nothing);
      },
    });
  };

  return (
    <form
      class="form"
      aria-label={`Order in ${perp.config.name}`}
      onSubmit={(event) => {
        event.preventDefault();
        review();
      }}
    >
      <Segments
        label="Side"
        value={side}
        onValue={setSide}
        options={[
          { value: "buy", label: "Buy / long", tone: "buy" },
          { value: "sell", label: "Sell / short", tone: "sell" },
        ]}
      />
      <AmountField
        label="Size"
        name="size"
        unit={symbol}
        decimals={18}
        entry={size}
        onEntry={setSize}
        end={
          position && <Num of={mine} at={`positions.${mine!.data.positions.indexOf(position)}.size`} as="size" plus />
        }
        most={
          position
            ? () => {
                const text = position.size.replace("-", "");
                setSide(position.size.startsWith("-") ? "buy" : "sell");
                setSize(entered(text, 18));
              }
            : undefined
        }
      />
      <AmountField
        label="Worst price (optional)"
        name="limit"
        unit="USD"
        decimals={18}
        entry={limit}
        onEntry={setLimit}
        hint="Premium included, fee not. Empty: the furthest that the market allows."
      />
      <label class="check">
        <input type="checkbox" checked={reduceOnly} onChange={(event) => setReduceOnly(event.currentTarget.checked)} />
        Only reduce the position
      </label>
      <PreviewFacts found={found} busy={preview.busy} error={preview.error} asked={asked !== null} />
      <button
        type="submit"
        class={`button full ${side}`}
        disabled={!found || limit.problem !== null || (found.data.refused !== null && !reduceOnly)}
      >
        Review order
      </button>
    </form>
  );
}

function PreviewFacts({
  found,
  busy,
  error,
  asked,
}: {
  found: Answer<TradePreview> | null;
  busy: boolean;
  error: unknown;
  asked: boolean;
}) {
  if (!asked) return <p class="small muted">Enter a size to see what the order would do, before anything is signed.</p>;
  if (error && !found) return <Failed what="The preview" error={error} />;
  if (!found) return <p class="small muted">{busy ? "Computing the preview …" : ""}</p>;
  const { refused, initial_margin, maintenance_margin } = found.data;
  return (
    <div aria-live="polite" class="stack">
      {refused && (
        <div class="refusal">
          <p>
            <strong>It would be refused.</strong> {explainText(refused).sentence}{" "}
            <span class="small">({explainText(refused).code})</span>
          </p>
        </div>
      )}
      <Facts>
        <Fact name="Fill price, premium included">
          <Num of={found} at="fill_price" as="price" />
        </Fact>
        <Fact name="Premium (negative: rebate)">
          <Num of={found} at="premium" as="usd" />
        </Fact>
        <Fact name="Fee">
          <Num of={found} at="fee" as="usd" />
        </Fact>
        <Fact name="to insurance / keeper" indent>
          <Num of={found} at="insurance_fee" as="usd" /> / <Num of={found} at="keeper_fee" as="usd" />
        </Fact>
        <Fact name="Insurance premium">
          <Num of={found} at="shortfall_premium" as="usd" /> + <Num of={found} at="leverage_premium" as="usd" />
        </Fact>
        <Fact name="Locked until it fills">
          <Num of={found} at="locked" as="usd" />
        </Fact>
        <Fact name="Free for that" indent>
          <Num of={found} at="available" as="usd" />
        </Fact>
        <Fact name="Position after" total>
          <Num of={found} at="size" as="size" plus />
        </Fact>
        <Fact name="Equity after">
          <Num of={found} at="equity" as="usd" />
        </Fact>
        <Fact name={<span title={basis[initial_margin.basis]}>Initial margin</span>}>
          <Num of={found} at="initial_margin.required" as="usd" />
        </Fact>
        <Fact name={<span title={basis[maintenance_margin.basis]}>Maintenance margin</span>}>
          <Num of={found} at="maintenance_margin.required" as="usd" />
        </Fact>
        <Fact name="Liquidation price">
          <strong>
            <Num of={found} at="liquidation_price" as="price" none="none" />
          </strong>
        </Fact>
        <Fact name="Marginal premium after">
          <Num of={found} at="premium_after" as="percent" digits={4} plus />
        </Fact>
      </Facts>
    </div>
  );
}
