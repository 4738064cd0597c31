/** What is asked before anything happens, and what is said where nobody knows whether it has. */
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { serious } from "./support/axe.ts";
import { onRealChain } from "./support/node.ts";
import { fill } from "./support/person.ts";
import { give, isEmbedded, leave, problems, run, visit } from "./support/world.ts";

const folder = process.env.SDP_SCREENS ?? "target/screens";

/** A wallet as Keplr puts one into the page, without any chain; its owner's account, and whether he says no. */
function wallet(): void {
  const known: string[] = [];
  const mine = { name: "savings", address: "wasm1savings", refuses: false };
  const ask = () => {
    if (mine.refuses) throw new Error("Request rejected");
  };
  Object.assign(window, {
    mine,
    suggested: known,
    keplr: {
      enable: async (id: string) => {
        ask();
        if (!known.includes(id)) throw new Error(`There is no chain info for ${id}`);
      },
      experimentalSuggestChain: async ({ chainId }: { chainId: string }) => void known.push(chainId),
      getOfflineSignerAuto: async () => ({
        getAccounts: async () => [{ address: mine.address, algo: "secp256k1", pubkey: new Uint8Array(33) }],
      }),
      getKey: async () => ({ name: mine.name }),
    },
  });
}

/** The wallet's owner does something in it. */
const inWallet = (page: Page, change: { name?: string; address?: string; refuses?: boolean }, tell = true) =>
  page.evaluate(
    ([change, tell]) => {
      Object.assign((window as unknown as { mine: object }).mine, change);
      if (tell) window.dispatchEvent(new Event("keplr_keystorechange"));
    },
    [change, tell] as const,
  );

/** Asks for a deposit, as far as the dialog that says what will happen. */
async function deposit(page: Page): Promise<void> {
  await fill(page, "Deposit ATOM", { "Deposit of ATOM": "100" }, "Review deposit");
  await page.getByRole("dialog").waitFor();
}

export function dialogs(): void {
  describe("dialogs", () => {
    test("that of signing in has no serious fault of accessibility", async () => {
      const page = await visit({ view: "pool" });
      await page.getByRole("banner").getByRole("button", { name: "Sign in" }).click();
      await page.getByRole("dialog").waitFor();
      expect(await serious(page)).toEqual([]);
      expect(problems()).toEqual([]);
      await leave(page);
    });

    test("by Keplr one signs in on a chain that it did not know; a no is said, and a change of account is followed", async () => {
      const page = await visit({ view: "pool" });
      await onRealChain(page);
      await page.addInitScript(wallet);
      await page.reload();
      const header = page.getByRole("banner");
      await header.getByRole("button", { name: "Sign in" }).click();
      const dialog = page.getByRole("dialog");
      const button = dialog.getByRole("button", { name: "Sign in with Keplr" });
      await inWallet(page, { refuses: true }, false);
      await button.click();
      await dialog.getByText("Not signed in. Request rejected").waitFor();
      await page.screenshot({ path: `${folder}/keplr-refused.png` });
      expect(await serious(page)).toEqual([]);

      await inWallet(page, { refuses: false }, false);
      await button.click();
      await header.getByRole("button", { name: "savings" }).waitFor();
      expect(await page.evaluate(() => (window as unknown as { suggested: string[] }).suggested)).toEqual(["sdp-test-1"]);

      await inWallet(page, { name: "travel", address: "wasm1travel" });
      await header.getByRole("button", { name: "travel" }).click();
      await dialog.getByText("wasm1travel").waitFor();
      await dialog.getByRole("button", { name: "Close" }).last().click();

      await inWallet(page, { name: "other", address: "wasm1other", refuses: true });
      await page.getByText("Signed out, as Keplr has changed its account: Request rejected").waitFor();
      await header.getByRole("button", { name: "Sign in" }).waitFor();
      expect(problems()).toEqual([]);
      await leave(page);
    });

    test("a lost answer is neither done nor refused; whoever looks again finds it done", async ({ skip }) => {
      if (!isEmbedded()) skip();
      const name = `lost-${run}`;
      await give(name, "ATOM", "100");
      const page = await visit({ as: name, view: "earn" });
      let [cut, sent] = [true, 0];
      await page.route("**/api/broadcast", async (route) => {
        sent += 1;
        await route.fetch();
        await route.abort();
      });
      await page.route("**/api/events?*", (route) => (cut && sent > 0 ? route.abort() : route.continue()));
      await deposit(page);
      const dialog = page.getByRole("dialog");
      expect(await serious(page)).toEqual([]);
      await dialog.getByRole("button", { name: "Deposit", exact: true }).click();
      await dialog.getByText("Nobody knows yet.").waitFor();
      expect(await dialog.innerText()).not.toContain("Nothing has changed");
      expect(await serious(page)).toEqual([]);
      await page.screenshot({ path: `${folder}/unknown.png` });
      await dialog.getByRole("button", { name: "Look again" }).click();
      await dialog.getByText("The chain did not answer").waitFor();
      await dialog.getByRole("button", { name: "Close" }).last().click();
      const left = page.getByRole("status").filter({ hasText: "nobody knows yet whether it is done" });
      await left.waitFor();
      expect(await serious(page)).toEqual([]);
      await page.screenshot({ path: `${folder}/unknown-closed.png` });
      cut = false;
      await left.getByRole("button", { name: "Look again" }).click();
      await dialog.getByText("Done").waitFor();
      expect(await dialog.innerText()).toContain("Deposited 100.000000 ATOM");
      await dialog.getByRole("button", { name: "Close" }).last().click();
      expect(await left.count()).toBe(0);
      expect(sent).toBe(1);
      expect(problems()).toEqual([]);
      await leave(page);
    });

    test("a success stays one, though the chain does not answer any more", async ({ skip }) => {
      if (!isEmbedded()) skip();
      const name = `cut-${run}`;
      await give(name, "ATOM", "100");
      const page = await visit({ as: name, view: "earn" });
      let sent = false;
      await page.route("**/api/broadcast", async (route) => {
        await route.fulfill({ response: await route.fetch() });
        sent = true;
      });
      await page.route(/api\/(block|query)$/, (route) => (sent ? route.abort() : route.continue()));
      await deposit(page);
      const dialog = page.getByRole("dialog");
      await dialog.getByRole("button", { name: "Deposit", exact: true }).click();
      await dialog.getByText("Done").waitFor();
      await page.getByText("The chain does not answer.").waitFor();
      expect(await dialog.innerText()).toContain("Deposited 100.000000 ATOM");
      await page.screenshot({ path: `${folder}/trouble.png` });
      expect(problems()).toEqual([]);
      await leave(page);
    });
  });
}
