/** Transactions of an account, by the node's index of events. */
import type { CometClient } from "@cosmjs/tendermint-rpc";
import { fromUtf8, toHex } from "../bytes.ts";
import type { Block, RawEvent, Transaction } from "../connection.ts";
import { together } from "../together.ts";
import { within } from "../within.ts";

/** Most transactions that are told at once. */
export const MOST = 100;
/** Without an address, so many of the last blocks are searched. */
const RECENT = 1_000;

/** What others do to an account; all else has it as its sender. The index can't be asked for "any attribute". */
const passive = [
  "deposited.owner",
  "burnt.owner",
  "exited.owner",
  "seized.owner",
  "auction_started.owner",
  "absorbed.owner",
  // by a delegate
  "order_committed.owner",
  "order_filled.owner",
  "order_refused.owner",
  "account_liquidated.owner",
  "margin_deposited.owner",
  "position_deleveraged.owner",
  "position_handed_over.from",
  "position_written_off.owner",
  "account_taken.from",
  "account_taken.owner",
  "balanced.owner",
  "conditional_placed.owner",
  "conditional_armed.owner",
  "conditional_waits.owner",
  "conditional_ended.owner",
  "token_sale_started.owner",
  "tokens_taken.owner",
  "tokens_deposited.owner",
  "jar_filled.owner",
  "backstop_deposited.owner",
];

type Found = Awaited<ReturnType<CometClient["txSearch"]>>["txs"][number];

const text = (part: string | Uint8Array) => (typeof part === "string" ? part : fromUtf8(part));

/** Events as they are told everywhere, without what the chain itself adds to each transaction. */
export function rawEvents(
  events: readonly { type: string; attributes: readonly { key: string | Uint8Array; value: string | Uint8Array }[] }[],
): RawEvent[] {
  return events
    .filter(({ type }) => type.startsWith("wasm-"))
    .map(({ type, attributes }) => ({
      type,
      attributes: attributes.map(({ key, value }) => ({ key: text(key), value: text(value) })),
    }));
}

function senderOf({ result }: Found): string {
  for (const { type, attributes } of result.events) {
    if (type !== "message") continue;
    const sender = attributes.find(({ key }) => text(key) === "sender");
    if (sender) return text(sender.value);
  }
  return "";
}

const hash = (bytes: Uint8Array) => toHex(bytes).toUpperCase();

/** Newest first. `headerOf` tells a block's time. */
export async function search(
  comet: CometClient,
  address: string | null,
  since: number,
  head: number,
  headerOf: (height: number) => Promise<Block>,
): Promise<Transaction[]> {
  const from = Math.max(since, address === null ? head - RECENT : 0);
  const after = from > 0 ? [`tx.height>=${from}`] : [];
  const conditions =
    address === null
      ? [[`tx.height>=${Math.max(from, 1)}`]]
      : ["message.sender", ...passive.map((key) => `wasm-${key}`)].map((key) => [`${key}='${address}'`, ...after]);
  // cosmjs knows no type that all its clients share, but they share this.
  const page = { page: 1, per_page: MOST, order_by: "desc" } as const;
  const found = await together(conditions, 6, (all) =>
    within(comet.txSearch({ ...page, query: all.join(" AND ") })),
  );
  const byHash = new Map(found.flatMap(({ txs }) => txs as readonly Found[]).map((tx) => [hash(tx.hash), tx]));
  const newest = [...byHash]
    .filter(([, { result }]) => result.code === 0)
    .sort(([, a], [, b]) => b.height - a.height || b.index - a.index)
    .slice(0, MOST);
  return together(newest, 6, async ([name, tx]) => ({
    ...(await headerOf(tx.height)),
    hash: name,
    sender: senderOf(tx),
    events: rawEvents(tx.result.events),
  }));
}
