/** A stop, a target, or both for a position that there is: each closes all of it and cancels the other. */
import { useState } from "preact/hooks";
import { live } from "../../app/session.ts";
import type { Account, MarketConfig, Perp } from "../../data/reads.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { filled, Form, type Entered } from "../../ui/field.tsx";
import { Refusal } from "../../ui/states.tsx";
import { rawOf, sizeText } from "../../ui/format.ts";
import { ExitFields, FeeField, LifeField, readExits, type TypedExits } from "./options.tsx";
import { reviewExits } from "./review.tsx";
import { hindrance, type Standing } from "./standing.ts";
import { asLongAsPossible, goodTillOf } from "./terms.ts";

interface Props {
  market: MarketConfig;
  perp: Perp;
  number: number;
  position: Account["positions"][number];
  standing: Standing;
  onClose(): void;
}

export function Protect({ market, perp, number, position, standing, onClose }: Props) {
  const symbol = market.perps[perp.perp] ?? perp.config.name;
  const size = rawOf(position.size, "size");
  const index = rawOf(perp.index, "price");
  const [typed, setTyped] = useState<TypedExits>({ stop: null, target: null });
  const [life, setLife] = useState(asLongAsPossible);
  const [fee, setFee] = useState<Entered>(() => filled(BigInt(standing.params.least_fee), 6));
  const now = live.value?.shown.value?.time ?? 0;
  const longest = standing.params.longest_life;
  const till = goodTillOf(life, now, longest);
  const liquidation = position.liquidation_price;
  const read = readExits(
    typed,
    size < 0n ? "sell" : "buy",
    index,
    liquidation == null ? null : rawOf(liquidation, "price"),
  );
  const count = Number(read.exits.stop !== null) + Number(read.exits.target !== null);
  const hindered = fee.value === null ? null : hindrance(standing, { count, keeperFee: fee.value });
  const ready = read.good && count > 0 && till !== null && fee.value !== null && hindered === null;
  const review = () => {
    if (!ready) return;
    onClose();
    const terms = { perp: perp.perp, account: number, exitsTill: till, keeperFee: fee.value! };
    reviewExits({ symbol, name: perp.config.name }, standing, size, read.exits, terms);
  };
  return (
    <Dialog title={`Stop and target in ${perp.config.name}`} onClose={onClose}>
      <Form onSubmit={review}>
        <div class="dialog-body form">
          <p>
            They close your position of {sizeText(position.size)} {symbol}, and one cancels the other. Leave one empty
            to place the other alone.
          </p>
          <ExitFields read={read} typed={typed} onTyped={setTyped} from={{ name: "index", raw: index }} />
          <LifeField label="Good till" life={life} onLife={setLife} now={now} longest={longest} good={till !== null} />
          <FeeField params={standing.params} entry={fee} onEntry={setFee} />
          {hindered && <Refusal why={hindered} />}
        </div>
        <div class="dialog-end">
          <button type="button" class="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="button main" disabled={!ready}>
            Review
          </button>
        </div>
      </Form>
    </Dialog>
  );
}
