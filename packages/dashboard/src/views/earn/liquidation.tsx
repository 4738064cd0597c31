/** What liquidates a position, and at which prices. All of it by the pool's own code on a board with other prices. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Price } from "@sdp/client";
import { live } from "../../app/session.ts";
import type { Answer } from "../../data/live.ts";
import { canImagine, imagine, scaled } from "../../data/local.ts";
import { type Collateral, type Position, useBoard, useConfig, type Vault } from "../../data/reads.ts";
import { Card, Scroll } from "../../ui/card.tsx";
import { Segments } from "../../ui/tabs.tsx";
import { ratioNumber, shorten, rawOf } from "../../ui/format.ts";
import { Num } from "../../ui/num.tsx";
import { Badge } from "../../ui/pieces.tsx";
import { Empty, Failed, Wait } from "../../ui/states.tsx";

interface Props {
  collateral: Collateral;
  position: Answer<Position>;
  vault: { answer: Answer<Vault[]>; n: number } | null;
}

/** Prices that the slider reaches, in ten-thousandths of the present one. */
const LOWEST = 500;
const HIGHEST = 30_000;
const NOW = 10_000;
/** Seconds of block time after which the table is computed anew. */
const FRESH = 20;

/** The position if one feed had so many ten-thousandths of its price. */
async function positionAt({ vault, owner }: Position, feed: number, price: string, part: number): Promise<Position> {
  const world = await imagine(new Map([[feed, scaled(price, part)]]));
  return world.ask<Position>("pool", "position", { vault, owner });
}

/** Nothing owed is as safe as can be. */
const ratioOf = ({ ratio }: Position) => (ratio == null ? Number.POSITIVE_INFINITY : ratioNumber(ratio));

/** Where the ratio passes a level between two prices, to a ten-thousandth; none where it does not. */
async function crossing(
  known: Position,
  feed: number,
  price: string,
  level: number,
  from: number,
  to: number,
): Promise<number | null> {
  const below = async (part: number) => ratioOf(await positionAt(known, feed, price, part)) < level;
  let [inside, outside] = [from, to];
  if ((await below(inside)) === (await below(outside))) return null;
  const first = await below(inside);
  while (Math.abs(outside - inside) > 1) {
    const middle = Math.round((inside + outside) / 2);
    if ((await below(middle)) === first) inside = middle;
    else outside = middle;
  }
  return outside;
}

export function Liquidation({ collateral, position, vault }: Props) {
  const board = useBoard();
  if (position.data.ratio == null) {
    return (
      <Card title="What liquidates you">
        <Empty title="Nothing does: you owe nothing.">
          Mint, or wait until traders win, and this shows at which prices you would be seized.
        </Empty>
      </Card>
    );
  }
  if (!canImagine) {
    return (
      <Card title="What liquidates you">
        <Empty title="This page was built without the contracts.">
          Other prices are tried by the contracts' own code, which <code>scripts/build-wasm</code> puts beside the page.
        </Empty>
      </Card>
    );
  }
  if (!board.answer || !vault) return <Wait what="what liquidates you" lines={6} />;
  const prices = board.answer.data.prices.map(({ quote }) => quote.price);
  const liquidation = vault.answer.data[vault.n]!.config.liquidation_ratio;
  return (
    <Card
      title="What liquidates you"
      note="The pool's own code at other prices, all else as it is now. In truth prices move together."
    >
      <Sliders collateral={collateral} position={position.data} prices={prices} liquidation={liquidation} />
      <Thresholds
        key={`${position.data.collateral}/${position.data.minted}`}
        position={position.data}
        prices={prices}
        liquidation={liquidation}
      />
    </Card>
  );
}

interface SlidersProps {
  collateral: Collateral;
  position: Position;
  prices: string[];
  liquidation: string;
}

