import { amount, parsePrice, Pool, transfer } from "@sdp/client";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { blocks, chain, give, isEmbedded, leave, patience, pause, run, setPrice, visit } from "./support/world.ts";

/** A number as the page shows it. */
interface Shown {
  source: string;
  value: string;
  unit: string;
  decimals: number;
  args: Record<string, unknown>;
  height: number;
  text: string;
}

/** Everything on the page that says where it is from. */
function collect(page: Page): Promise<Shown[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("[data-source]")].map((element) => ({
      source: element.dataset.source ?? "",
      value: element.dataset.value ?? "",
      unit: element.dataset.unit ?? "",
      decimals: Number(element.dataset.decimals ?? 0),
      args: JSON.parse(
        element.dataset.args ?? element.closest<HTMLElement>("[data-args]")?.dataset.args ?? "{}",
      ) as Record<string, unknown>,
      height: Number(element.dataset.height),
      text: element.textContent ?? "",
    })),
  );
}

// Written apart from the page and the client, from the units' table in the book's first chapter.

const scales: Record<string, number> = { usd: 6, price: 18, size: 18, ratio: 18, percent: 16, count: 0, seconds: 0 };
/** Units that JSON has as integers. */
const whole = new Set(["usd", "amount", "count", "seconds"]);

/** Text of an answer as an integer. */
function integer(answer: unknown, unit: string): bigint {
  const text = String(answer);
  if (whole.has(unit)) return BigInt(text);
  const [before = "", after = ""] = text.replace("-", "").split(".");
  const raw = BigInt(before + after.padEnd(18, "0"));
  return text.startsWith("-") ? -raw : raw;
}

const powers: Record<string, number> = { M: 6, B: 9, T: 12 };

/** Whether the text is that integer, rounded to the digits that it shows. */
function says({ text, unit, decimals, value }: Shown): boolean {
  // something of nothing
  if (text === "∞") return value === String(2n ** 128n - 1n);
  const found = /^([−+]?)\$?([\d,]+)(?:\.(\d+))?(?: ([MBT]))?(?: %| s)?$/.exec(text);
  if (!found) return false;
  const [, sign, before = "", after = "", letter] = found;
  const scale = unit === "amount" ? decimals : scales[unit]!;
  const missing = scale - after.length + (letter ? powers[letter]! : 0);
  if (missing < 0) return false;
  const step = 10n ** BigInt(missing);
  const shown = BigInt(before.replaceAll(",", "") + after) * step * (sign === "−" ? -1n : 1n);
  const exact = BigInt(value);
  const off = shown > exact ? shown - exact : exact - shown;
  // something is never shown as nothing
  return off * 2n <= step && (exact === 0n || shown !== 0n || text.startsWith("−"));
}

const dig = (answer: unknown, path: string[]) =>
  path.reduce<unknown>((part, key) => (part as Record<string, unknown> | undefined)?.[key], answer);

/** What never changes on its own, and may be shown as of an earlier block. */
const still = new Set(["config", "covariance"]);

async function answer(
  contract: string,
  query: string,
  args: Record<string, unknown>,
  height: number,
): Promise<unknown> {
  if (contract === "bank")
    return { balance: (await chain.balance(String(args.address), String(args.denom), height)).data };
  const address = chain.config.contracts[contract] ?? contract;
  return chain.query(address, { [query]: args }, height);
}

/** Compares all numbers of a view with the contracts' answers at the same block. */
async function compare(page: Page, view: string): Promise<{ compared: number; wrong: string[] }> {
  for (let attempt = 0; attempt < 12; attempt += 1) {
    const before = await page.locator("[data-block]").getAttribute("data-block");
    await page.waitForFunction(
      (old) => document.querySelector("[data-block]")?.getAttribute("data-block") !== old,
      before,
    );
    await page.locator("[data-block]").click();
    const height = Number(await page.locator("[data-block]").getAttribute("data-block"));
    const all = await collect(page);
    const questions = new Map(all.map((shown) => [questionOf(shown), shown]));
    const answers = new Map<string, unknown>();
    const results = await Promise.allSettled(
      [...questions].map(async ([key, shown]) => {
        const [contract = "", query = ""] = shown.source.split(".");
        answers.set(key, await answer(contract, query, shown.args, height));
      }),
    );
    await page.locator("[data-block]").click();
    if (results.some(({ status }) => status === "rejected")) {
      const reason = results.find((result) => result.status === "rejected")?.reason as Error;
      if (/not the present one/.test(reason.message)) continue;
      throw reason;
    }
    const late = all.filter((shown) => shown.height !== height && !still.has(shown.source.split(".")[1]!));
    if (late.length > 0 && attempt < 11) {
      await pause(200);
      continue;
    }
    expect(
      late.map(({ source, height }) => `${source} of block ${height}`),
      `${view} at ${height}`,
    ).toEqual([]);
    const wrong = all.flatMap((shown) => {
      const found = dig(answers.get(questionOf(shown)), shown.source.split(".").slice(2));
      const there = found !== undefined && found !== null && integer(found, shown.unit).toString() === shown.value;
      if (!there) return [`${shown.source}: ${shown.value} on the page, ${JSON.stringify(found)} on the chain`];
      return says(shown) ? [] : [`${shown.source}: “${shown.text}” for ${shown.value}`];
    });
    return { compared: all.length, wrong };
  }
  throw new Error(`${view}: the chain was never at the block of the page`);
}

