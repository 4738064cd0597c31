/** Orders that wait for a price, as a trader clicks them: a bracket that a moved price ends, a stop that is cancelled, exits for a position. */
import { Lens, Market, Orders, parseUsd, transfer } from "@sdp/client";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { confirm, unlessDone } from "./support/person.ts";
import { chain, give, isEmbedded, leave, problems, run, setPrice, until, visit } from "./support/world.ts";

const [tess, kim] = [`tess-${run}`, `kim-${run}`];
const MARGIN = "900";
/** Away from the price by whole steps, so that what is typed is what is shown. */
const at = (price: number, part: number) => (price * part).toFixed(2);

async function priceOf(symbol: string): Promise<number> {
  const feed = chain.config.feeds.indexOf(symbol);
  const { quote } = await chain.query<{ quote: { price: string } }>(chain.config.contracts.oracle!, {
    price: { feed },
  });
  return Number(quote.price);
}

const form = (page: Page) => page.getByRole("form", { name: "Order in ETH-PERP" });
const rows = (page: Page, list: string) => page.getByRole("region", { name: list }).locator("tbody tr");

async function openTab(page: Page, name: string): Promise<void> {
  await page.getByRole("tab", { name: new RegExp(`^${name}`) }).click();
}

export function conditional(): void {
  describe("orders that wait for a price", () => {
    let owner: string;
    let market: string;
    let start: number;
    const orders = () => new Orders(chain).orders(owner);
    const position = async () =>
      (await new Lens(chain).account(market, owner)).positions.find(({ perp }) => perp === 1);

    /** The keeper of the chain commits, settles and sweeps; where there is none, the page's person does. */
    const becomes = (what: string, holds: () => Promise<boolean>) => until(what, holds, 90);

    test("kim pays, tess has margin and nothing in the wallet", async () => {
      market = chain.config.markets[0]!.address;
      owner = (await chain.account(tess)).address;
      start = await priceOf("ETH");
      // a real chain knows only who has had coins
      if (!isEmbedded()) await give(tess, "ATOM", "1");
      const payer = await chain.account(kim);
      const money = parseUsd(MARGIN);
      await chain.broadcast(payer, [transfer({ cw20: chain.config.contracts.sdusd! }, owner, money)]);
      await chain.broadcast(await chain.account(tess), [new Market(chain).deposit(money)]);
    });

    test("a bracket is one click: entry, stop and target, each with its fee out of free margin", async () => {
      const page = await visit({ as: tess, view: "trade/ETH-PERP" });
      await form(page).getByLabel("Size", { exact: true }).fill("0.8");
      await form(page).getByLabel("Stop-loss and take-profit").check();
      // suggested: 5 % below, as the liquidation price is far, and 10 % above
      const stop = form(page).getByLabel("Stop-loss", { exact: true });
      const target = form(page).getByLabel("Take-profit", { exact: true });
      await page
        .locator('[data-source="lens.preview_trade.liquidation_price"], [data-source="orders.preview.keeper_fee"]')
        .first()
        .waitFor();
      const suggested = [await stop.inputValue(), await target.inputValue()];
      expect(suggested.map(Number)).toEqual([start * 0.95, (start * 11) / 10]);
      // on the wrong side
      await stop.fill(at(start, 1.01));
      await page.getByText("The stop-loss of a long position is below its entry.").waitFor();
      expect(await page.getByRole("button", { name: "Review bracket" }).isDisabled()).toBe(true);
      await stop.fill(at(start, 0.97));
      await target.fill(at(start, 1.04));
      await page.getByText("−3.00 % from the index").waitFor();
      // a fee beyond what the contract takes
      await form(page).getByText("Worst price, time and keeper's fee").click();
      await form(page).getByLabel("Keeper's fee").fill("5.000001");
      await page.getByText("A keeper's fee is between $0.10 and $5.00.").waitFor();
      expect(await page.getByRole("button", { name: "Review bracket" }).isDisabled()).toBe(true);
      await form(page).getByLabel("Keeper's fee").fill("0.25");
      await page.getByRole("button", { name: "Review bracket" }).and(page.locator(":enabled")).click();
      await page.getByText("$0.50 from free margin").waitFor();
      await page.getByText("In the jar for another commit").waitFor();
      const said = await confirm(page, "Place bracket");
      // two fees, and one to spare should a commit find only worse prices
      expect(said).toContain("Withdrew $0.75 of margin");
      expect(said).toMatch(/Conditional order \d+ in ETH-PERP committed as order \d+/);
      const [entry, ...exits] = await orders();
      expect(entry).toMatchObject({ kind: null, perp: 1, size: 8n * 10n ** 17n });
      expect(
        exits.map(({ kind, reduce_only, keeper_fee, entry }) => [
          Object.keys(kind!)[0],
          reduce_only,
          keeper_fee,
          entry,
        ]),
      ).toEqual([
        ["stop", true, 250_000n, entry!.id],
        ["take_profit", true, 250_000n, entry!.id],
      ]);
      await openTab(page, "Conditional");
      await rows(page, "Conditional orders").nth(2).waitFor();
      expect(await rows(page, "Conditional orders").nth(1).innerText()).toContain(
        `waits until ${entry!.id} has filled`,
      );
      await becomes("the entry fills", async () => (await position()) !== undefined);
      await becomes("the entry is noted", async () => (await orders()).length === 2);
      await page.getByRole("tab", { name: "Conditional (2)" }).waitFor();
      expect(problems()).toEqual([]);
      await leave(page);
    });

    test("the price rises to the target: it is sold, and the stop is gone", async () => {
      const page = await visit({ as: tess, view: "trade/ETH-PERP" });
      await openTab(page, "Conditional");
      const [stop, target] = await orders();
      await setPrice("ETH", String(Math.round(start * 1.045)));
      await becomes("the target sells", async () => (await position()) === undefined);
      await becomes("both are gone", async () => (await orders()).length === 0);
      await page.getByText("No conditional orders wait.").waitFor();
      const ended = rows(page, "Ended conditional orders");
      const row = (id: number) => ended.filter({ has: page.getByRole("rowheader", { name: `ETH-PERP ${id}` }) });
      await row(stop!.id).waitFor();
      expect(await row(target!.id).innerText()).toMatch(/filled the market filled it\.[\s\S]*\$0\.25/);
      expect(await row(stop!.id).innerText()).toMatch(
        /cancelled the other one of the pair has filled\.[\s\S]*\$0\.25 back/,
      );
      expect(await new Orders(chain).jar(owner)).toBe(500_000n);
      // the fee that came back and the one to spare are in the jar, and can be taken out
      await page.getByRole("button", { name: "Withdraw from the jar" }).click();
      await confirm(page, "Withdraw");
      expect(await new Orders(chain).jar(owner)).toBe(0n);
      await setPrice("ETH", String(start));
      expect(problems()).toEqual([]);
      await leave(page);
    });

    test("a limit order waits, is shown with the contract's numbers, and is cancelled", async () => {
      const page = await visit({ as: tess, view: "trade/ETH-PERP" });
      await page.getByRole("button", { name: "Limit", exact: true }).click();
      await form(page).getByLabel("Size", { exact: true }).fill("0.2");
      await form(page).getByLabel("Limit price").fill(at(start, 0.9));
      await form(page).getByText("Time and keeper's fee").click();
      await form(page).getByLabel("Good till").selectOption("86400");
      // what it would come to there, by the contract's code on a board with that price
      await page.locator('[data-local="lens.preview_trade.fill_price"]').waitFor();
      await page.getByRole("button", { name: "Review order" }).and(page.locator(":enabled")).click();
      await page.getByText(/You buy 0\.2000 ETH once the index is at or below/).waitFor();
      await confirm(page, "Place order");
      const [order] = await orders();
      expect(order).toMatchObject({ reduce_only: false, stage: "waiting" });
      const { time } = await chain.block();
      expect(Math.abs(order!.good_till - time - 86_400)).toBeLessThan(60);
      await openTab(page, "Conditional");
      await rows(page, "Conditional orders").getByRole("button", { name: "Cancel" }).click();
      expect(await confirm(page, "Cancel order")).toContain("ended: cancelled");
      expect(await orders()).toEqual([]);
      expect(problems()).toEqual([]);
      await leave(page);
    });

    test("a stop and a target for a position that there is cancel each other", async () => {
      const signer = await chain.account(tess);
      const before = await position();
      if (!before) {
        await chain.broadcast(signer, [new Market(chain).commit({ perp: 1, size: (10n ** 17n) as never })]);
        const page = await visit({ as: tess, view: "trade/ETH-PERP" });
        await openTab(page, "Orders");
        const there = async () => (await position()) !== undefined;
        await unlessDone(page, page.getByRole("button", { name: "Settle ETH-PERP" }), "Settle", there, 90);
        await leave(page);
      }
      const page = await visit({ as: tess, view: "trade/ETH-PERP" });
      await page.getByRole("button", { name: "Stop / target for ETH-PERP" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Review" }).click();
      await confirm(page, "Place orders");
      const [stop, target] = await orders();
      expect([stop?.linked, target?.linked]).toEqual([[target?.id], [stop?.id]]);
      expect([stop?.size, target?.size]).toEqual([-(10n ** 17n), -(10n ** 17n)]);
      // left for the numbers
      await leave(page);
      expect(problems()).toEqual([]);
    });
  });
}