/** Either slider moves the other one: the ratio at a price, or the price at which there is that ratio. */
function Sliders({ collateral, position, prices, liquidation }: SlidersProps) {
  const { feeds } = useConfig();
  const [feed, setFeed] = useState(collateral.feed);
  const [part, setPart] = useState(NOW);
  const [found, setFound] = useState<Position | null>(null);
  const [error, setError] = useState<unknown>(null);
  const turn = useRef(0);
  // the newest turn is under way: a block that comes meanwhile begins no other one, or none would ever end on a slow computer
  const under = useRef(false);
  const price = prices[feed] ?? "0";
  const height = live.value?.shown.value?.height ?? 0;
  const show = async (next: number) => {
    setPart(next);
    const mine = ++turn.current;
    under.current = true;
    try {
      const there = await positionAt(position, feed, price, next);
      if (mine === turn.current) {
        setFound(there);
        setError(null);
      }
    } catch (reason) {
      if (mine === turn.current) setError(reason);
    } finally {
      if (mine === turn.current) under.current = false;
    }
  };
  useEffect(() => {
    if (!under.current) void show(part);
  }, [feed, height]);
  const most = Math.ceil(Math.max(ratioOf(position), ratioNumber(liquidation)) * 1.5 * 100);
  const shown = found ?? position;
  const ratio = ratioOf(shown);
  const seized = ratio < ratioNumber(liquidation);
  const seek = async (percent: number) => {
    const level = percent / 100;
    const mine = ++turn.current;
    under.current = true;
    const rising = part === NOW ? null : part > NOW;
    const ways = rising === true ? [HIGHEST, LOWEST] : [LOWEST, HIGHEST];
    try {
      for (const end of ways) {
        const at = await crossing(position, feed, price, level, NOW, end);
        if (mine !== turn.current) return;
        if (at !== null) return void show(at);
      }
    } catch (reason) {
      if (mine !== turn.current) return;
      under.current = false;
      return setError(reason);
    }
    // no price does that: as far as the slider goes
    void show(level < ratioOf(position) ? LOWEST : HIGHEST);
  };
  if (error && !found) return <Failed what="The position at other prices" error={error} />;
  return (
    <div class="sliders">
      <Segments
        label="Whose price moves"
        compact
        value={String(feed)}
        onValue={(value) => {
          turn.current += 1;
          under.current = false;
          setFound(null);
          setPart(NOW);
          setFeed(Number(value));
        }}
        options={feeds.map((symbol, n) => ({ value: String(n), label: symbol }))}
      />
      <label class="slider">
        <span>
          Price of {feeds[feed]} <output>{priceAt(price, part)}</output>
          <span class="muted"> {change(part)}</span>
        </span>
        <input
          type="range"
          name="price"
          min={LOWEST}
          max={HIGHEST}
          step={50}
          value={part}
          aria-valuetext={`${priceAt(price, part)} USD, ${change(part)}`}
          onInput={(event) => void show(Number(event.currentTarget.value))}
        />
      </label>
      <label class="slider">
        <span>
          Collateral ratio{" "}
          <output class={seized ? "loss" : ""}>
            {shown.ratio == null ? "no debt" : shorten(rawOf(shown.ratio, "percent"), "percent", { digits: 1 })}
          </output>{" "}
          {seized ? <Badge tone="bad">would be seized</Badge> : <Badge tone="good">stays</Badge>}
        </span>
        <input
          type="range"
          name="ratio"
          min={50}
          max={most}
          step={1}
          value={Math.min(most, Number.isFinite(ratio) ? ratio * 100 : most)}
          aria-valuetext={
            shown.ratio == null ? "no debt" : shorten(rawOf(shown.ratio, "percent"), "percent", { digits: 0 })
          }
          onChange={(event) => void seek(Number(event.currentTarget.value))}
        />
      </label>
      <p class="small muted">
        At that price the collateral is worth {shorten(rawOf(shown.value, "usd"), "usd")}, and you owe{" "}
        {shorten(rawOf(shown.debt, "usd"), "usd")}. Move either slider: the other one follows.
      </p>
    </div>
  );
}

/** What {@link scaled} takes to come to a price. */
const partOf = (at: Price, price: string) => (Number(at) / Number(rawOf(price, "price"))) * NOW;

const priceAt = (price: string, part: number) => shorten(scaled(price, part), "price");

function change(part: number): string {
  const percent = (part - NOW) / 100;
  return `${percent < 0 ? "−" : "+"}${Math.abs(percent).toFixed(1)} %`;
}

/** For each asset the price at which the position can be seized, all else held. */
function Thresholds({ position, prices, liquidation }: { position: Position; prices: string[]; liquidation: string }) {
  const { feeds } = useConfig();
  const board = useBoard().answer;
  // prices and not parts of the present one, which moves on until they are computed anew
  const [rows, setRows] = useState<{ feed: number; at: Price | null }[] | null>(null);
  const [error, setError] = useState<unknown>(null);
  const turn = Math.floor((live.value?.shown.value?.time ?? 0) / FRESH);
  useEffect(() => {
    let over = false;
    const level = ratioNumber(liquidation);
    const find = async () => {
      const found: { feed: number; at: Price | null }[] = [];
      for (let feed = 0; feed < prices.length && !over; feed += 1) {
        const price = prices[feed]!;
        const at =
          (await crossing(position, feed, price, level, NOW, 1)) ??
          (await crossing(position, feed, price, level, NOW, 100_000));
        found.push({ feed, at: at === null ? null : scaled(price, at) });
      }
      return found;
    };
    find().then(
      (found) => !over && (setRows(found), setError(null)),
      (reason: unknown) => !over && setError(reason),
    );
    return () => {
      over = true;
    };
  }, [turn, position.vault, position.collateral, position.minted]);
  if (!rows)
    return error ? (
      <Failed what="Your liquidation prices" error={error} />
    ) : (
      <Wait what="your liquidation prices" lines={4} />
    );
  return (
    <Scroll label="Prices that liquidate you">
      <table>
        <caption>Price of one asset at which you can be seized, the others as they are</caption>
        <thead>
          <tr>
            <th scope="col">Asset</th>
            <th scope="col">Now</th>
            <th scope="col">Seized at</th>
            <th scope="col">Change</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ feed, at }) => (
            <tr key={feed}>
              <th scope="row">{feeds[feed]}</th>
              <td>
                <Num of={board} at={`prices.${feed}.quote.price`} as="price" />
              </td>
              <td>
                {at === null ? (
                  <span class="muted">by no price</span>
                ) : (
                  <strong data-local="pool.position">{shorten(at, "price")}</strong>
                )}
              </td>
              <td class={at !== null && at < rawOf(prices[feed]!, "price") ? "loss" : ""}>
                {at === null ? "–" : change(partOf(at, prices[feed]!))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
