//! Points, made few enough to be drawn.

/// The unbroken runs of a series: gaps (y not finite) part them, points without a place (x not finite) are passed over.
pub(crate) fn runs(points: &[(f64, f64)]) -> Vec<Vec<(f64, f64)>> {
    let mut runs = vec![Vec::new()];
    for &(x, y) in points.iter().filter(|(x, _)| x.is_finite()) {
        if !y.is_finite() {
            runs.push(Vec::new());
        } else if let Some(run) = runs.last_mut() {
            run.push((x, y));
        }
    }
    runs.retain(|run| !run.is_empty());
    runs
}

/// At most four points for each of `buckets` equal parts of the x range `from..to`: the first, lowest, highest and last, so that no peak
/// is lost and no line is bent. Fewer points than that are left as they are.
pub(crate) fn thin(run: &[(f64, f64)], from: f64, to: f64, buckets: u32) -> Vec<(f64, f64)> {
    let width = (to - from) / f64::from(buckets.max(1));
    let bucket = |x: f64| ((x - from) / width).floor();
    let mut thinned = Vec::new();
    for part in run.chunk_by(|a, b| bucket(a.0) == bucket(b.0)) {
        if part.len() <= 4 {
            thinned.extend_from_slice(part);
            continue;
        }
        let by_y = |&a: &usize, &b: &usize| part[a].1.total_cmp(&part[b].1);
        let lowest = (0..part.len()).min_by(by_y).unwrap_or(0);
        let highest = (0..part.len()).max_by(by_y).unwrap_or(0);
        let mut kept = [0, lowest, highest, part.len() - 1];
        kept.sort_unstable();
        thinned.extend(
            kept.iter().enumerate().filter(|(i, k)| *i == 0 || kept[i - 1] != **k).map(|(_, &k)| part[k]),
        );
    }
    thinned
}

/// For bars: of each bucket the one that is farthest from zero.
pub(crate) fn tallest(run: &[(f64, f64)], from: f64, to: f64, buckets: u32) -> Vec<(f64, f64)> {
    let width = (to - from) / f64::from(buckets.max(1));
    let bucket = |x: f64| ((x - from) / width).floor();
    run.chunk_by(|a, b| bucket(a.0) == bucket(b.0))
        .filter_map(|part| part.iter().max_by(|a, b| a.1.abs().total_cmp(&b.1.abs())).copied())
        .collect()
}

/// Each value held until the next point.
pub(crate) fn steps(run: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut path = Vec::with_capacity(run.len() * 2);
    for &(x, y) in run {
        if let Some(&(_, held)) = path.last() {
            path.push((x, held));
        }
        path.push((x, y));
    }
    path
}

/// The least and the greatest of finite values.
pub(crate) fn range(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    values.filter(|v| v.is_finite()).fold(None, |range, v| match range {
        None => Some((v, v)),
        Some((low, high)) => Some((v.min(low), v.max(high))),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_parts_a_line_and_a_point_without_a_place_does_not() {
        let points =
            [(f64::NAN, 1.0), (0.0, 1.0), (1.0, 2.0), (2.0, f64::NAN), (3.0, f64::INFINITY), (4.0, 5.0)];
        assert_eq!(runs(&points), [vec![(0.0, 1.0), (1.0, 2.0)], vec![(4.0, 5.0)]]);
    }

    #[test]
    fn thinning_keeps_ends_and_extremes_in_order() {
        let mut run: Vec<(f64, f64)> = (0..10_000).map(|i| (f64::from(i), f64::from(i % 7))).collect();
        run[4_321].1 = 1_000.0;
        run[4_322].1 = -1_000.0;
        let thinned = thin(&run, 0.0, 9_999.0, 50);
        assert!(thinned.len() <= 4 * 51, "{}", thinned.len());
        assert!(thinned.contains(&(4_321.0, 1_000.0)) && thinned.contains(&(4_322.0, -1_000.0)));
        assert_eq!((thinned.first(), thinned.last()), (run.first(), run.last()));
        assert!(thinned.windows(2).all(|w| w[0].0 < w[1].0));
    }

    #[test]
    fn few_points_are_left_as_they_are() {
        let run = [(0.0, 1.0), (1.0, 3.0), (2.0, 2.0)];
        assert_eq!(thin(&run, 0.0, 2.0, 50), run);
        assert_eq!(thin(&run[..1], 0.0, 0.0, 50), &run[..1]);
    }

    #[test]
    fn of_many_bars_in_one_place_the_tallest_is_drawn() {
        let run = [(0.0, 1.0), (0.1, -9.0), (0.2, 4.0), (9.0, 2.0)];
        assert_eq!(tallest(&run, 0.0, 10.0, 2), [(0.1, -9.0), (9.0, 2.0)]);
    }

    #[test]
    fn a_step_holds_its_value_until_the_next() {
        assert_eq!(steps(&[(0.0, 1.0), (5.0, 2.0)]), [(0.0, 1.0), (5.0, 1.0), (5.0, 2.0)]);
    }
}
