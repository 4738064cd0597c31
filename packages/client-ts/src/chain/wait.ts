/** Waiting for a transaction that was handed to a node. */
import type { Outcome } from "../connection.ts";
import { UnknownOutcome } from "../sent.ts";
import { SdpError } from "../errors.ts";

/** Milliseconds between two looks, and until nobody looks any more. */
const POLL = 300;
const PATIENCE = 60_000;

/**
 * Looks again and again: a look that fails says nothing about the transaction. A failure in its block is thrown, and so is that nobody
 * knows.
 * @param lost why it is not known whether the node has it, where that is so.
 */
export async function waitFor(
  hash: string,
  look: () => Promise<Outcome | null>,
  lost: unknown = null,
  patience = PATIENCE,
  poll = POLL,
): Promise<Outcome> {
  let last = lost;
  for (const end = Date.now() + patience; Date.now() < end; ) {
    await new Promise((done) => setTimeout(done, poll));
    try {
      const found = await look();
      if (found) return found;
    } catch (error) {
      if (hasFailed(error)) throw error;
      last = error;
    }
  }
  throw new UnknownOutcome(hash, look, last ?? `nothing within ${patience / 1_000} s`);
}

/** Whether it is in a block, and failed there: only that has a height. */
const hasFailed = (error: unknown) => error instanceof SdpError && error.height !== null;
