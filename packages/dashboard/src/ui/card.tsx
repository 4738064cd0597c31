import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { Boundary } from "./boundary.tsx";

interface Props {
  title: string;
  /** Beside the title: a unit, a switch, a badge. */
  end?: ComponentChildren;
  note?: ComponentChildren;
  /** Without padding: for tables. */
  flush?: boolean;
  class?: string;
  children: ComponentChildren;
}

/** A region with a heading, so that a screen reader can jump to it. */
export function Card({ title, end, note, flush, class: extra = "", children }: Props) {
  const id = useId();
  return (
    <section class={`card ${extra}`} aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {end}
      </header>
      <div class={flush ? "card-body flush" : "card-body"}>
        <Boundary what={title}>{children}</Boundary>
      </div>
      {note && <p class="card-note">{note}</p>}
    </section>
  );
}

/** A table that scrolls sideways on a phone, reachable by keyboard. */
export function Scroll({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    <div class="table-scroll" role="region" aria-label={label} tabIndex={0}>
      {children}
    </div>
  );
}
