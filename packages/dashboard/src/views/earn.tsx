/** Providing: collateral in, dollars out against it, what is owed, what would end it, and the way out. */
import { useState } from "preact/hooks";
import { account } from "../app/session.ts";
import { SignInPrompt } from "../app/account.tsx";
import { go, route } from "../app/router.ts";
import { useConfig, usePosition, useVaults } from "../data/reads.ts";
import { Card } from "../ui/card.tsx";
import { Segments, TabPanel, Tabs } from "../ui/tabs.tsx";
import { Num } from "../ui/num.tsx";
import { Figure, Figures } from "../ui/pieces.tsx";
import { Failed, Wait } from "../ui/states.tsx";
import { BurnForm, DepositForm, MintForm, SendForm } from "./earn/forms.tsx";
import { DebtShare } from "./earn/share.tsx";
import { ExitForm } from "./earn/exit.tsx";
import { Liquidation } from "./earn/liquidation.tsx";

const tabs = [
  { value: "deposit", label: "Deposit" },
  { value: "mint", label: "Mint" },
  { value: "burn", label: "Burn" },
  { value: "exit", label: "Exit" },
  { value: "send", label: "Send" },
] as const;
type Tab = (typeof tabs)[number]["value"];

export default function Earn() {
  const { collaterals } = useConfig();
  const vaults = useVaults();
  const [tab, choose] = useState<Tab>("deposit");
  const asked = route.value.detail[0];
  const collateral = collaterals.find(({ symbol }) => symbol === asked) ?? collaterals[0];
  const owner = account.value?.address ?? null;
  const reading = usePosition(collateral && owner ? collateral.vault : null, owner);
  if (!collateral) return <Wait what="the vaults" lines={8} />;
  const n = vaults.answer?.data.findIndex(({ vault }) => vault === collateral.vault) ?? -1;
  const position = reading.answer;
  const form = { collateral, reading, vault: n >= 0 ? { answer: vaults.answer!, n } : null };
  return (
    <div class="grid loose">
      <div class="earn-pick">
        <Segments
          label="Collateral"
          value={collateral.symbol}
          options={collaterals.map(({ symbol }) => ({ value: symbol, label: symbol }))}
          onValue={(symbol) => go("earn", symbol)}
        />
      </div>
      {owner && position && (
        <Figures label={`Your position in ${collateral.symbol}`}>
          <Figure
            name={`Your ${collateral.symbol}`}
            figure={<Num of={position} at="collateral" as="amount" decimals={collateral.decimals} digits={4} />}
          >
            worth <Num of={position} at="value" as="usd" />
          </Figure>
          <Figure name="Your debt" figure={<Num of={position} at="debt" as="usd" />}>
            <Num of={position} at="minted" as="usd" /> of it minted
          </Figure>
          <Figure
            name="Collateral ratio"
            figure={<Num of={position} at="ratio" as="percent" digits={1} none="no debt" />}
          >
            {form.vault && (
              <>
                seized below{" "}
                <Num of={form.vault.answer} at={`${form.vault.n}.config.liquidation_ratio`} as="percent" digits={0} />,
                mint down to{" "}
                <Num of={form.vault.answer} at={`${form.vault.n}.config.issuance_ratio`} as="percent" digits={0} />
              </>
            )}
          </Figure>
          <Figure name="Debt for issuance" figure={<Num of={position} at="debt_for_issuance" as="usd" />}>
            at the peak of this hour and the last
          </Figure>
        </Figures>
      )}
      <div class="stack span-8 earn-main">
        {!owner && (
          <Card title="Your position">
            <SignInPrompt what="see your position, and to deposit, mint, burn or leave" />
          </Card>
        )}
        {owner && !position && reading.error && !reading.none ? (
          <Card title="Your position" flush>
            <Failed what="Your position" error={reading.error} retry={reading.retry} />
          </Card>
        ) : null}
        {owner && reading.none && (
          <Card title="Your position">
            <p>
              You have no {collateral.symbol} in the pool yet. What you deposit becomes your share of the vault, and
              with it of the pool's debt: when traders win it grows, when they lose or pay fees and funding it shrinks.
            </p>
          </Card>
        )}
        {owner && position && (
          <Liquidation key={`${owner}/${collateral.symbol}`} collateral={collateral} position={position} vault={form.vault} />
        )}
        {owner && position && <DebtShare collateral={collateral} position={position} />}
      </div>
      <section class="card span-4" aria-label="What you can do">
        <header class="with-tabs">
          <Tabs label="What you can do" id="earn" value={tab} onValue={choose} options={[...tabs]} />
        </header>
        <TabPanel id="earn" tab={tab}>
          <div class="card-body">
            {!owner ? (
              <SignInPrompt what="deposit, mint, burn or leave" />
            ) : tab === "deposit" ? (
              <DepositForm key={`${owner}/${collateral.symbol}`} {...form} />
            ) : tab === "mint" ? (
              <MintForm key={`${owner}/${collateral.symbol}`} {...form} />
            ) : tab === "burn" ? (
              <BurnForm key={`${owner}/${collateral.symbol}`} {...form} />
            ) : tab === "exit" ? (
              <ExitForm key={`${owner}/${collateral.symbol}`} {...form} />
            ) : (
              <SendForm key={owner} />
            )}
          </div>
        </TabPanel>
      </section>
    </div>
  );
}
