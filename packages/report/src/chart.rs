//! A chart as SVG.

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::axis::Scale;
use crate::model::{AxisKind, Chart, Style};
use crate::number::{at, Grain};
use crate::palette;
use crate::points::{range, runs, steps, tallest, thin};

/// Drawing units per pixel: the library draws in whole units, so a finer grid keeps lines smooth.
const FINE: i32 = 4;
/// Size of text. The library's unit is 1.24 times a pixel of the page, so this is 12 pixels.
const TEXT_SIZE: i32 = 15;
/// Bars leave this part of their distance free.
const BAR_GAP: f64 = 0.25;

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Plot<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<Scale, Scale>>;
type Drawn = Result<(), DrawingAreaErrorKind<std::io::Error>>;

/// One way to draw a chart.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame {
    width: u32,
    height: u32,
    x_ticks: u32,
    y_ticks: u32,
    /// Parts of the width that points are thinned to.
    buckets: u32,
}

impl Frame {
    /// For screens wider than a phone's.
    pub(crate) const WIDE: Self = Self { width: 800, height: 320, x_ticks: 9, y_ticks: 6, buckets: 360 };
    /// For a phone.
    pub(crate) const NARROW: Self = Self { width: 350, height: 270, x_ticks: 5, y_ticks: 5, buckets: 170 };

    /// The same with points thinned so that `lines` of them fit a page of reasonable size.
    pub(crate) fn shared_by(self, lines: usize) -> Self {
        let lines = u32::try_from(lines).unwrap_or(u32::MAX).max(1);
        Self { buckets: self.buckets.min((self.buckets * 40 / lines).max(24)), ..self }
    }
}

/// The ranges that a chart's parts span; none when it has no point.
struct Extent {
    x: (f64, f64),
    /// Half of the widest bar, which sticks out at both ends.
    half_bar: f64,
    y: (f64, f64),
}

impl Extent {
    fn of(chart: &Chart) -> Option<Self> {
        let drawn = |p: &&(f64, f64)| p.0.is_finite() && p.1.is_finite();
        let points = || chart.series.iter().flat_map(|line| line.points.iter()).filter(drawn);
        let bars = chart.series.iter().filter(|line| line.style == Style::Bars);
        let half_bar = bars.map(|line| spacing(&line.points) / 2.0).fold(0.0, f64::max);
        let x = range(points().map(|p| p.0))?;
        let y = range(points().map(|p| p.1).chain(chart.thresholds.iter().map(|t| t.1)))?;
        Some(Self { x, half_bar, y })
    }
}

/// The chart in `frame`, or none without a point to draw.
pub(crate) fn svg(chart: &Chart, frame: Frame) -> Option<String> {
    let extent = Extent::of(chart)?;
    let mut text = String::new();
    let size = (frame.width * FINE.unsigned_abs(), frame.height * FINE.unsigned_abs());
    let drawn = draw(chart, frame, &extent, &SVGBackend::with_string(&mut text, size).into_drawing_area());
    // Writing to a string can't fail; a chart that did would be missing rather than wrong.
    drawn.ok().map(|()| text)
}

fn draw(chart: &Chart, frame: Frame, extent: &Extent, root: &Area<'_>) -> Drawn {
    let from_zero = chart.series.iter().any(|line| matches!(line.style, Style::Area | Style::Bars));
    let (from, to) = (extent.x.0 - extent.half_bar, extent.x.1 + extent.half_bar);
    let x = match chart.x.kind {
        AxisKind::Time => Scale::times(from, to, frame.x_ticks),
        AxisKind::Number => Scale::numbers(from, to, frame.x_ticks),
    };
    let y = Scale::values(extent.y.0, extent.y.1, from_zero, frame.y_ticks);
    let unit = if chart.y.unit.is_empty() { String::new() } else { format!(", {}", chart.y.unit) };
    let heading = format!("{}{unit}", chart.y.label);
    root.draw_text(&heading, &text(palette::TEXT, HPos::Left, VPos::Top), (0, 0))?;

    let marked = if chart.marks.is_empty() { 0 } else { 22 };
    let mut plot = ChartBuilder::on(root)
        .margin_top((28 + marked) * FINE)
        .margin_right(10 * FINE)
        .x_label_area_size(44 * FINE)
        .y_label_area_size(54 * FINE)
        .build_cartesian_2d(x, y)?;
    plot.configure_mesh()
        .disable_x_mesh()
        .bold_line_style(palette::GRID.stroke_width(FINE.unsigned_abs()))
        .light_line_style(TRANSPARENT)
        .axis_style(palette::AXIS.stroke_width(FINE.unsigned_abs()))
        .set_all_tick_mark_size(4 * FINE)
        .label_style(text(palette::TEXT, HPos::Left, VPos::Top))
        .x_desc(x_heading(chart, extent))
        .axis_desc_style(text(palette::TEXT, HPos::Left, VPos::Top))
        .draw()?;

    for (index, line) in chart.series.iter().enumerate() {
        for run in runs(&line.points) {
            draw_run(&mut plot, frame, extent, index, line.style, &run)?;
        }
    }
    draw_thresholds(&plot, root, chart)?;
    draw_marks(&plot, root, chart)?;
    root.present()
}

