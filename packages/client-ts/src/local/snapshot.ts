/** What is known of the chain at one block: filled as it is asked for. */
import { fromBase64, fromUtf8, toHex, toUtf8 } from "../bytes.ts";
import type { Block, Connection } from "../connection.ts";
import { SdpError } from "../errors.ts";
import { delivered, type World } from "./host.ts";

/** Something that a contract reads from outside of itself. */
export type Wanted =
  | { raw: { contract: string; key: string } }
  | { smart: { contract: string; query: string } }
  | { balance: { address: string; denom: string } };

/** Thrown through the wasm: this has to be fetched first. */
export class Miss extends Error {
  constructor(readonly wanted: Wanted) {
    super("not known yet");
  }
}

/** Records in the place of those that are there, by `contract/key`. */
export type Overrides = ReadonlyMap<string, Uint8Array | null>;

export const recordName = (contract: string, key: string) => `${contract}/${key}`;

interface Request {
  wasm?: { raw?: { contract_addr: string; key: string }; smart?: { contract_addr: string; msg: string } };
  bank?: { balance?: { address: string; denom: string } };
}

export class Snapshot {
  private readonly known = new Map<string, unknown>();
  private readonly fetching = new Map<string, Promise<void>>();
  /** What has been asked for at this block. */
  readonly wanted = new Map<string, Wanted>();

  constructor(
    readonly connection: Connection,
    readonly block: Block,
  ) {}

  /** The world of a contract at this block. */
  world(contract: string, overrides: Overrides): World {
    return {
      prefix: this.connection.config.prefix,
      read: (key) => this.record(contract, toHex(key), overrides),
      query: (request) => this.answer(request as Request, overrides),
    };
  }

  record(contract: string, key: string, overrides: Overrides): Uint8Array | null {
    const name = recordName(contract, key);
    return overrides.has(name)
      ? (overrides.get(name) ?? null)
      : (this.get({ raw: { contract, key } }) as Uint8Array | null);
  }

  private answer({ wasm, bank }: Request, overrides: Overrides): object {
    if (wasm?.raw) return delivered(this.record(wasm.raw.contract_addr, toHex(fromBase64(wasm.raw.key)), overrides));
    if (wasm?.smart) {
      const query = fromUtf8(fromBase64(wasm.smart.msg));
      const answer = this.get({ smart: { contract: wasm.smart.contract_addr, query } });
      if (answer instanceof SdpError) return { ok: { error: answer.text } };
      return delivered(toUtf8(JSON.stringify(answer)));
    }
    if (bank?.balance) {
      const { address, denom } = bank.balance;
      const amount = this.get({ balance: { address, denom } });
      return delivered(toUtf8(JSON.stringify({ amount: { denom, amount } })));
    }
    return { error: { unsupported_request: { kind: "of this host" } } };
  }

  private get(wanted: Wanted): unknown {
    const name = JSON.stringify(wanted);
    this.wanted.set(name, wanted);
    if (!this.known.has(name)) throw new Miss(wanted);
    return this.known.get(name);
  }

  /** Fetches all of it at this block, what is known already excepted. */
  async fetch(all: Iterable<Wanted>): Promise<void> {
    await Promise.all([...all].map((wanted) => this.fetchOne(wanted)));
  }

  private fetchOne(wanted: Wanted): Promise<void> {
    const name = JSON.stringify(wanted);
    if (this.known.has(name)) return Promise.resolve();
    const under = this.fetching.get(name);
    if (under) return under;
    const fetched = this.ask(wanted)
      .then((answer) => {
        this.known.set(name, answer);
      })
      .finally(() => this.fetching.delete(name));
    this.fetching.set(name, fetched);
    return fetched;
  }

  private async ask(wanted: Wanted): Promise<unknown> {
    const { height } = this.block;
    if ("raw" in wanted) return (await this.connection.raw(wanted.raw.contract, wanted.raw.key, height)).data;
    if ("balance" in wanted)
      return (await this.connection.balance(wanted.balance.address, wanted.balance.denom, height)).data;
    try {
      return await this.connection.query(wanted.smart.contract, JSON.parse(wanted.smart.query) as object, height);
    } catch (error) {
      // The asking contract gets to know of another one's refusal, and goes on.
      if (error instanceof SdpError && error.kind === "refused") return error;
      throw error;
    }
  }
}
