/**
 * The contracts in the browser: the very wasm of the chain answers on the records of one block. Where it was not built with the page, the
 * chain is asked, and what takes other prices can't be answered.
 */
import type { LocalConnection } from "@sdp/client/local";
import { parsePrice, price, type Connection, type Price } from "@sdp/client";
import { connection, live } from "../app/session.ts";
import type { Answer, Arguments } from "./live.ts";

declare const __CONTRACTS__: string[];

/** Those that previews need, if they were built. */
const contracts = ["lens", "pool", "liquidator", "orders"].filter((name) => __CONTRACTS__.includes(`${name}.wasm`));

/** By number of the feed. */
export type Prices = ReadonlyMap<number, Price>;

/** Whether "what if" can be answered. */
export const canImagine = ["lens", "pool"].every((name) => contracts.includes(name));

type Maker = (remote: Connection) => LocalConnection;
let maker: Promise<Maker> | null = null;
let made: Promise<LocalConnection> | null = null;

/** Makes connections with records of their own. What they run is fetched and compiled once. */
export function makers(): Promise<Maker> {
  maker ??= import("@sdp/client/local").then(({ LocalConnection, loadFrom }) => {
    const load = loadFrom("./contracts");
    return (remote) => new LocalConnection(remote, load, contracts);
  });
  return maker;
}

function local(): Promise<LocalConnection> {
  made ??= makers().then((make) => make(connection.value!));
  return made;
}

/** After a transaction: its block may have been read before it. */
export async function forget(): Promise<void> {
  (await made?.catch(() => null))?.forget();
}

/** At the block that is shown, as long as the chain remembers it. */
async function pinned(): Promise<LocalConnection> {
  const found = await local();
  const block = shown();
  if (block) found.pin(block);
  return found;
}

const shown = () => live.value!.shown.peek() ?? live.value!.head.peek();

/** Answers a query as of the block that is shown. */
export async function ask<T>(contract: string, query: string, args: Arguments): Promise<Answer<T>> {
  const address = live.value!.address(contract);
  const from = contracts.includes(contract) ? await pinned() : connection.value!;
  const { data, height, time } = await from.ask<T>(address, { [query]: args });
  return { data, block: { height, time }, contract, query, args };
}

/** Answers a query as if feeds had these prices. */
export async function askAt<T>(
  prices: Prices,
  contract: string,
  query: string,
  args: Arguments,
): Promise<Answer<T>> {
  const there = await (await pinned()).withPrices(prices);
  const { data, height, time } = await there.ask<T>(live.value!.address(contract), { [query]: args });
  return { data, block: { height, time }, contract, query, args, imagined: true };
}

/** Another world: some prices are not what they are. */
export interface World {
  ask<T>(contract: string, query: string, args?: Arguments): Promise<T>;
}

/** What contracts would answer if feeds had these prices. */
export async function imagine(prices: Prices): Promise<World> {
  return worldOf(await (await pinned()).withPrices(prices));
}

export function worldOf(there: LocalConnection): World {
  return {
    async ask<T>(contract: string, query: string, args: Arguments = {}) {
      // so that a hundred of these do not freeze the page
      await new Promise((done) => setTimeout(done, 0));
      return there.query<T>(live.value!.address(contract), { [query]: args });
    },
  };
}

/** A price times a number of ten-thousandths, never 0. */
export function scaled(from: string, tenThousandths: number): Price {
  const changed = (parsePrice(from) * BigInt(Math.round(tenThousandths))) / 10_000n;
  return price(changed > 0n ? changed : 1n);
}
