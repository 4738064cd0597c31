/** Conditional orders in words: what one waits for, where it stands, and how it ended. */
import type { ConditionalOrder } from "../data/reads.ts";

/** Kinds as the contract names them; one without a kind was an entry at market. */
const kinds: Record<string, string> = { limit: "limit", stop: "stop", take_profit: "take profit", market: "market" };

export const kindName = (kind: string): string => kinds[kind] ?? kind;

/** Which kind an order is, and where in the answer its trigger and its worst price stand. */
export function kindOf({ kind }: ConditionalOrder): { name: string; trigger: string; worst: string | null } | null {
  if (!kind) return null;
  if ("limit" in kind) return { name: kinds.limit!, trigger: "kind.limit.price", worst: null };
  const name = "stop" in kind ? "stop" : "take_profit";
  return { name: kinds[name]!, trigger: `kind.${name}.trigger`, worst: `kind.${name}.limit_price` };
}

/** Where an order stands. `seconds` of block time are left. */
export function stageOf({ stage, entry, linked, commits }: ConditionalOrder, seconds: number): string {
  if (typeof stage === "object") return `committed as order ${stage.committed}`;
  if (seconds <= 0) return "its time is over";
  if (stage === "sleeping") return `waits until ${entry ?? ""} has filled`;
  const waits = commits > 0 ? "waits again for its price" : "waits for its price";
  return linked.length > 0 ? `${waits}; its fill cancels ${linked.join(", ")}` : waits;
}

const outcomes: Record<string, { name: string; tone?: "good" | "warn" | "bad"; meaning: string }> = {
  filled: { name: "filled", tone: "good", meaning: "the market filled it" },
  unfilled: { name: "not filled", tone: "bad", meaning: "the market did not fill what was committed, and it could not wait again" },
  refused: { name: "refused", tone: "bad", meaning: "it was due, and the market would have refused it" },
  expired: { name: "expired", tone: "warn", meaning: "its time was over" },
  cancelled: { name: "cancelled", meaning: "it was cancelled, here or in the market" },
  linked: { name: "cancelled", meaning: "the other one of the pair has filled" },
  entry: { name: "cancelled", meaning: "the entry that it waited for has not filled" },
};

export const outcomeOf = (outcome: string) => outcomes[outcome] ?? { name: outcome, meaning: "" };
