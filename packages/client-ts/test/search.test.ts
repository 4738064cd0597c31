import type { CometClient } from "@cosmjs/tendermint-rpc";
import { expect, test } from "vitest";
import { search } from "../src/chain/search.ts";
import { fields } from "../src/generated/events.ts";

/** What a node's index is asked. */
async function asked(address: string | null, since: number): Promise<string[]> {
  const queries: string[] = [];
  const comet = {
    txSearch: async ({ query }: { query: string }) => {
      queries.push(query);
      return { txs: [] };
    },
  } as unknown as CometClient;
  await search(comet, address, since, 2_000, async (height) => ({ height, time: 0 }));
  return queries;
}

test("an account's transactions are asked for by fields that events have, from a height on", async () => {
  const queries = await asked("sdp1me", 7);
  expect(queries).toContain("message.sender='sdp1me' AND tx.height>=7");
  const known = queries.flatMap((query) => {
    const [, event, field] = /^wasm-(\w+)\.(\w+)='sdp1me' AND tx\.height>=7$/.exec(query) ?? [];
    return event && field ? [`${event}.${field}`] : [];
  });
  expect(known.length).toBe(queries.length - 1);
  for (const name of known) {
    const [event, field] = name.split(".") as [keyof typeof fields, string];
    expect(Object.keys(fields[event] ?? {}), name).toContain(field);
  }
  // what delegates and others do
  for (const name of ["order_committed.owner", "conditional_placed.owner", "account_taken.from", "jar_filled.owner"])
    expect(known).toContain(name);
});

test("nobody's in particular are those of the last thousand blocks", async () => {
  expect(await asked(null, 0)).toEqual(["tx.height>=1000"]);
});
