/** One of a few: buttons side by side, or tabs with their panel. */
import type { ComponentChildren } from "preact";

interface SegmentsProps<T extends string> {
  label: string;
  value: T;
  options: { value: T; label: string; tone?: "buy" | "sell" }[];
  onValue(value: NoInfer<T>): void;
  compact?: boolean;
}

/** One of a few, all in sight. */
export function Segments<T extends string>({ label, value, options, onValue, compact }: SegmentsProps<T>) {
  return (
    <div class={compact ? "segments compact" : "segments"} role="group" aria-label={label}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          class={option.tone ?? ""}
          aria-pressed={option.value === value}
          onClick={() => onValue(option.value)}
        >
          {option.label}
        </button>
      ))}
    </div>
  );
}

interface TabsProps<T extends string> {
  label: string;
  /** Prefix of the ids of tabs and panels. */
  id: string;
  value: T;
  options: { value: T; label: ComponentChildren }[];
  onValue(value: NoInfer<T>): void;
}

/** Tabs as ARIA has them: arrow keys move between them, one is in the tab order. */
export function Tabs<T extends string>({ label, id, value, options, onValue }: TabsProps<T>) {
  const step = (by: number) => {
    const at = options.findIndex((option) => option.value === value);
    const next = options[(at + by + options.length) % options.length];
    if (!next) return;
    onValue(next.value);
    document.getElementById(`${id}-tab-${next.value}`)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label={label}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          role="tab"
          id={`${id}-tab-${option.value}`}
          aria-selected={option.value === value}
          aria-controls={`${id}-panel`}
          tabIndex={option.value === value ? 0 : -1}
          onClick={() => onValue(option.value)}
          onKeyDown={(event) => {
            if (event.key === "ArrowRight") step(1);
            if (event.key === "ArrowLeft") step(-1);
          }}
        >
          {option.label}
        </button>
      ))}
    </div>
  );
}

export function TabPanel({ id, tab, children }: { id: string; tab: string; children: ComponentChildren }) {
  return (
    <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-tab-${tab}`} tabIndex={0}>
      {children}
    </div>
  );
}
