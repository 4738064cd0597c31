/**
 * A real chain by its node's CometBFT RPC. `connect` loads it only where it is wanted, and it loads what signs when
 * somebody is to sign.
 */
import { connectComet, type CometClient } from "@cosmjs/tendermint-rpc";
import { QueryBalanceRequest, QueryBalanceResponse } from "cosmjs-types/cosmos/bank/v1beta1/query";
import {
  QueryRawContractStateRequest,
  QueryRawContractStateResponse,
  QuerySmartContractStateRequest,
  QuerySmartContractStateResponse,
} from "cosmjs-types/cosmwasm/wasm/v1/query";
import { fromHex, fromUtf8, toUtf8 } from "./bytes.ts";
import { follow } from "./chain/blocks.ts";
import { chainError } from "./chain/errors.ts";
import type { Keplr } from "./chain/keplr.ts";
import type { ChainSigner } from "./chain/keys.ts";
import { past } from "./chain/past.ts";
import { rawEvents, search } from "./chain/search.ts";
import { waitFor } from "./chain/wait.ts";
import type { Config } from "./config.ts";
import type { AsOf, Block, Connection, Message, Outcome, Sample, Signer, Transaction } from "./connection.ts";
import { SdpError } from "./errors.ts";
import { within } from "./within.ts";

export type { Keplr } from "./chain/keplr.ts";
export type { ChainSigner } from "./chain/keys.ts";

/** Headers that are remembered. */
const MOST_HEADERS = 2_000;

export class ChainConnection implements Connection {
  private readonly headers = new Map<number, Promise<Block>>();
  private readonly signers = new Map<string, Promise<ChainSigner>>();
  /** One transaction of an account at a time: each needs the number after the last one's. */
  private readonly queues = new Map<string, Promise<unknown>>();

  private constructor(
    readonly config: Config,
    private readonly comet: CometClient,
  ) {}

  /** Connects to `config.rpc`. */
  static async open(config: Config): Promise<ChainConnection> {
    if (!config.rpc) throw new SdpError("setup", "config.json has no address of a node (rpc)");
    try {
      const connection = new ChainConnection(config, await within(connectComet(config.rpc)));
      const found = await within(connection.comet.status());
      if (found.nodeInfo.network !== config.chain_id)
        throw new SdpError("setup", `${config.rpc} is ${found.nodeInfo.network}, not ${config.chain_id}`);
      return connection;
    } catch (error) {
      throw chainError(error);
    }
  }

  /**
   * The newest block whose state can be asked for: what the node has stored may be one further than what it has
   * executed.
   */
  async block(): Promise<Block> {
    try {
      const { lastBlockHeight } = await within(this.comet.abciInfo());
      return await this.header(lastBlockHeight ?? 0);
    } catch (error) {
      throw chainError(error);
    }
  }

  private header(height: number): Promise<Block> {
    const known = this.headers.get(height);
    if (known) return known;
    const asked = within(this.comet.blockchain(height, height)).then(({ blockMetas }) => {
      const time = blockMetas[0]?.header.time;
      if (!time) throw new SdpError("setup", `the node has no block ${height}`);
      return { height, time: Math.floor(time.getTime() / 1_000) };
    });
    if (this.headers.size >= MOST_HEADERS) this.headers.clear();
    this.headers.set(height, asked);
    // What has failed is asked for again.
    asked.catch(() => this.headers.delete(height));
    return asked;
  }

  private async abciQuery(
    path: string,
    data: Uint8Array,
    height: number | null,
  ): Promise<{ value: Uint8Array; height: number }> {
    try {
      const asked = this.comet.abciQuery({ path, data, prove: false, ...(height === null ? {} : { height }) });
      const answer = await within(asked);
      if (answer.code) throw new Error(`Query failed with (${answer.code}): ${answer.log}`);
      return { value: answer.value, height: answer.height ?? height ?? 0 };
    } catch (error) {
      throw chainError(error);
    }
  }

  private async smart(
    contract: string,
    query: object,
    height: number | null,
  ): Promise<{ data: unknown; height: number }> {
    const request = QuerySmartContractStateRequest.encode({
      address: contract,
      queryData: toUtf8(JSON.stringify(query)),
    }).finish();
    const answer = await this.abciQuery("/cosmwasm.wasm.v1.Query/SmartContractState", request, height);
    const { data } = QuerySmartContractStateResponse.decode(answer.value);
    return { data: JSON.parse(fromUtf8(data)), height: answer.height };
  }

