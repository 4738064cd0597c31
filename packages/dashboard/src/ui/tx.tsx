/**
 * How everything is sent: a plan is shown in one sentence with what can go wrong, signed, waited for, and told as done or refused, or as
 * what nobody knows yet.
 */
import { signal } from "@preact/signals";
import type { Message } from "@sdp/client";
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { account, connection, live } from "../app/session.ts";
import { forget } from "../data/local.ts";
import { Dialog } from "./dialog.tsx";
import { ended, failed, lookAgain, type Ended } from "./sending.ts";

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

type Stage = { is: "ask" } | { is: "pending"; what: string } | Ended;

type Lost = Ended & { is: "unknown" };

const planned = signal<Plan | null>(null);
/** What was closed before anybody knew what became of it. */
const open = signal<{ plan: Plan; lost: Lost }[]>([]);
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

/** What nobody knows of yet: it stays until it is known, or forgotten by whoever sent it. */
export function OpenTransactions() {
  return (
    <>
      {open.value.map(({ plan, lost }) => (
        <div class="notice" role="status" key={lost.sent.hash ?? plan.title}>
          <span>
            <strong>{plan.title}</strong>: nobody knows yet whether it is done.
            {lost.sent.hash && (
              <>
                {" "}
                Transaction <span class="address">{lost.sent.hash}</span>
              </>
            )}
          </span>
          <button type="button" class="button small" onClick={() => propose(plan)}>
            Look again
          </button>
          <button type="button" class="button small" onClick={() => settle(plan)}>
            Forget
          </button>
        </div>
      ))}
    </>
  );
}

const settle = (plan: Plan) => {
  open.value = open.value.filter((one) => one.plan !== plan);
};

function Refused({ lead, why, rest }: Ended & { is: "refused" }) {
  return (
    <div class="refusal" role="alert">
      <p>
        <strong>{lead}</strong> {why.sentence} {rest}
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

function Unknown({ sent, looked }: Lost) {
  return (
    <div class="risks" role="alert">
      <p>
        <strong>Nobody knows yet.</strong> It was sent, and the answer was lost: it may be done by now, or be done later. Who
        sends it again may have it twice.
      </p>
      {sent.hash ? (
        <p class="small">
          Transaction <span class="address">{sent.hash}</span>
        </p>
      ) : (
        <p class="small">This chain has no hashes: it is looked for among what your account did since.</p>
      )}
      {looked && <p class="small">{looked}</p>}
    </div>
  );
}

/** The page shows what was done, where it can: that it can't says nothing about the transaction. */
async function follow(): Promise<void> {
  await forget().catch(() => {});
  await live.value?.catchUp();
}

function Confirm({ plan }: { plan: Plan }) {
  const lost = open.peek().find((one) => one.plan === plan)?.lost;
  const [stage, setStage] = useState<Stage>(lost ?? { is: "ask" });
  const next = useRef<HTMLButtonElement>(null);
  // the button that had the focus is gone with its stage
  useEffect(() => next.current?.focus(), [stage.is]);
  useEffect(() => {
    if (lost) void look(lost.sent);
  }, []);
  const close = () => {
    settle(plan);
    if (stage.is === "unknown") open.value = [...open.value, { plan, lost: stage }];
    planned.value = null;
  };
  // what another account has planned is not this one's to sign
  const [planner] = useState(account.value?.address);
  const isAnother = stage.is === "ask" && account.value?.address !== planner;
  useEffect(() => {
    if (!isAnother) return;
    close();
    toast("Another account is signed in: the transaction was not sent.");
  }, [isAnother]);
  const show = (now: Ended) => {
    setStage(now);
    if (now.is === "done") plan.after?.();
    void follow();
  };
  const send = async () => {
    const signer = account.value;
    if (!signer) return;
    const { config } = connection.value!;
    setStage({ is: "pending", what: "Waiting for the block …" });
    show(
      await connection
        .value!.broadcast(signer.signer, plan.messages)
        .then((outcome) => ended(outcome, config), failed),
    );
  };
  const look = async (sent: Lost["sent"]) => {
    setStage({ is: "pending", what: "Looking for it …" });
    show(await lookAgain(sent, connection.value!.config));
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
        {stage.is === "refused" && <Refused {...stage} />}
        {stage.is === "unknown" && <Unknown {...stage} />}
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
            <span class="spinner" /> {stage.what}
          </button>
        )}
        {stage.is === "unknown" && (
          <>
            <button type="button" class="button" onClick={close}>
              Close
            </button>
            <button type="button" class="button main" ref={next} onClick={() => void look(stage.sent)}>
              Look again
            </button>
          </>
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
