/** A node's words for what went wrong, taken down to the contract's own. */
import { parseRefusal, SdpError } from "../errors.ts";

const ENVELOPE = /^.*(?:failed to execute message; message index: \d+: |Query failed with \(\d+\): )/s;
const TRAIL =
  /(?:: (?:execute|query|reply|dispatch submessages?)[a-z ]* wasm contract failed.*| \[[^\]]*\/[^\]]*@.*| with gas used.*)$/s;
const PANIC = /panicked at|Aborted: |RuntimeError|unreachable/;
const UNREACHABLE =
  /fetch failed|Failed to fetch|NetworkError|ECONNREFUSED|ECONNRESET|socket hang up|Load failed|Bad status on response|timed? ?out|aborted due to|Unexpected token|Unexpected end of|not valid JSON/i;

/** `E0312 BelowIssuanceRatio { … }` alone, out of the node's sentence around it. */
export function rootCause(text: string): string {
  const own = text.replace(ENVELOPE, "").replace(TRAIL, "");
  const refusal = parseRefusal(own);
  if (!refusal) return own;
  const numbers = Object.entries(refusal.fields).map(([name, value]) => `${name}: ${value}`);
  return `${refusal.code} ${refusal.rule}${numbers.length ? ` { ${numbers.join(", ")} }` : ""}`;
}

/** Anything that talking to a node has thrown. */
export function chainError(error: unknown, height: number | null = null): SdpError {
  if (error instanceof SdpError) return error;
  const text = error instanceof Error ? error.message : String(error);
  const options = { cause: error, height };
  if (parseRefusal(text)) return new SdpError("refused", rootCause(text), options);
  if (/rejected|denied|cancell?ed by/i.test(text) && /request|user|keplr/i.test(text))
    return new SdpError("declined", text, options);
  if (UNREACHABLE.test(text)) return new SdpError("network", text, options);
  if (PANIC.test(text)) return new SdpError("panicked", rootCause(text), options);
  if (/wasm contract failed/.test(text)) return new SdpError("refused", rootCause(text), options);
  return new SdpError("setup", rootCause(text), options);
}
