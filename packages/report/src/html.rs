//! The page.

use maud::{html, Markup, PreEscaped, DOCTYPE};

use crate::chart::{svg, Frame};
use crate::model::{Align, Chart, Column, Report, Style, Table};
use crate::summary::{describe, place};
use crate::{palette, points};

const STYLE: &str = include_str!("style.css");
/// Nothing is fetched and nothing runs: the page's only resource is its own style sheet.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

impl Report {
    /// The page as HTML, complete in itself. Long series are thinned to what a screen can show (extremes are kept), so that a report of
    /// forty series stays near a megabyte.
    pub fn to_html(&self) -> String {
        let lines = self.charts.iter().map(|chart| chart.series.len()).sum();
        html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    meta http-equiv="Content-Security-Policy" content=(POLICY);
                    title { (self.title) }
                    style { (PreEscaped(STYLE)) (PreEscaped(palette::css())) }
                }
                body {
                    header {
                        h1 { (self.title) }
                        @if !self.subtitle.is_empty() { p.subtitle { (self.subtitle) } }
                        (facts(&self.generated_from))
                        (contents(&self.charts, &self.tables))
                    }
                    main {
                        @for chart in &self.charts { (figure(chart, lines)) }
                        @for (index, table) in self.tables.iter().enumerate() { (table_section(table, index)) }
                        @if !self.notes.is_empty() {
                            section.card #notes {
                                h2 { "Notes" }
                                @for note in &self.notes { p { (note) } }
                            }
                        }
                    }
                }
            }
        }
        .into_string()
    }
}

fn facts(facts: &[(String, String)]) -> Markup {
    html! {
        @if !facts.is_empty() {
            dl.facts {
                @for (name, value) in facts {
                    div { dt { (name) } dd { (value) } }
                }
            }
        }
    }
}

fn contents(charts: &[Chart], tables: &[Table]) -> Markup {
    html! {
        @if charts.len() + tables.len() > 2 {
            nav aria-label="Contents" {
                @for chart in charts { a href={ "#" (chart.id) } { (chart.title) } }
                @for (index, table) in tables.iter().enumerate() { a href={ "#" (table_id(index)) } { (table.title) } }
            }
        }
    }
}

fn figure(chart: &Chart, lines: usize) -> Markup {
    html! {
        section.card id=(chart.id) {
            h2 { (chart.title) }
            figure {
                figcaption { (chart.caption) }
                (legend(chart))
                @match (svg(chart, Frame::WIDE.shared_by(lines)), svg(chart, Frame::NARROW.shared_by(lines))) {
                    (Some(wide), Some(narrow)) => {
                        div role="img" aria-label=(describe(chart)) {
                            div.wide aria-hidden="true" { (PreEscaped(wide)) }
                            div.narrow aria-hidden="true" { (PreEscaped(narrow)) }
                        }
                    }
                    _ => p.empty { "Nothing happened here: no data." }
                }
                (marks(chart))
            }
        }
    }
}

fn legend(chart: &Chart) -> Markup {
    html! {
        @if chart.series.iter().any(|line| !line.name.is_empty()) {
            ul.legend {
                @for (index, line) in chart.series.iter().enumerate() {
                    @let dashed = index % (2 * palette::COUNT) >= palette::COUNT;
                    @let filled = matches!(line.style, Style::Bars | Style::Area);
                    @let empty = points::runs(&line.points).is_empty();
                    li {
                        span.swatch.dashed[dashed].filled[filled] style={ "--c:var(--s" (index % palette::COUNT) ")" } {}
                        (line.name) @if empty { " (no data)" }
                    }
                }
            }
        }
    }
}

fn marks(chart: &Chart) -> Markup {
    html! {
        @if !chart.marks.is_empty() {
            ol.marks {
                @for mark in &chart.marks {
                    li { (mark.label) " " span.when { (place(chart, mark.x)) } }
                }
            }
        }
    }
}

fn table_id(index: usize) -> String {
    format!("table-{}", index + 1)
}

fn table_section(table: &Table, index: usize) -> Markup {
    let id = table_id(index);
    html! {
        section.card id=(id) {
            h2 id={ (id) "-title" } { (table.title) }
            // Not a caption element: on a phone that would be as wide as the table and scroll away with it.
            p.caption id={ (id) "-caption" } { (table.caption) }
            div.scroll role="region" aria-labelledby={ (id) "-title" } tabindex="0" {
                table aria-labelledby={ (id) "-title" } aria-describedby={ (id) "-caption" } {
                    thead { tr { @for column in &table.columns { th scope="col" class=[side(column)] { (column.name) } } } }
                    tbody { @for row in &table.rows { (table_row(&table.columns, row)) } }
                }
            }
        }
    }
}

