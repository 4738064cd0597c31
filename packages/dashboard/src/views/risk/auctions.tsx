import { useState } from "preact/hooks";
import { account, live } from "../../app/session.ts";
import { signIn } from "../../app/account.tsx";
import type { Answer } from "../../data/live.ts";
import { amount as amountOf, price, usd } from "@sdp/client";
import { liquidator } from "../../data/contracts.ts";
import { usePreview } from "../../data/preview.ts";
import { type Auction, type Quote, useAuctions, useConfig, useSdusd } from "../../data/reads.ts";
import { Card, Scroll } from "../../ui/card.tsx";
import { Chart } from "../../ui/chart.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { AmountField, entered, filled, Form } from "../../ui/field.tsx";
import { axisPrice, decimalText, duration, priceText, usdText } from "../../ui/format.ts";
import { Num } from "../../ui/num.tsx";
import { Badge, Fact, Facts } from "../../ui/pieces.tsx";
import { Empty, Missing, Refusal } from "../../ui/states.tsx";
import { propose } from "../../ui/tx.tsx";
import { usePast } from "./past.ts";
import { risksOfTaking } from "./taking.ts";

/** Seized collateral for sale, at prices that fall with each block. */
export function Auctions() {
  const { answer, error, retry } = useAuctions();
  const [taking, take] = useState<number | null>(null);
  const config = useConfig();
  const now = live.value?.shown.value?.time ?? 0;
  const past = usePast(answer);
  const chosen = answer?.data.findIndex(({ auction }) => auction === taking) ?? -1;
  const symbol = (auction: Auction) => config.collaterals[auction.vault]?.symbol ?? `vault ${auction.vault}`;
  const redo = (auction: number) =>
    propose({
      title: `Start auction ${auction} again`,
      sentence: `You start auction ${auction} again at a fresh price, and get half of the keeper's reward when its penalty has come in.`,
      risks: ["Somebody else may have done it already."],
      action: "Start again",
      messages: [liquidator().redo(auction)],
    });
  return (
    <Card title="Auctions" flush end={answer && <span class="small">{answer.data.length} running</span>}>
      {!answer && <Missing what="the auctions" error={error} retry={retry} />}
      {answer && answer.data.length === 0 && (
        <Empty title="No auction runs.">
          When a provider's position is seized, its collateral is sold here at a falling price, for sdUSD.
        </Empty>
      )}
      {answer && answer.data.length > 0 && (
        <Scroll label="Auctions">
          <table>
            <caption class="hidden-text">Running auctions</caption>
            <thead>
              <tr>
                <th scope="col">Auction</th>
                <th scope="col">Lot</th>
                <th scope="col">Price now</th>
                <th scope="col">Start price</th>
                <th scope="col">Age</th>
                <th scope="col">Tab</th>
                <th scope="col">Penalty</th>
                <th scope="col">
                  <span class="hidden-text">What can be done</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {answer.data.map((auction, n) => (
                <tr key={auction.auction}>
                  <th scope="row">
                    {auction.auction} · {symbol(auction)}
                  </th>
                  <td>
                    <Num of={answer} at={`${n}.lot`} as="amount" decimals={auction.decimals} digits={4} />
                  </td>
                  <td>
                    <strong>
                      <Num of={answer} at={`${n}.price`} as="price" />
                    </strong>
                  </td>
                  <td class="muted">
                    <Num of={answer} at={`${n}.start_price`} as="price" />
                  </td>
                  <td class="muted">{duration(now - auction.started_at)}</td>
                  <td>
                    <Num of={answer} at={`${n}.tab`} as="usd" />
                  </td>
                  <td>
                    <Num of={answer} at={`${n}.penalty`} as="usd" />
                  </td>
                  <td class="act">
                    {auction.needs_redo ? (
                      <button
                        type="button"
                        class="button small"
                        onClick={() => (account.value ? redo(auction.auction) : signIn())}
                      >
                        Start again<span class="hidden-text"> auction {auction.auction}</span>
                      </button>
                    ) : (
                      <button
                        type="button"
                        class="button small main"
                        onClick={() => (account.value ? take(auction.auction) : signIn())}
                      >
                        Take<span class="hidden-text"> auction {auction.auction}</span>
                      </button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
      {answer && answer.data.length > 0 && past.xs.length > 1 && (
        <div class="card-body">
          <Chart
            title="Falling prices"
            unit="USD for one whole token"
            across="Time"
            time
            height={140}
            xs={past.xs}
            series={answer.data.slice(0, 5).map((auction, n) => ({
              label: `${auction.auction} · ${symbol(auction)}`,
              colour: n + 1,
              values: past.price(auction.auction),
            }))}
            formatY={axisPrice}
          />
        </div>
      )}
      {answer && chosen >= 0 && <Take key={taking} answer={answer} n={chosen} onClose={() => take(null)} />}
    </Card>
  );
}

/** How much to take, for how much at most. The price only falls, so the present one is a safe maximum. */
function Take({ answer, n, onClose }: { answer: Answer<Auction[]>; n: number; onClose(): void }) {
  const auction = answer.data[n]!;
  const config = useConfig();
  const symbol = config.collaterals[auction.vault]?.symbol ?? "";
  const [amount, setAmount] = useState(() => filled(BigInt(auction.lot), auction.decimals));
  const [most, setMost] = useState(() => entered(auction.price, 18));
  const wallet = useSdusd(account.value!.address);
  const asks = amount.value !== null && amount.value > 0n;
  const quote = usePreview<Quote>(
    "quote",
    asks ? { auction: auction.auction, amount: amount.value!.toString() } : null,
    { contract: "liquidator" },
  );
  const held = BigInt(wallet.answer?.data.balance ?? "0");
  const cost = quote.answer ? BigInt(quote.answer.data.cost) : null;
  const short = cost !== null && cost > held;
  const review = () => {
    const pays = cost!;
    const atMost = priceText(decimalText(most.value!, 18));
    onClose();
    propose({
      title: `Take auction ${auction.auction}`,
      sentence: (
        <>
          You pay up to {usdText(pays.toString())} of sdUSD for{" "}
          <Num of={quote.answer} at="amount" as="amount" decimals={auction.decimals} /> {symbol}, at no more than{" "}
          {atMost} each.
        </>
      ),
      facts: [
        ["Price now", <Num of={quote.answer} at="price" as="price" />],
        ["In the wallet now", <Num of={wallet.answer} at="balance" as="usd" />],
      ],
      risks: risksOfTaking(symbol),
      action: "Take",
      messages: [liquidator().take(auction.auction, amountOf(amount.value!), price(most.value!), usd(pays))],
    });
  };
  return (
    <Dialog title={`Take auction ${auction.auction}`} onClose={onClose}>
      <Form onSubmit={review}>
        <div class="dialog-body form">
          <AmountField
            label="Most to take"
            name="take"
            unit={symbol}
            decimals={auction.decimals}
            entry={amount}
            onEntry={setAmount}
            most={BigInt(auction.lot)}
          />
          <AmountField label="Highest price" name="max-price" unit="USD" decimals={18} entry={most} onEntry={setMost} />
          {quote.error !== null && <Refusal why={quote.error} />}
          <Facts>
            <Fact name="Price now" of={quote.answer} at="price" as="price" />
            <Fact name="You would get">
              <Num of={quote.answer} at="amount" as="amount" decimals={auction.decimals} /> {symbol}
            </Fact>
            <Fact name="You would pay" total of={quote.answer} at="cost" as="usd" />
            <Fact name="sdUSD in the wallet">
              <Num of={wallet.answer} at="balance" as="usd" /> {short && <Badge tone="bad">too little</Badge>}
            </Fact>
          </Facts>
        </div>
        <div class="dialog-end">
          <button type="button" class="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="button main" disabled={!asks || short || cost === null || most.value === null}>
            Review
          </button>
        </div>
      </Form>
    </Dialog>
  );
}
