import { describe, expect, test } from "vitest";
import { chain, isEmbedded, leave, problems, url, visit } from "./support/world.ts";

const folder = process.env.SDP_SCREENS ?? "target/screens";

export function states(): void {
  describe("while something is missing", () => {
    test("a view that waits says so, and an answer that fails is an error with a way to try again", async ({
      skip,
    }) => {
      if (!isEmbedded()) skip();
      const page = await visit({ view: "solvency" });
      let refuse = true;
      await page.route("**/api/query", async (route) => {
        const asked = route.request().postData() ?? "";
        if (!refuse || !asked.includes('"solvency"')) return route.continue();
        await new Promise((done) => setTimeout(done, 700));
        const error = { kind: "refused", code: "E0208", text: "E0208 NoPrice { feed: 3 }" };
        return route.fulfill({ status: 400, json: { error } });
      });
      await page.reload();
      await page.locator("main [aria-busy=true]").first().waitFor();
      const failed = page.locator("main .failed").first();
      await failed.waitFor();
      expect(await failed.innerText()).toContain("This asset has no price yet.");
      expect(await failed.innerText()).toContain("E0208 NoPrice");
      refuse = false;
      await failed.getByRole("button", { name: "Try again" }).click();
      await page.locator('[data-source="lens.solvency.assets"]').first().waitFor();
      await leave(page);
    });

    test("prices that can't be read are an error with a way to try again, and an address with a lone % is one", async ({
      skip,
    }) => {
      if (!isEmbedded()) skip();
      const page = await visit({ view: "pool" });
      let refuse = true;
      await page.route("**/api/query", (route) =>
        refuse && route.request().postData()?.includes('"board"') ? route.abort() : route.continue(),
      );
      await page.goto("about:blank");
      await page.goto(`${url}/#/trade/%`);
      const strip = page.getByRole("region", { name: "Prices" });
      await strip.getByText("Prices could not be read.").waitFor();
      await page.getByRole("heading", { level: 1, name: "Trade" }).waitFor();
      // asked again by hand, and then by itself with the next block
      const asked = page.waitForRequest((request) => request.postData()?.includes('"board"') ?? false);
      await strip.getByRole("button", { name: "Try again" }).click();
      await asked;
      refuse = false;
      await page.locator('[data-source="oracle.board.prices.0.quote.price"]').waitFor();
      expect(problems()).toEqual([]);
      await leave(page);
    });

    test("an answer that nobody expected takes the part of the page that it is for, and no more", async ({ skip }) => {
      if (!isEmbedded()) skip();
      const page = await visit({ view: "solvency" });
      let odd = true;
      await page.route("**/api/query", async (route) => {
        const asked = route.request().postData() ?? "";
        if (!odd || !asked.includes('"board"')) return route.continue();
        const { height, time } = (await (await route.fetch()).json()) as { height: number; time: number };
        return route.fulfill({ json: { data: { prices: [null] }, height, time } });
      });
      await page.reload();
      const banner = page.getByRole("banner");
      await banner.getByText("Prices could not be shown.").waitFor();
      await page.locator('[data-source="lens.solvency.assets"]').first().waitFor();
      await page.screenshot({ path: `${folder}/boundary.png` });
      odd = false;
      // at the next block there is another answer
      const height = await page.locator("[data-block]").getAttribute("data-block");
      await page.waitForFunction(
        (old) => document.querySelector("[data-block]")?.getAttribute("data-block") !== old,
        height,
      );
      await banner.getByRole("button", { name: "Try again" }).click();
      await page.locator('[data-source="oracle.board.prices.0.quote.price"]').waitFor();
      expect(problems()).toEqual([]);
      await leave(page);
    });

    test("a page without its deployment says what it lacks", async () => {
      const page = await visit({ view: "pool" });
      await page.route("**/config.json", (route) => route.fulfill({ status: 404, body: "" }));
      await page.reload();
      await page.getByRole("alert").getByText("The deployment could not be read.").waitFor();
      await leave(page);
    });

    test("nobody is signed in, nothing is for sale: what would be there is said", async () => {
      const page = await visit({ view: "trade" });
      await page.getByRole("button", { name: "Sign in" }).nth(1).waitFor();
      await page.getByText("to see your positions, orders and history").waitFor();
      await page.getByRole("link", { name: "Risk" }).click();
      await page
        .getByText(/No auction runs\.|Price now/)
        .first()
        .waitFor();
      expect(problems()).toEqual([]);
      await leave(page);
    });

    test("one's own orders are found behind a hundred others", async ({ skip }) => {
      if (!isEmbedded()) skip();
      const page = await visit({ as: "anna", view: "pool" });
      const { address } = await chain.account("anna");
      const order = (number: number, owner: string) => ({
        order: number,
        owner,
        account: 0,
        perp: 0,
        size: "0.25",
        increase: "0.25",
        limit_price: null,
        locked: "1000000",
        keeper_fee: "0",
        interval: 9_000_000_000,
        last_interval: 9_000_000_000,
      });
      const others = Array.from({ length: 100 }, (_, n) => order(n, chain.config.contracts.lens!));
      await page.route("**/api/query", async (route) => {
        const { query } = route.request().postDataJSON() as { query: Record<string, Record<string, unknown>> };
        const response = await route.fetch();
        const json = (await response.json()) as { data: never };
        const { data } = json as { data: Record<string, unknown> & Record<string, unknown>[] };
        if (!response.ok()) return route.fulfill({ response });
        if (query.perps) data.forEach((perp, n) => Object.assign(perp, { next_settled: 0, next_order: n === 0 ? 121 : 0 }));
        if (query.account?.owner === address) Object.assign(data, { orders: 1 });
        if (query.orders?.market)
          Object.assign(json, { data: query.orders.start_after === 99 ? [order(120, address)] : others });
        return route.fulfill({ response, json });
      });
      await page.getByRole("link", { name: "Trade", exact: true }).click();
      await page.getByRole("tab", { name: "Orders (1)" }).click();
      const row = page.getByRole("row", { name: /BTC-PERP 120/ });
      await row.getByRole("button", { name: "Cancel order 120" }).waitFor();
      expect(await page.getByRole("region", { name: "Orders" }).locator("tbody tr").count()).toBe(1);
      // what is under way needs no answer any more
      await page.unrouteAll({ behavior: "ignoreErrors" });
      expect(problems()).toEqual([]);
      await leave(page);
    });

    test("tokens of an account that owes more than they count for are for sale among the risks", async ({ skip }) => {
      if (!isEmbedded()) skip();
      const page = await visit({ as: "anna", view: "pool" });
      const owner = chain.config.contracts.lens!;
      const sale = {
        owner,
        account: 2,
        token: 0,
        lot: "12500000",
        owed: "31000000",
        penalty: "310000",
        reward: "100000",
        price: "4.25",
        age: 90,
        keeper: owner,
        needs_redo: false,
      };
      await page.route("**/api/query", async (route) => {
        if (!(route.request().postData() ?? "").includes('"sales"')) return route.continue();
        return route.fulfill({ json: { data: [sale, { ...sale, account: 3, needs_redo: true }], ...(await chain.block()) } });
      });
      await page.getByRole("link", { name: "Risk" }).click();
      const row = page.getByRole("row", { name: /^lens\/2/ });
      await row.getByText("12.5").waitFor();
      await page.getByRole("row", { name: /^lens\/3/ }).getByRole("button", { name: /^Start again/ }).waitFor();
      await row.getByRole("button", { name: /^Take/ }).click();
      // what is owed with the penalty; the lot is worth more
      await page.getByRole("dialog").getByText("You pay up to $31.31 of sdUSD").waitFor();
      expect(problems()).toEqual([]);
      await leave(page);
    });

    test("the page stands still while it is paused, and goes on", async () => {
      const page = await visit({ view: "pool" });
      const chip = page.locator("[data-block]");
      await page.locator('[data-source="lens.health.collateral"]').waitFor();
      await chip.click();
      const height = await chip.getAttribute("data-block");
      await page.waitForTimeout(2_500);
      expect(await chip.getAttribute("data-block")).toBe(height);
      await page.getByRole("button", { name: "Go on", exact: true }).click();
      await page.waitForFunction(
        (old) => document.querySelector("[data-block]")?.getAttribute("data-block") !== old,
        height,
      );
      await leave(page);
    });
  });
}
