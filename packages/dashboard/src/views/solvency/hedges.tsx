import { Card, Scroll } from "../../ui/card.tsx";
import { Num } from "../../ui/num.tsx";
import { Empty, Missing } from "../../ui/states.tsx";
import { useConfig, useSolvency } from "../../data/reads.ts";

/** What somebody outside should hold to gain what the providers lose. */
export function Hedges() {
  const { answer, error, retry } = useSolvency();
  const { feeds } = useConfig();
  return (
    <Card
      title="Hedge"
      flush
      note="Whole units to hold elsewhere (negative: to be short of) so that the pool's first-order risk in an asset is matched."
    >
      {!answer && <Missing what="the hedges" error={error} retry={retry} />}
      {answer && answer.data.hedges.length === 0 && (
        <Empty title="There is nothing to hedge.">The pool has no exposure in any asset.</Empty>
      )}
      {answer && answer.data.hedges.length > 0 && (
        <Scroll label="Hedge by asset">
          <table>
            <caption class="hidden-text">Hedge by asset, in whole units</caption>
            <thead>
              <tr>
                <th scope="col">Asset</th>
                <th scope="col">Markets</th>
                <th scope="col">With collateral</th>
              </tr>
            </thead>
            <tbody>
              {answer.data.hedges.map((hedge, n) => (
                <tr key={hedge.feed}>
                  <th scope="row">{feeds[hedge.feed] ?? hedge.feed}</th>
                  <td>
                    <Num of={answer} at={`hedges.${n}.markets`} as="size" digits={3} plus />
                  </td>
                  <td>
                    <Num of={answer} at={`hedges.${n}.with_collateral`} as="size" digits={1} plus />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </Card>
  );
}
