/**
 * The page's world: a browser, and the chain behind the page as anybody can reach it. What only the embedded chain can do (prices, a clock,
 * coins out of nothing) is done on a real one by commands in the environment.
 *
 *     SDP_URL             address of the served dashboard, http://127.0.0.1:8080 by default
 *     CHROMIUM            the browser, /usr/bin/chromium by default
 *     SDP_PRICE_COMMAND   on a real chain, with {feed} and {price}
 *     SDP_SKIP_COMMAND    with {seconds}
 *     SDP_GIVE_COMMAND    with {account}, {token} and {amount}
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { connectTo, ServeConnection, type Block, type Connection } from "@sdp/client";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";

export const url = (process.env.SDP_URL ?? "http://127.0.0.1:8080").replace(/\/$/, "");

let browser: Browser;
export let chain: Connection;

/** So that tests can be run again on the same chain. */
export const run = Date.now().toString(36).slice(-5);

export async function open(): Promise<void> {
  chain = await connectTo(url);
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--headless=new"] });
}

export async function close(): Promise<void> {
  await browser?.close();
}

export const isEmbedded = () => chain.config.mode === "embedded";

/** Milliseconds until nothing on a view is loading: a walk through ten thousand accounts of a node takes its time. */
export const patience = () => (isEmbedded() ? 45_000 : 180_000);

interface Visit {
  /** Who is signed in. */
  as?: string;
  view?: string;
  options?: BrowserContextOptions;
}

/** A fresh browser profile on a view. Whatever goes wrong inside the page is a failure of the test: see {@link problems}. */
export async function visit({ as, view = "pool", options = {} }: Visit = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  page.on("pageerror", (error) => found.push(`${view}: ${error.message}`));
  if (as) await page.addInitScript((name) => sessionStorage.setItem("sdp.account", name), as);
  await page.goto(`${url}/#/${view}`);
  return page;
}

const found: string[] = [];

/** Exceptions in the page since the last look. */
export function problems(): string[] {
  return found.splice(0);
}

export async function leave(page: Page): Promise<void> {
  await page.context().close();
}

async function command(name: string, words: Record<string, string>): Promise<void> {
  const template = process.env[name];
  if (!template) throw new Error(`a real chain needs ${name}`);
  const text = template.replace(/\{(\w+)\}/g, (_, word: string) => words[word] ?? "");
  await promisify(execFile)("/bin/sh", ["-c", text], { timeout: 300_000 });
}

export async function setPrice(feed: string, price: string): Promise<void> {
  if (chain instanceof ServeConnection) await chain.setPrice(feed, price);
  else await command("SDP_PRICE_COMMAND", { feed, price });
}

export async function skip(seconds: number): Promise<void> {
  if (chain instanceof ServeConnection) await chain.skip(seconds);
  else await command("SDP_SKIP_COMMAND", { seconds: String(seconds) });
}

export async function give(account: string, token: string, amount: string): Promise<void> {
  if (chain instanceof ServeConnection) await chain.give(account, token, amount);
  else await command("SDP_GIVE_COMMAND", { account, token, amount });
}

export const pause = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));

/** Waits until something holds. */
export async function until(what: string, holds: () => Promise<boolean>, seconds = 60): Promise<void> {
  for (const end = Date.now() + seconds * 1_000; Date.now() < end; await pause(150)) if (await holds()) return;
  throw new Error(`${what}: not within ${seconds} s`);
}

/** Waits for so many more blocks. */
export async function blocks(count: number): Promise<Block> {
  const from = await chain.block();
  await until(`${count} blocks`, async () => (await chain.block()).height >= from.height + count);
  return chain.block();
}
