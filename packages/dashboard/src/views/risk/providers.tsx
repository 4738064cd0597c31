import { account } from "../../app/session.ts";
import { signIn } from "../../app/account.tsx";
import type { Answer } from "../../data/live.ts";
import { liquidator } from "../../data/contracts.ts";
import { useConfig, usePosition, useVaults, type Position, type Vault } from "../../data/reads.ts";
import { useNearestPositions } from "../../data/scan.ts";
import { Card, Scroll } from "../../ui/card.tsx";
import { Num } from "../../ui/num.tsx";
import { Empty, Failed, Missing, Wait } from "../../ui/states.tsx";
import { propose } from "../../ui/tx.tsx";
import { useNames } from "./names.ts";

/** Providers by how near their collateral per debt is to the liquidation ratio. */
export function Providers({ class: extra }: { class: string }) {
  const vaults = useVaults();
  return (
    <Card title="Providers nearest to liquidation" class={extra} flush>
      {vaults.answer ? (
        <Nearest vaults={vaults.answer} />
      ) : (
        <Missing what="the vaults" error={vaults.error} retry={vaults.retry} />
      )}
    </Card>
  );
}

function Nearest({ vaults }: { vaults: Answer<Vault[]> }) {
  const near = useNearestPositions(vaults.data.map(({ config }) => config.liquidation_ratio));
  const rows = near.nearest.slice(0, 12);
  if (near.error && near.seen === 0) return <Failed what="The positions" error={near.error} retry={near.retry} />;
  if (near.seen === 0 && !near.whole) return <Wait what="the positions" />;
  if (rows.length === 0)
    return (
      <Empty title="No provider owes anything.">
        Positions are listed here by how little their ratio is above the liquidation ratio.
      </Empty>
    );
  return (
    <Scroll label="Providers nearest to liquidation">
      <table>
        <caption class="hidden-text">
          Providers nearest to liquidation, nearest first; {near.seen} positions looked at
        </caption>
        <thead>
          <tr>
            <th scope="col">Position</th>
            <th scope="col">Collateral</th>
            <th scope="col">Debt</th>
            <th scope="col">Ratio, seized below</th>
            <th scope="col">
              <span class="hidden-text">What can be done</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((position) => (
            <Row key={`${position.vault}/${position.owner}`} known={position} vaults={vaults} />
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function seize({ vault, owner }: Position, symbol: string): void {
  propose({
    title: "Liquidate a position",
    sentence: `You have the ${symbol} of ${owner} seized: the backstop takes what it can, an auction starts for the rest, and you get its keeper's reward.`,
    risks: [
      "It is refused if the ratio has recovered meanwhile.",
      "The reward comes when the penalty has come in, and never exceeds it.",
    ],
    action: "Liquidate",
    messages: [liquidator().liquidatePosition(vault, owner)],
  });
}

/** Follows the chain by itself: the walk that found it may be some blocks old. */
function Row({ known, vaults }: { known: Position; vaults: Answer<Vault[]> }) {
  const { answer, none } = usePosition(known.vault, known.owner);
  const collateral = useConfig().collaterals[known.vault];
  const nameOf = useNames();
  const n = vaults.data.findIndex(({ vault }) => vault === known.vault);
  const required = Number(vaults.data[n]?.config.liquidation_ratio ?? 0);
  const below = answer?.data.ratio != null && Number(answer.data.ratio) < required;
  if (none) return null;
  return (
    <tr>
      <th scope="row" title={known.owner}>
        {nameOf(known.owner)}
      </th>
      <td>
        <Num of={answer} at="collateral" as="amount" decimals={collateral?.decimals ?? 0} digits={2} />{" "}
        {collateral?.symbol}
      </td>
      <td>
        <Num of={answer} at="debt" as="usd" />
      </td>
      <td>
        <Num of={answer} at="ratio" as="percent" digits={1} none="no debt" />{" "}
        <span class="muted">
          <Num of={vaults} at={`${n}.config.liquidation_ratio`} as="percent" digits={0} />
        </span>
      </td>
      <td class={below ? "act" : ""}>
        {below ? (
          <button
            type="button"
            class="button small sell"
            onClick={() => (account.value ? seize(known, collateral?.symbol ?? "collateral") : signIn())}
          >
            Liquidate<span class="hidden-text"> {nameOf(known.owner)}</span>
          </button>
        ) : (
          <span class="muted">healthy</span>
        )}
      </td>
    </tr>
  );
}
