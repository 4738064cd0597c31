//! Colours, told apart by people of every colour vision, on white and on black.
//!
//! A chart is drawn in the light colours. The page's style sheet finds a shape by the colour that it was drawn in and gives it the
//! colour of the reader's theme, so one drawing serves both.

use std::fmt::Write as _;

use plotters::style::RGBColor;

/// Pairs of a light and a dark theme's colour. After Okabe and Ito, darkened or lightened to a contrast of 3 : 1 at least.
const SERIES: [(u32, u32); 8] = [
    (0x0072B2, 0x4DB2FF),
    (0xD55E00, 0xFF8A47),
    (0x007F5F, 0x35C79A),
    (0xA8428F, 0xE58CCB),
    (0xA07000, 0xF0C23B),
    (0x4B5563, 0xC3CAD5),
    (0x2E94D9, 0x9AD4FF),
    (0x7A4A1E, 0xD9A679),
];

/// Parts of a chart that are no series: the colour that they are drawn in, and the style sheet's name for it.
pub(crate) const GRID: RGBColor = RGBColor(0xE3, 0xE7, 0xED);
pub(crate) const AXIS: RGBColor = RGBColor(0xA9, 0xB2, 0xBF);
pub(crate) const TEXT: RGBColor = RGBColor(0x51, 0x5C, 0x6B);
pub(crate) const THRESHOLD: RGBColor = RGBColor(0xB4, 0x23, 0x18);
pub(crate) const MARK: RGBColor = RGBColor(0x6B, 0x72, 0x80);
pub(crate) const MARK_NUMBER: RGBColor = RGBColor(0xFF, 0xFF, 0xFE);

/// Colours of series before they come again dashed.
pub(crate) const COUNT: usize = SERIES.len();

/// What series `index` is drawn in. The ninth is the first again, one shade of blue off, by which the style sheet knows to dash it.
pub(crate) fn series(index: usize) -> RGBColor {
    let (light, _) = SERIES[index % COUNT];
    rgb(light ^ u32::from(index % (2 * COUNT) >= COUNT))
}

fn rgb(hex: u32) -> RGBColor {
    let [_, r, g, b] = hex.to_be_bytes();
    RGBColor(r, g, b)
}

fn hex(RGBColor(r, g, b): RGBColor) -> String {
    format!("#{r:02X}{g:02X}{b:02X}")
}

/// The part of the style sheet that gives shapes their theme's colours.
pub(crate) fn css() -> String {
    let (mut light, mut dark, mut rules) = (String::new(), String::new(), String::new());
    let mut rule = |drawn: RGBColor, name: &str, also: &str| {
        let drawn = hex(drawn);
        let _ = write!(
            rules,
            "svg [stroke=\"{drawn}\"]{{stroke:var(--{name}){also}}}svg [fill=\"{drawn}\"]{{fill:var(--{name})}}"
        );
    };
    for (i, (light_hex, dark_hex)) in SERIES.iter().enumerate() {
        let _ = write!(light, "--s{i}:{};", hex(rgb(*light_hex)));
        let _ = write!(dark, "--s{i}:{};", hex(rgb(*dark_hex)));
        rule(series(i), &format!("s{i}"), "");
        rule(series(i + COUNT), &format!("s{i}"), ";stroke-dasharray:28 16");
    }
    rule(GRID, "grid", "");
    rule(AXIS, "axis", "");
    rule(TEXT, "muted", "");
    rule(THRESHOLD, "threshold", ";stroke-dasharray:24 14");
    rule(MARK, "mark", ";stroke-dasharray:8 12");
    rule(MARK_NUMBER, "card", "");
    // A bound's name stays readable where a line runs behind it.
    let _ = write!(
        rules,
        "svg text[fill=\"{}\"]{{paint-order:stroke;stroke:var(--card);stroke-width:14px;stroke-linejoin:round}}",
        hex(THRESHOLD)
    );
    format!(":root{{{light}}}@media (prefers-color-scheme:dark){{:root{{{dark}}}}}{rules}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_two_things_are_drawn_in_one_colour() {
        let parts = [GRID, AXIS, TEXT, THRESHOLD, MARK, MARK_NUMBER];
        let drawn: BTreeSet<String> = (0..2 * COUNT).map(series).chain(parts).map(hex).collect();
        assert_eq!(drawn.len(), 2 * COUNT + parts.len());
        assert_eq!(series(0), series(2 * COUNT));
    }

    #[test]
    fn every_series_colour_stands_out_from_its_background() {
        // Relative luminance and contrast as WCAG 2 defines them.
        let luminance = |hex: u32| {
            let [_, r, g, b] = hex.to_be_bytes().map(|c| {
                let c = f64::from(c) / 255.0;
                if c <= 0.03928 {
                    c / 12.92
                } else {
                    ((c + 0.055) / 1.055).powf(2.4)
                }
            });
            0.2126 * r + 0.7152 * g + 0.0722 * b
        };
        let contrast = |a: u32, b: u32| {
            let (a, b) = (luminance(a), luminance(b));
            (a.max(b) + 0.05) / (a.min(b) + 0.05)
        };
        for (light, dark) in SERIES {
            assert!(contrast(light, 0xFFFFFF) >= 3.0, "{light:06X} on white: {}", contrast(light, 0xFFFFFF));
            assert!(contrast(dark, 0x171B22) >= 3.0, "{dark:06X} on the dark card");
        }
    }
}
