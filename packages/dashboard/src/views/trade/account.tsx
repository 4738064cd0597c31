import { account } from "../../app/session.ts";
import { SignInPrompt } from "../../app/account.tsx";
import type { Reading } from "../../data/live.ts";
import { type Account, type MarketConfig, useSdusd } from "../../data/reads.ts";
import type { Usd } from "@sdp/client";
import { market as contract } from "../../data/contracts.ts";
import { Card } from "../../ui/card.tsx";
import { SelectField } from "../../ui/field.tsx";
import { ratioNumber, usdText } from "../../ui/format.ts";
import { InOut, type Way } from "../../ui/inout.tsx";
import { Meter } from "../../ui/meter.tsx";
import { Num } from "../../ui/num.tsx";
import { Badge, Fact, Facts } from "../../ui/pieces.tsx";
import { Missing } from "../../ui/states.tsx";
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
      {owner && !found && <Missing what="the account" lines={6} error={mine.error} retry={mine.retry} />}
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
            <Fact name="Margin" of={found} at="margin" as="usd" />
            <Fact name="Equity" of={found} at="equity" as="usd" />
            <Fact name="Initial margin" of={found} at="initial_margin" as="usd" />
            <Fact name="Maintenance margin" of={found} at="maintenance_margin" as="usd" />
            <Fact name="Locked by orders" of={found} at="locked" as="usd" />
            <Fact name="Leverage" of={found} at="leverage" as="ratio" digits={2} none="none" />
            <Fact name="Withdrawable" total of={found} at="withdrawable" as="usd" />
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
  const wallet = useSdusd(account.value!.address);
  const review = (way: Way, amount: Usd, after: () => void) => {
    const said = `${usdText(amount.toString())} of sdUSD`;
    const there = contract(market.address);
    propose(
      way === "in"
        ? {
            title: "Deposit margin",
            sentence: `You deposit ${said} into account ${number}, where it backs all positions of that account.`,
            facts: [["In the wallet now", <Num of={wallet.answer} at="balance" as="usd" />]],
            risks: [
              "Margin that backs positions can only be withdrawn as far as they leave it free.",
              "Losses and fees are taken from it.",
            ],
            action: "Deposit",
            messages: [there.deposit(amount, number)],
            after,
          }
        : {
            title: "Withdraw margin",
            sentence: `You withdraw ${said} from account ${number} into your wallet.`,
            facts: [["Withdrawable now", usdText(found.withdrawable)]],
            risks: [
              "Less margin is left: the liquidation prices of open positions come nearer.",
              "It is refused if prices move meanwhile so that less is free.",
            ],
            action: "Withdraw",
            messages: [there.withdraw(amount, number)],
            after,
          },
    );
  };
  return (
    <InOut
      label="Margin"
      amount="Margin"
      name="margin"
      most={{ in: BigInt(wallet.answer?.data.balance ?? "0"), out: BigInt(found.withdrawable) }}
      end={{ in: <Num of={wallet.answer} at="balance" as="usd" />, out: usdText(found.withdrawable) }}
      action={{ in: "Review deposit", out: "Review withdrawal" }}
      review={review}
    />
  );
}
