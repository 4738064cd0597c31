/** What became of a transaction that somebody has signed, as the dialog tells it. Only what is known is said to have happened or not. */
import { SdpError, UnknownOutcome, type Config, type Outcome } from "@sdp/client";
import { explain, explainText, type Explained } from "../words/errors.ts";
import { refusalIn, sentence } from "../words/events.ts";

export type Ended =
  | { is: "done"; height: number; told: string[]; gas: string | null }
  | {
      is: "refused";
      lead: string;
      why: Explained;
      /** What is certain not to have happened, if anything is. */
      rest: string | null;
    }
  | { is: "unknown"; sent: UnknownOutcome; looked: string | null };

/** It is in a block. */
export function ended(outcome: Outcome, config: Config): Ended {
  const refused = refusalIn(outcome.events);
  if (refused) return { is: "refused", lead: "Refused.", why: explainText(refused), rest: null };
  const told = outcome.events.map((event) => spoken(event, config)).filter((text) => text !== null);
  return { is: "done", height: outcome.height, told, gas: outcome.gas_used?.toString() ?? null };
}

/** An event that can't be put into words is left out: it was done all the same. */
function spoken(event: Outcome["events"][number], config: Config): string | null {
  try {
    return sentence(event, config);
  } catch {
    return null;
  }
}

/** Something was thrown on the way. */
export function failed(error: unknown): Ended {
  if (error instanceof UnknownOutcome) return { is: "unknown", sent: error, looked: null };
  const why = explain(error);
  if (!(error instanceof SdpError)) return { is: "refused", lead: "Not done.", why, rest: null };
  if (error.height !== null) {
    const rest = `It failed in block ${error.height}: nothing has changed but the fee that was paid.`;
    return { is: "refused", lead: "Refused.", why, rest };
  }
  if (["refused", "panicked", "declined"].includes(error.kind))
    return { is: "refused", lead: "Refused.", why, rest: "Nothing has changed." };
  return { is: "refused", lead: "Not sent.", why, rest: null };
}

/** Asks for one that nobody knew of. It stays unknown where the chain does not answer, or has nothing of it. */
export async function lookAgain(sent: UnknownOutcome, config: Config): Promise<Ended> {
  try {
    const outcome = await sent.look();
    if (outcome) return ended(outcome, config);
    return { is: "unknown", sent, looked: "The chain answers, and no block has it so far." };
  } catch (error) {
    if (error instanceof SdpError && error.height !== null) return failed(error);
    return { is: "unknown", sent, looked: `The chain did not answer: ${explain(error).sentence}.` };
  }
}
