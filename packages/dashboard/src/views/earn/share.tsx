import { useState } from "preact/hooks";
import type { Answer } from "../../data/live.ts";
import { usePastOf } from "../../data/positions.tsx";
import { type Collateral, type Position } from "../../data/reads.ts";
import { Card } from "../../ui/card.tsx";
import { Chart } from "../../ui/chart.tsx";
import { Segments } from "../../ui/tabs.tsx";
import { axisPercent, axisUsd } from "../../ui/format.ts";

/** What a provider has owed, and which part of the pool's debt that was. */
export function DebtShare({ collateral, position }: { collateral: Collateral; position: Answer<Position> }) {
  const [which, choose] = useState<"debt" | "share">("debt");
  const past = usePastOf(collateral.vault, position.data.owner);
  const common = { across: "Time", time: true, height: 170, xs: past.map(({ time }) => time) } as const;
  return (
    <Card
      title="Your debt over time"
      end={
        <Segments
          label="What is shown"
          compact
          value={which}
          onValue={choose}
          options={[
            { value: "debt", label: "USD" },
            { value: "share", label: "Share of the pool's" },
          ]}
        />
      }
      note="It moves with what traders win, lose and pay, and with what you mint and burn."
    >
      {which === "debt" ? (
        <Chart
          {...common}
          title="Your debt"
          unit="USD"
          formatY={axisUsd}
          series={[
            { label: "debt", colour: 5, fill: true, values: past.map(({ debt }) => debt) },
            { label: "minted", colour: 2, dashed: true, values: past.map(({ minted }) => minted) },
          ]}
        />
      ) : (
        <Chart
          {...common}
          title="Your share of the pool's debt"
          unit="%"
          formatY={axisPercent}
          series={[{ label: "share", colour: 1, fill: true, values: past.map(({ share }) => share) }]}
        />
      )}
    </Card>
  );
}
