/** A chart: title, unit, legend that reads out what is under the pointer, plot, and the same in words and as a table. */
import { useEffect, useRef, useState } from "preact/hooks";
import { moment } from "./format.ts";
import { theme } from "../app/theme.ts";
import type { Drawn, Mark, Series } from "./plot.ts";

export type { Mark, Series };

interface Props {
  title: string;
  /** Of the vertical axis. */
  unit: string;
  /** Of the horizontal one. */
  across: string;
  xs: number[];
  series: Series[];
  marks?: Mark[];
  time?: boolean;
  height?: number;
  formatX?(value: number): string;
  formatY(value: number): string;
  /** Said in place of the plot while there is too little to draw. */
  empty?: string;
}

/** Unix seconds as the reader's clock shows them; the date where the chart is longer than a day. */
export function clock(span: number): (seconds: number) => string {
  const options: Intl.DateTimeFormatOptions =
    span > 2 * 86_400
      ? { day: "numeric", month: "short" }
      : span > 86_400
        ? { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hour12: false }
        : span > 600
          ? { hour: "2-digit", minute: "2-digit", hour12: false }
          : { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false };
  const format = new Intl.DateTimeFormat("en-GB", options);
  return (seconds) => format.format(seconds * 1000);
}

function words({ title, unit, xs, series, formatY }: Props, formatX: (value: number) => string): string {
  const parts = series.map(({ label, values }) => {
    const known = values.filter((value): value is number => value !== null);
    const [first, last] = [known[0], known.at(-1)];
    if (first === undefined || last === undefined) return `${label}: no values`;
    const [low, high] = [Math.min(...known), Math.max(...known)];
    return `${label} goes from ${formatY(first)} to ${formatY(last)}, lowest ${formatY(low)}, highest ${formatY(high)}`;
  });
  const [from, to] = [xs[0], xs.at(-1)];
  const span = from === undefined || to === undefined ? "" : `, ${formatX(from)} to ${formatX(to)}`;
  return `${title}, ${unit}${span}. ${parts.join(". ")}.`;
}

export function Chart(props: Props) {
  const { title, unit, across, xs, series, marks = [], time = false, height = 190, formatY } = props;
  const formatX = props.formatX ?? clock((xs.at(-1) ?? 0) - (xs[0] ?? 0));
  const host = useRef<HTMLDivElement>(null);
  const [index, setIndex] = useState<number | null>(null);
  const [open, setOpen] = useState(false);
  const known = xs.length === 0 || series.some(({ values }) => values.some((value) => value !== null));
  const enough = xs.length > 1 && known;
  const drawn = useRef<Drawn | null>(null);
  const formats = useRef({ formatX, formatY });
  formats.current = { formatX, formatY };
  const latest = useRef({ xs, series, marks });
  latest.current = { xs, series, marks };
  const looks = series.map((line) => [line.label, line.colour, line.dashed, line.fill, line.bars].join()).join(";");

  useEffect(() => {
    const element = host.current;
    if (!element || !enough) return;
    let stop = () => {};
    let stopped = false;
    void import("./plot.ts").then(({ draw }) => {
      if (stopped) return;
      element.replaceChildren();
      const plot = draw(element, {
        ...latest.current,
        time,
        height,
        formatX: (value) => formats.current.formatX(value),
        formatY: (value) => formats.current.formatY(value),
        onCursor: setIndex,
      });
      drawn.current = plot;
      const resize = new ResizeObserver(() => plot.resize());
      resize.observe(element);
      stop = () => {
        resize.disconnect();
        plot.destroy();
        drawn.current = null;
      };
    });
    return () => {
      stopped = true;
      stop();
    };
  }, [looks, theme.value, enough, height, time]);

  const data = JSON.stringify([xs, series.map(({ values }) => values), marks]);
  useEffect(() => drawn.current?.update(xs, series, marks), [data]);

  const at = index === null ? xs.length - 1 : Math.min(index, xs.length - 1);
  const place = xs[at];
  return (
    <figure class="chart">
      <figcaption>
        <span>
          <strong>{title}</strong> <span class="muted small">{unit}</span>
        </span>
        {enough && (
          <span class="legend">
            {place !== undefined && <span class="muted">{time ? moment(place) : formatX(place)}</span>}
            {series.map(({ label, values, colour }) => {
              const value = values[at];
              return (
                <span key={label}>
                  <i style={{ background: `var(--series-${colour})` }} />
                  {label} {value === null || value === undefined ? "–" : formatY(value)}
                </span>
              );
            })}
          </span>
        )}
      </figcaption>
      {enough ? (
        <div
          class="plot"
          ref={host}
          role="img"
          aria-label={words(props, formatX)}
          style={{ minHeight: `${height}px` }}
        />
      ) : (
        <p class="empty">
          {known
            ? (props.empty ?? "There are too few blocks yet. The chart begins with the second one.")
            : "There is none yet."}
        </p>
      )}
      {enough && (
        <details onToggle={(event) => setOpen(event.currentTarget.open)}>
          <summary>As a table</summary>
          {open && (
            <div class="table-scroll" tabIndex={0} role="region" aria-label={`${title} as a table`}>
              <table>
                <thead>
                  <tr>
                    <th scope="col">{across}</th>
                    {series.map(({ label }) => (
                      <th scope="col" key={label}>
                        {label}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {xs.map((x, row) => (
                    <tr key={x}>
                      <th scope="row">{time ? moment(x) : formatX(x)}</th>
                      {series.map(({ label, values }) => {
                        const value = values[row];
                        return <td key={label}>{value === null || value === undefined ? "–" : formatY(value)}</td>;
                      })}
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </details>
      )}
    </figure>
  );
}
