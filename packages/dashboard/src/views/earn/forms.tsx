/** Deposit, mint, burn, and sending sdUSD to somebody. */
import { useState } from "preact/hooks";
import { account, addressOf, connection } from "../../app/session.ts";
import type { Answer } from "../../data/live.ts";
import { addressOf as contractAddress, amount as amountOf, transfer, usd } from "@sdp/client";
import { pool } from "../../data/contracts.ts";
import { usePreview } from "../../data/preview.ts";
import {
  type Collateral,
  type Position,
  type PositionReading,
  useBalance,
  useMaximumMint,
  useSdusd,
  type Vault,
} from "../../data/reads.ts";
import { AmountField, Form, isGood, nothing, TextField, within, type Entered } from "../../ui/field.tsx";
import { amountText, usdText } from "../../ui/format.ts";
import { Num } from "../../ui/num.tsx";
import { Fact, Facts } from "../../ui/pieces.tsx";
import { Refusal } from "../../ui/states.tsx";
import { propose } from "../../ui/tx.tsx";
import { explain } from "../../words/errors.ts";

export interface FormProps {
  collateral: Collateral;
  reading: PositionReading;
  vault: { answer: Answer<Vault[]>; n: number } | null;
}

export function DepositForm({ collateral, reading, vault }: FormProps) {
  const [amount, setAmount] = useState<Entered>(nothing);
  const wallet = useBalance(collateral.token, account.value!.address);
  const held = wallet.held;
  const { symbol, decimals } = collateral;
  const shown = within(amount, held, `${amountText(String(held ?? 0n), decimals)} ${symbol}`);
  const review = () => {
    propose({
      title: `Deposit ${symbol}`,
      sentence: `You put ${amount.text} ${symbol} into the pool as collateral; from then on you own a share of the vault and owe your share of what traders win.`,
      facts: [
        ["In the wallet now", <Num of={wallet.answer} at={wallet.path} as="amount" decimals={decimals} />],
        ["In the pool now", <Num of={reading.answer} at="collateral" as="amount" decimals={decimals} none="nothing" />],
      ],
      risks: [
        "When traders win, your debt grows; below the liquidation ratio your collateral is seized and sold.",
        "A new position has a minimum stay, and leaving takes a delay after the request.",
      ],
      action: "Deposit",
      messages: [pool().deposit(collateral.vault, amountOf(amount.value!))],
      after: () => setAmount(nothing),
    });
  };
  return (
    <Form label={`Deposit ${symbol}`} onSubmit={review}>
      <AmountField
        label={`Deposit of ${symbol}`}
        name="deposit"
        unit={symbol}
        decimals={decimals}
        entry={shown}
        onEntry={setAmount}
        end={<Num of={wallet.answer} at={wallet.path} as="amount" decimals={decimals} digits={4} />}
        most={held}
      />
      {vault && (
        <Facts>
          <Fact name="Minimum deposit" of={vault.answer} at={`${vault.n}.config.minimum_deposit`} as="usd" />
          <Fact
            name="Deposited in the vault"
            of={vault.answer}
            at={`${vault.n}.collateral`}
            as="amount"
            decimals={decimals}
            digits={2}
          />
          <Fact
            name="Deposit cap"
            indent
            of={vault.answer}
            at={`${vault.n}.config.deposit_cap`}
            as="amount"
            decimals={decimals}
            digits={0}
          />
        </Facts>
      )}
      <button type="submit" class="button main full" disabled={!isGood(shown)}>
        Review deposit
      </button>
    </Form>
  );
}

export function MintForm({ collateral, reading, vault }: FormProps) {
  const [amount, setAmount] = useState<Entered>(nothing);
  const owner = account.value!.address;
  const most = useMaximumMint(reading.answer ? collateral.vault : null, owner);
  const limit = most.answer ? BigInt(most.answer.data.amount) : null;
  const asks = amount.value !== null && amount.value > 0n;
  const preview = usePreview<Position>(
    "preview_mint",
    asks ? { vault: collateral.vault, owner, amount: amount.value!.toString() } : null,
  );
  const refusal = preview.error;
  const review = () => {
    propose({
      title: "Mint sdUSD",
      sentence: `You mint ${usdText(amount.value!.toString())} of sdUSD into your wallet, and owe as much more against your ${collateral.symbol}.`,
      facts: [
        ["Debt afterwards", <Num of={preview.answer} at="debt" as="usd" />],
        ["Collateral ratio afterwards", <Num of={preview.answer} at="ratio" as="percent" digits={1} />],
      ],
      risks: [
        `If ${collateral.symbol} falls or traders win, the ratio falls; below the liquidation ratio the collateral is seized with a penalty.`,
        "What was minted pays the stability fee until it is burnt.",
      ],
      action: "Mint",
      messages: [pool().mint(collateral.vault, usd(amount.value!))],
      after: () => setAmount(nothing),
    });
  };
  if (!reading.answer) return <p class="muted">Deposit {collateral.symbol} first: dollars are minted against it.</p>;
  return (
    <Form label="Mint sdUSD" onSubmit={review}>
      <AmountField
        label="Mint"
        name="mint"
        unit="sdUSD"
        decimals={6}
        entry={amount}
        onEntry={setAmount}
        end={
          <>
            most <Num of={most.answer} at="amount" as="usd" />
          </>
        }
        most={limit}
      />
      {most.answer && <p class="small muted">The most is bound by: {most.answer.data.bound_by}.</p>}
      {asks && refusal !== null && <Refusal lead="It would be refused." why={refusal} />}
      <Facts>
        <Fact name="Debt afterwards" of={asks && !refusal ? preview.answer : reading.answer} at="debt" as="usd" />
        <Fact
          name="Collateral ratio afterwards"
          of={asks && !refusal ? preview.answer : reading.answer}
          at="ratio"
          as="percent"
          digits={1}
          none="no debt"
        />
        {vault && (
          <>
            <Fact
              name="Issuance ratio"
              indent
              of={vault.answer}
              at={`${vault.n}.config.issuance_ratio`}
              as="percent"
              digits={0}
            />
            <Fact name="Stability fee a year" of={vault.answer} at={`${vault.n}.config.stability_fee`} as="percent" />
          </>
        )}
      </Facts>
      <button type="submit" class="button main full" disabled={!isGood(amount) || refusal !== null || !preview.answer}>
        Review mint
      </button>
    </Form>
  );
}