const questionOf = ({ source, args }: Shown) => JSON.stringify([...source.split(".").slice(0, 2), args]);

async function compareViews(
  as: string,
  all: string[],
  before?: (page: Page, view: string) => Promise<void>,
): Promise<number> {
  const page = await visit({ as, view: all[0]! });
  let total = 0;
  for (const view of all) {
    await page.evaluate((name) => void (location.hash = `#/${name}`), view);
    await page.locator("main [data-source]").first().waitFor();
    await page.waitForFunction(() => !document.querySelector("main [aria-busy=true]"), undefined, { timeout: patience() });
    await before?.(page, view);
    const { compared, wrong } = await compare(page, view);
    expect(wrong, view).toEqual([]);
    total += compared;
  }
  await leave(page);
  return total;
}

const tom = `tom-${run}`;
const whale = `whale-${run}`;

export function numbers(): void {
  describe("numbers on the page are the contracts' answers", () => {
    test("on all views", async () => {
      const total = await compareViews(
        tom,
        ["pool", "markets", "markets/ETH-PERP", "trade", "earn", "risk", "solvency"],
        async (page, view) => {
          if (view !== "trade") return;
          await page.getByLabel("Size", { exact: true }).fill("0.015");
          await page.locator('[data-source="lens.preview_trade.fill_price"]').waitFor();
        },
      );
      console.log(`${total} numbers compared`);
      expect(total).toBeGreaterThan(300);
      // a stop and a target that wait, and a bracket in the form
      await compareViews(`tess-${run}`, ["trade/ETH-PERP"], async (page) => {
        await page.getByLabel("Size", { exact: true }).fill("0.1");
        await page.getByLabel("Stop-loss and take-profit").check();
        await page.locator('[data-source="orders.preview.keeper_fee"]').waitFor();
        await page.getByRole("tab", { name: /Conditional/ }).click();
        await page.locator('[data-source="orders.orders.1.keeper_fee"]').waitFor();
      });
      await compareViews(whale, ["earn/ATOM"]);
    });

    test("also of a millionth of a dollar, and of a thousand million millions", async () => {
      const mite = `mite-${run}`;
      const croesus = `croesus-${run}`;
      const [{ address }, signer] = [await chain.account(mite), await chain.account(tom)];
      await chain.broadcast(signer, [transfer({ cw20: chain.config.contracts.sdusd! }, address, 1n)]);
      await give(mite, "ATOM", "0.000001");
      await give(croesus, "ATOM", "1000000000000000");
      const small = await compareViews(mite, ["trade/BTC-PERP", "earn/ATOM"], async (page, view) => {
        if (view.startsWith("earn"))
          return void (await page.getByText("$0.000001").or(page.getByText("0.000001")).first().waitFor());
        await page.getByLabel("Size", { exact: true }).fill("0.000001");
        await page.locator('[data-source="lens.preview_trade.fill_price"]').waitFor();
      });
      const large = await compareViews(croesus, ["earn/ATOM", "trade/BTC-PERP"], async (page, view) => {
        if (view.startsWith("earn")) return void (await page.getByText("1,000,000,000,000,000").first().waitFor());
        await page.getByLabel("Size", { exact: true }).fill("1000000000");
        await page.getByText("It would be refused.").waitFor();
      });
      console.log(`${small + large} numbers compared`);
    });

    test("also in a pool of a thousand million million dollars", async ({ skip }) => {
      // prices that nobody's network should have
      if (!isEmbedded()) skip();
      const croesus = `croesus-${run}`;
      const eth = chain.config.collaterals.find(({ symbol }) => symbol === "ETH")!;
      const before = (await new Pool(chain).vaults())[eth.vault]!;
      await give(croesus, "ETH", "5000");
      const owner = await chain.account(croesus);
      await chain.broadcast(owner, [new Pool(chain).deposit(eth.vault, amount(5_000n * 10n ** 18n))]);
      const held = before.collateral + 5_000n * 10n ** 18n;
      const price = parsePrice("1000000000000000") / (held / 10n ** 18n + 1n);
      await setPrice("ETH", String(price / 10n ** 18n));
      await blocks(2);
      const total = await compareViews(
        croesus,
        ["pool", "markets", "earn/ETH", "solvency", "risk"],
        async (page, view) => {
          if (view === "pool")
            await page
              .getByText(/\$(1,000|999)[.\d]* T/)
              .first()
              .waitFor();
        },
      );
      console.log(`${total} numbers compared`);
      await setPrice("ETH", "3000");
    });
  });
}
