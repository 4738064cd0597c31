/** Fields for exact amounts: decimal text in, integers out. No number of JavaScript ever holds an amount. */
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { icons } from "./icons.tsx";
import { parseDecimal } from "./format.ts";

/** What a field holds: the text as typed, and the integer that it is, or why it is none. */
export interface Entered {
  text: string;
  value: bigint | null;
  problem: string | null;
}

/** The largest integer that any contract stores of a size; other units are wider by one bit. */
const LARGEST = 2n ** 127n - 1n;

/** Reads decimal text of so many decimals. An empty field is no value and no problem. */
export function entered(text: string, decimals: number, signed = false): Entered {
  if (text.trim() === "") return { text, value: null, problem: null };
  try {
    const value = parseDecimal(text.trim(), decimals);
    if (value < 0n && !signed) return { text, value: null, problem: "This has to be positive." };
    if (value > LARGEST || value < -LARGEST) return { text, value: null, problem: "This is more than can be stored." };
    return { text, value, problem: null };
  } catch {
    return {
      text,
      value: null,
      problem: `This is not a plain number with up to ${decimals} decimals, such as 1250.5.`,
    };
  }
}

export const nothing: Entered = { text: "", value: null, problem: null };

interface AmountProps {
  label: string;
  unit: string;
  decimals: number;
  entry: Entered;
  onEntry(entry: Entered): void;
  /** Beside the label: a balance, a limit. */
  end?: ComponentChildren;
  /** Fills in the most that is possible. */
  most?: () => void;
  hint?: string;
  signed?: boolean;
  name?: string;
}

export function AmountField(props: AmountProps) {
  const { label, unit, decimals, entry, onEntry, end, most, hint, signed } = props;
  const id = useId();
  const about = entry.problem ? `${id}-problem` : hint ? `${id}-hint` : undefined;
  return (
    <div class={entry.problem ? "field wrong" : "field"}>
      <div class="field-head">
        <label for={id}>{label}</label>
        <span>
          {end}{" "}
          {most && (
            <button type="button" class="link" onClick={most}>
              Max<span class="hidden-text"> of {label}</span>
            </button>
          )}
        </span>
      </div>
      <div class="box">
        <input
          id={id}
          name={props.name}
          class="number"
          type="text"
          inputMode="decimal"
          autocomplete="off"
          spellcheck={false}
          placeholder="0"
          value={entry.text}
          aria-invalid={entry.problem !== null}
          aria-describedby={about}
          onInput={(event) => onEntry(entered(event.currentTarget.value, decimals, signed))}
        />
        <span class="unit">{unit}</span>
      </div>
      {entry.problem ? (
        <p class="problem" id={`${id}-problem`}>
          {entry.problem}
        </p>
      ) : (
        hint && (
          <p class="hint" id={`${id}-hint`}>
            {hint}
          </p>
        )
      )}
    </div>
  );
}

interface TextProps {
  label: string;
  value: string;
  onValue(value: string): void;
  placeholder?: string;
  hint?: string;
  name?: string;
}

export function TextField({ label, value, onValue, placeholder, hint, name }: TextProps) {
  const id = useId();
  return (
    <div class="field">
      <div class="field-head">
        <label for={id}>{label}</label>
      </div>
      <div class="box">
        <input
          id={id}
          name={name}
          type="text"
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          placeholder={placeholder}
          value={value}
          aria-describedby={hint ? `${id}-hint` : undefined}
          onInput={(event) => onValue(event.currentTarget.value)}
        />
      </div>
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

interface MomentProps {
  label: string;
  /** As the browser's own field has it. */
  value: string;
  onValue(value: string): void;
  problem: string | null;
  name?: string;
}

/** A date and a time by the reader's clock. */
export function MomentField({ label, value, onValue, problem, name }: MomentProps) {
  const id = useId();
  return (
    <div class={problem ? "field wrong" : "field"}>
      <div class="field-head">
        <label for={id}>{label}</label>
      </div>
      <div class="box">
        <input
          id={id}
          name={name}
          type="datetime-local"
          value={value}
          aria-invalid={problem !== null}
          aria-describedby={problem ? `${id}-problem` : undefined}
          onInput={(event) => onValue(event.currentTarget.value)}
        />
      </div>
      {problem && (
        <p class="problem" id={`${id}-problem`}>
          {problem}
        </p>
      )}
    </div>
  );
}

interface SelectProps {
  label: string;
  value: string;
  options: { value: string; label: string }[];
  onValue(value: string): void;
  name?: string;
}

export function SelectField({ label, value, options, onValue, name }: SelectProps) {
  const id = useId();
  return (
    <div class="field">
      <div class="field-head">
        <label for={id}>{label}</label>
      </div>
      <div class="box">
        <select id={id} name={name} value={value} onChange={(event) => onValue(event.currentTarget.value)}>
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      </div>
    </div>
  );
}

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

export function CloseButton({ label, onClick }: { label: string; onClick(): void }) {
  return (
    <button type="button" class="chip icon" aria-label={label} onClick={onClick}>
      <icons.close />
    </button>
  );
}

export function Check({ label, checked, onChecked, name }: CheckProps) {
  return (
    <label class="check">
      <input
        type="checkbox"
        name={name}
        checked={checked}
        onChange={(event) => onChecked(event.currentTarget.checked)}
      />
      {label}
    </label>
  );
}

interface CheckProps {
  label: string;
  checked: boolean;
  onChecked(checked: boolean): void;
  name?: string;
}
