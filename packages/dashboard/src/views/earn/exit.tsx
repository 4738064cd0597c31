/** Leaving: a request, a delay, and the execution at the price of an interval after it. */
import { useState } from "preact/hooks";
import { account, live } from "../../app/session.ts";
import { amount as amountOf, parseRatio } from "@sdp/client";
import { pool } from "../../data/contracts.ts";
import { usePreview } from "../../data/preview.ts";
import { type ExitPreview, useHealth, usePoolConfig } from "../../data/reads.ts";
import { AmountField, Form, nothing, within, type Entered } from "../../ui/field.tsx";
import { amountText, duration, moment, ratioNumber } from "../../ui/format.ts";
import { Num } from "../../ui/num.tsx";
import { Fact, Facts } from "../../ui/pieces.tsx";
import { Refusal } from "../../ui/states.tsx";
import { propose } from "../../ui/tx.tsx";
import type { FormProps } from "./forms.tsx";

export function ExitForm(props: FormProps) {
  const { collateral, reading } = props;
  if (!reading.answer)
    return <p class="muted">There is nothing to take out: you have no position in {collateral.symbol}.</p>;
  return reading.answer.data.exit ? <Waiting {...props} /> : <Request {...props} />;
}

function Request({ collateral, reading }: FormProps) {
  const [amount, setAmount] = useState<Entered>(nothing);
  const params = usePoolConfig().answer?.data.params;
  const haircut = useHealth().answer?.data.exit_haircut ?? "0";
  const position = reading.answer!;
  const { symbol, decimals, vault } = collateral;
  const all = BigInt(position.data.collateral);
  const shown = within(amount, all, `${amountText(String(all), decimals)} ${symbol}`);
  const asks = shown.value !== null && shown.value > 0n && shown.problem === null;
  const owner = account.value!.address;
  const preview = usePreview<ExitPreview>(
    "preview_exit",
    asks ? { vault, owner, amount: shown.value!.toString() } : null,
  );
  const refusal = preview.error;
  const [delay, window] = [duration(params?.exit_delay ?? 0), duration(params?.exit_window ?? 0)];
  const stays = position.data.joined_at + (params?.minimum_stay ?? 0);
  const now = live.value?.shown.value?.time ?? 0;
  const review = () => {
    propose({
      title: "Request an exit",
      sentence: `You request ${shown.text} ${symbol} back; in ${delay} it can be executed, for ${window}, at the price of the first interval after the delay.`,
      facts: [
        ["Would be released now", <Num of={preview.answer} at="released" as="amount" decimals={decimals} />],
        ["Charged for bad debt now", <Num of={preview.answer} at="charged" as="usd" />],
      ],
      risks: [
        "You stay liable until then: debt and prices go on moving.",
        "Less may be released than requested, so that what stays keeps the issuance ratio.",
        `If nobody executes it within ${window}, it lapses and has to be requested again.`,
      ],
      action: "Request exit",
      messages: [
        pool().requestExit(vault, amountOf(shown.value!), ratioNumber(haircut) > 0 ? parseRatio(haircut) : null),
      ],
      after: () => setAmount(nothing),
    });
  };
  return (
    <Form label={`Exit with ${symbol}`} onSubmit={review}>
      <AmountField
        label="Withdraw"
        name="exit"
        unit={symbol}
        decimals={decimals}
        entry={shown}
        onEntry={setAmount}
        end={<Num of={position} at="collateral" as="amount" decimals={decimals} digits={4} />}
        most={all}
      />
      {now < stays && <p class="small muted">The minimum stay of this position ends at {moment(stays)}.</p>}
      {asks && refusal !== null && <Refusal lead="It would be refused now." why={refusal} />}
      <Facts>
        <Fact name="Delay, then window">
          {delay}, {window}
        </Fact>
        <Fact name="Would be released now">
          {asks && !refusal ? <Num of={preview.answer} at="released" as="amount" decimals={decimals} /> : "–"}
        </Fact>
        <Fact name="Profit that would be minted">
          {asks && !refusal ? <Num of={preview.answer} at="minted" as="usd" /> : "–"}
        </Fact>
        <Fact name="Haircut for bad debt">
          {asks && !refusal ? <Num of={preview.answer} at="haircut" as="percent" /> : "–"}
        </Fact>
      </Facts>
      <button type="submit" class="button main full" disabled={!asks}>
        Review request
      </button>
    </Form>
  );
}

function Waiting({ collateral, reading }: FormProps) {
  const position = reading.answer!;
  const exit = position.data.exit!;
  const now = live.value?.shown.value?.time ?? 0;
  const { symbol, decimals, vault } = collateral;
  const ready = now >= exit.ready_at;
  const lapsed = now > exit.lapses_at;
  const asked = `${amountText(exit.amount, decimals)} ${symbol}`;
  const execute = () =>
    propose({
      title: "Execute the exit",
      sentence: lapsed
        ? `You end the request for ${asked}, which has lapsed: nothing is paid, and you can request again.`
        : `You execute your request for ${asked}: what keeps the issuance ratio is released into your wallet.`,
      risks: ["It waits while the pool is in close-only.", "Less may be released than requested."],
      action: lapsed ? "End the request" : "Execute exit",
      messages: [pool().executeExit(vault, account.value!.address)],
    });
  const cancel = () =>
    propose({
      title: "Cancel the request",
      sentence: `You cancel your request for ${asked} and stay in the pool with it.`,
      risks: ["The delay begins anew with the next request."],
      action: "Cancel request",
      messages: [pool().cancelExit(vault)],
    });
  return (
    <div class="form">
      <Facts>
        <Fact name="Requested">
          <Num of={position} at="exit.amount" as="amount" decimals={decimals} /> {symbol}
        </Fact>
        <Fact name="Can be executed from">{moment(exit.ready_at)}</Fact>
        <Fact name="Lapses after">{moment(exit.lapses_at)}</Fact>
      </Facts>
      {!ready && <p class="muted">It waits for {duration(exit.ready_at - now)} more.</p>}
      {lapsed && <p class="muted">Its time is over: nobody executed it.</p>}
      <button type="button" class="button main full" disabled={!ready} onClick={execute}>
        {lapsed ? "End the request" : "Execute exit"}
      </button>
      <button type="button" class="button full" onClick={cancel}>
        Cancel the request
      </button>
    </div>
  );
}