export function BurnForm({ collateral, reading }: FormProps) {
  const [amount, setAmount] = useState<Entered>(nothing);
  const wallet = useSdusd(account.value!.address);
  const held = wallet.answer ? BigInt(wallet.answer.data.balance) : null;
  const debt = reading.answer ? BigInt(reading.answer.data.debt) : 0n;
  const shown = within(amount, held, usdText(String(held ?? 0n)));
  const most = held !== null && debt > 0n ? (held < debt ? held : debt) : 0n;
  if (!reading.answer) return <p class="muted">You owe nothing here: there is no position in {collateral.symbol}.</p>;
  const review = () => {
    propose({
      title: "Burn sdUSD",
      sentence: `You burn ${usdText(amount.value!.toString())} of sdUSD from your wallet, and owe as much less against your ${collateral.symbol}.`,
      facts: [
        ["Debt now", <Num of={reading.answer} at="debt" as="usd" />],
        ["In the wallet now", <Num of={wallet.answer} at="balance" as="usd" />],
      ],
      risks:
        amount.value! > debt
          ? ["It is more than you owe. The rest becomes a negative debt: profit that you can mint again later."]
          : ["Your share of the pool's debt goes on moving: burning to zero today does not keep it at zero."],
      action: "Burn",
      messages: [pool().burn(collateral.vault, usd(amount.value!))],
      after: () => setAmount(nothing),
    });
  };
  return (
    <Form label="Burn sdUSD" onSubmit={review}>
      <AmountField
        label="Burn"
        name="burn"
        unit="sdUSD"
        decimals={6}
        entry={shown}
        onEntry={setAmount}
        end={<Num of={wallet.answer} at="balance" as="usd" />}
        most={most}
      />
      <Facts>
        <Fact name="Debt" of={reading.answer} at="debt" as="usd" />
        <Fact name="minted of it" indent of={reading.answer} at="minted" as="usd" />
      </Facts>
      <button type="submit" class="button main full" disabled={!isGood(shown)}>
        Review burn
      </button>
    </Form>
  );
}

/** A plain transfer of sdUSD, such as to a trader who pays for it elsewhere. */
export function SendForm() {
  const [amount, setAmount] = useState<Entered>(nothing);
  const [to, setTo] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const wallet = useSdusd(account.value!.address);
  const held = wallet.answer ? BigInt(wallet.answer.data.balance) : null;
  const shown = within(amount, held, usdText(String(held ?? 0n)));
  const review = async () => {
    try {
      const recipient = await addressOf(to.trim());
      setProblem(null);
      propose({
        title: "Send sdUSD",
        sentence: `You send ${usdText(amount.value!.toString())} of sdUSD to ${to.trim()}.`,
        facts: [["Address", <span class="address">{recipient}</span>]],
        risks: [
          "It can't be undone.",
          "What you owe the pool stays the same: you would have to buy sdUSD back to burn it.",
        ],
        action: "Send",
        messages: [transfer({ cw20: contractAddress(connection.value!.config, "sdusd") }, recipient, amount.value!)],
        after: () => setAmount(nothing),
      });
    } catch (error) {
      setProblem(explain(error).sentence);
    }
  };
  return (
    <Form label="Send sdUSD" onSubmit={() => void review()}>
      <TextField label="To" name="recipient" value={to} onValue={setTo} placeholder="name or address" />
      {problem && <Refusal why={problem} />}
      <AmountField
        label="Amount"
        name="send"
        unit="sdUSD"
        decimals={6}
        entry={shown}
        onEntry={setAmount}
        end={<Num of={wallet.answer} at="balance" as="usd" />}
        most={held}
      />
      <button type="submit" class="button main full" disabled={!isGood(shown) || to.trim() === ""}>
        Review transfer
      </button>
    </Form>
  );
}
