/** The pool at a glance: what it has, what it owes, how close its thresholds are, and how that came. */
import { live } from "../app/session.ts";
import { Card } from "../ui/card.tsx";
import { Num } from "../ui/num.tsx";
import { Badge, Figure, Figures } from "../ui/pieces.tsx";
import { Missing } from "../ui/states.tsx";
import { reasonName, regimeMeaning, regimeName, regimeTone } from "../words/regimes.ts";
import { askForPast } from "../data/samples.ts";
import { useHealth, useRegimes, useSupplyCeiling } from "../data/reads.ts";
import { Ceilings } from "./pool/ceilings.tsx";
import { DebtBySource } from "./pool/debt.tsx";
import { PoolHistory } from "./pool/history.tsx";
import { Insurance } from "./pool/insurance.tsx";
import { Breakers, Capital } from "./pool/limits.tsx";
import { Vaults } from "./pool/vaults.tsx";

export default function Pool() {
  const health = useHealth();
  const regimes = useRegimes();
  const supply = useSupplyCeiling();
  if (!health.answer) return <Missing what="the pool" lines={8} error={health.error} retry={health.retry} />;
  const at = health.answer;
  const trip = regimes.answer?.data.pool;
  const { regime } = at.data;
  return (
    <div class="grid">
      <Figures label="The pool at a glance">
        <Figure name="Collateral (TVL)" figure={<Num of={at} at="collateral" as="usd" compact />}>
          {at.data.oldest_price <= 60 ? "prices" : "oldest price"} <Num of={at} at="oldest_price" as="seconds" /> old
        </Figure>
        <Figure name="Debt of the providers" figure={<Num of={at} at="debt" as="usd" compact />}>
          <Num of={at} at="debt_from_markets" as="usd" compact plus /> from markets
        </Figure>
        <Figure
          name="Collateral ratio"
          figure={<Num of={at} at="collateral_ratio" as="percent" digits={1} none="no debt" />}
        >
          utilisation <Num of={at} at="utilisation" as="percent" digits={1} />
        </Figure>
        <Figure name="Free collateral" figure={<Num of={at} at="free_collateral" as="usd" compact />}>
          <Num of={at} at="locked_credit" as="usd" compact /> locked for markets
        </Figure>
        <Figure name="sdUSD in circulation" figure={<Num of={at} at="supply" as="usd" compact />}>
          {supply ? (
            <>
              ceiling <Num of={supply.answer} at={`${supply.index}.line`} as="usd" compact />
            </>
          ) : (
            "no ceiling that follows"
          )}
        </Figure>
        <Figure name="Expected shortfall, a day" figure={<Num of={at} at="expected_shortfall" as="usd" compact />}>
          budget <Num of={at} at="markets_budget" as="usd" compact none="none" />
        </Figure>
        <Figure name="Insurance fund" figure={<Num of={at} at="insurance" as="usd" compact />}>
          covers <Num of={at} at="insurance_coverage" as="percent" digits={0} none="all" /> of it
        </Figure>
        <Figure name="Regime" figure={<Badge tone={regimeTone[regime]}>{regimeName[regime]}</Badge>}>
          {trip ? `because ${reasonName[trip.reason]}` : regimeMeaning[regime]}
        </Figure>
      </Figures>
      <Card title="History" class="span-8" end={<HistoryNote />}>
        <PoolHistory />
      </Card>
      <Breakers class="span-4" />
      <DebtBySource class="span-7" />
      <Capital class="span-5" />
      <Vaults />
      <Ceilings class="span-8" />
      <Insurance class="span-4" />
    </div>
  );
}

function HistoryNote() {
  const { history, historyError } = live.value!;
  if (!history.value && historyError.value)
    return (
      <span class="small">
        The past could not be read.{" "}
        <button type="button" class="link" onClick={() => void askForPast()}>
          Try again
        </button>
      </span>
    );
  return (
    <span class="small">
      {history.value ? `${history.value.length} samples and every block since` : "loading the past …"}
    </span>
  );
}
