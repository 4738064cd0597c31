/** What a shock of prices would do: the same queries on a board with other prices. */
import { useEffect, useState } from "preact/hooks";
import type { Price } from "@sdp/client";
import { live } from "../../app/session.ts";
import { canImagine, imagine, scaled, type World } from "../../data/local.ts";
import { type Account, useBoard, useConfig, useHealth, usePoolConfig, type Health } from "../../data/reads.ts";
import { useNearestAccounts } from "../../data/scan.ts";
import { Card } from "../../ui/card.tsx";
import { Chart } from "../../ui/chart.tsx";
import { Segments } from "../../ui/tabs.tsx";
import { axisPercent, axisUsd, ratioNumber, rawOf, shorten } from "../../ui/format.ts";
import { Fact, Facts } from "../../ui/pieces.tsx";
import { Empty, Failed, Wait } from "../../ui/states.tsx";

/** At one size of the shock. */
interface Outcome {
  /** In hundredths. */
  percent: number;
  /** What accounts that could be liquidated then have now, as far as it is above 0; micro-USD. */
  atRisk: bigint;
  /** What accounts lack that are below 0; micro-USD. */
  lacking: bigint;
  liquidatable: number;
  health: Health;
}

const SHOCKS = [-50, -40, -30, -25, -20, -15, -10, -5, 0, 5, 10, 15, 20, 25, 30, 40, 50];
/** Accounts of one question: each record that is missing begins the question again. */
const AT_ONCE = 25;

type Scope = "all" | `${number}`;

export function Shock() {
  const { markets } = useConfig();
  const market = markets[0];
  return (
    <Card
      title="Equity at risk by price shock"
      note="The contracts' own code on a board with other prices, all at once, before anybody acts. Dollar tokens stay where they are."
    >
      {!canImagine ? (
        <Empty title="This page was built without the contracts.">
          Shocks are computed by their own code, which scripts/build-wasm puts beside the page.
        </Empty>
      ) : market ? (
        <ShockOf market={market.address} />
      ) : (
        <Empty title="There is no market yet." />
      )}
    </Card>
  );
}

/** What each account has as things are. */
type Equities = ReadonlyMap<string, bigint>;

const keyOf = ({ owner, account }: Account) => `${owner}/${account}`;

/** Accounts one group after the other. */
async function each(world: World, market: string, accounts: Account[], look: (found: Account) => void): Promise<void> {
  for (let from = 0; from < accounts.length; from += AT_ONCE) {
    const ids = accounts.slice(from, from + AT_ONCE).map(({ owner, account }) => ({ owner, account }));
    (await world.ask<Account[]>("lens", "accounts", { market, accounts: ids })).forEach(look);
  }
}

async function present(market: string, accounts: Account[]): Promise<Equities> {
  const equities = new Map<string, bigint>();
  await each(await imagine(new Map()), market, accounts, (found) =>
    equities.set(keyOf(found), rawOf(found.equity, "usd")),
  );
  return equities;
}

async function play(
  market: string,
  equities: Equities,
  accounts: Account[],
  prices: string[],
  moving: number[],
  percent: number,
) {
  const shocked = new Map<number, Price>(
    moving.map((feed) => [feed, scaled(prices[feed] ?? "0", 10_000 + percent * 100)]),
  );
  const world = await imagine(shocked);
  const outcome: Outcome = {
    percent,
    atRisk: 0n,
    lacking: 0n,
    liquidatable: 0,
    health: await world.ask<Health>("lens", "health"),
  };
  await each(world, market, accounts, (found) => {
    if (!found.liquidatable) return;
    const [now, then] = [equities.get(keyOf(found)) ?? 0n, rawOf(found.equity, "usd")];
    outcome.liquidatable += 1;
    if (now > 0n) outcome.atRisk += now;
    if (then < 0n) outcome.lacking -= then;
  });
  return outcome;
}

