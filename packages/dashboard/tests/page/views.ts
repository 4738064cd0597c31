import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseUsd, Pool } from "@sdp/client";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { serious } from "./support/axe.ts";
import { chain, leave, patience, problems, run, visit } from "./support/world.ts";

const folder = process.env.SDP_SCREENS ?? fileURLToPath(new URL("../../target/screens", import.meta.url));
const widths = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 900 } } as const;
const all = ["pool", "markets", "trade", "earn", "risk", "solvency"] as const;

/** Waits until nothing on the view is loading. */
async function settled(page: Page): Promise<void> {
  await page.locator("main [data-source]").first().waitFor();
  await page.waitForFunction(() => !document.querySelector("main [aria-busy=true]"), undefined, { timeout: patience() });
  await page.waitForTimeout(400);
}

/** Somebody who owes something; not by the page. */
async function owing(name: string): Promise<void> {
  const [pool, signer] = [new Pool(chain), await chain.account(name)];
  const vault = chain.config.collaterals.find(({ symbol }) => symbol === "ATOM")!.vault;
  if ((await pool.position(vault, signer.address)).minted === 0n)
    await chain.broadcast(signer, [pool.mint(vault, parseUsd("20000"))]);
}

/** A view that fits, has no errors and nothing seriously wrong with it, and a picture of it. */
async function look(page: Page, name: string): Promise<void> {
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(wider, `${name} is wider than the screen`).toBeLessThanOrEqual(0);
  expect(await page.locator("main .failed").count(), `errors on ${name}`).toBe(0);
  expect(await serious(page), name).toEqual([]);
  // as high as the view, so that what is fixed to the bottom is at the bottom
  const { width, height } = await page.evaluate(() => ({
    width: innerWidth,
    height: document.documentElement.scrollHeight,
  }));
  await page.setViewportSize({ width, height });
  await page.waitForTimeout(250);
  await page.screenshot({ path: `${folder}/${name}.png` });
}

export function views(): void {
  mkdirSync(folder, { recursive: true });
  describe.each(["light", "dark"] as const)("in %s", (colorScheme) => {
    describe.each(["desktop", "phone"] as const)("on a %s", (width) => {
      test("every view is whole, fits, and has no serious fault of accessibility", async () => {
        const page = await visit({ as: `ann-${run}`, options: { viewport: widths[width], colorScheme } });
        for (const view of all) {
          await page.setViewportSize(widths[width]);
          await page.evaluate((name) => void (location.hash = `#/${name}`), view);
          await page.getByRole("heading", { level: 1, name: view, exact: false }).waitFor();
          await settled(page);
          await look(page, `${view}-${width}-${colorScheme}`);
        }
        expect(problems()).toEqual([]);
        await leave(page);
      });

      test("so are a provider's position, and a trader's", async () => {
        const options = { viewport: widths[width], colorScheme };
        await owing(`whale-${run}`);
        for (const [as, view, there, name] of [
          [`whale-${run}`, "earn/ATOM", 'input[name="ratio"]', "provider"],
          [`tom-${run}`, "trade/BTC-PERP", '[data-source^="lens.account.positions.0."]', "trader"],
        ] as const) {
          const page = await visit({ as, view, options });
          await page.locator(there).first().waitFor();
          await settled(page);
          await look(page, `${name}-${width}-${colorScheme}`);
          expect(problems()).toEqual([]);
          await leave(page);
        }
      });

      test("so is a bracket in the form, and what waits and has ended below", async () => {
        const options = { viewport: widths[width], colorScheme };
        const page = await visit({ as: `tess-${run}`, view: "trade/ETH-PERP", options });
        await page.getByRole("button", { name: "Limit", exact: true }).click();
        await page.getByLabel("Size", { exact: true }).fill("0.1");
        await page.getByLabel("Stop-loss and take-profit").check();
        await page.getByText("Time and keeper's fee").click();
        await page.getByLabel("Entry waits").selectOption("Until …");
        await page.locator('[data-local="lens.preview_trade.fill_price"]').waitFor();
        await page.getByRole("tab", { name: /^Conditional/ }).click();
        await page
          .getByRole("button", { name: /^Cancel order/ })
          .first()
          .waitFor();
        await settled(page);
        await look(page, `bracket-${width}-${colorScheme}`);
        expect(problems()).toEqual([]);
        await leave(page);
      });
    });
  });
}
