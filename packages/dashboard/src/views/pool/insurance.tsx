import { Card } from "../../ui/card.tsx";
import { Num } from "../../ui/num.tsx";
import { Fact, Facts } from "../../ui/pieces.tsx";
import { Missing } from "../../ui/states.tsx";
import { useHealth } from "../../data/reads.ts";

/** The fund, and who has borne which losses so far. */
export function Insurance({ class: extra }: { class: string }) {
  const { answer, error, retry } = useHealth();
  return (
    <Card title="Insurance and losses" class={extra}>
      {!answer && <Missing what="the insurance fund" lines={6} error={error} retry={retry} />}
      {answer && (
        <Facts>
          <Fact name="Insurance fund">
            <Num of={answer} at="insurance" as="usd" />
          </Fact>
          <Fact name="Set aside for recovery notes" indent>
            <Num of={answer} at="set_aside" as="usd" />
          </Fact>
          <Fact name="Losses met by insurance">
            <Num of={answer} at="losses.insurance" as="usd" />
          </Fact>
          <Fact name="by providers" indent>
            <Num of={answer} at="losses.providers" as="usd" />
          </Fact>
          <Fact name="by buyers of recovery notes" indent>
            <Num of={answer} at="losses.notes" as="usd" />
          </Fact>
          <Fact name="by withdrawals" indent>
            <Num of={answer} at="losses.withdrawals" as="usd" />
          </Fact>
          <Fact name="Bad debt that nobody has taken" total>
            <Num of={answer} at="bad_debt" as="usd" />
          </Fact>
          <Fact name="Kept of draws for it" indent>
            <Num of={answer} at="draw_haircut" as="percent" />
          </Fact>
          <Fact name="Charged to exits for it" indent>
            <Num of={answer} at="exit_haircut" as="percent" />
          </Fact>
          <Fact name="Auctions still have to bring">
            <Num of={answer} at="tab" as="usd" />
          </Fact>
        </Facts>
      )}
    </Card>
  );
}
