/** Prices of auctions as this page has seen them, block by block. */
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Answer } from "../../data/live.ts";
import type { Auction } from "../../data/reads.ts";
import { noteAuction } from "../../words/events.ts";

interface Seen {
  time: number;
  prices: Map<number, number>;
}

const seen = signal<Seen[]>([]);
const most = 400;

export function usePast(answer: Answer<Auction[]> | null) {
  useEffect(() => {
    const last = seen.peek().at(-1);
    answer?.data.forEach(({ auction, vault }) => noteAuction(auction, vault));
    if (!answer || answer.data.length === 0 || (last && last.time >= answer.block.time)) return;
    const prices = new Map(answer.data.map(({ auction, price }) => [auction, Number(price)]));
    seen.value = [...seen.peek().slice(-most), { time: answer.block.time, prices }];
  }, [answer]);
  const { value } = seen;
  return {
    xs: value.map(({ time }) => time),
    price: (auction: number) => value.map(({ prices }) => prices.get(auction) ?? null),
  };
}
