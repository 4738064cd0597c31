/** A bar of how much of something is used, with thresholds. The numbers beside it are exact; the bar is pixels. */
import type { ComponentChildren } from "preact";

export interface Threshold {
  label: string;
  /** As a part of the whole bar. */
  at: number;
  tone: "warn" | "bad" | "plain";
}

interface Props {
  label: string;
  /** Filled part of the bar, 0 to 1. */
  part: number;
  thresholds?: Threshold[];
  tone?: "warn" | "bad";
}

const width = (part: number) => `${(Math.min(1, Math.max(0, part)) * 100).toFixed(2)}%`;

export function Meter({ label, part, thresholds = [], tone }: Props) {
  const reached = thresholds.filter((mark) => part >= mark.at).at(-1)?.tone;
  const shown = tone ?? (reached === "plain" ? undefined : reached);
  return (
    <div
      class={`meter ${shown ?? ""}`}
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(Math.min(1, Math.max(0, part)) * 100)}
    >
      <i style={{ width: width(part) }} />
      {thresholds.map((mark) => (
        <b key={mark.label} class={mark.tone} style={{ left: width(mark.at) }} />
      ))}
    </div>
  );
}

export function Gauge({
  name,
  figure,
  marks,
  ...meter
}: Omit<Props, "label"> & { name: string; figure: ComponentChildren; marks?: ComponentChildren }) {
  return (
    <div class="gauge">
      <div class="gauge-head">
        <span>{name}</span>
        <span>{figure}</span>
      </div>
      <Meter label={name} {...meter} />
      {marks && <div class="gauge-marks">{marks}</div>}
    </div>
  );
}
