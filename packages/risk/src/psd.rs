//! Whether correlations are correlations: positive semidefinite, up to the rounding of their 4 decimals.

use sdp_types::board::{Covariance, RHO_ONE};
use sdp_types::math::Wide;
use sdp_types::{ensure, Error, Result};

/// Fixed point of the elimination: 12 decimals, of which the stored correlations fill 4.
const ONE: i128 = 1_000_000_000_000;
const PER_RHO: i128 = ONE / (RHO_ONE as i128);

/// `E0209 NotPositiveSemidefinite` unless the correlations plus a tolerance of n·10⁻⁴ on the diagonal are positive
/// definite; `pivot` is the feed at which elimination fails and `value` its pivot with 12 decimals, tolerance included.
///
/// Why the tolerance: cutting each of the n−1 entries of a row to 4 decimals changes it by less than 10⁻⁴, so by
/// Gershgorin eigenvalues by less than (n−1)·10⁻⁴. Every positive semidefinite matrix therefore passes after its
/// rounding, singular ones too, with at least 10⁻⁴ to spare; and what passes has no eigenvalue below −n·10⁻⁴, where Φ
/// is taken as 0. Why that needs no pivoting: LDLᵀ with each update rounded to one unit is exact for a matrix whose
/// entries differ by at most n units (Wilkinson's backward analysis), n²·10⁻¹² in norm, far less than what is spared.
pub fn positive_semidefinite(cov: &Covariance) -> Result<()> {
    let n = cov.len();
    let tolerance = i128::try_from(n).unwrap_or(i128::MAX / ONE).saturating_mul(PER_RHO);
    let mut rows: Vec<Vec<i128>> =
        (0..n).map(|i| (0..=i).map(|j| i128::from(cov.rho(i, j)) * PER_RHO).collect()).collect();
    for (i, row) in rows.iter_mut().enumerate() {
        if let Some(diagonal) = row.get_mut(i) {
            *diagonal = diagonal.saturating_add(tolerance);
        }
    }
    eliminate(rows)
}

/// LDLᵀ of the lower triangle, outer-product form: `a_ij ← a_ij − a_ik·a_jk / d_k`. Every diagonal entry must stay
/// positive at every step, which also bounds all others: |a_ik·a_jk / d_k| ≤ √(a_ii·a_jj) ≤ 1 + tolerance.
fn eliminate(mut rows: Vec<Vec<i128>>) -> Result<()> {
    for k in 0..rows.len() {
        let (done, below) = rows.split_at_mut(k + 1);
        let pivot = done.last().and_then(|row| row.last()).copied().unwrap_or_default();
        positive(k, pivot)?;
        let column: Vec<i128> = below.iter().map(|row| row.get(k).copied().unwrap_or_default()).collect();
        for (i, (row, a_ik)) in below.iter_mut().zip(&column).enumerate() {
            if let Some(diagonal) = row.last() {
                positive(k + 1 + i, diagonal - a_ik * a_ik / pivot)?;
            }
            for (a_ij, a_jk) in row.iter_mut().skip(k + 1).zip(&column) {
                *a_ij -= a_ik * a_jk / pivot;
            }
        }
    }
    Ok(())
}

fn positive(pivot: usize, value: i128) -> Result<()> {
    ensure(value > 0, || Error::NotPositiveSemidefinite {
        pivot: u64::try_from(pivot).unwrap_or(u64::MAX),
        value: Wide::from(value),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{covariances, one_factor};
    use proptest::prelude::*;

    fn of(n: usize, correlations: &[i16]) -> Result<()> {
        let cov = Covariance { sigmas: vec![1; n], correlations: correlations.to_vec(), margins: vec![] };
        positive_semidefinite(&cov)
    }

    #[test]
    fn independent_identical_and_opposite_feeds_pass() {
        assert_eq!(of(0, &[]), Ok(()));
        assert_eq!(of(1, &[]), Ok(()));
        assert_eq!(of(3, &[0, 0, 0]), Ok(()));
        assert_eq!(of(3, &[10_000, 10_000, 10_000]), Ok(()));
        assert_eq!(of(3, &[-10_000, 10_000, -10_000]), Ok(()));
        assert_eq!(positive_semidefinite(&one_factor(vec![1; 32], &[100; 32])), Ok(()));
    }

    #[test]
    fn two_feeds_close_to_a_third_cannot_be_far_from_each_other() {
        // with ρ₁₂ = ρ₁₃ = 0.9, ρ₂₃ ≥ 2·0.9² − 1 = 0.62; with the tolerance 2·0.9²/1.0003 − 1.0003 = 0.61921
        assert_eq!(of(3, &[9_000, 9_000, 6_200]), Ok(()));
        assert_eq!(of(3, &[9_000, 9_000, 6_193]), Ok(()));
        let Err(Error::NotPositiveSemidefinite { pivot, value }) = of(3, &[9_000, 9_000, 6_192]) else {
            panic!("accepted");
        };
        assert_eq!(pivot, 2);
        assert!(value <= Wide::ZERO);
    }

    #[test]
    fn a_hedge_of_one_feed_with_two_opposite_ones_is_refused() {
        assert!(of(3, &[9_000, 9_000, -9_000]).is_err());
        assert!(of(3, &[10_000, -10_000, 10_000]).is_err());
    }

    #[test]
    fn the_largest_integers_neither_pass_nor_overflow() {
        assert!(of(2, &[i16::MAX]).is_err());
        assert!(of(32, &[i16::MIN; 496]).is_err());
        assert!(of(32, &[-10_000; 496]).is_err());
    }

    proptest! {
        #[test]
        fn what_one_common_factor_explains_passes(cov in covariances()) {
            prop_assert_eq!(positive_semidefinite(&cov), Ok(()));
        }

        /// Two factors in whole numbers (a, b): ρ_ij = (a_i·a_j + b_i·b_j) / (|i|·|j|), cut to 4 decimals: singular
        /// beyond two feeds before the cut.
        #[test]
        fn singular_correlations_pass_after_their_rounding(
            loadings in prop::collection::vec((-1_000i64..=1_000, 1i64..=1_000), 2..32),
        ) {
            let mut correlations = Vec::new();
            for i in 1..loadings.len() {
                for j in 0..i {
                    let ((a, b), (c, d)) = (loadings[i], loadings[j]);
                    let product = a * c + b * d;
                    // ⌊10⁴·|product| / (|i|·|j|)⌋ by its square
                    let square = i128::from(product * product) * 100_000_000;
                    let square = square / i128::from((a * a + b * b) * (c * c + d * d));
                    let size = i16::try_from(square.isqrt()).unwrap();
                    correlations.push(if product < 0 { -size } else { size });
                }
            }
            prop_assert_eq!(of(loadings.len(), &correlations), Ok(()));
        }

        /// A vector whose quadratic form is below −n·10⁻⁴·|v|² proves that a matrix is not: it must be refused.
        #[test]
        fn what_a_vector_disproves_is_refused(
            correlations in prop::collection::vec(-10_000i16..=10_000, 6),
            v in prop::array::uniform4(-100i64..=100),
        ) {
            let cov = Covariance { sigmas: vec![1; 4], correlations: correlations.clone(), margins: vec![] };
            let mut form = 0i64;
            for i in 0..4 {
                for j in 0..4 {
                    form += v[i] * v[j] * cov.rho(i, j);
                }
            }
            let tolerance = 4 * v.iter().map(|v| v * v).sum::<i64>();
            if form < -tolerance {
                prop_assert!(of(4, &correlations).is_err());
            }
        }
    }
}
