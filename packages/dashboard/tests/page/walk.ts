import { amount, holding, Lens, Liquidator, Market, parseUsd, Pool, usd } from "@sdp/client";
import { describe, expect, test } from "vitest";
import { serious } from "./support/axe.ts";
import { confirm, fill, signIn, unlessDone } from "./support/person.ts";
import { blocks, chain, give, leave, problems, run, setPrice, skip, until, visit } from "./support/world.ts";

const [ann, tom, kim, whale] = [`ann-${run}`, `tom-${run}`, `kim-${run}`, `whale-${run}`];
const vaultOf = (symbol: string) => chain.config.collaterals.find((known) => known.symbol === symbol)!;

/** As the board has it. */
async function priceOf(symbol: string): Promise<number> {
  const board = await chain.query<{ prices: { symbol: string; quote: { price: string } }[] }>(
    chain.config.contracts.oracle!,
    { board: {} },
  );
  return Number(board.prices.find((entry) => entry.symbol === symbol)!.quote.price);
}

/** Somebody whose collateral carries the others, so that nobody's loss is the pool's end; not by the page. */
async function carried(): Promise<void> {
  const { vault, decimals } = vaultOf("ATOM");
  await give(whale, "ATOM", "1000000");
  const signer = await chain.account(whale);
  await chain.broadcast(signer, [new Pool(chain).deposit(vault, amount(1_000_000n * 10n ** BigInt(decimals)))]);
}

