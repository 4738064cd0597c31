/** Numbers of the contracts. Each says in its attributes what it was formatted from, and which query that came from. */
import type { Answer } from "../data/live.ts";
import { exact, rawOf, shorten, type Unit } from "./format.ts";

export interface NumProps {
  of: Answer<unknown> | null | undefined;
  /** Where in the answer, `positions.0.pnl`. */
  at: string;
  as: Unit;
  /** Decimals of a token's base unit. */
  decimals?: number;
  /** Digits after the point; by default as many as the unit is usually read with. */
  digits?: number;
  /** Large amounts as 12.34 M. */
  compact?: boolean;
  /** A plus before what is positive. */
  plus?: boolean;
  /** Green above zero, red below. */
  toned?: boolean;
  /** What stands where there is no number. */
  none?: string;
}

/** What lies at a path of an answer. */
export function dig(data: unknown, path: string): unknown {
  return path === ""
    ? data
    : path.split(".").reduce<unknown>((part, key) => (part as Record<string, unknown> | null | undefined)?.[key], data);
}

export function Num({ of, at, as, decimals = 0, none = "–", toned, ...looks }: NumProps) {
  if (!of) return <span class="muted">…</span>;
  const found = dig(of.data, at);
  if (found === null || found === undefined) return <span class="muted">{none}</span>;
  const raw = rawOf(found, as);
  const tone = toned && raw !== 0n ? (raw > 0n ? "gain" : "loss") : undefined;
  const source = [of.contract, of.query, at].filter(Boolean).join(".");
  return (
    <span
      class={tone}
      title={exact(raw, as, decimals)}
      data-value={raw.toString()}
      {...(of.imagined ? { "data-local": source } : { "data-source": source, "data-height": of.block.height })}
      data-unit={as}
      data-decimals={as === "amount" ? decimals : undefined}
      data-args={Object.keys(of.args).length ? JSON.stringify(of.args) : undefined}
    >
      {shorten(raw, as, { decimals, ...looks })}
    </span>
  );
}
