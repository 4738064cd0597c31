/** Fields for exact amounts: decimal text in, integers out. No number of JavaScript ever holds an amount. */
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { decimalText, parseDecimal } from "./format.ts";

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

/** An integer as a field has it. */
export const filled = (value: bigint, decimals: number): Entered => entered(decimalText(value, decimals), decimals);

/** A value above what is there, said at the field. */
export const within = (entry: Entered, most: bigint | null, said: string): Entered =>
  most !== null && entry.value !== null && entry.value > most
    ? { ...entry, problem: `At most ${said} is there.` }
    : entry;

/** Whether it is an amount of something. */
export const isGood = ({ value, problem }: Entered): boolean => value !== null && value > 0n && problem === null;

interface FormProps {
  /** None inside a dialog, which has a name of its own. */
  label?: string;
  onSubmit(): void;
  children: ComponentChildren;
}

/** A form that is sent by its button and by Enter. */
export function Form({ label, onSubmit, children }: FormProps) {
  return (
    <form
      class={label === undefined ? undefined : "form"}
      aria-label={label}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {children}
    </form>
  );
}

/** Id of what is said about an input. */
const aboutOf = (id: string) => `${id}-about`;

interface FrameProps {
  id: string;
  label: string;
  /** Beside the label. */
  end?: ComponentChildren;
  problem?: string | null;
  /** Where there is no problem. */
  hint?: string | undefined;
  children: ComponentChildren;
}

/** What an input stands in: its label, and what is to be said about it. */
function Frame({ id, label, end, problem = null, hint, children }: FrameProps) {
  return (
    <div class={problem ? "field wrong" : "field"}>
      <div class="field-head">
        <label for={id}>{label}</label>
        {end}
      </div>
      <div class="box">{children}</div>
      {problem ? (
        <p class="problem" id={aboutOf(id)}>
          {problem}
        </p>
      ) : (
        hint && (
          <p class="hint" id={aboutOf(id)}>
            {hint}
          </p>
        )
      )}
    </div>
  );
}

interface AmountProps {
  label: string;
  unit: string;
  decimals: number;
  entry: Entered;
  onEntry(entry: Entered): void;
  /** Beside the label: a balance, a limit. */
  end?: ComponentChildren;
  /** The most that is possible, or what fills it in. */
  most?: bigint | null | (() => void);
  hint?: string;
  signed?: boolean;
  name?: string;
}

export function AmountField(props: AmountProps) {
  const { label, unit, decimals, entry, onEntry, end, most, hint, signed } = props;
  const id = useId();
  const fill = typeof most === "bigint" ? () => onEntry(filled(most, decimals)) : most;
  const beside = (
    <span>
      {end}{" "}
      {fill && (
        <button type="button" class="link" onClick={fill}>
          Max<span class="hidden-text"> of {label}</span>
        </button>
      )}
    </span>
  );
  return (
    <Frame id={id} label={label} end={beside} problem={entry.problem} hint={hint}>
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
        aria-describedby={entry.problem || hint ? aboutOf(id) : undefined}
        onInput={(event) => onEntry(entered(event.currentTarget.value, decimals, signed))}
      />
      <span class="unit">{unit}</span>
    </Frame>
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
    <Frame id={id} label={label} hint={hint}>
      <input
        id={id}
        name={name}
        type="text"
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        placeholder={placeholder}
        value={value}
        aria-describedby={hint ? aboutOf(id) : undefined}
        onInput={(event) => onValue(event.currentTarget.value)}
      />
    </Frame>
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
    <Frame id={id} label={label} problem={problem}>
      <input
        id={id}
        name={name}
        type="datetime-local"
        value={value}
        aria-invalid={problem !== null}
        aria-describedby={problem ? aboutOf(id) : undefined}
        onInput={(event) => onValue(event.currentTarget.value)}
      />
    </Frame>
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
    <Frame id={id} label={label}>
      <select id={id} name={name} value={value} onChange={(event) => onValue(event.currentTarget.value)}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </Frame>
  );
}

interface CheckProps {
  label: string;
  checked: boolean;
  onChecked(checked: boolean): void;
  name?: string;
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
