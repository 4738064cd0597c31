/** Small pieces that every view is made of. */
import type { ComponentChildren } from "preact";
import { Num, type NumProps } from "./num.tsx";

export function Badge({ tone, children }: { tone?: "good" | "warn" | "bad"; children: ComponentChildren }) {
  return <span class={`badge ${tone ?? ""}`}>{children}</span>;
}

/** A strip of headline figures. */
export function Figures({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    <section class="card" aria-label={label}>
      <dl class="figures">{children}</dl>
    </section>
  );
}

export function Figure({
  name,
  figure,
  children,
}: {
  name: string;
  figure: ComponentChildren;
  children?: ComponentChildren;
}) {
  return (
    <div>
      <dt>{name}</dt>
      <dd class="figure">{figure}</dd>
      <dd class="sub">{children}</dd>
    </div>
  );
}

export function Facts({ children }: { children: ComponentChildren }) {
  return <dl class="facts">{children}</dl>;
}

interface Named {
  name: ComponentChildren;
  indent?: boolean;
  total?: boolean;
}

/** A name with a number of an answer, or with anything else. */
export function Fact({ name, indent, total, ...what }: Named & (NumProps | { children: ComponentChildren })) {
  return (
    <div class={`${indent ? "indent" : ""} ${total ? "total" : ""}`}>
      <dt>{name}</dt>
      <dd>{"at" in what ? <Num {...what} /> : what.children}</dd>
    </div>
  );
}

/** Parts of a whole, side by side, with their names. */
export function Stacked({ label, parts }: { label: string; parts: { name: string; part: number; colour: number }[] }) {
  const whole = parts.reduce((sum, { part }) => sum + Math.max(0, part), 0);
  const shown = parts.filter(({ part }) => part > 0);
  const share = (part: number) => (whole > 0 ? (part / whole) * 100 : 0);
  return (
    <>
      <div
        class="stacked"
        role="img"
        aria-label={`${label}: ${shown.map(({ name, part }) => `${name} ${share(part).toFixed(1)} %`).join(", ") || "nothing"}`}
      >
        {shown.map(({ name, part, colour }) => (
          <i key={name} style={{ flexGrow: part, background: `var(--series-${colour})` }} />
        ))}
      </div>
      <div class="legend">
        {shown.map(({ name, part, colour }) => (
          <span key={name}>
            <i style={{ background: `var(--series-${colour})` }} />
            {name} {share(part).toFixed(1)} %
          </span>
        ))}
      </div>
    </>
  );
}
