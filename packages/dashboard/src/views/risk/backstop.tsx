import { useState } from "preact/hooks";
import { account, live } from "../../app/session.ts";
import { SignInPrompt } from "../../app/account.tsx";
import { usd } from "@sdp/client";
import { liquidator } from "../../data/contracts.ts";
import { useBackstop, useBackstopAccount, useConfig, useLiquidatorConfig, useSdusd } from "../../data/reads.ts";
import { Card, Scroll } from "../../ui/card.tsx";
import { AmountField, entered, nothing, Segments, type Entered } from "../../ui/field.tsx";
import { decimalText, duration, moment, usdText } from "../../ui/format.ts";
import { Num } from "../../ui/num.tsx";
import { Fact, Facts } from "../../ui/pieces.tsx";
import { Missing } from "../../ui/states.tsx";
import { propose } from "../../ui/tx.tsx";

/** sdUSD that stands by for seized collateral, before there is an auction. */
export function Backstop({ class: extra }: { class: string }) {
  const { answer, error, retry } = useBackstop();
  const { collaterals } = useConfig();
  return (
    <Card
      title="Backstop"
      class={extra}
      end={
        <span>
          <Num of={answer} at="total" as="usd" /> deposited
        </span>
      }
    >
      {!answer && <Missing what="the backstop" error={error} retry={retry} />}
      {answer && (
        <Scroll label="Backstop by collateral">
          <table>
            <caption class="hidden-text">The backstop by collateral</caption>
            <thead>
              <tr>
                <th scope="col">Collateral</th>
                <th scope="col">Discount</th>
                <th scope="col">Paid today</th>
                <th scope="col">Of</th>
              </tr>
            </thead>
            <tbody>
              {answer.data.vaults.map((vault, n) => (
                <tr key={vault.vault}>
                  <th scope="row">{collaterals[vault.vault]?.symbol ?? vault.vault}</th>
                  <td>
                    <Num of={answer} at={`vaults.${n}.discount`} as="percent" digits={1} />
                  </td>
                  <td>
                    <Num of={answer} at={`vaults.${n}.absorbed`} as="usd" digits={0} />
                  </td>
                  <td class="muted">
                    <Num of={answer} at={`vaults.${n}.cap`} as="usd" compact />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
      {account.value ? <Mine /> : <SignInPrompt what="put sdUSD in" />}
    </Card>
  );
}

function Mine() {
  const owner = account.value!.address;
  const { answer } = useBackstopAccount(owner);
  const { collaterals } = useConfig();
  const wallet = useSdusd(owner);
  const delay = useLiquidatorConfig().answer?.data.params.withdrawal_delay ?? 0;
  const [way, setWay] = useState<"in" | "out">("in");
  const [amount, setAmount] = useState<Entered>(nothing);
  const most = BigInt((way === "in" ? wallet.answer?.data.balance : answer?.data.amount) ?? "0");
  const shown =
    amount.value !== null && amount.value > most
      ? { ...amount, problem: `At most ${usdText(most.toString())} is there.` }
      : amount;
  const gains = answer?.data.gains.some((gain) => gain !== "0") ?? false;
  const request = answer?.data.request ?? null;
  const now = live.value?.shown.value?.time ?? 0;
  const after = () => setAmount(nothing);
  const review = () => {
    const said = usdText(amount.value!.toString());
    propose(
      way === "in"
        ? {
            title: "Put sdUSD into the backstop",
            sentence: `You put ${said} of sdUSD into the backstop, which buys seized collateral at a discount before there is an auction.`,
            risks: [
              "The collateral that it buys may fall below what was paid.",
              `It comes back by a request and ${duration(delay)} of delay, and is at risk until then.`,
            ],
            action: "Put in",
            messages: [liquidator().depositBackstop(usd(amount.value!))],
            after,
          }
        : {
            title: "Ask the backstop for sdUSD",
            sentence: `You ask for ${said} of sdUSD back; it can be taken out in ${duration(delay)}.`,
            risks: ["It stays at risk until it is taken out.", "A new request takes the place of an old one."],
            action: "Ask",
            messages: [liquidator().requestWithdrawal(usd(amount.value!))],
            after,
          },
    );
  };
  return (
    <>
      <Facts>
        <Fact name="Your deposit">
          <Num of={answer} at="amount" as="usd" />
        </Fact>
        {answer?.data.gains.map((gain, n) =>
          gain === "0" ? null : (
            <Fact key={n} name={`${collaterals[n]?.symbol} to claim`} indent>
              <Num of={answer} at={`gains.${n}`} as="amount" decimals={collaterals[n]?.decimals ?? 0} />
            </Fact>
          ),
        )}
        {request && (
          <Fact name={`Asked for, from ${moment(request.ready_at)}`} indent>
            <Num of={answer} at="request.amount" as="usd" />
          </Fact>
        )}
      </Facts>
      <form class="form" aria-label="Backstop" onSubmit={(event) => (event.preventDefault(), review())}>
        <Segments
          label="Put in or ask for"
          value={way}
          onValue={setWay}
          options={[
            { value: "in", label: "Put in" },
            { value: "out", label: "Ask for" },
          ]}
        />
        <AmountField
          label="Amount"
          name="backstop"
          unit="sdUSD"
          decimals={6}
          entry={shown}
          onEntry={setAmount}
          most={() => setAmount(entered(decimalText(most, 6), 6))}
        />
        <button
          type="submit"
          class="button full"
          disabled={shown.value === null || shown.value <= 0n || shown.problem !== null}
        >
          Review
        </button>
      </form>
      {gains && (
        <button
          type="button"
          class="button full"
          onClick={() =>
            propose({
              title: "Claim collateral",
              sentence: "You take out all collateral that your deposit in the backstop has bought.",
              risks: ["If one token fails, nothing is paid: claim one at a time then."],
              action: "Claim",
              messages: [liquidator().claim()],
            })
          }
        >
          Claim collateral
        </button>
      )}
      {request && now >= request.ready_at && now <= request.lapses_at && (
        <button
          type="button"
          class="button full"
          onClick={() =>
            propose({
              title: "Take sdUSD out",
              sentence: `You take out what you asked for, up to ${usdText(request.amount)} of sdUSD.`,
              risks: ["It is refused while a flagged position can still be liquidated, or a price is stale."],
              action: "Take out",
              messages: [liquidator().withdraw()],
            })
          }
        >
          Take out what was asked for
        </button>
      )}
    </>
  );
}
