/** What has happened to an address, newest first, as of the block that is shown. */
import { useEffect, useState } from "preact/hooks";
import type { Transaction } from "@sdp/client";
import { connection, live } from "../app/session.ts";

export interface Transactions {
  found: Transaction[] | null;
  error: unknown;
}

export function useTransactions(address: string): Transactions {
  const [known, setKnown] = useState<Transactions>({ found: null, error: null });
  const height = live.value?.shown.value?.height ?? 0;
  useEffect(() => {
    let over = false;
    connection.value!.events(address).then(
      (found) => !over && setKnown({ found, error: null }),
      (error: unknown) => !over && setKnown(({ found }) => ({ found, error })),
    );
    return () => {
      over = true;
    };
  }, [address, height]);
  return known;
}
