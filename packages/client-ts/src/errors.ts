/** What goes wrong, in one class. */
import { fromWire, type UnitName } from "./units.ts";

/**
 * `refused`: a contract said no, nothing has changed. `setup`: the chain was asked for something that it does not have.
 * `panicked`: a bug of a contract. `network`: the chain can't be reached, or what came back is not its answer.
 * `declined`: the person did not sign. `unknown`: a transaction was sent, and nobody knows yet what became of it
 * ({@link UnknownOutcome} in `sent.ts`).
 */
export type Kind = "refused" | "setup" | "panicked" | "network" | "declined" | "unknown";

/** `E0312 BelowIssuanceRatio { ratio: 2.5, required: 3 }`, wherever it stands in a text. */
const PATTERN = /\b(E\d{4}) ([A-Z][A-Za-z0-9]*)(?: \{ ([\s\S]*) \})?/;

export interface Refusal {
  /** `E0312`: it never changes its meaning. */
  code: string;
  /** `BelowIssuanceRatio`. */
  rule: string;
  /** What explains it, as the contract wrote it: micro-USD, base units, decimals. */
  fields: Record<string, string>;
}

/** The refusal that a text tells of; none where no contract has spoken. */
export function parseRefusal(text: string): Refusal | null {
  const found = PATTERN.exec(text);
  if (!found?.[1] || !found[2]) return null;
  return { code: found[1], rule: found[2], fields: parseFields(found[3] ?? "") };
}

/** A value may have commas itself, so only what begins the next field ends one. */
function parseFields(text: string): Record<string, string> {
  const parts = text.split(/, (?=[a-z][a-z0-9_]*: )/).filter(Boolean);
  return Object.fromEntries(
    parts.map((part) => {
      const colon = part.indexOf(": ");
      return colon < 0 ? [part, ""] : [part.slice(0, colon), part.slice(colon + 2)];
    }),
  );
}

export class SdpError extends Error {
  readonly kind: Kind;
  /** `E0312`, if the contract's error had a code. */
  readonly code: string | null;
  /** `BelowIssuanceRatio`. */
  readonly rule: string | null;
  /** Text of the root cause. */
  readonly text: string;
  /** See {@link Refusal.fields}. */
  readonly fields: Readonly<Record<string, string>>;
  /** The block that it was refused in, if it got into one. */
  readonly height: number | null;

  constructor(
    kind: Kind,
    text: string,
    options: { code?: string | null; height?: number | null; cause?: unknown } = {},
  ) {
    super(text, "cause" in options ? { cause: options.cause } : undefined);
    const refusal = parseRefusal(text);
    this.name = "SdpError";
    this.kind = kind;
    this.text = text;
    this.code = options.code ?? refusal?.code ?? null;
    this.rule = refusal?.rule ?? null;
    this.fields = refusal?.fields ?? {};
    this.height = options.height ?? null;
  }

  /**
   * Whether a chain that knows the present only was asked about a block that is over: ask again about the newest one.
   */
  get hasMoved(): boolean {
    return this.kind === "setup" && this.text.includes("is not the present one");
  }

  /** Whether a node was asked about a block that it does not have yet, as another one behind the same address does. */
  get isAhead(): boolean {
    return /height in the future|less than or equal to the current blockchain height|node has no block/.test(this.text);
  }

  /** One of its numbers; none where it has no such field or no such number. */
  number(field: string, unit: UnitName): bigint | null {
    const text = this.fields[field];
    try {
      return text === undefined ? null : fromWire(unit, text);
    } catch {
      return null;
    }
  }

  /** Anything that was thrown. */
  static from(error: unknown, kind: Kind = "network"): SdpError {
    if (error instanceof SdpError) return error;
    const text = error instanceof Error ? error.message : String(error);
    return new SdpError(parseRefusal(text) ? "refused" : kind, text, { cause: error });
  }
}

/** A record of a contract that is written in another way than this client knows: it reads none that it would have to guess at. */
export class UnknownRecord extends SdpError {
  /** @param version the record's first byte; none where it has one that is known, and then something else. */
  constructor(
    readonly record: string,
    readonly version: number | null,
    readonly known: number,
  ) {
    const written = version === null ? `not as version ${known} is` : `in version ${version}, not ${known}`;
    super("setup", `the ${record} is written ${written}: a newer client is needed`);
    this.name = "UnknownRecord";
  }
}
