/** What the breakers measure against their thresholds, and the shortfall against the capital that bears it. */
import { Card } from "../../ui/card.tsx";
import { Gauge, type Threshold } from "../../ui/meter.tsx";
import { Num } from "../../ui/num.tsx";
import { Badge } from "../../ui/pieces.tsx";
import { part, ratioNumber } from "../../ui/format.ts";
import { Empty, Missing } from "../../ui/states.tsx";
import { useHealth, usePoolConfig, useRegimes } from "../../data/reads.ts";
import { regimeName, regimeTone } from "../../words/regimes.ts";

interface Breaker {
  caution: string | null;
  close_only: string | null;
  emergency: string | null;
}

const levels = [
  ["caution", "caution", "warn"],
  ["close_only", "close-only", "bad"],
  ["emergency", "emergency", "bad"],
] as const;

const measures = [
  ["utilisation", "Debt ÷ collateral"],
  ["shortfall", "Expected shortfall ÷ free collateral"],
  ["debt_growth", "Growth of the markets' cost in an hour"],
] as const;

export function Breakers({ class: extra }: { class: string }) {
  const { answer, error, retry } = useRegimes();
  const config = usePoolConfig();
  const breakers = config.answer?.data.params.breakers;
  const regime = answer?.data.pool?.regime ?? "normal";
  return (
    <Card
      title="Breakers"
      class={extra}
      end={answer && <Badge tone={regimeTone[regime]}>{regimeName[regime]}</Badge>}
      note="A breaker trips at once and is left when its measure has fallen well below its threshold. Nothing that reduces a position is ever refused."
    >
      {!answer && <Missing what="the breakers" lines={6} error={error} retry={retry} />}
      {answer && !answer.data.measures && (
        <Empty title="This pool has no breakers.">Only its guardian and its owner restrict it.</Empty>
      )}
      {answer?.data.measures && breakers && (
        <>
          {measures.map(([key, name]) => {
            const breaker = breakers[key] as Breaker;
            const known = levels.filter(([level]) => breaker[level] !== null);
            const most = Math.max(...known.map(([level]) => ratioNumber(breaker[level]!))) * 1.15 || 1;
            const thresholds: Threshold[] = known.map(([level, label, tone]) => ({
              label,
              tone,
              at: ratioNumber(breaker[level]!) / most,
            }));
            return (
              <Gauge
                key={key}
                name={name}
                figure={<Num of={answer} at={`measures.${key}`} as="percent" />}
                part={ratioNumber(answer.data.measures![key]) / most}
                thresholds={thresholds}
                marks={known.map(([level, label]) => (
                  <span key={level}>
                    {label} <Num of={config.answer} at={`params.breakers.${key}.${level}`} as="percent" digits={0} />
                  </span>
                ))}
              />
            );
          })}
          <Gauge
            name="Insurance below its floor"
            figure={<Num of={answer} at="measures.insurance" as="percent" />}
            part={ratioNumber(answer.data.measures.insurance)}
            tone={ratioNumber(answer.data.measures.insurance) > 0 ? "warn" : undefined}
            marks={
              <span>
                caution while the fund is below{" "}
                <Num of={config.answer} at="params.breakers.insurance_floor" as="percent" /> of the gross exposure
              </span>
            }
          />
        </>
      )}
    </Card>
  );
}

/** Expected shortfall beside what may be lost. */
export function Capital({ class: extra }: { class: string }) {
  const { answer, error, retry } = useHealth();
  const config = usePoolConfig();
  return (
    <Card
      title="Shortfall against capital"
      class={extra}
      end={<span class="small">one day, 97.5 %</span>}
      note="Mean loss of the worst 2.5 % of days, at measured volatility and the worst of three correlations. What would raise it beyond a budget is refused."
    >
      {!answer && <Missing what="the shortfall" lines={6} error={error} retry={retry} />}
      {answer && (
        <>
          <Gauge
            name="Markets alone"
            figure={
              <>
                <Num of={answer} at="expected_shortfall" as="usd" /> of{" "}
                <Num of={answer} at="markets_budget" as="usd" none="no budget" />
              </>
            }
            part={part(answer.data.expected_shortfall, answer.data.markets_budget)}
            thresholds={[{ label: "budget", at: 1, tone: "bad" }]}
            marks={
              <span>
                budget: <Num of={config.answer} at="params.risk.markets" as="percent" /> of free collateral
              </span>
            }
          />
          <Gauge
            name="Markets and collateral"
            figure={
              <>
                <Num of={answer} at="expected_shortfall_with_collateral" as="usd" /> of{" "}
                <Num of={answer} at="total_budget" as="usd" none="no budget" />
              </>
            }
            part={part(answer.data.expected_shortfall_with_collateral, answer.data.total_budget)}
            thresholds={[{ label: "budget", at: 1, tone: "bad" }]}
            marks={
              <span>
                budget: <Num of={config.answer} at="params.risk.total" as="percent" /> of all collateral
              </span>
            }
          />
          <Gauge
            name="Credit locked for markets"
            figure={
              <>
                <Num of={answer} at="locked_credit" as="usd" /> of <Num of={answer} at="free_collateral" as="usd" />
              </>
            }
            part={part(answer.data.locked_credit, answer.data.free_collateral)}
            thresholds={[{ label: "all", at: 1, tone: "bad" }]}
            marks={<span>of free collateral: mints and exits must leave it</span>}
          />
          <Gauge
            name="Largest feed of the gross exposure"
            figure={
              <>
                <Num of={answer} at="concentration" as="percent" /> of <Num of={answer} at="gross_exposure" as="usd" />
              </>
            }
            part={ratioNumber(answer.data.concentration)}
          />
        </>
      )}
    </Card>
  );
}
