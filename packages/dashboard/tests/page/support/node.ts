/** As much of a node's RPC as a page needs to begin on a real chain: it has blocks, and no contract. */
import type { Page } from "playwright-core";
import { chain, url } from "./world.ts";

const zero = "00".repeat(32);
const part = { hash: zero, parts: { total: 1, hash: zero } };
const status = (network: string) => ({
  node_info: {
    protocol_version: { p2p: "8", block: "11", app: "0" },
    id: "00",
    listen_addr: "tcp://0.0.0.0:26656",
    network,
    version: "0.38.0",
    channels: "40",
    moniker: "test",
    other: { tx_index: "on", rpc_address: "tcp://0.0.0.0:26657" },
  },
  sync_info: {
    latest_block_hash: zero,
    latest_app_hash: zero,
    latest_block_height: "5",
    latest_block_time: "2026-01-01T00:00:00Z",
    earliest_block_height: "5",
    catching_up: false,
  },
  validator_info: {
    address: zero.slice(0, 40),
    pub_key: { type: "tendermint/PubKeyEd25519", value: btoa("0".repeat(32)) },
    voting_power: "0",
  },
});
const header = (network: string) => ({
  version: { block: "11", app: "0" },
  chain_id: network,
  height: "5",
  time: "2026-01-01T00:00:00Z",
  last_block_id: part,
  last_commit_hash: zero,
  data_hash: zero,
  validators_hash: zero,
  next_validators_hash: zero,
  consensus_hash: zero,
  app_hash: zero,
  last_results_hash: zero,
  evidence_hash: zero,
  proposer_address: zero.slice(0, 40),
});

/** From now on the page is one of a real chain, without words for development. */
export async function onRealChain(page: Page): Promise<void> {
  const network = "sdp-test-1";
  const config = {
    ...chain.config,
    mode: "chain",
    chain_id: network,
    rpc: `${url}/rpc`,
    development_mnemonic: null,
    fees: [{ denom: "uatom", decimals: 6 }],
  };
  const results: Record<string, unknown> = {
    status: status(network),
    abci_info: { response: { last_block_height: "5", last_block_app_hash: btoa("0") } },
    blockchain: {
      last_height: "5",
      block_metas: [{ block_id: part, block_size: "0", header: header(network), num_txs: "0" }],
    },
    abci_query: { response: { code: 22, log: "no such contract", height: "5" } },
    tx_search: { txs: [], total_count: "0" },
  };
  await page.route("**/config.json", (route) => route.fulfill({ json: config }));
  await page.route("**/rpc", (route) => {
    const { id, method } = route.request().postDataJSON() as { id: number; method: string };
    return route.fulfill({ json: { jsonrpc: "2.0", id, result: results[method] } });
  });
}
