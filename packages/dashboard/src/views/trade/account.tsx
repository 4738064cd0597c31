import { useState } from "preact/hooks";
import { account } from "../../app/session.ts";
import { SignInPrompt } from "../../app/account.tsx";
import type { Reading } from "../../data/live.ts";
import { type Account, type MarketConfig, useSdusd } from "../../data/reads.ts";
import { usd } from "@sdp/client";
import { market as contract } from "../../data/contracts.ts";
import { Card } from "../../ui/card.tsx";
import { AmountField, entered, nothing, Segments, SelectField, type Entered } from "../../ui/field.tsx";
import { decimalText, ratioNumber, usdText } from "../../ui/format.ts";
import { Meter } from "../../ui/meter.tsx";
import { Num } from "../../ui/num.tsx";
import { Badge, Fact, Facts } from "../../ui/pieces.tsx";
import { Failed, Wait } from "../../ui/states.tsx";
import { propose } from "../../ui/tx.tsx";

interface Props {
  market: MarketConfig;
  number: number;
  onNumber(number: number): void;
  mine: Reading<Account>;
}

const numbers = Array.from({ length: 8 }, (_, n) => ({ value: String(n), label: `Account ${n}` }));

/** Margin, equity, and paying in and out. */
export function AccountCard({ market, number, onNumber, mine }: Props) {
  const owner = account.value;
  const found = mine.answer;
  return (
    <Card
      title="Margin account"
      end={
        found?.data.liquidatable ? (
          <Badge tone="bad">can be liquidated</Badge>
        ) : (
          found &&
          (found.data.positions.length > 0 ? <Badge tone="good">above maintenance</Badge> : <Badge>no positions</Badge>)
        )
      }
    >
      {!owner && <SignInPrompt what="see your margin" />}
      {owner &&
        !found &&
        (mine.error ? (
          <Failed what="The account" error={mine.error} retry={mine.retry} />
        ) : (
          <Wait what="the account" lines={6} />
        ))}
      {owner && found && (
        <>
          <SelectField
            label="Account"
            value={String(number)}
            options={numbers}
            onValue={(value) => onNumber(Number(value))}
            name="account"
          />
          <Facts>
            <Fact name="Margin">
              <Num of={found} at="margin" as="usd" />
            </Fact>
            <Fact name="Equity">
              <Num of={found} at="equity" as="usd" />
            </Fact>
            <Fact name="Initial margin">
              <Num of={found} at="initial_margin" as="usd" />
            </Fact>
            <Fact name="Maintenance margin">
              <Num of={found} at="maintenance_margin" as="usd" />
            </Fact>
            <Fact name="Locked by orders">
              <Num of={found} at="locked" as="usd" />
            </Fact>
            <Fact name="Leverage">
              <Num of={found} at="leverage" as="ratio" digits={2} none="none" />
            </Fact>
            <Fact name="Can be taken out" total>
              <Num of={found} at="withdrawable" as="usd" />
            </Fact>
          </Facts>
          <Meter
            label="Maintenance margin of the equity"
            part={
              ratioNumber(found.data.equity) > 0
                ? Number(found.data.maintenance_margin) / Number(found.data.equity)
                : found.data.positions.length
                  ? 1
                  : 0
            }
            thresholds={[
              { label: "near", at: 0.75, tone: "warn" },
              { label: "liquidation", at: 1, tone: "bad" },
            ]}
          />
          <p class="small muted">
            Maintenance margin as a part of equity: at the end of the bar the account is liquidated.
          </p>
          <MarginForm market={market} number={number} found={found.data} />
        </>
      )}
    </Card>
  );
}

function MarginForm({ market, number, found }: { market: MarketConfig; number: number; found: Account }) {
  const owner = account.value!;
  const [way, setWay] = useState<"in" | "out">("in");
  const [amount, setAmount] = useState<Entered>(nothing);
  const wallet = useSdusd(owner.address);
  const held = wallet.answer?.data.balance ?? "0";
  const most = way === "in" ? held : found.withdrawable;
  const raw = amount.value;
  const fits = raw !== null && raw > 0n && raw <= BigInt(most);
  const review = () => {
    if (raw === null) return;
    const said = `${usdText(raw.toString())} of sdUSD`;
    const common = { after: () => setAmount(nothing), tone: "main" as const };
    if (way === "in") {
      propose({
        ...common,
        title: "Pay margin in",
        sentence: `You pay ${said} into account ${number}, where it backs all positions of that account.`,
        facts: [["In the wallet now", <Num of={wallet.answer} at="balance" as="usd" />]],
        risks: [
          "Margin that backs positions can only be taken out as far as they leave it free.",
          "Losses and fees are taken from it.",
        ],
        action: "Pay in",
        messages: [contract(market.address).deposit(usd(raw), number)],
      });
    } else {
      propose({
        ...common,
        title: "Take margin out",
        sentence: `You take ${said} out of account ${number} into your wallet.`,
        facts: [["Can be taken out now", usdText(found.withdrawable)]],
        risks: [
          "Less margin is left: the liquidation prices of open positions come nearer.",
          "It is refused if prices move meanwhile so that less is free.",
        ],
        action: "Take out",
        messages: [contract(market.address).withdraw(usd(raw), number)],
      });
    }
  };
  return (
    <form
      class="form"
      aria-label="Margin"
      onSubmit={(event) => {
        event.preventDefault();
        review();
      }}
    >
      <Segments
        label="Pay in or take out"
        value={way}
        onValue={setWay}
        options={[
          { value: "in", label: "Pay in" },
          { value: "out", label: "Take out" },
        ]}
      />
      <AmountField
        label="Margin"
        name="margin"
        unit="sdUSD"
        decimals={6}
        entry={
          raw !== null && raw > BigInt(most) ? { ...amount, problem: `At most ${usdText(most)} is there.` } : amount
        }
        onEntry={setAmount}
        end={way === "in" ? <Num of={wallet.answer} at="balance" as="usd" /> : usdText(most)}
        most={() => setAmount(entered(decimalText(BigInt(most), 6), 6))}
      />
      <button type="submit" class="button full" disabled={!fits}>
        {way === "in" ? "Review payment" : "Review withdrawal"}
      </button>
    </form>
  );
}
