/**
 * How everything is sent: a plan is shown in one sentence with what can go wrong, signed, waited for, and told as done or refused.
 */
import { signal } from "@preact/signals";
import type { Message } from "@sdp/client";
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { account, connection, live } from "../app/session.ts";
import { forget } from "../data/local.ts";
import { explain, explainText, type Explained } from "../words/errors.ts";
import { refusalIn, sentence } from "../words/events.ts";
import { Dialog } from "./dialog.tsx";

export interface Plan {
  title: string;
  /** What will happen, in one sentence. */
  sentence: ComponentChildren;
  /** What can go wrong. */
  risks: string[];
  /** What the preview says, as name and value. */
  facts?: [string, ComponentChildren][];
  /** On the button that signs. */
  action: string;
  tone?: "buy" | "sell" | "main";
  messages: Message[];
  /** After it is done: forms empty themselves. */
  after?: () => void;
}

type Stage =
  | { is: "ask" }
  | { is: "pending" }
  | { is: "done"; height: number; told: string[]; gas: string | null }
  | { is: "refused"; why: Explained; height: number | null };

const planned = signal<Plan | null>(null);
const toasts = signal<{ id: number; text: string }[]>([]);
let toastCount = 0;

/** Shows a plan, to be confirmed or not. */
export function propose(plan: Plan): void {
  planned.value = plan;
}

/** Says something without being asked to, politely. */
export function toast(text: string): void {
  const id = ++toastCount;
  toasts.value = [...toasts.value, { id, text }];
  setTimeout(() => {
    toasts.value = toasts.value.filter((one) => one.id !== id);
  }, 6_000);
}

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map(({ id, text }) => (
        <p class="toast" key={id}>
          {text}
        </p>
      ))}
    </div>
  );
}

export function TransactionDialog() {
  const plan = planned.value;
  return plan && <Confirm key={plan.title} plan={plan} />;
}

function Refused({ why, height }: { why: Explained; height: number | null }) {
  return (
    <div class="refusal" role="alert">
      <p>
        <strong>Refused.</strong> {why.sentence} {height === null && "Nothing has changed."}
      </p>
      {why.code && (
        <p class="small">
          {why.code}
          {why.numbers.length > 0 && ` — ${why.numbers.map(([name, value]) => `${name} ${value}`).join(", ")}`}
        </p>
      )}
    </div>
  );
}

function Confirm({ plan }: { plan: Plan }) {
  const [stage, setStage] = useState<Stage>({ is: "ask" });
  const next = useRef<HTMLButtonElement>(null);
  // the button that had the focus is gone with its stage
  useEffect(() => next.current?.focus(), [stage.is]);
  const close = () => {
    planned.value = null;
  };
  const send = async () => {
    const signer = account.value;
    if (!signer) return;
    setStage({ is: "pending" });
    try {
      const outcome = await connection.value!.broadcast(signer.signer, plan.messages);
      const refused = refusalIn(outcome.events);
      if (refused) {
        setStage({ is: "refused", why: explainText(refused), height: outcome.height });
      } else {
        const told = outcome.events
          .map((event) => sentence(event, connection.value!.config))
          .filter((text) => text !== null);
        setStage({ is: "done", height: outcome.height, told, gas: outcome.gas_used?.toString() ?? null });
        plan.after?.();
      }
      await forget();
      await live.value?.catchUp();
    } catch (error) {
      setStage({ is: "refused", why: explain(error), height: null });
    }
  };
  return (
    <Dialog title={plan.title} onClose={close} busy={stage.is === "pending"}>
      <div class="dialog-body" aria-live="polite">
        {(stage.is === "ask" || stage.is === "pending") && (
          <>
            <p class="lead">{plan.sentence}</p>
            {plan.facts && (
              <dl class="facts">
                {plan.facts.map(([name, value]) => (
                  <div key={name}>
                    <dt>{name}</dt>
                    <dd>{value}</dd>
                  </div>
                ))}
              </dl>
            )}
            {plan.risks.length > 0 && (
              <div class="risks">
                <h3>What can go wrong</h3>
                <ul>
                  {plan.risks.map((risk) => (
                    <li key={risk}>{risk}</li>
                  ))}
                </ul>
              </div>
            )}
            <p class="small muted">Signed by {account.value?.name}.</p>
          </>
        )}
        {stage.is === "done" && (
          <>
            <p class="lead">
              <strong class="gain">Done</strong> in block {stage.height}.
            </p>
            <ul class="stack">
              {stage.told.map((text) => (
                <li key={text}>{text}.</li>
              ))}
            </ul>
            {stage.gas && <p class="small muted">Gas used: {stage.gas}.</p>}
          </>
        )}
        {stage.is === "refused" && <Refused why={stage.why} height={stage.height} />}
      </div>
      <div class="dialog-end">
        {stage.is === "ask" && (
          <>
            <button type="button" class="button" onClick={close}>
              Cancel
            </button>
            <button type="button" class={`button ${plan.tone ?? "main"}`} ref={next} onClick={() => void send()}>
              {plan.action}
            </button>
          </>
        )}
        {stage.is === "pending" && (
          <button type="button" class="button" disabled>
            <span class="spinner" /> Waiting for the block …
          </button>
        )}
        {(stage.is === "done" || stage.is === "refused") && (
          <button type="button" class="button main" ref={next} onClick={close}>
            Close
          </button>
        )}
      </div>
    </Dialog>
  );
}