/** What one provider and two traders do, one after the other, as each would click. */
export function walk(): void {
  const start: Record<string, number> = {};

  describe("from a deposit to the exit", () => {
    test("ann deposits, mints, and sends dollars to tom and kim", async () => {
      for (const symbol of ["BTC", "ATOM"]) start[symbol] = await priceOf(symbol);
      await carried();
      await give(ann, "ATOM", "12000");
      // a chain knows only who has had coins
      for (const name of [tom, kim]) await give(name, "ATOM", "1");
      const page = await visit({ view: "earn/ATOM" });
      await signIn(page, ann);
      await fill(page, "Deposit ATOM", { "Deposit of ATOM": "12000" }, "Review deposit");
      expect(await confirm(page, "Deposit")).toContain("Deposited 12,000");
      await page.getByRole("tab", { name: "Mint" }).click();
      // 333 %, where 300 % is required
      const minted = ((12_000 * start.ATOM!) / 3.33).toFixed(0);
      await fill(page, "Mint sdUSD", { Mint: minted }, "Review mint");
      expect(await confirm(page, "Mint")).toContain("Minted $");
      // what would end it: a fall to 200 of 333 parts of the price, by the table and by either slider
      const seized = page
        .getByRole("region", { name: "Prices that liquidate you" })
        .getByRole("row", { name: /^ATOM/ });
      const part = async () =>
        Number((await seized.locator("[data-local]").innerText()).replaceAll(",", "")) / start.ATOM!;
      await expect.poll(part, { timeout: 20_000 }).toBeCloseTo(200 / 333, 2);
      await page.locator('input[name="price"]').fill("5500");
      await page.getByText("would be seized").waitFor();
      await page.locator('input[name="ratio"]').fill("250");
      await page.getByText("stays", { exact: true }).waitFor();
      const there = Number(await page.locator('input[name="price"]').inputValue()) / 10_000;
      expect(there).toBeCloseTo(250 / 333, 2);
      await page.getByRole("tab", { name: "Send" }).click();
      for (const [name, sent] of [
        [tom, "8000"],
        [kim, "12000"],
      ] as const) {
        await fill(page, "Send sdUSD", { To: name, Amount: sent }, "Review transfer");
        expect(await confirm(page, "Send")).toContain("Done");
      }
      expect(problems()).toEqual([]);
      await leave(page);
    });

    test("tom pays margin in, trades, and sees his position", async () => {
      const page = await visit({ view: "trade/BTC-PERP" });
      await signIn(page, tom);
      await fill(page, "Margin", { Margin: "5000" }, "Review deposit");
      expect(await confirm(page, "Deposit")).toContain("Deposited $5,000.00 of margin");
      const size = (70_000 / start.BTC!).toFixed(3);
      await fill(page, "Order in BTC-PERP", { Size: size }, "Review order");
      expect(await confirm(page, "Buy")).toContain("committed");
      await page.getByRole("tab", { name: /Orders/ }).click();
      const [market, { address }] = [chain.config.markets[0]!.address, await chain.account(tom)];
      const filled = async () => (await new Lens(chain).account(market, address)).positions.length > 0;
      await unlessDone(page, page.getByRole("button", { name: "Settle BTC-PERP" }), "Settle", filled);
      await page.getByRole("tab", { name: /Positions/ }).click();
      await page.getByRole("row", { name: /BTC-PERP/ }).waitFor();
      // what only reduces: nothing on the side of the position, and no more than there is on the other one
      const form = page.getByRole("form", { name: "Order in BTC-PERP" });
      const review = form.getByRole("button", { name: "Review order" });
      await form.getByLabel("Size", { exact: true }).fill("1000");
      await form.getByLabel("Reduce only").check();
      await form.getByText("There is no position left to reduce.").waitFor();
      expect(await review.isDisabled()).toBe(true);
      await form.getByRole("button", { name: "Sell / short" }).click();
      await review.and(page.locator(":enabled")).waitFor();
      expect(await form.locator(".refusal").count()).toBe(0);
      await page.getByRole("tab", { name: /History/ }).click();
      await page.getByText(/filled: /).waitFor();
      expect(problems()).toEqual([]);
      await leave(page);
    });

    test("the price falls, and kim liquidates tom", async () => {
      await setPrice("BTC", String(Math.round(start.BTC! * 0.945)));
      const page = await visit({ view: "risk" });
      await signIn(page, kim);
      const { address } = await chain.account(tom);
      const row = page.locator("tr").filter({ has: page.locator(`th[title="${address}"]`) });
      const market = chain.config.markets[0]!.address;
      const account = () => new Lens(chain).account(market, address);
      await unlessDone(
        page,
        row.getByRole("button", { name: /Liquidate/ }),
        "Liquidate",
        async () => (await account()).generation > 0,
      );
      expect((await account()).liquidatable).toBe(false);
      await leave(page);
      const his = await visit({ as: tom, view: "trade/BTC-PERP" });
      await his.getByRole("tab", { name: /History/ }).click();
      await his.getByText("Account 0 was liquidated").first().waitFor();
      expect(problems()).toEqual([]);
      await leave(his);
    });

    test("the collateral falls, kim has ann's position seized, and takes a part of the auction", async () => {
      // ann's ratio falls below the liquidation ratio, the whale owes next to nothing
      await setPrice("ATOM", (start.ATOM! * 0.58).toFixed(4));
      const page = await visit({ view: "risk" });
      await signIn(page, kim);
      const { address } = await chain.account(ann);
      const row = page.locator("tr").filter({ has: page.locator(`th[title="${address}"]`) });
      const auctions = () => new Liquidator(chain).auctions();
      await unlessDone(page, row.getByRole("button", { name: /Liquidate/ }), "Liquidate", async () =>
        (await auctions()).some((auction) => auction.owner === address),
      );
      expect((await auctions()).some((auction) => auction.owner === address)).toBe(true);
      await page.getByRole("button", { name: /^Take/ }).first().click();
      const form = page.getByRole("dialog");
      await form.getByLabel("Most to take").fill("1000");
      await form.getByLabel("Highest price").fill("1,234.5");
      const review = form.getByRole("button", { name: "Review" }).and(page.locator(":enabled"));
      await review.waitFor();
      expect(await serious(page)).toEqual([]);
      await review.click();
      expect(await confirm(page, "Take")).toMatch(/Bought 1,000.* of auction/);
      await page.locator('[data-source="liquidator.auctions.0.price"]').waitFor();
      expect(problems()).toEqual([]);
      await leave(page);
    });

    test("prices come back, and the whale leaves with a part after its stay and the delay", async () => {
      await setPrice("ATOM", String(start.ATOM));
      await setPrice("BTC", String(start.BTC));
      const config = await new Pool(chain).config();
      await skip(config.params.minimum_stay + 60);
      await blocks(2);
      const page = await visit({ view: "earn/ATOM" });
      await signIn(page, whale);
      await page.getByRole("tab", { name: "Exit" }).click();
      await fill(page, "Exit with ATOM", { Withdraw: "1000" }, "Review request");
      expect(await confirm(page, "Request exit")).toContain("Requested an exit of 1,000");
      await skip(config.params.exit_delay + 10);
      const owner = (await chain.account(whale)).address;
      const gone = async () => (await new Pool(chain).position(vaultOf("ATOM").vault, owner)).exit == null;
      await unlessDone(page, page.getByRole("button", { name: "Execute exit" }), "Execute exit", gone);
      expect(await gone()).toBe(true);
      const wallet = await holding(chain, vaultOf("ATOM").token, owner);
      expect(wallet).toBe(1_000n * 10n ** BigInt(vaultOf("ATOM").decimals));
      await page.getByLabel("Withdraw", { exact: true }).waitFor();
      expect(problems()).toEqual([]);
      await leave(page);
    });

    test("what is refused is said in words, with its code and numbers", async () => {
      const page = await visit({ view: "earn/ATOM" });
      await signIn(page, whale);
      await page.getByRole("tab", { name: "Mint" }).click();
      await page.getByRole("form", { name: "Mint sdUSD" }).getByLabel("Mint", { exact: true }).fill("9000000");
      await page.getByText("It would be refused.").waitFor();
      expect(await page.locator(".refusal").innerText()).toMatch(/E03\d\d [A-Z]/);
      expect(await page.getByRole("button", { name: "Review mint" }).isDisabled()).toBe(true);
      await leave(page);
    });

    test("the dollars that kim has left become an account's margin again", async () => {
      // not by the page: what later tests look at
      const market = chain.config.markets[0]!.address;
      const signer = await chain.account(kim);
      await chain.broadcast(signer, [new Market(chain, null, market).deposit(parseUsd("100"))]);
      await chain.broadcast(await chain.account(tom), [new Market(chain, null, market).deposit(usd(500_000_000n))]);
      await until("margin", async () => (await new Lens(chain).account(market, signer.address)).margin > 0n);
    });
  });
}
