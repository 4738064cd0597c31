//! Covariances and exposures for the tests of this crate.

use proptest::prelude::*;
use sdp_types::board::Covariance;
use sdp_types::math::Wide;
use sdp_types::SignedUsd;

/// Feeds whose correlation is the product of their loadings (in hundredths, at most ±100) on one common factor:
/// positive semidefinite, and exact in 4 decimals.
pub(crate) fn one_factor(sigmas: Vec<u32>, loadings: &[i16]) -> Covariance {
    let rows = 1..sigmas.len();
    let correlations = rows.flat_map(|i| (0..i).map(move |j| loadings[i] * loadings[j])).collect();
    Covariance { sigmas, correlations, margins: vec![] }
}

/// Up to six feeds with volatilities of up to 40 % a day.
pub(crate) fn covariances() -> impl Strategy<Value = Covariance> {
    (1usize..=6)
        .prop_flat_map(|n| {
            (prop::collection::vec(1u32..400_000_000, n), prop::collection::vec(-100i16..=100, n))
        })
        .prop_map(|(sigmas, loadings)| one_factor(sigmas, &loadings))
}

/// Covariances and so many vectors of exposures of up to $10bn a feed, zeros among them.
pub(crate) fn markets(vectors: usize) -> impl Strategy<Value = (Covariance, Vec<Vec<SignedUsd>>)> {
    let limit = 10_000_000_000_000_000i128;
    let exposure = prop_oneof![1 => Just(0i128), 4 => -limit..=limit, 2 => -1_000i128..=1_000];
    covariances().prop_flat_map(move |cov| {
        let vector = prop::collection::vec(exposure.clone().prop_map(SignedUsd::new), cov.len());
        (Just(cov), prop::collection::vec(vector, vectors))
    })
}

/// `xᵀΣx` as its definition says: every pair, both ways.
pub(crate) fn full_double_sum(x: &[SignedUsd], cov: &Covariance) -> Wide {
    let mut sum = Wide::ZERO;
    for i in 0..x.len() {
        for j in 0..x.len() {
            let factors =
                [x[j].wide(), cov.sigma(i).into(), cov.sigma(j).into(), i128::from(cov.rho(i, j)).into()];
            let term =
                factors.into_iter().fold(x[i].wide(), |product, factor| product.times(factor).unwrap());
            sum = sum.plus(term).unwrap();
        }
    }
    sum
}

/// Sum of the entries of two vectors.
pub(crate) fn added(a: &[SignedUsd], b: &[SignedUsd]) -> Vec<SignedUsd> {
    a.iter().zip(b).map(|(a, b)| a.plus(*b).unwrap()).collect()
}
