/** The order form: what to buy or sell and when, what that would do, and then the question whether to do it. */
import { useState } from "preact/hooks";
import { price, size as sizeOf } from "@sdp/client";
import { account, live } from "../../app/session.ts";
import { SignInPrompt } from "../../app/account.tsx";
import type { Answer } from "../../data/live.ts";
import { canImagine } from "../../data/local.ts";
import { usePreview } from "../../data/preview.ts";
import {
  type Account,
  type MarketConfig,
  type Perp,
  type TradePreview,
  useMarketParams,
  useOrdersContract,
} from "../../data/reads.ts";
import { AmountField, Check, filled, Form, nothing, type Entered } from "../../ui/field.tsx";
import { Segments } from "../../ui/tabs.tsx";
import { decimalText, duration, rawOf } from "../../ui/format.ts";
import { Num } from "../../ui/num.tsx";
import { TradeFacts, WaitFacts } from "./facts.tsx";
import { Refusal } from "../../ui/states.tsx";
import { ExitFields, FeeField, LifeField, PriceField, readExits, type TypedExits } from "./options.tsx";
import { reviewConditional, reviewMarket } from "./review.tsx";
import { hindrance, useForeseen, useStanding, type Standing } from "./standing.ts";
import {
  asLongAsPossible,
  closes,
  firstTrigger,
  goodTillOf,
  reducing,
  rises,
  typeName,
  waitingOf,
  type Life,
  type Side,
  type Terms,
  type Type,
} from "./terms.ts";

interface Props {
  market: MarketConfig;
  perps: Answer<Perp[]>;
  n: number;
  number: number;
  mine: Answer<Account> | null;
}

/** What the fields hold. */
interface Draft {
  type: Type;
  side: Side;
  size: Entered;
  trigger: Entered;
  worst: Entered;
  reduceOnly: boolean;
  bracket: boolean;
  exits: TypedExits;
  life: Life;
  /** None: the least. */
  fee: Entered | null;
}

const empty: Draft = {
  type: "market",
  side: "buy",
  size: nothing,
  trigger: nothing,
  worst: nothing,
  reduceOnly: false,
  bracket: false,
  exits: { stop: null, target: null },
  life: asLongAsPossible,
  fee: null,
};

const above = (value: bigint | null): value is bigint => value !== null && value > 0n;

/** How much a position is, whichever side it is on. */
const unsigned = (size: string) => rawOf(size.replace("-", ""), "size");

export function OrderForm(props: Props) {
  const { market, number, mine } = props;
  const signer = account.value;
  const standing = useStanding(market, signer?.address ?? null, number, mine?.data ?? null);
  return signer ? <Ticket {...props} owner={signer.address} standing={standing} /> : <SignInPrompt what="trade" />;
}

