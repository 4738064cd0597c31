import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { problems, visit, leave, run } from "./support/world.ts";

/** What has the focus, and whether one can see that. */
async function focused(page: Page): Promise<{ label: string; name: string; visible: boolean }> {
  return page.evaluate(() => {
    const element = document.activeElement as HTMLElement;
    const box = element.closest(".box") ?? element;
    const shown = [element, box].some((part) => {
      const style = getComputedStyle(part);
      return style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) > 0;
    });
    return {
      label: element.getAttribute("aria-label") ?? element.textContent?.trim() ?? "",
      name: element.getAttribute("name") ?? "",
      visible: shown,
    };
  });
}

/** Tab, until what is wanted has the focus. Everything on the way must be seen to have it. */
async function tabTo(
  page: Page,
  wanted: (found: { label: string; name: string }) => boolean,
  most = 60,
): Promise<void> {
  for (let n = 0; n < most; n += 1) {
    await page.keyboard.press("Tab");
    const found = await focused(page);
    expect(found.visible, `focus on “${found.label || found.name}” can be seen`).toBe(true);
    if (wanted(found)) return;
  }
  throw new Error("it can't be reached by the tab key");
}

export function keyboard(): void {
  test("an order can be placed by keyboard alone", async () => {
    const page = await visit({ as: `tom-${run}`, view: "trade/ETH-PERP" });
    await page.getByLabel("Size").waitFor();
    await page.locator("body").press("Tab");
    expect((await focused(page)).label).toBe("Skip to the content");
    await page.keyboard.press("Enter");
    await tabTo(page, ({ name }) => name === "size");
    await page.keyboard.type("0.2");
    await tabTo(page, ({ label }) => label === "Worst price");
    await page.keyboard.press("Enter");
    await tabTo(page, ({ name }) => name === "limit");
    await page.getByRole("button", { name: "Review order" }).and(page.locator(":enabled")).waitFor();
    await tabTo(page, ({ label }) => label === "Review order");
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog");
    await dialog.waitFor();
    // the focus stays inside
    for (let n = 0; n < 8; n += 1) {
      await page.keyboard.press("Tab");
      const inside = await page.evaluate(
        () =>
          document.activeElement === document.body ||
          document.querySelector("dialog")?.contains(document.activeElement),
      );
      expect(inside).toBe(true);
    }
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    expect((await focused(page)).label).toBe("Review order");
    await page.keyboard.press("Enter");
    await dialog.waitFor();
    expect((await focused(page)).label).toBe("Buy");
    await page.keyboard.press("Enter");
    await dialog.getByText("Done").waitFor();
    expect((await focused(page)).label).toBe("Close");
    await page.keyboard.press("Enter");
    await dialog.waitFor({ state: "detached" });
    expect(problems()).toEqual([]);
    await leave(page);
  });

  test("so can one that waits for a price", async () => {
    const page = await visit({ as: `tom-${run}`, view: "trade/SOL-PERP" });
    await page.getByLabel("Size").waitFor();
    await page.locator("body").press("Tab");
    await page.keyboard.press("Enter");
    await tabTo(page, ({ label }) => label === "Stop");
    await page.keyboard.press("Space");
    await tabTo(page, ({ name }) => name === "size");
    await page.keyboard.type("1");
    await tabTo(page, ({ name }) => name === "trigger");
    expect(await page.getByLabel("Trigger price").inputValue()).not.toBe("");
    await page.getByRole("button", { name: "Review order" }).and(page.locator(":enabled")).waitFor();
    await tabTo(page, ({ label }) => label === "Review order");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    expect((await focused(page)).label).toBe("Place order");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").getByText("Done").waitFor();
    await page.keyboard.press("Enter");
    expect(problems()).toEqual([]);
    await leave(page);
  });
}
