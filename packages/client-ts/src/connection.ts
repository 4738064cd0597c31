/**
 * How a chain is talked to, whichever it is. Everything here is in the contracts' own JSON; `contracts/*` has integers.
 */
import type { Config } from "./config.ts";
import type { Answers as LensAnswers } from "./generated/lens.types.ts";
import type { Wire } from "./units.ts";

export interface Block {
  height: number;
  /** Unix seconds. */
  time: number;
}

/** Something, and the block as of which it is so. */
export interface AsOf<T> extends Block {
  data: T;
}

/** An event as the chain tells it. `events.ts` makes typed ones of them. */
export interface RawEvent {
  type: string;
  attributes: { key: string; value: string }[];
}

export interface Coin {
  denom: string;
  /** Base units. */
  amount: string;
}

/** A contract is to execute something. */
export interface Message {
  /** Its address. */
  contract: string;
  msg: object;
  funds?: readonly Coin[];
}

/** What has become of a transaction that was accepted. */
export interface Outcome extends Block {
  events: RawEvent[];
  /** None where the chain knows no gas. */
  gas_used: number | null;
  /** Hash of the transaction, where it has one. */
  hash: string | null;
}

/** A transaction of the past. */
export interface Transaction extends Block {
  sender: string;
  events: RawEvent[];
  hash?: string;
}

/** How the pool was at a block. */
export interface Sample extends Block {
  health: Wire<LensAnswers["health"]>;
  solvency: Wire<LensAnswers["solvency"]>;
  /** By market in the config's order. */
  perps: Wire<LensAnswers["perps"]>[];
}

/** Somebody who can sign. Connections make them. */
export interface Signer {
  address: string;
  /** What to call him. */
  label: string;
}

export interface Connection {
  readonly config: Config;
  /** The newest block. */
  block(): Promise<Block>;
  /** What a contract answers, as of a height (of the newest block by default). */
  query<T>(contract: string, query: object, height?: number | null): Promise<T>;
  /** The same with the block that it is of. */
  ask<T>(contract: string, query: object, height?: number | null): Promise<AsOf<T>>;
  /** A record of a contract's storage; none where there is nothing. The key is hexadecimal. */
  raw(contract: string, key: string, height?: number | null): Promise<AsOf<Uint8Array | null>>;
  /** Base units of a coin. */
  balance(address: string, denom: string, height?: number | null): Promise<AsOf<string>>;
  /** Tells of each new block until the returned function is called. */
  subscribe(onBlock: (block: Block) => void): () => void;
  /** Samples of the past, oldest first. */
  history(): Promise<Sample[]>;
  /** Transactions that mention an address (all where none is given), newest first, at most 100. */
  events(address?: string | null, since?: number): Promise<Transaction[]>;
  /** An account for development by its name; `setup` where the chain has none. */
  account(name: string): Promise<Signer>;
  /** Signs messages as one transaction, and waits for the block that it is in. */
  broadcast(signer: Signer, messages: readonly Message[]): Promise<Outcome>;
}
