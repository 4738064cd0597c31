/** Many questions in worlds with other prices, all about one block, though others pin previews elsewhere and the chain goes on. */
import type { AsOf, Block, Connection } from "@sdp/client";
import { connection, live } from "../app/session.ts";
import { makers, worldOf, type Prices, type World } from "./local.ts";

/** An answer, and of which blocks it is: of one, unless the chain was faster. */
export interface Still<T> {
  data: T;
  from: number;
  to: number;
}

type Work<T> = (imagine: (prices: Prices) => Promise<World>) => Promise<T>;

/** Times that what is wanted is read again, in the hope that no block comes meanwhile. */
const RUNS = 5;

/** Thrown through the work: some of what it has read is of another block. */
class Moved extends Error {}

/**
 * A chain that knows its present only, as it was at one moment: what has been read stays as it was read. The first run finds out what is
 * wanted, record after record; for the next one all of it is read at once.
 */
export class Moment {
  private readonly asking = new Map<string, () => Promise<AsOf<unknown>>>();
  private readonly answers = new Map<string, Promise<AsOf<unknown>>>();
  /** Of all that was read, and of the block that it is taken for. */
  blocks: { from: number; to: number };

  constructor(
    private readonly chain: Connection,
    { height }: Block,
  ) {
    this.blocks = { from: height, to: height };
  }

  private read<T>(name: string, ask: () => Promise<AsOf<T>>): Promise<AsOf<T>> {
    this.asking.set(name, ask);
    const known = this.answers.get(name);
    if (known) return known as Promise<AsOf<T>>;
    const asked = ask().then((answer) => {
      const { from, to } = this.blocks;
      this.blocks = { from: Math.min(from, answer.height), to: Math.max(to, answer.height) };
      return answer;
    });
    this.answers.set(name, asked);
    // what has failed is asked for again
    asked.catch(() => this.answers.delete(name));
    return asked;
  }

  /** Reads all that was ever wanted once more. */
  async again(): Promise<Block> {
    this.answers.clear();
    const block = await this.chain.block();
    this.blocks = { from: block.height, to: block.height };
    await Promise.all([...this.asking].map(([name, ask]) => this.read(name, ask).catch(() => null)));
    return block;
  }

  /** The chain as somebody sees it who reads it by this. */
  connection(): Connection {
    const { chain } = this;
    const ask = <T>(contract: string, query: object) =>
      this.read<T>(JSON.stringify([contract, query]), () => chain.ask<T>(contract, query));
    const own: Partial<Connection> = {
      raw: (contract, key) => this.read(`${contract}/${key}`, () => chain.raw(contract, key)),
      balance: (address, denom) => this.read(`${address} ${denom}`, () => chain.balance(address, denom)),
      ask,
      query: async <T>(contract: string, query: object) => (await ask<T>(contract, query)).data,
    };
    return Object.assign(Object.create(chain) as Connection, own);
  }
}

/** Where it is of several blocks in the end, it says so. */
export async function still<T>(work: Work<T>): Promise<Still<T>> {
  const [make, chain] = [await makers(), connection.value!];
  const shown = live.value!.shown.peek() ?? (await chain.block());
  if (chain.config.mode === "chain") {
    const own = make(chain);
    own.pin(shown);
    const data = await work(async (prices) => worldOf(await own.withPrices(prices)));
    return { data, from: shown.height, to: shown.height };
  }
  const moment = new Moment(chain, shown);
  for (let run = 1; ; run += 1) {
    const block = run === 1 ? shown : await moment.again();
    const own = make(moment.connection());
    own.pin(block);
    const check = () => {
      const { from, to } = moment.blocks;
      if (from !== to && run < RUNS) throw new Moved();
    };
    try {
      const data = await work(async (prices) => {
        const world = worldOf(await own.withPrices(prices));
        check();
        return world;
      });
      check();
      return { data, ...moment.blocks };
    } catch (error) {
      if (!(error instanceof Moved)) throw error;
    }
  }
}
