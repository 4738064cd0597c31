import { Card } from "../../ui/card.tsx";
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
          <Fact name="Insurance fund" of={answer} at="insurance" as="usd" />
          <Fact name="Set aside for recovery notes" indent of={answer} at="set_aside" as="usd" />
          <Fact name="Losses met by insurance" of={answer} at="losses.insurance" as="usd" />
          <Fact name="met by providers" indent of={answer} at="losses.providers" as="usd" />
          <Fact name="met by buyers of recovery notes" indent of={answer} at="losses.notes" as="usd" />
          <Fact name="met by withdrawals" indent of={answer} at="losses.withdrawals" as="usd" />
          <Fact name="Bad debt" total of={answer} at="bad_debt" as="usd" />
          <Fact name="Haircut on draws" indent of={answer} at="draw_haircut" as="percent" />
          <Fact name="Haircut on exits" indent of={answer} at="exit_haircut" as="percent" />
          <Fact name="Tab: what auctions have to bring" of={answer} at="tab" as="usd" />
        </Facts>
      )}
    </Card>
  );
}
