/** What stands where an answer is not there yet, is empty, or is an error. */
import type { ComponentChildren } from "preact";
import { explain, explainText } from "../words/errors.ts";

export function Wait({ lines = 3, what }: { lines?: number; what: string }) {
  return (
    <div class="wait" role="status" aria-busy="true">
      <span class="hidden-text">Loading {what} …</span>
      {Array.from({ length: lines }, (_, n) => (
        <i key={n} />
      ))}
    </div>
  );
}

export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <p class="empty">
      <strong>{title}</strong>
      {children}
    </p>
  );
}

export function Failed({
  what,
  error,
  retry,
  verb = "read",
}: {
  what: string;
  error: unknown;
  retry?: () => void;
  /** What could not be done with it. */
  verb?: string;
}) {
  const { sentence, code } = explain(error);
  return (
    <div class="failed" role="alert">
      <p>
        <strong>{what} could not be {verb}.</strong> {sentence} {code && <span class="muted">({code})</span>}
      </p>
      {retry && (
        <button type="button" class="button small" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  );
}

/** What stands in place of an answer: why it could not be read, or that it is on its way. */
export function Missing({
  what,
  lines,
  error,
  retry,
}: {
  what: string;
  lines?: number;
  error: unknown;
  retry?: () => void;
}) {
  if (error) return <Failed what={what.charAt(0).toUpperCase() + what.slice(1)} error={error} retry={retry} />;
  return <Wait what={what} lines={lines} />;
}

/** Why something would be refused: a contract's words, or an error. */
export function Refusal({ lead, why }: { lead?: string; why: unknown }) {
  const { sentence, code } = typeof why === "string" ? explainText(why) : explain(why);
  return (
    <p class="refusal" role="status">
      {lead && <strong>{lead} </strong>}
      {sentence} {code && <span class="small">({code})</span>}
    </p>
  );
}
