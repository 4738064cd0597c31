/** A transaction that has left, and of which nobody has said yet what became of it. */
import type { Outcome } from "./connection.ts";
import { SdpError } from "./errors.ts";

/** It may be in a block by now, or come into one later: whoever sends the same again may have it twice. */
export class UnknownOutcome extends SdpError {
  /**
   * @param hash of the transaction, where the chain has hashes.
   * @param look asks what became of it: none while the chain knows nothing of it, `refused` where it has failed in its block.
   */
  constructor(
    readonly hash: string | null,
    readonly look: () => Promise<Outcome | null>,
    cause: unknown,
  ) {
    super("unknown", `sent, but not yet seen in a block: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
    this.name = "UnknownOutcome";
  }
}
