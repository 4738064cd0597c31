/** What a shock of prices would do: the same queries on a board with other prices. */
import { useEffect, useState } from "preact/hooks";
import { canImagine } from "../../data/local.ts";
import { useBoard, useConfig, useHealth, usePoolConfig, useReserveTokens } from "../../data/reads.ts";
import { useNearestAccounts } from "../../data/scan.ts";
import { still, type Still } from "../../data/still.ts";
import { Card } from "../../ui/card.tsx";
import { Chart } from "../../ui/chart.tsx";
import { Segments } from "../../ui/tabs.tsx";
import { axisPercent, axisUsd, ratioNumber, rawOf, shorten } from "../../ui/format.ts";
import { Fact, Facts } from "../../ui/pieces.tsx";
import { Empty, Failed, Wait } from "../../ui/states.tsx";
import { nearestOf, play, present, shocked, type Outcome } from "./play.ts";

const SHOCKS = [-50, -40, -30, -25, -20, -15, -10, -5, 0, 5, 10, 15, 20, 25, 30, 40, 50];
type Scope = "all" | `${number}`;

export function Shock() {
  const { markets } = useConfig();
  return (
    <Card
      title="Equity at risk by price shock"
      note="The contracts' own code on a board with other prices, all at once, before anybody acts."
    >
      {!canImagine ? (
        <Empty title="This page was built without the contracts.">
          Shocks are computed by their own code, which scripts/build-wasm puts beside the page.
        </Empty>
      ) : markets.length > 0 ? (
        <ShockOf />
      ) : (
        <Empty title="There is no market yet." />
      )}
    </Card>
  );
}

/** Of how many accounts a curve is. */
interface Counts {
  played: number;
  /** With positions, in all markets. */
  found: number;
}

const count = (number: number) => number.toLocaleString("en-US");

function sayOf({ played, found }: Counts): string {
  if (played === found) return `all ${count(found)} accounts with positions`;
  return `the nearest ${count(played)} of ${count(found)} accounts with positions`;
}

function ShockOf() {
  const { feeds, collaterals, markets } = useConfig();
  const board = useBoard().answer;
  // as many hooks as markets: a page has those of its config as long as it lives
  const walks = markets.map(({ address }) => ({ market: address, near: useNearestAccounts(address) }));
  const reserve = useReserveTokens();
  const now = useHealth().answer;
  const breaker = usePoolConfig().answer?.data.params.breakers?.utilisation;
  const [scope, setScope] = useState<Scope>("all");
  const [at, setAt] = useState(-20);
  const [found, setFound] = useState<(Still<Outcome[]> & Counts) | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [turn, setTurn] = useState(0);
  const whole = walks.every(({ near }) => near.whole);
  const dollars = reserve.none ? [] : (reserve.answer?.data.map(({ config }) => config.feed) ?? null);
  const ready = board !== null && dollars !== null && whole;
  useEffect(() => {
    if (!board || !dollars || !whole) return;
    let over = false;
    const prices = board.data.prices.map(({ quote }) => quote.price);
    const all = prices.map((_, feed) => feed).filter((feed) => !dollars.includes(feed));
    const moving = scope === "all" ? all : [Number(scope)];
    const groups = nearestOf(walks.map(({ market, near }) => ({ market, accounts: near.nearest })));
    const counts = {
      played: groups.reduce((sum, { accounts }) => sum + accounts.length, 0),
      found: walks.reduce((sum, { near }) => sum + near.found, 0),
    };
    const run = still(async (imagine) => {
      if (over) return [];
      const equities = await present(await imagine(new Map()), groups);
      const outcomes: Outcome[] = [];
      for (const percent of SHOCKS) {
        if (over) break;
        outcomes.push(await play(await imagine(shocked(prices, moving, percent)), groups, equities, percent));
      }
      return outcomes;
    });
    run.then(
      (done) => !over && (setFound({ ...done, ...counts }), setError(null)),
      (reason: unknown) => !over && setError(reason),
    );
    return () => {
      over = true;
    };
  }, [ready, scope, turn]);
  const broken = walks.find(({ near }) => near.error && !near.whole)?.near;
  if (!found && broken) return <Failed what="The accounts" error={broken.error} retry={broken.retry} />;
  if (!found && !dollars && reserve.error)
    return <Failed what="The dollar tokens" error={reserve.error} retry={reserve.retry} />;
  if (!found)
    return error ? (
      <Failed what="The shocks" error={error} retry={() => setTurn(turn + 1)} />
    ) : (
      <>
        <Wait what="the shocks" lines={6} />
        {!whole && (
          <p class="small muted">{count(walks.reduce((sum, { near }) => sum + near.seen, 0))} accounts looked at so far</p>
        )}
      </>
    );
  const steady = (dollars ?? []).map((feed) => feeds[feed]).join(", ");
  const { data: outcomes, from, to } = found;
  const xs = outcomes.map(({ percent }) => percent / 100);
  const chosen = outcomes.find(({ percent }) => percent === at) ?? outcomes[0]!;
  const usd = (raw: bigint) => shorten(raw, "usd");
  return (
    <>
      {error ? <Failed what="The shocks" error={error} retry={() => setTurn(turn + 1)} /> : null}
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
          {from === to ? "Block" : `Blocks ${count(from)} to`} {count(to)}, {sayOf(found)}
          {steady && `; ${steady} stays where it is`}{" "}
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