function Ticket({
  market,
  perps,
  n,
  number,
  mine,
  owner,
  standing,
}: Props & { owner: string; standing: Standing | null }) {
  const perp = perps.data[n]!;
  const symbol = market.perps[perp.perp] ?? perp.config.name;
  const index = rawOf(perp.index, "price");
  const [draft, setDraft] = useState(empty);
  const change = (part: Partial<Draft>) => setDraft((known) => ({ ...known, ...part }));
  const { type, side, size, trigger, worst, reduceOnly, life } = draft;
  const conditional = useOrdersContract(market) !== null;
  const bracket = draft.bracket && !reduceOnly && conditional;
  const waits = type !== "market" || bracket;
  const delay = useMarketParams(market.name).answer?.data.params.order_delay;
  const position = mine?.data.positions.find((one) => one.perp === perp.perp);
  const now = live.value?.shown.value?.time ?? 0;
  const longest = standing?.params.longest_life ?? 0;
  const till = goodTillOf(life, now, longest);
  const fee = draft.fee ?? filled(BigInt(standing?.params.least_fee ?? "0"), 6);

  // where it would be entered
  const from = type !== "market" && above(trigger.value) ? trigger.value : index;
  const signed = above(size.value) ? sizeOf(side === "buy" ? size.value : -size.value) : null;
  // a market order that only reduces is no more than what there is to reduce; one that waits reduces what there is then
  const filledOf = reduceOnly && type === "market" && signed !== null ? reducing(signed, rawOf(position?.size ?? "0", "size")) : signed;
  const trade = usePreview<TradePreview>(
    "preview_trade",
    filledOf && (type === "market" || canImagine)
      ? { market: market.address, owner, account: number, perp: perp.perp, size: decimalText(filledOf, 18) }
      : null,
    { prices: type === "market" ? null : [[perp.config.feed, price(from)]] },
  );
  const liquidation = trade.answer?.data.liquidation_price;
  const read = readExits(draft.exits, side, from, liquidation == null ? null : rawOf(liquidation, "price"));

  const terms: Terms | null =
    signed !== null && (type === "market" || above(trigger.value))
      ? {
          perp: perp.perp,
          account: number,
          size: signed,
          type,
          trigger: type === "market" ? null : trigger.value,
          worst: type === "limit" ? null : worst.value,
          reduceOnly,
          exits: bracket ? read.exits : null,
          goodTill: till ?? 0,
          // what was opened is guarded as long as possible, however short its entry waits
          exitsTill: type === "market" ? (till ?? 0) : now + longest,
          keeperFee: fee.value ?? 0n,
        }
      : null;
  const foreseen = useForeseen(standing, owner, waits ? terms : null);

  const choose = (next: Type) => {
    // a stop or a take-profit mostly closes what there is
    const closed = next === "stop" || next === "take_profit" ? position : undefined;
    const turned = closed ? closes(rawOf(closed.size, "size")) : side;
    change({
      type: next,
      side: turned,
      reduceOnly: closed !== undefined,
      trigger: next === "market" ? nothing : filled(firstTrigger(next, turned, index), 18),
      ...(closed && size.text === "" && { size: filled(unsigned(closed.size), 18) }),
    });
  };
  const turn = (next: Side) =>
    change({
      side: next,
      exits: empty.exits,
      ...(type !== "market" && { trigger: filled(firstTrigger(type, next, index), 18) }),
    });
  const after = () => setDraft({ ...empty, type, side, fee: draft.fee, trigger });

  const wrong = [size, trigger, type === "limit" ? nothing : worst].some(({ problem }) => problem !== null);
  const hindered =
    waits && standing && terms ? hindrance(standing, { count: waitingOf(terms), keeperFee: terms.keeperFee }) : null;
  const complete =
    terms !== null && !wrong && (!bracket || (read.good && read.exits.stop !== null && read.exits.target !== null));
  const taken = trade.answer?.data.refused === null;
  const ready = waits
    ? complete && till !== null && hindered === null && foreseen.possible && (type !== "market" || taken)
    : complete && (taken || (reduceOnly && trade.answer !== null));
  const review = () => {
    if (!ready || !terms) return;
    const about = { symbol, name: perp.config.name, after };
    if (waits && standing) reviewConditional(about, standing, terms);
    else if (trade.answer)
      reviewMarket(about, market, terms, trade.answer, delay === undefined ? "a short delay" : duration(delay));
  };

  return (
    <Form label={`Order in ${perp.config.name}`} onSubmit={review}>
      {conditional && (
        <Segments
          label="Order type"
          value={type}
          onValue={choose}
          options={(Object.keys(typeName) as Type[]).map((value) => ({ value, label: typeName[value] }))}
        />
      )}
      <Segments
        label="Side"
        value={side}
        onValue={turn}
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
        onEntry={(size) => change({ size })}
        end={
          position && <Num of={mine} at={`positions.${mine!.data.positions.indexOf(position)}.size`} as="size" plus />
        }
        most={
          position
            ? () =>
                change({
                  side: closes(rawOf(position.size, "size")),
                  size: filled(unsigned(position.size), 18),
                })
            : undefined
        }
      />
      {type !== "market" && (
        <PriceField
          label={type === "limit" ? "Limit price" : "Trigger price"}
          name="trigger"
          entry={trigger}
          onEntry={(trigger) => change({ trigger })}
          from={{ name: "index", raw: index }}
          hint={`Committed once the index is ${rises(type, side) ? "at or above" : "at or below"} it.`}
        />
      )}
      <div class="checks">
        <Check
          label="Reduce only"
          name="reduce-only"
          checked={reduceOnly}
          onChecked={(reduceOnly) => change({ reduceOnly })}
        />
        {conditional && !reduceOnly && (
          <Check
            label="Stop-loss and take-profit"
            name="bracket"
            checked={bracket}
            onChecked={(bracket) => change({ bracket, exits: empty.exits })}
          />
        )}
      </div>
      {bracket && (
        <ExitFields
          read={read}
          typed={draft.exits}
          onTyped={(exits) => change({ exits })}
          from={{ name: type === "market" ? "index" : "entry", raw: from }}
        />
      )}
      <details>
        <summary class="small">
          {!waits ? "Worst price" : type === "limit" ? "Time and keeper's fee" : "Worst price, time and keeper's fee"}
        </summary>
        <div class="form">
          {type !== "limit" && (
            <AmountField
              label="Worst price (optional)"
              name="limit"
              unit="USD"
              decimals={18}
              entry={worst}
              onEntry={(worst) => change({ worst })}
              hint="Premium included, fee not. Empty: the furthest that the market allows."
            />
          )}
          {waits && standing && (
            <>
              <LifeField
                label={bracket ? (type === "market" ? "Stop and target wait" : "Entry waits") : "Good till"}
                life={life}
                onLife={(life) => change({ life })}
                now={now}
                longest={longest}
                good={till !== null}
              />
              <FeeField params={standing.params} entry={fee} onEntry={(fee) => change({ fee })} />
            </>
          )}
        </div>
      </details>
      {terms === null ? (
        <p class="small muted">Enter a size to see what the order would do, before anything is signed.</p>
      ) : (
        <div aria-live="polite" class="stack">
          {hindered && <Refusal why={hindered} />}
          {waits && <WaitFacts foreseen={foreseen} count={waitingOf(terms)} />}
          {filledOf === 0n && <Refusal lead="It would be refused." why="E0417 NothingToReduce" />}
          {type === "market" && trade.answer?.data.refused && (
            <Refusal
              lead={reduceOnly ? "As things are, it would not fill." : "It would be refused."}
              why={trade.answer.data.refused}
            />
          )}
          {(type === "market" || canImagine) && <TradeFacts preview={trade} limit={type === "limit" ? from : null} />}
        </div>
      )}
      <button type="submit" class={`button full ${side}`} disabled={!ready}>
        {bracket ? "Review bracket" : "Review order"}
      </button>
    </Form>
  );
}
