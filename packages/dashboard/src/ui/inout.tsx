/** sdUSD that goes into something or comes out of it: which way, how much, and the question whether to do it. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { usd, type Usd } from "@sdp/client";
import { AmountField, Form, isGood, nothing, within, type Entered } from "./field.tsx";
import { usdText } from "./format.ts";
import { Segments } from "./tabs.tsx";

export type Way = "in" | "out";

interface Props {
  /** Of the form, and of its amount. */
  label: string;
  amount: string;
  name: string;
  /** The most that goes in, and that comes out. */
  most: Record<Way, bigint>;
  /** The same as it is shown. */
  end: Record<Way, ComponentChildren>;
  /** On the button. */
  action: Record<Way, string>;
  review(way: Way, amount: Usd, after: () => void): void;
}

export function InOut({ label, amount, name, most, end, action, review }: Props) {
  const [way, setWay] = useState<Way>("in");
  const [entry, setEntry] = useState<Entered>(nothing);
  const shown = within(entry, most[way], usdText(most[way].toString()));
  const ready = isGood(shown);
  return (
    <Form label={label} onSubmit={() => ready && review(way, usd(shown.value!), () => setEntry(nothing))}>
      <Segments
        label="Deposit or withdraw"
        value={way}
        onValue={setWay}
        options={[
          { value: "in", label: "Deposit" },
          { value: "out", label: "Withdraw" },
        ]}
      />
      <AmountField
        label={amount}
        name={name}
        unit="sdUSD"
        decimals={6}
        entry={shown}
        onEntry={setEntry}
        end={end[way]}
        most={most[way]}
      />
      <button type="submit" class="button full" disabled={!ready}>
        {action[way]}
      </button>
    </Form>
  );
}
