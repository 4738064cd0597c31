/** What a chain has said at one block, kept in a file, and said again. */
import type { Config } from "../src/config.ts";
import type { AsOf, Block, Connection } from "../src/connection.ts";
import { SdpError } from "../src/errors.ts";
import { fromBase64, toBase64 } from "../src/bytes.ts";

export interface Recording {
  config: Config;
  block: Block;
  /** Everything that was asked, by what was asked; records in base64. */
  said: Record<string, unknown>;
  /** Queries with the chain's own answers, or its refusals. */
  queries: { contract: string; query: object; answer?: unknown; refused?: string }[];
}

const absent = (): never => {
  throw new SdpError("setup", "a recording can't do that");
};

/** Answers from the recording, and counts how often. */
export class Replay implements Connection {
  asked = 0;
  /** Times that something was asked while nothing else was. */
  rounds = 0;
  anyBlock = false;
  private under = false;
  readonly config: Config;

  constructor(private readonly recording: Recording) {
    this.config = recording.config;
  }

  private say<T>(name: string, height: number | null): AsOf<T> {
    this.asked += 1;
    if (!this.under) this.rounds += 1;
    this.under = true;
    queueMicrotask(() => (this.under = false));
    if (!this.anyBlock && height !== null && height !== this.recording.block.height)
      throw new SdpError("setup", `block ${height} is not the present one`);
    if (!(name in this.recording.said)) throw new SdpError("setup", `the recording does not know ${name}`);
    return { data: this.recording.said[name] as T, ...this.recording.block };
  }

  block = () => Promise.resolve(this.recording.block);
  ask = async <T>(contract: string, query: object, height: number | null = null) =>
    this.say<T>(`smart ${contract} ${JSON.stringify(query)}`, height);
  query = async <T>(contract: string, query: object, height: number | null = null) =>
    (await this.ask<T>(contract, query, height)).data;
  raw = async (contract: string, key: string, height: number | null = null): Promise<AsOf<Uint8Array | null>> => {
    const { data, ...block } = this.say<string | null>(`raw ${contract} ${key}`, height);
    return { data: data === null ? null : fromBase64(data), ...block };
  };
  balance = async (address: string, denom: string, height: number | null = null) =>
    this.say<string>(`balance ${address} ${denom}`, height);
  subscribe = absent;
  history = absent;
  events = absent;
  account = absent;
  broadcast = absent;
}

/** Passes on what another one says, and keeps it. */
export class Recorder implements Connection {
  said: Recording["said"] = {};
  readonly config: Config;

  constructor(private readonly of: Connection) {
    this.config = of.config;
  }

  block = () => this.of.block();
  ask = async <T>(contract: string, query: object, height: number | null = null) => {
    const answer = await this.of.ask<T>(contract, query, height);
    this.said[`smart ${contract} ${JSON.stringify(query)}`] = answer.data;
    return answer;
  };
  query = async <T>(contract: string, query: object, height: number | null = null) =>
    (await this.ask<T>(contract, query, height)).data;
  raw = async (contract: string, key: string, height: number | null = null) => {
    const answer = await this.of.raw(contract, key, height);
    this.said[`raw ${contract} ${key}`] = answer.data === null ? null : toBase64(answer.data);
    return answer;
  };
  balance = async (address: string, denom: string, height: number | null = null) => {
    const answer = await this.of.balance(address, denom, height);
    this.said[`balance ${address} ${denom}`] = answer.data;
    return answer;
  };
  subscribe = absent;
  history = absent;
  events = absent;
  account = (name: string) => this.of.account(name);
  broadcast = absent;
}
