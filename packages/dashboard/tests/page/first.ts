import { expect, test } from "vitest";
import { leave, visit } from "./support/world.ts";

const MOST = 2_000;

export function firstView(): void {
  test("the first view says the pool's collateral within two seconds, with an empty cache", async () => {
    const page = await visit({ view: "blank" });
    await page.context().clearCookies();
    await page.addInitScript(() => {
      const look = () => {
        if (document.querySelector('[data-source="lens.health.collateral"]'))
          document.documentElement.dataset.first = String(performance.now());
        else requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    });
    const session = await page.context().newCDPSession(page);
    await session.send("Network.clearBrowserCache");
    await page.reload();
    await page.waitForFunction(() => document.documentElement.dataset.first);
    const first = Number(await page.evaluate(() => document.documentElement.dataset.first));
    const loaded = await page.evaluate(() =>
      performance
        .getEntriesByType("resource")
        .reduce((sum, entry) => sum + (entry as PerformanceResourceTiming).transferSize, 0),
    );
    console.log(`first view: ${first.toFixed(0)} ms, ${(loaded / 1024).toFixed(0)} kB transferred`);
    expect(first).toBeLessThan(MOST);
    await leave(page);
  });
}