function ShockOf({ market }: { market: string }) {
  const { feeds, collaterals } = useConfig();
  const board = useBoard().answer;
  const near = useNearestAccounts(market);
  const now = useHealth().answer;
  const breaker = usePoolConfig().answer?.data.params.breakers?.utilisation;
  const [scope, setScope] = useState<Scope>("all");
  const [at, setAt] = useState(-20);
  const [found, setFound] = useState<{ outcomes: Outcome[]; height: number; accounts: number } | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [turn, setTurn] = useState(0);
  const ready = board !== null && near.whole;
  useEffect(() => {
    if (!board || !near.whole) return;
    let over = false;
    const prices = board.data.prices.map(({ quote }) => quote.price);
    const near1 = (price: string) => Math.abs(Number(price) - 1) < 0.1;
    const all = prices.map((_, feed) => feed).filter((feed) => !near1(prices[feed]!));
    const moving = scope === "all" ? all : [Number(scope)];
    const run = async () => {
      const outcomes: Outcome[] = [];
      const equities = await present(market, near.nearest);
      for (const percent of SHOCKS) {
        if (over) return;
        outcomes.push(await play(market, equities, near.nearest, prices, moving, percent));
      }
      if (over) return;
      setFound({ outcomes, height: live.value!.shown.peek()?.height ?? 0, accounts: near.seen });
      setError(null);
    };
    run().catch((reason: unknown) => !over && setError(reason));
    return () => {
      over = true;
    };
  }, [ready, scope, turn, market]);
  if (!found)
    return error ? (
      <Failed what="The shocks" error={error} retry={() => setTurn(turn + 1)} />
    ) : (
      <Wait what="the shocks" lines={6} />
    );
  const { outcomes } = found;
  const xs = outcomes.map(({ percent }) => percent / 100);
  const chosen = outcomes.find(({ percent }) => percent === at) ?? outcomes[0]!;
  const usd = (raw: bigint) => shorten(raw, "usd");
  return (
    <>
      <div class="shock-head">
        <Segments<Scope>
          label="What moves"
          compact
          value={scope}
          onValue={setScope}
          options={[
            { value: "all", label: "All" },
            ...feeds.map((symbol, n) => ({ value: `${n}` as Scope, label: symbol })),
          ]}
        />
        <span class="small muted">
          Block {found.height.toLocaleString("en-US")}, {near.nearest.length} accounts with positions{" "}
          <button type="button" class="link" onClick={() => setTurn(turn + 1)}>
            Compute again
          </button>
        </span>
      </div>
      <Chart
        title="Traders' equity at risk"
        unit="USD, by shock"
        across="Shock"
        height={190}
        xs={xs}
        series={[
          {
            label: "equity of accounts that could be liquidated",
            colour: 2,
            bars: true,
            values: outcomes.map(({ atRisk }) => Number(atRisk) / 1e6),
          },
          { label: "below zero", colour: 5, values: outcomes.map(({ lacking }) => Number(lacking) / 1e6) },
        ]}
        formatX={axisPercent}
        formatY={axisUsd}
      />
      <Chart
        title="Debt ÷ collateral of the pool"
        unit="%, by shock"
        across="Shock"
        height={150}
        xs={xs}
        series={[
          { label: "utilisation", colour: 1, values: outcomes.map(({ health }) => ratioNumber(health.utilisation)) },
        ]}
        marks={[
          ...(breaker?.caution ? [{ label: "caution", at: ratioNumber(breaker.caution), tone: "warn" as const }] : []),
          ...(breaker?.close_only
            ? [{ label: "close-only", at: ratioNumber(breaker.close_only), tone: "bad" as const }]
            : []),
        ]}
        formatX={axisPercent}
        formatY={axisPercent}
      />
      <label class="slider">
        <span>
          A shock of{" "}
          <output>
            {at < 0 ? "−" : "+"}
            {Math.abs(at)} %
          </output>
        </span>
        <input
          type="range"
          name="shock"
          min={0}
          max={SHOCKS.length - 1}
          step={1}
          value={SHOCKS.indexOf(at)}
          aria-valuetext={`${at} %`}
          onInput={(event) => setAt(SHOCKS[Number(event.currentTarget.value)] ?? 0)}
        />
      </label>
      <div class="sheet" data-local="lens.accounts lens.health" data-shock={at}>
        <Facts>
          <Fact name="Accounts that could be liquidated">{chosen.liquidatable}</Fact>
          <Fact name="What they have now">{usd(chosen.atRisk)}</Fact>
          <Fact name="Lacking in accounts below zero">{usd(chosen.lacking)}</Fact>
        </Facts>
        <Facts>
          <Fact name={`Collateral of ${collaterals.map(({ symbol }) => symbol).join(", ")}`}>
            {usd(rawOf(chosen.health.collateral, "usd"))}
          </Fact>
          <Fact name="Debt of the providers">{usd(rawOf(chosen.health.debt, "usd"))}</Fact>
          <Fact name="Collateral ratio">
            {chosen.health.collateral_ratio == null
              ? "no debt"
              : shorten(rawOf(chosen.health.collateral_ratio, "percent"), "percent", { digits: 1 })}
          </Fact>
        </Facts>
      </div>
      {at === 0 && now && <p class="small muted">No shock: these are the contracts' own answers of that block.</p>}
    </>
  );
}
