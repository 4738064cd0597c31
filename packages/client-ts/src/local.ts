/**
 * Previews by the contracts' own code: queries of the lens run here, in the very wasm that the chain runs, on records
 * of one block. A record is fetched once per block, so a slider that asks a hundred times costs no query; and records
 * can be replaced, for "what if".
 *
 *     const local = new LocalConnection(connection, loadFrom("contracts/"));
 *     const preview = await new Lens(local).previewTrade(market, owner, 0, 0, parseSize("1.5"));
 *     const cheaper = await new Lens(await local.withPrices(new Map([[0, parsePrice("50000")]]))).health();
 */
import { addressOf, type Config } from "./config.ts";
import type { AsOf, Block, Connection, Message, Outcome, Sample, Signer, Transaction } from "./connection.ts";
import { SdpError } from "./errors.ts";
import { BOARD_KEY, withPrices } from "./local/board.ts";
import { Beyond, run } from "./local/host.ts";
import { Miss, recordName, Snapshot, type Overrides } from "./local/snapshot.ts";
import type { Price } from "./units.ts";

export { BOARD_KEY, BOARD_VERSION, pricesOn } from "./local/board.ts";

/** Gives a contract's wasm by its name. */
export type Load = (contract: string) => Promise<WebAssembly.Module>;

/** Records that a query may need; more are taken for a mistake of this host. */
const MOST_MISSES = 5_000;
/** Blocks that are tried where the chain goes on while records are fetched. */
const PATIENCE = 8;

/** Fetches `lens.wasm` and its like from a folder of the page, each once. */
export function loadFrom(folder: string): Load {
  const compiled = new Map<string, Promise<WebAssembly.Module>>();
  const load = async (contract: string) => {
    const url = `${folder.replace(/\/$/, "")}/${contract}.wasm`;
    const answer = await fetch(url).catch((cause: unknown) => {
      throw new SdpError("network", `can't fetch ${url}`, { cause });
    });
    if (!answer.ok) throw new SdpError("network", `can't fetch ${url}: HTTP ${answer.status}`);
    return WebAssembly.compile(await answer.arrayBuffer());
  };
  return (contract) => {
    const known = compiled.get(contract) ?? load(contract);
    compiled.set(contract, known);
    // What has failed is tried again.
    known.catch(() => compiled.delete(contract));
    return known;
  };
}

/** Blocks of which records are kept. */
const MOST_BLOCKS = 4;

/** What several connections with different overrides share. */
interface Shared {
  /** By height, the newest last. */
  snapshots: Map<number, Promise<Snapshot>>;
  /** The block that queries without a height are about. */
  pinned: Block | null;
  /** Records that the last block's queries read: the next one's will want the most of them. */
  usual: Snapshot["wanted"];
}

export class LocalConnection implements Connection {
  readonly config: Config;

  /** `contracts` are run here; every other one is asked over `remote`. */
  constructor(
    readonly remote: Connection,
    private readonly load: Load,
    private readonly contracts: readonly string[] = ["lens"],
    private readonly overrides: Overrides = new Map(),
    private readonly shared: Shared = { snapshots: new Map(), pinned: null, usual: new Map() },
  ) {
    this.config = remote.config;
  }

  /** From now on, queries that name no height are about this block. */
  pin(block: Block): void {
    this.shared.pinned = block;
    if (!this.shared.snapshots.has(block.height))
      this.keep(block.height, Promise.resolve(new Snapshot(this.remote, block)));
  }

  /**
   * Drops all records: those of the newest block too, which on the embedded chain still takes transactions, so that what
   * was read before one of them is no more what is there.
   */
  forget(): void {
    this.shared.snapshots.clear();
  }

  private keep(height: number, snapshot: Promise<Snapshot>): Promise<Snapshot> {
    const { snapshots } = this.shared;
    const last = [...snapshots.values()].at(-1);
    void last?.then(
      ({ wanted }) => {
        if (wanted.size) this.shared.usual = wanted;
      },
      () => {},
    );
    snapshots.set(height, snapshot);
    snapshot.catch(() => snapshots.delete(height));
    for (const old of [...snapshots.keys()].slice(0, -MOST_BLOCKS)) snapshots.delete(old);
    return snapshot;
  }

  /** The same with other records; none: as if there were no such record. */
  with(contract: string, key: string, record: Uint8Array | null): LocalConnection {
    const overrides = new Map(this.overrides).set(recordName(contract, key), record);
    return new LocalConnection(this.remote, this.load, this.contracts, overrides, this.shared);
  }