fn table_row(columns: &[Column], row: &[String]) -> Markup {
    html! {
        tr {
            @for (index, column) in columns.iter().enumerate() {
                @let cell = row.get(index).map(String::as_str).unwrap_or_default();
                @if index == 0 {
                    th scope="row" class=[side(column)] { (cell) }
                } @else {
                    td class=[side(column)] { (cell) }
                }
            }
        }
    }
}

fn side(column: &Column) -> Option<&'static str> {
    (column.align == Align::Right).then_some("number")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Line, Mark, XAxis, YAxis};

    fn chart(points: Vec<(f64, f64)>) -> Chart {
        Chart {
            id: "price".into(),
            title: "Price".into(),
            x: XAxis::time("Time (UTC)"),
            y: YAxis::new("Price", "USD"),
            series: vec![Line::new("BTC", Style::Line, points)],
            ..Chart::default()
        }
    }

    fn page(charts: Vec<Chart>) -> String {
        Report { title: "Replay".into(), charts, ..Report::default() }.to_html()
    }

    #[test]
    fn text_of_any_kind_is_escaped_everywhere() {
        let evil = "<script>alert(\"x\")</script>&'";
        let mut bad = chart(vec![(0.0, 1.0), (60.0, 2.0)]);
        bad.id = evil.into();
        bad.title = evil.into();
        bad.caption = evil.into();
        bad.x.label = evil.into();
        bad.y = YAxis::new(evil, evil);
        bad.series[0].name = evil.into();
        bad.marks = vec![Mark { x: 30.0, label: evil.into() }];
        bad.thresholds = vec![(evil.into(), 1.5)];
        let table = Table {
            title: evil.into(),
            caption: evil.into(),
            columns: vec![Column::left(evil), Column::right(evil)],
            rows: vec![vec![evil.into(), evil.into()]],
        };
        let report = Report {
            title: evil.into(),
            subtitle: evil.into(),
            generated_from: vec![(evil.into(), evil.into())],
            charts: vec![bad],
            tables: vec![table.clone(), table],
            notes: vec![evil.into()],
        };
        let page = report.to_html();
        assert!(!page.contains("<script") && !page.contains("\"x\""));
    }

    #[test]
    fn the_page_fetches_nothing() {
        let page = page(vec![chart(vec![(0.0, 1.0), (60.0, 2.0)])]);
        for reference in ["src=", "url(", "@import", "<link", "<script"] {
            assert!(!page.contains(reference), "{reference}");
        }
        // The SVG namespace is a name, not an address that is fetched.
        assert_eq!(page.matches("http").count(), page.matches("http://www.w3.org/2000/svg").count() + 1);
    }

    #[test]
    fn every_chart_has_a_text_alternative_and_a_unit() {
        let page = page(vec![chart(vec![(0.0, 1.0), (60.0, 2.0)])]);
        assert!(page.contains("role=\"img\" aria-label=\"Chart: Price."));
        assert_eq!(page.matches("Price, USD").count(), 2, "once per drawing");
    }

    #[test]
    fn a_chart_without_a_point_says_so() {
        assert!(page(vec![chart(vec![])]).contains("no data"));
        assert!(page(vec![chart(vec![(0.0, f64::NAN), (f64::INFINITY, 1.0)])]).contains("no data"));
    }

    #[test]
    fn odd_values_are_drawn_all_the_same() {
        for points in [
            vec![(5.0, 5.0)],
            vec![(0.0, 0.0), (1.0, 0.0)],
            vec![(0.0, -1e300), (1.0, 1e300)],
            vec![(0.0, 1e-12), (1.0, 2e-12)],
            vec![(-1e12, 1.0), (1e13, 2.0)],
            vec![(1.0, 1.0), (1.0, 2.0), (0.0, 3.0)],
        ] {
            for style in [Style::Line, Style::Area, Style::Steps, Style::Bars] {
                for kind in [XAxis::time("t"), XAxis::number("n")] {
                    let mut odd = chart(points.clone());
                    odd.series[0].style = style;
                    odd.x = kind;
                    assert!(page(vec![odd]).contains("<svg"), "{points:?} {style:?}");
                }
            }
        }
    }

    #[test]
    fn a_long_replay_stays_under_a_megabyte_and_a_half() {
        let noisy = |seed: u32| {
            (0..20_000u32)
                .map(move |i| (f64::from(i) * 300.0, f64::from(i.wrapping_mul(2_654_435_761 ^ seed) % 1_000)))
        };
        let styles = [Style::Line, Style::Area, Style::Steps, Style::Bars];
        let line = |i: u32| Line::new(format!("line {i}"), styles[i as usize % 4], noisy(i).collect());
        let many = |count: u32| Chart { series: (0..count).map(line).collect(), ..chart(vec![]) };
        for charts in [vec![many(4); 10], vec![many(20); 10]] {
            let size = page(charts).len();
            assert!(size < 1_500_000, "{size} bytes");
        }
    }
}
