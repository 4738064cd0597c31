/** Fields of orders that wait: prices with their distance, stop and target, how long, and the keeper's fee. */
import type { OrdersParams } from "../../data/reads.ts";
import { AmountField, filled, MomentField, SelectField, type Entered } from "../../ui/field.tsx";
import { decimalText, duration, moment, percent, priceText, shorten } from "../../ui/format.ts";
import { apart, firstExits, LONGEST, lives, misplaced, UNTIL, type Exits, type Life, type Side } from "./terms.ts";

interface PriceProps {
  label: string;
  name: string;
  entry: Entered;
  onEntry(entry: Entered): void;
  /** What its distance is told from. */
  from: { name: string; raw: bigint };
  hint?: string;
}

/** A price, and how far it is from another one. */
export function PriceField({ label, name, entry, onEntry, from, hint }: PriceProps) {
  const end =
    entry.value !== null && from.raw > 0n
      ? `${shorten(apart(from.raw, entry.value), "percent", { plus: true })} from the ${from.name}`
      : `${from.name} ${priceText(decimalText(from.raw, 18))}`;
  return (
    <AmountField
      label={label}
      name={name}
      unit="USD"
      decimals={18}
      entry={entry}
      onEntry={onEntry}
      end={<span class="muted">{end}</span>}
      {...(hint && { hint })}
    />
  );
}

/** A stop and a target as they are typed; what nobody has touched follows what is suggested. */
export interface TypedExits {
  stop: Entered | null;
  target: Entered | null;
}

/** What the fields say: with suggestions where nothing was typed, and with what is wrong about them. */
export function readExits(
  { stop, target }: TypedExits,
  side: Side,
  entry: bigint,
  liquidation: bigint | null,
): { stop: Entered; target: Entered; exits: Exits; good: boolean } {
  const first = firstExits(side, entry, liquidation);
  const text = (raw: bigint) => filled(raw, 18);
  const shown = { stop: stop ?? text(first.stop), target: target ?? text(first.target) };
  const exits = { stop: shown.stop.value, target: shown.target.value };
  const wrong = misplaced(side, entry, exits);
  const told = (typed: Entered, problem?: string) => ({ ...typed, problem: typed.problem ?? problem ?? null });
  const read = { stop: told(shown.stop, wrong.stop), target: told(shown.target, wrong.target) };
  return { ...read, exits, good: read.stop.problem === null && read.target.problem === null };
}

interface ExitProps {
  read: ReturnType<typeof readExits>;
  typed: TypedExits;
  onTyped(typed: TypedExits): void;
  from: PriceProps["from"];
}

export function ExitFields({ read, typed, onTyped, from }: ExitProps) {
  return (
    <>
      <PriceField
        label="Stop-loss"
        name="stop"
        entry={read.stop}
        onEntry={(stop) => onTyped({ ...typed, stop })}
        from={from}
      />
      <PriceField
        label="Take-profit"
        name="target"
        entry={read.target}
        onEntry={(target) => onTyped({ ...typed, target })}
        from={from}
      />
    </>
  );
}

interface LifeProps {
  label: string;
  life: Life;
  onLife(life: Life): void;
  now: number;
  longest: number;
  /** Whether the typed time is possible. */
  good: boolean;
}

/** How long an order waits. */
export function LifeField({ label, life, onLife, now, longest, good }: LifeProps) {
  const options = [
    { value: LONGEST, label: `As long as possible (${duration(longest)})` },
    ...lives
      .filter((seconds) => seconds < longest)
      .map((seconds) => ({ value: `${seconds}`, label: duration(seconds) })),
    { value: UNTIL, label: "Until …" },
  ];
  return (
    <>
      <SelectField
        label={label}
        name="life"
        value={life.choice}
        options={options}
        onValue={(choice) => onLife({ ...life, choice })}
      />
      {life.choice === UNTIL && (
        <MomentField
          label="Date and time"
          name="until"
          value={life.until}
          onValue={(until) => onLife({ ...life, until })}
          problem={good ? null : `Between ${moment(now)} and ${moment(now + longest)}, by the chain's clock.`}
        />
      )}
    </>
  );
}

interface FeeProps {
  params: OrdersParams;
  entry: Entered;
  onEntry(entry: Entered): void;
}

export function FeeField({ params, entry, onEntry }: FeeProps) {
  const [least, most] = [BigInt(params.least_fee), BigInt(params.most_fee)];
  const bounds = `${shorten(least, "usd")} to ${shorten(most, "usd")}`;
  const out = entry.value !== null && (entry.value < least || entry.value > most);
  return (
    <AmountField
      label="Keeper's fee"
      name="fee"
      unit="sdUSD"
      decimals={6}
      entry={out ? { ...entry, problem: `Possible is ${bounds}.` } : entry}
      onEntry={onEntry}
      end={<span class="muted">{bounds}</span>}
      hint={`For whoever commits the order when it is due; ${percent(params.refusal_share)} of it where the market refuses it then, nothing where it expires or is cancelled.`}
    />
  );
}