  /** The same with other prices, by number of the feed. */
  async withPrices(prices: ReadonlyMap<number, Price>): Promise<LocalConnection> {
    const oracle = addressOf(this.config, "oracle");
    const board = await this.at(null, async (snapshot) =>
      this.reading(snapshot, () => snapshot.record(oracle, BOARD_KEY, this.overrides)),
    );
    if (!board.data) throw new SdpError("setup", "the oracle has no board");
    return this.with(oracle, BOARD_KEY, withPrices(board.data, prices));
  }

  async query<T>(contract: string, query: object, height: number | null = null): Promise<T> {
    return (await this.ask<T>(contract, query, height)).data;
  }

  async ask<T>(contract: string, query: object, height: number | null = null): Promise<AsOf<T>> {
    const name = this.contracts.find((name) => this.config.contracts[name] === contract);
    if (name === undefined) return this.remote.ask<T>(contract, query, height);
    const module = await this.load(name);
    try {
      return await this.at(height, (snapshot) => this.run<T>(module, contract, query, snapshot));
    } catch (error) {
      // A list of records is the chain's to answer, as long as none of them is another one here.
      if (error instanceof Beyond && this.overrides.size === 0)
        return this.remote.ask<T>(contract, query, height ?? this.shared.pinned?.height ?? null);
      throw error;
    }
  }

  private run<T>(module: WebAssembly.Module, contract: string, query: object, snapshot: Snapshot): Promise<T> {
    const { height, time } = snapshot.block;
    const env = {
      block: { height, time: `${time}000000000`, chain_id: this.config.chain_id },
      transaction: null,
      contract: { address: contract },
    };
    const world = snapshot.world(contract, this.overrides);
    return this.reading(snapshot, () => run(module, env, query, world) as Promise<T>);
  }

  /**
   * Does something at a block. At none in particular: at the pinned one, and where the chain has forgotten that, at the
   * newest.
   */
  private async at<T>(height: number | null, work: (snapshot: Snapshot) => Promise<T>): Promise<AsOf<T>> {
    for (let tries = 1; ; tries += 1) {
      const snapshot = await this.snapshot(height);
      try {
        return { data: await work(snapshot), ...snapshot.block };
      } catch (error) {
        if (height !== null || tries >= PATIENCE || !(error instanceof SdpError && error.hasMoved)) throw error;
        this.pin(await this.remote.block());
      }
    }
  }

  private async snapshot(height: number | null): Promise<Snapshot> {
    const { snapshots, pinned } = this.shared;
    const wanted = height ?? pinned?.height ?? null;
    if (wanted !== null) return snapshots.get(wanted) ?? this.keep(wanted, this.begin(wanted));
    this.pin(await this.remote.block());
    return this.snapshot(null);
  }

  private async begin(height: number): Promise<Snapshot> {
    const newest = await this.remote.block();
    if (newest.height === height) return new Snapshot(this.remote, newest);
    // A past block's time is what any answer of it says.
    const { data: _, ...past } = await this.remote.ask(addressOf(this.config, "lens"), { config: {} }, height);
    return new Snapshot(this.remote, past);
  }

  /** Again and again until nothing is missing. */
  private async reading<T>(snapshot: Snapshot, read: () => T | Promise<T>): Promise<T> {
    for (let misses = 0; misses < MOST_MISSES; misses += 1) {
      try {
        return await read();
      } catch (error) {
        if (!(error instanceof Miss)) throw error;
        // The first time what was usual comes along with it, all at once.
        const usual = misses === 0 ? this.shared.usual.values() : [];
        await snapshot.fetch([error.wanted, ...usual]);
      }
    }
    throw new SdpError("setup", `more than ${MOST_MISSES} records for one query`);
  }

  block = () => this.remote.block();
  raw = (contract: string, key: string, height: number | null = null): Promise<AsOf<Uint8Array | null>> =>
    this.remote.raw(contract, key, height);
  balance = (address: string, denom: string, height: number | null = null): Promise<AsOf<string>> =>
    this.remote.balance(address, denom, height);
  subscribe = (onBlock: (block: Block) => void) => this.remote.subscribe(onBlock);
  history = (): Promise<Sample[]> => this.remote.history();
  events = (address?: string | null, since?: number): Promise<Transaction[]> => this.remote.events(address, since);
  account = (name: string): Promise<Signer> => this.remote.account(name);
  broadcast = (signer: Signer, messages: readonly Message[]): Promise<Outcome> =>
    this.remote.broadcast(signer, messages);
}