  async query<T>(contract: string, query: object, height: number | null = null): Promise<T> {
    return (await this.smart(contract, query, height)).data as T;
  }

  async ask<T>(contract: string, query: object, height: number | null = null): Promise<AsOf<T>> {
    const answer = await this.smart(contract, query, height);
    return { data: answer.data as T, ...(await this.header(answer.height)) };
  }

  async raw(contract: string, key: string, height: number | null = null): Promise<AsOf<Uint8Array | null>> {
    const request = QueryRawContractStateRequest.encode({ address: contract, queryData: fromHex(key) }).finish();
    const answer = await this.abciQuery("/cosmwasm.wasm.v1.Query/RawContractState", request, height);
    const { data } = QueryRawContractStateResponse.decode(answer.value);
    return { data: data.length ? data : null, ...(await this.header(answer.height)) };
  }

  async balance(address: string, denom: string, height: number | null = null): Promise<AsOf<string>> {
    const request = QueryBalanceRequest.encode({ address, denom }).finish();
    const answer = await this.abciQuery("/cosmos.bank.v1beta1.Query/Balance", request, height);
    const { balance } = QueryBalanceResponse.decode(answer.value);
    return { data: balance?.amount ?? "0", ...(await this.header(answer.height)) };
  }

  subscribe(onBlock: (block: Block) => void): () => void {
    return follow(this.config.rpc ?? "", () => this.block(), onBlock);
  }

  async history(): Promise<Sample[]> {
    try {
      const { syncInfo } = await within(this.comet.status());
      return await past(this, syncInfo.earliestBlockHeight ?? 1, (await this.block()).height);
    } catch (error) {
      throw chainError(error);
    }
  }

  async events(address: string | null = null, since = 0): Promise<Transaction[]> {
    try {
      const { height } = await this.block();
      return await search(this.comet, address, since, height, (at) => this.header(at));
    } catch (error) {
      throw chainError(error);
    }
  }

  account(name: string): Promise<ChainSigner> {
    const words = this.config.development_mnemonic;
    if (!words) return Promise.reject(new SdpError("setup", "this chain has no development accounts"));
    const known =
      this.signers.get(name) ??
      import("./chain/keys.ts").then(({ developmentSigner }) => developmentSigner(words, name, this.config.prefix));
    this.signers.set(name, known);
    return known;
  }

  broadcast(signer: Signer, messages: readonly Message[]): Promise<Outcome> {
    if (!("offline" in signer))
      return Promise.reject(new SdpError("setup", `nobody here can sign for ${signer.label}`));
    const before = this.queues.get(signer.address) ?? Promise.resolve();
    const sent = before.then(() => this.send(signer as ChainSigner, messages));
    this.queues.set(
      signer.address,
      sent.catch(() => {}),
    );
    return sent;
  }

  private async send(signer: ChainSigner, messages: readonly Message[]): Promise<Outcome> {
    try {
      const { hand, signed } = await import("./chain/sign.ts");
      const { chain_id: id, gas_price: gasPrice } = this.config;
      const ask = (path: string, request: Uint8Array) => this.abciQuery(path, request, null);
      const { bytes, hash } = await signed({ id, comet: this.comet, ask, gasPrice }, signer, messages);
      const lost = await hand(this.comet, bytes);
      return await waitFor(hash, () => this.outcome(hash), lost);
    } catch (error) {
      throw chainError(error);
    }
  }

  /** What became of a transaction; none while it is in no block whose state can be asked for. */
  private async outcome(hash: string): Promise<Outcome | null> {
    try {
      const { txs } = await within(this.comet.txSearch({ query: `tx.hash='${hash}'`, page: 1, per_page: 1 }));
      const [found] = txs;
      if (!found) return null;
      const { height, result } = found;
      if (result.code !== 0) throw chainError(new Error(result.log || `code ${result.code}`), height);
      // it is told a moment before its block's state can be asked for
      if ((await this.block()).height < height) return null;
      const block = await this.header(height);
      return { ...block, events: rawEvents(result.events), gas_used: Number(result.gasUsed), hash };
    } catch (error) {
      throw chainError(error);
    }
  }
}

/** Keplr's account on this chain, where the page has Keplr. `declined` where its owner does not want to. */
export async function keplrSigner(config: Config, wallet?: Keplr): Promise<ChainSigner> {
  const { keplrSigner: ask } = await import("./chain/keplr.ts");
  return ask(config, wallet);
}
