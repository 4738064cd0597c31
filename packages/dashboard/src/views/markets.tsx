/** What is traded: prices, skew, funding, impact, caps, and how the assets move together. */
import { useState } from "preact/hooks";
import { route } from "../app/router.ts";
import { useConfig, usePerps } from "../data/reads.ts";
import { SelectField } from "../ui/field.tsx";
import { Missing } from "../ui/states.tsx";
import { Contributions, Exposures } from "./markets/contributions.tsx";
import { Correlations } from "./markets/correlations.tsx";
import { PerpDetail } from "./markets/detail.tsx";
import { PerpTable } from "./markets/table.tsx";

export default function Markets() {
  const config = useConfig();
  const [marketName, choose] = useState(config.markets[0]?.name ?? "");
  const market = config.markets.find(({ name }) => name === marketName) ?? config.markets[0];
  const perps = usePerps(market?.address ?? null);
  const asked = route.value.detail[0];
  const chosen = perps.answer?.data.find(({ config: { name } }) => name === asked) ?? perps.answer?.data[0];
  return (
    <div class="grid">
      {config.markets.length > 1 && (
        <div class="span-3">
          <SelectField
            label="Market contract"
            value={market?.name ?? ""}
            options={config.markets.map(({ name }) => ({ value: name, label: name }))}
            onValue={choose}
          />
        </div>
      )}
      {!perps.answer && <Missing what="the markets" lines={8} error={perps.error} retry={perps.retry} />}
      {perps.answer && market && (
        <>
          <PerpTable answer={perps.answer} chosen={chosen?.perp ?? 0} />
          {chosen && <PerpDetail key={chosen.perp} answer={perps.answer} market={market} perp={chosen.perp} />}
        </>
      )}
      <Correlations class="span-6" />
      <Contributions class="span-3" />
      <Exposures class="span-3" />
    </div>
  );
}
