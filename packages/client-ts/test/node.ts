/** A node's RPC in memory: one account, and transactions that get into a block or are lost on their way. */
import { sha256 } from "@cosmjs/crypto";
import { QueryAccountInfoResponse } from "cosmjs-types/cosmos/auth/v1beta1/query";
import { SimulateResponse } from "cosmjs-types/cosmos/tx/v1beta1/service";
import { fromBase64, toBase64, toHex } from "../src/bytes.ts";

const zero = "00".repeat(32);
const part = { hash: zero, parts: { total: 1, hash: zero } };

interface Params {
  path?: string;
  tx?: string;
  query?: string;
  minHeight?: string;
}

export class Node {
  height = 5;
  /** What is asked for and never answered, after it has been done. */
  lost = new Set<string>();
  /** What it says of the next transaction in its block. */
  code = 0;
  log = "";
  readonly blocks = new Map<string, { height: number; code: number; log: string }>();

  constructor(private readonly network: string) {}

  /** In place of `fetch`. */
  fetch = async (_url: string, { body }: { body: string }): Promise<Response> => {
    const { id, method, params } = JSON.parse(body) as { id: number; method: string; params: Params };
    const result = this.answer(method, params);
    if (this.lost.has(method)) throw new TypeError("fetch failed");
    return new Response(JSON.stringify({ jsonrpc: "2.0", id, result }));
  };

  private answer(method: string, params: Params): unknown {
    switch (method) {
      case "status":
        return this.status();
      case "abci_info":
        return { response: { last_block_height: String(this.height), last_block_app_hash: "MA==" } };
      case "blockchain":
        return { last_height: "5", block_metas: [this.meta(String(params.minHeight))] };
      case "abci_query":
        return { response: { code: 0, height: String(this.height), value: toBase64(query(params.path ?? "")) } };
      case "broadcast_tx_sync":
        return this.take(fromBase64(params.tx ?? ""));
      case "tx_search":
        return this.find(params.query ?? "");
      default:
        throw new Error(method);
    }
  }

  private take(bytes: Uint8Array): unknown {
    const hash = toHex(sha256(bytes)).toUpperCase();
    this.blocks.set(hash, { height: ++this.height, code: this.code, log: this.log });
    return { code: 0, log: "", hash };
  }

  private find(query: string): unknown {
    const hash = /tx\.hash='(\w+)'/.exec(query)?.[1] ?? "";
    const found = this.blocks.get(hash);
    if (!found) return { txs: [], total_count: "0" };
    const { height, code, log } = found;
    const events = [{ type: "wasm-minted", attributes: [{ key: "vault", value: "0", index: true }] }];
    const tx_result = { code, log, events, gas_used: "123", gas_wanted: "200" };
    return { txs: [{ hash, height: String(height), index: 0, tx: "AA==", tx_result }], total_count: "1" };
  }

  private status(): unknown {
    return {
      node_info: {
        protocol_version: { p2p: "8", block: "11", app: "0" },
        id: "00",
        listen_addr: "tcp://0.0.0.0:26656",
        network: this.network,
        version: "0.38.0",
        channels: "40",
        moniker: "test",
        other: { tx_index: "on" },
      },
      sync_info: {
        latest_block_hash: zero,
        latest_app_hash: zero,
        latest_block_height: String(this.height),
        latest_block_time: "2026-01-01T00:00:00Z",
        catching_up: false,
      },
      validator_info: {
        address: zero.slice(0, 40),
        pub_key: { type: "tendermint/PubKeyEd25519", value: toBase64(new Uint8Array(32)) },
        voting_power: "0",
      },
    };
  }

  private meta(height: string): unknown {
    const hashes = ["last_commit", "data", "validators", "next_validators", "consensus", "app", "last_results", "evidence"];
    const header = {
      version: { block: "11", app: "0" },
      chain_id: this.network,
      height,
      time: "2026-01-01T00:00:00Z",
      last_block_id: part,
      ...Object.fromEntries(hashes.map((name) => [`${name}_hash`, zero])),
      proposer_address: zero.slice(0, 40),
    };
    return { block_id: part, block_size: "0", header, num_txs: "0" };
  }
}

function query(path: string): Uint8Array {
  if (path.endsWith("AccountInfo"))
    return QueryAccountInfoResponse.encode(
      QueryAccountInfoResponse.fromPartial({ info: { accountNumber: 7n, sequence: 3n } }),
    ).finish();
  if (path.endsWith("Simulate"))
    return SimulateResponse.encode(SimulateResponse.fromPartial({ gasInfo: { gasUsed: 100n } })).finish();
  throw new Error(path);
}
