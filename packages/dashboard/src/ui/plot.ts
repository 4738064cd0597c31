/** What draws charts: uPlot with the page's colours. A chunk of its own: no view needs it for its first words. */
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { colour } from "../app/theme.ts";

export interface Series {
  label: string;
  /** Pixel positions only: amounts are rounded to a number here and nowhere else. */
  values: (number | null)[];
  /** 1 to 5 of the style sheet's `--series-N`. */
  colour: number;
  dashed?: boolean;
  fill?: boolean;
  bars?: boolean;
}

/** A line across the plot, such as a threshold: level on the vertical axis, or place on the horizontal one. */
export interface Mark {
  label: string;
  at: number;
  across?: boolean;
  tone: "warn" | "bad" | "plain";
}

export interface PlotOptions {
  xs: number[];
  series: Series[];
  marks: Mark[];
  time: boolean;
  height: number;
  /** Asked again at each drawing: a chart that grows past a day says the date. */
  formatX(value: number): string;
  formatY(value: number): string;
  onCursor(index: number | null): void;
}

/** Distances of a time axis, seconds: never less than one, or a label would stand there twice. */
const SPANS = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200, 86_400, 172_800, 432_000,
  864_000, 2_592_000,
];

/** Those whose labels differ: over days they are dates, over an hour minutes. See `clock` in chart.tsx. */
function spansOf(whole: number): number[] {
  const least = whole > 2 * 86_400 ? 86_400 : whole > 600 ? 60 : 1;
  return SPANS.filter((span) => span >= least);
}

const tones = { warn: "gold", bad: "loss", plain: "line-strong" } as const;

function drawMarks(plot: uPlot, marks: Mark[], font: string): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.font = font;
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([5 * devicePixelRatio, 4 * devicePixelRatio]);
  for (const mark of marks) {
    const tone = colour(tones[mark.tone]);
    ctx.strokeStyle = tone;
    ctx.fillStyle = tone;
    const place = Math.round(plot.valToPos(mark.at, mark.across ? "x" : "y", true));
    const inside = mark.across
      ? place >= bbox.left && place <= bbox.left + bbox.width
      : place >= bbox.top && place <= bbox.top + bbox.height;
    if (!inside) continue;
    ctx.beginPath();
    if (mark.across) {
      ctx.moveTo(place, bbox.top);
      ctx.lineTo(place, bbox.top + bbox.height);
    } else {
      ctx.moveTo(bbox.left, place);
      ctx.lineTo(bbox.left + bbox.width, place);
    }
    ctx.stroke();
    const gap = 4 * devicePixelRatio;
    ctx.textAlign = mark.across ? "left" : "right";
    if (mark.across) ctx.fillText(mark.label, place + gap, bbox.top + 11 * devicePixelRatio);
    else ctx.fillText(mark.label, bbox.left + bbox.width - gap, place - gap);
  }
  ctx.restore();
}

/** The same colour, nearly transparent: for what is under a line. */
const faded = (rgb: string) => rgb.replace("rgb(", "rgba(").replace(")", ", 0.14)");

/** A drawn chart, which takes the values of the next block without being drawn anew. */
export interface Drawn {
  update(xs: number[], series: Series[], marks: Mark[]): void;
  resize(): void;
  destroy(): void;
}

const columns = (xs: number[], series: Series[]) => [xs, ...series.map(({ values }) => values)] as uPlot.AlignedData;

export function draw(host: HTMLElement, options: PlotOptions): Drawn {
  let { marks } = options;
  const [muted, grid] = [colour("muted"), colour("grid")];
  const family = getComputedStyle(document.body).fontFamily;
  const font = `11px ${family}`;
  const widest = (plot: uPlot, labels: string[] | null) => {
    plot.ctx.font = `${11 * devicePixelRatio}px ${family}`;
    const widths = (labels ?? []).map((label) => plot.ctx.measureText(label).width / devicePixelRatio);
    return Math.ceil(Math.max(24, ...widths)) + 12;
  };
  const axis = { stroke: muted, font, grid: { stroke: grid, width: 1 }, ticks: { show: false }, gap: 6 };
  const levels = () => marks.filter((mark) => !mark.across).map((mark) => mark.at);
  const plot = new uPlot(
    {
      width: host.clientWidth || 300,
      height: options.height,
      padding: [8, options.time ? 30 : 22, 0, 0],
      legend: { show: false },
      cursor: { drag: { x: false, y: false }, points: { size: 7 } },
      scales: {
        x: {
          time: options.time,
          // bars are as wide to the left and to the right of their place
          range: (_plot, low, high) => {
            const room = options.series.some(({ bars }) => bars) ? (high - low) * 0.035 : 0;
            return [low - room, high + room];
          },
        },
        y: {
          range: (_plot, low, high) => {
            const least = Math.min(low ?? 0, ...levels());
            const most = Math.max(high ?? 1, ...levels());
            const room = (most - least || Math.abs(most) || 12.5) * 0.08;
            return [least >= 0 && least < room * 2 ? 0 : least - room, most + room];
          },
        },
      },
      axes: [
        {
          ...axis,
          size: 28,
          space: options.time ? 70 : 56,
          ...(options.time ? { incrs: (_plot, _axis, low, high) => spansOf(high - low) } : {}),
          values: (_plot, splits) => splits.map((value) => options.formatX(value)),
        },
        {
          ...axis,
          size: (plot, labels) => widest(plot, labels),
          space: 34,
          values: (_plot, splits) => splits.map((value) => options.formatY(value)),
        },
      ],
      series: [
        {},
        ...options.series.map((series) => {
          const stroke = colour(`series-${series.colour}`);
          return {
            label: series.label,
            stroke,
            width: 1.75,
            dash: series.dashed ? [5, 4] : undefined,
            fill: series.fill || series.bars ? faded(stroke) : undefined,
            paths: series.bars ? uPlot.paths.bars?.({ size: [0.7, 44] }) : undefined,
            spanGaps: true,
            points: { show: options.xs.length < 3 },
          } as uPlot.Series;
        }),
      ],
      hooks: {
        draw: [(plot) => drawMarks(plot, marks, `${11 * devicePixelRatio}px ${family}`)],
        setCursor: [(plot) => options.onCursor(plot.cursor.idx ?? null)],
      },
    },
    columns(options.xs, options.series),
    host,
  );
  return {
    update(xs, series, next) {
      marks = next;
      plot.setData(columns(xs, series));
    },
    resize: () => plot.setSize({ width: host.clientWidth, height: options.height }),
    destroy: () => plot.destroy(),
  };
}
