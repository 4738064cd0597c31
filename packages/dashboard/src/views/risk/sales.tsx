/** Tokens that were margin, for sale as their accounts owe more than they count for. Collateral of providers is in the auctions. */
import { Custody, paySdusd, usd } from "@sdp/client";
import { account, connection } from "../../app/session.ts";
import { signIn } from "../../app/account.tsx";
import { type Sale, useConfig, useMarginTokens, useSales, useSdusd } from "../../data/reads.ts";
import { Card, Scroll } from "../../ui/card.tsx";
import { amountText, duration, priceText, rawOf, shorten } from "../../ui/format.ts";
import { Num } from "../../ui/num.tsx";
import { Failed } from "../../ui/states.tsx";
import { propose } from "../../ui/tx.tsx";
import { useNames } from "./names.ts";
import { risksOfTaking } from "./taking.ts";

/** Most that a sale takes: what is owed with the penalty, or the worth of its lot at the present price, rounded up; micro-USD. */
export function mostOf(sale: Pick<Sale, "lot" | "price" | "owed" | "penalty">, decimals: number): bigint {
  const all = rawOf(sale.owed, "usd") + rawOf(sale.penalty, "usd");
  // 18 decimals of the price and those of the lot, less the 6 of the result
  const scale = 10n ** BigInt(12 + decimals);
  const worth = (BigInt(sale.lot) * rawOf(sale.price, "price") + scale - 1n) / scale;
  return worth < all ? worth : all;
}

export function Sales() {
  const { answer, error, retry } = useSales();
  const tokens = useMarginTokens();
  const { collaterals } = useConfig();
  const nameOf = useNames();
  const wallet = useSdusd(account.value?.address ?? null);
  const held = wallet.answer ? BigInt(wallet.answer.data.balance) : null;
  if (!answer && error)
    return (
      <Card title="Sales of margin tokens" flush>
        <Failed what="The sales" error={error} retry={retry} />
      </Card>
    );
  if (!answer || answer.data.length === 0) return null;
  const kindOf = (token: number) => {
    const config = tokens.answer?.data.find((found) => found.token === token)?.config;
    const known = config && collaterals.find(({ token }) => JSON.stringify(token) === JSON.stringify(config.token));
    return { symbol: known?.symbol ?? `token ${token}`, decimals: config?.terms.decimals ?? null };
  };
  const custody = () => new Custody(connection.value!);
  const idOf = ({ owner, account }: Sale) => ({ owner, account });
  const redo = (sale: Sale) =>
    propose({
      title: "Start a sale again",
      sentence: `You start the sale of account ${sale.account} of ${sale.owner} again at a fresh price, and get half of the keeper's reward when its penalty has come in.`,
      risks: ["Somebody else may have done it already."],
      action: "Start again",
      messages: [custody().execute({ redo: idOf(sale) })],
    });
  const take = (sale: Sale, symbol: string, decimals: number) => {
    // what the wallet has takes its part of the lot
    const most = mostOf(sale, decimals);
    const pays = held !== null && held < most ? held : most;
    propose({
      title: `Take ${symbol} of a sale`,
      sentence: `You pay up to ${shorten(pays, "usd")} of sdUSD for up to ${amountText(sale.lot, decimals)} ${symbol} of account ${sale.account} of ${sale.owner}, at no more than ${priceText(sale.price)} each.`,
      facts: [["In the wallet now", <Num of={wallet.answer} at="balance" as="usd" />]],
      risks: risksOfTaking(symbol),
      action: "Take",
      messages: [
        paySdusd(connection.value!, custody().address, usd(pays), {
          take: { ...idOf(sale), amount: sale.lot, max_price: sale.price, recipient: null },
        }),
      ],
    });
  };
  return (
    <Card title="Sales of margin tokens" flush end={<span class="small">{answer.data.length} running</span>}>
      <Scroll label="Sales of margin tokens">
        <table>
          <caption class="hidden-text">Running sales of tokens that were margin</caption>
          <thead>
            <tr>
              <th scope="col">Account</th>
              <th scope="col">Lot</th>
              <th scope="col">Price now</th>
              <th scope="col">Age</th>
              <th scope="col">Owed</th>
              <th scope="col">Penalty</th>
              <th scope="col">
                <span class="hidden-text">What can be done</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {answer.data.map((sale, n) => {
              const { symbol, decimals } = kindOf(sale.token);
              const who = `${nameOf(sale.owner)}/${sale.account}`;
              return (
                <tr key={`${sale.owner}/${sale.account}`}>
                  <th scope="row" title={sale.owner}>
                    {who} · {symbol}
                  </th>
                  <td>
                    {decimals === null ? (
                      "…"
                    ) : (
                      <Num of={answer} at={`${n}.lot`} as="amount" decimals={decimals} digits={4} />
                    )}
                  </td>
                  <td>
                    <strong>
                      <Num of={answer} at={`${n}.price`} as="price" />
                    </strong>
                  </td>
                  <td class="muted">{duration(sale.age)}</td>
                  <td>
                    <Num of={answer} at={`${n}.owed`} as="usd" />
                  </td>
                  <td>
                    <Num of={answer} at={`${n}.penalty`} as="usd" />
                  </td>
                  <td class="act">
                    {sale.needs_redo ? (
                      <button
                        type="button"
                        class="button small"
                        onClick={() => (account.value ? redo(sale) : signIn())}
                      >
                        Start again<span class="hidden-text"> the sale of {who}</span>
                      </button>
                    ) : (
                      <button
                        type="button"
                        class="button small main"
                        disabled={decimals === null || held === 0n}
                        onClick={() => (account.value ? take(sale, symbol, decimals!) : signIn())}
                      >
                        Take<span class="hidden-text"> of the sale of {who}</span>
                      </button>
                    )}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </Scroll>
    </Card>
  );
}
