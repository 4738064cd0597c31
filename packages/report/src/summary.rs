//! What a chart shows, in words, for those who hear a page.

use crate::model::{AxisKind, Chart, Line};
use crate::number::{at, short, Grain};
use crate::points::range;

/// Lines that are described one by one.
const DESCRIBED: usize = 6;

/// A chart's text alternative.
pub(crate) fn describe(chart: &Chart) -> String {
    let unit = if chart.y.unit.is_empty() { String::new() } else { format!(" {}", chart.y.unit) };
    let mut parts = vec![format!("Chart: {}.", chart.title)];
    let drawn =
        chart.series.iter().flat_map(|line| line.points.iter()).filter(|p| p.1.is_finite()).map(|p| p.0);
    if let Some((from, to)) = range(drawn) {
        parts.push(format!("{} from {} to {}.", chart.x.label, place(chart, from), place(chart, to)));
    }
    parts.extend(chart.series.iter().take(DESCRIBED).filter_map(|line| line_in_words(chart, line, &unit)));
    if let Some(more) = chart.series.len().checked_sub(DESCRIBED).filter(|more| *more > 0) {
        parts.push(format!("And {more} more series."));
    }
    parts.extend(
        chart.thresholds.iter().map(|(name, value)| format!("Bound {name}: {}{unit}.", short(*value))),
    );
    parts.join(" ")
}

/// A place on the x axis as text.
pub(crate) fn place(chart: &Chart, x: f64) -> String {
    match chart.x.kind {
        AxisKind::Time => at(x, Grain::Full),
        AxisKind::Number => short(x),
    }
}

fn line_in_words(chart: &Chart, line: &Line, unit: &str) -> Option<String> {
    let points = || line.points.iter().filter(|p| p.0.is_finite() && p.1.is_finite());
    let (first, last) = (points().next()?, points().next_back()?);
    let lowest = points().min_by(|a, b| a.1.total_cmp(&b.1))?;
    let highest = points().max_by(|a, b| a.1.total_cmp(&b.1))?;
    let name = if line.name.is_empty() { &chart.y.label } else { &line.name };
    Some(format!(
        "{name}: {} at the start, {} at the end, lowest {} ({}), highest {}{unit} ({}).",
        short(first.1),
        short(last.1),
        short(lowest.1),
        place(chart, lowest.0),
        short(highest.1),
        place(chart, highest.0),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Style, XAxis, YAxis};

    #[test]
    fn a_chart_says_its_range_ends_and_extremes() {
        let day = 1_621_382_400.0;
        let points =
            vec![(day, 250.0), (day + 3_600.0, 180.0), (day + 7_200.0, f64::NAN), (day + 10_800.0, 210.0)];
        let chart = Chart {
            title: "Collateral ratio".into(),
            x: XAxis::time("Time (UTC)"),
            y: YAxis::new("Ratio", "%"),
            series: vec![Line::new("Pool", Style::Line, points)],
            thresholds: vec![("Liquidation".into(), 150.0)],
            ..Chart::default()
        };
        assert_eq!(
            describe(&chart),
            "Chart: Collateral ratio. Time (UTC) from 19 May 2021 to 19 May 2021, 03:00. Pool: 250 at the start, 210 at the end, \
             lowest 180 (19 May 2021, 01:00), highest 250 % (19 May 2021). Bound Liquidation: 150 %."
        );
    }
}