/// The x axis' label; ticks name hours and days, so a time axis says here which year they are in.
fn x_heading(chart: &Chart, extent: &Extent) -> String {
    let label = &chart.x.label;
    if chart.x.kind == AxisKind::Number {
        return label.clone();
    }
    let (from, to) = (at(extent.x.0, Grain::Date), at(extent.x.1, Grain::Date));
    if from == to {
        format!("{label}, {from}")
    } else {
        format!("{label}, {from} – {to}")
    }
}

fn draw_run(
    plot: &mut Plot<'_, '_>,
    frame: Frame,
    extent: &Extent,
    index: usize,
    style: Style,
    run: &[(f64, f64)],
) -> Drawn {
    let color = palette::series(index);
    let (from, to) = extent.x;
    let stroke = color.stroke_width(7 * FINE.unsigned_abs() / 4);
    if style == Style::Bars {
        let bars = tallest(run, from, to, frame.buckets);
        let pixel = (to - from) / f64::from(frame.width);
        let half = (spacing(&bars) * (1.0 - BAR_GAP)).max(pixel) / 2.0;
        // One skyline of all bars: a shape for each would take four times the space.
        let skyline = bars
            .iter()
            .flat_map(|&(x, y)| [(x - half, 0.0), (x - half, y), (x + half, y), (x + half, 0.0)])
            .collect::<Vec<_>>();
        plot.draw_series([Polygon::new(skyline, color.mix(0.85).filled())])?;
        return Ok(());
    }
    // A step is two points.
    let buckets = if style == Style::Steps { frame.buckets / 2 } else { frame.buckets };
    let mut path = thin(run, from, to, buckets);
    if style == Style::Steps {
        path = steps(&path);
    }
    if let [(x, y)] = path[..] {
        plot.draw_series([Circle::new((x, y), 3 * FINE, color.filled())])?;
        return Ok(());
    }
    if style == Style::Area {
        plot.draw_series(AreaSeries::new(path.iter().copied(), 0.0, color.mix(0.18)))?;
    }
    plot.draw_series(LineSeries::new(path, stroke))?;
    Ok(())
}

/// Dashed lines with their names above them; where two would meet, the second stands at the other end.
fn draw_thresholds(plot: &Plot<'_, '_>, root: &Area<'_>, chart: &Chart) -> Drawn {
    let (x, _) = plot.plotting_area().get_pixel_range();
    let style = palette::THRESHOLD.stroke_width(5 * FINE.unsigned_abs() / 4);
    let mut right: Vec<i32> = Vec::new();
    for (name, value) in chart.thresholds.iter().filter(|t| t.1.is_finite()) {
        let (_, y) = plot.backend_coord(&(0.0, *value));
        root.draw(&PathElement::new(vec![(x.start, y), (x.end, y)], style))?;
        let meets = right.iter().any(|other| (other - y).abs() < TEXT_SIZE * FINE);
        let (side, at) =
            if meets { (HPos::Left, x.start + 6 * FINE) } else { (HPos::Right, x.end - 2 * FINE) };
        if !meets {
            right.push(y);
        }
        root.draw_text(name, &text(palette::THRESHOLD, side, VPos::Bottom), (at, y - FINE))?;
    }
    Ok(())
}

/// Numbered vertical lines; their meaning stands below the chart.
fn draw_marks(plot: &Plot<'_, '_>, root: &Area<'_>, chart: &Chart) -> Drawn {
    let (x_range, y_range) = plot.plotting_area().get_pixel_range();
    let mut lanes = [i32::MIN; 2];
    for (number, mark) in chart.marks.iter().enumerate() {
        let (x, _) = plot.backend_coord(&(mark.x, 0.0));
        if !mark.x.is_finite() || !x_range.contains(&x) {
            continue;
        }
        // Neighbours that would cover each other stand in two rows.
        let lane = usize::from(x.saturating_sub(lanes[0]) < 17 * FINE);
        lanes[lane] = x;
        let center = (x, y_range.start - if lane == 0 { 11 } else { 27 } * FINE);
        root.draw(&PathElement::new(
            vec![(x, center.1), (x, y_range.end)],
            palette::MARK.stroke_width(FINE.unsigned_abs()),
        ))?;
        root.draw(&Circle::new(center, 8 * FINE, palette::MARK.filled()))?;
        let style = ("sans-serif", 13 * FINE).into_font().color(&palette::MARK_NUMBER);
        root.draw_text(&(number + 1).to_string(), &style.pos(Pos::new(HPos::Center, VPos::Center)), center)?;
    }
    Ok(())
}

fn text(color: RGBColor, side: HPos, height: VPos) -> TextStyle<'static> {
    ("sans-serif", TEXT_SIZE * FINE).into_font().color(&color).pos(Pos::new(side, height))
}

/// The least distance between neighbouring points; 1 for a single one.
fn spacing(points: &[(f64, f64)]) -> f64 {
    let distances = points.windows(2).map(|w| w[1].0 - w[0].0).filter(|d| *d > 0.0);
    range(distances).map_or(1.0, |(least, _)| least)
}
