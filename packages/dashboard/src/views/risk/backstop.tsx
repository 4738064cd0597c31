import { account, live } from "../../app/session.ts";
import { SignInPrompt } from "../../app/account.tsx";
import type { Usd } from "@sdp/client";
import { liquidator } from "../../data/contracts.ts";
import { useBackstop, useBackstopAccount, useConfig, useLiquidatorConfig, useSdusd } from "../../data/reads.ts";
import { Card, Scroll } from "../../ui/card.tsx";
import { duration, moment, usdText } from "../../ui/format.ts";
import { InOut, type Way } from "../../ui/inout.tsx";
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
                <th scope="col">Absorbed today</th>
                <th scope="col">Daily cap</th>
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
                    <Num of={answer} at={`vaults.${n}.absorbed`} as="usd" compact />
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
      {account.value ? <Mine /> : <SignInPrompt what="deposit sdUSD" />}
    </Card>
  );
}

function Mine() {
  const owner = account.value!.address;
  const { answer } = useBackstopAccount(owner);
  const { collaterals } = useConfig();
  const wallet = useSdusd(owner);
  const delay = useLiquidatorConfig().answer?.data.params.withdrawal_delay ?? 0;
  const gains = answer?.data.gains.some((gain) => gain !== "0") ?? false;
  const request = answer?.data.request ?? null;
  const now = live.value?.shown.value?.time ?? 0;
  const review = (way: Way, amount: Usd, after: () => void) => {
    const said = usdText(amount.toString());
    propose(
      way === "in"
        ? {
            title: "Deposit into the backstop",
            sentence: `You deposit ${said} of sdUSD into the backstop, which buys seized collateral at a discount before there is an auction.`,
            risks: [
              "The collateral that it buys may fall below what was paid.",
              `It comes back by a request and ${duration(delay)} of delay, and is at risk until then.`,
            ],
            action: "Deposit",
            messages: [liquidator().depositBackstop(amount)],
            after,
          }
        : {
            title: "Request a withdrawal",
            sentence: `You request ${said} of sdUSD from the backstop; it can be withdrawn in ${duration(delay)}.`,
            risks: ["It stays at risk until it is withdrawn.", "A new request takes the place of an old one."],
            action: "Request",
            messages: [liquidator().requestWithdrawal(amount)],
            after,
          },
    );
  };
  return (
    <>
      <Facts>
        <Fact name="Your deposit" of={answer} at="amount" as="usd" />
        {answer?.data.gains.map((gain, n) =>
          gain === "0" ? null : (
            <Fact
              key={n}
              name={`${collaterals[n]?.symbol} to claim`}
              indent
              of={answer}
              at={`gains.${n}`}
              as="amount"
              decimals={collaterals[n]?.decimals ?? 0}
            />
          ),
        )}
        {request && (
          <Fact name={`Requested, from ${moment(request.ready_at)}`} indent of={answer} at="request.amount" as="usd" />
        )}
      </Facts>
      <InOut
        label="Backstop"
        amount="Amount"
        name="backstop"
        most={{ in: BigInt(wallet.answer?.data.balance ?? "0"), out: BigInt(answer?.data.amount ?? "0") }}
        end={{
          in: <Num of={wallet.answer} at="balance" as="usd" />,
          out: <Num of={answer} at="amount" as="usd" />,
        }}
        action={{ in: "Review deposit", out: "Review request" }}
        review={review}
      />
      {gains && (
        <button
          type="button"
          class="button full"
          onClick={() =>
            propose({
              title: "Claim collateral",
              sentence: "You claim all collateral that your deposit in the backstop has bought.",
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
              title: "Withdraw from the backstop",
              sentence: `You withdraw what you requested, up to ${usdText(request.amount)} of sdUSD.`,
              risks: ["It is refused while a flagged position can still be liquidated, or a price is stale."],
              action: "Withdraw",
              messages: [liquidator().withdraw()],
            })
          }
        >
          Withdraw what was requested
        </button>
      )}
    </>
  );
}
