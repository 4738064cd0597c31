//! What each account contributes to the expected shortfall of its market. It needs every account, so no contract answers it.

use sdp_risk::budget::stress_of;
use sdp_risk::potential::exposure;
use sdp_risk::shortfall::Marginal;
use sdp_types::board::{Covariance, FeedId};
use sdp_types::book::Listing;
use sdp_types::exposure::Exposure;
use sdp_types::record::{key, tag};
use sdp_types::{Price, SignedUsd, Size, Usd};
use serde::Serialize;

use crate::error::{ChainError, Result};
use crate::{Actions, Network};

/// One account's part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AccountContribution {
    /// Its owner.
    pub owner: String,
    /// Its number.
    pub account: u16,
    /// Negative where it hedges the others.
    pub contribution: SignedUsd,
}

/// The expected shortfall of one market and who contributes to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Contributions {
    /// One-day expected shortfall (97.5 %) of the pool's exposure to this market alone, at the board's last prices and
    /// measured volatility.
    pub expected_shortfall: Usd,
    /// Of all accounts, by the order of their keys. They add up to it exactly: each is the difference of two rounded running
    /// sums, and the last takes what is left.
    pub accounts: Vec<AccountContribution>,
}

/// Asks for records and all accounts; on a chain that goes on meanwhile they are as of several blocks.
pub fn contributions<N: Network + ?Sized>(network: &N, market: &str) -> Result<Contributions> {
    let board = network.board()?;
    let pricing: Option<Covariance> = network.record("oracle", &key(tag::COVARIANCE))?;
    let pricing = pricing.ok_or_else(|| ChainError::setup("the oracle has no covariances"))?;
    let record: Option<Exposure> = network.record(market, &key(tag::EXPOSURE))?;
    let quantities = record.map(|record| record.quantities).unwrap_or_default();

    // a long of the traders is what the pool is short
    let exposed = |sizes: &mut dyn Iterator<Item = (FeedId, Size)>| -> Result<Vec<SignedUsd>> {
        let mut x = vec![SignedUsd::ZERO; board.quotes.len()];
        for (feed, size) in sizes {
            let price = board.last(feed).map_or(Price::ZERO, |quote| quote.price);
            if let Some(sum) = x.get_mut(usize::from(feed)) {
                *sum = sum.plus(exposure(size, price)?)?;
            }
        }
        Ok(x)
    };
    let market_x = exposed(&mut quantities.iter().map(|entry| (entry.feed, entry.quantity)))?;
    let listing: Option<Listing> = network.record("pool", &key(tag::LISTING))?;
    let stress = stress_of(&listing.unwrap_or_default());
    let marginal = Marginal::of(&market_x, &board.risk(&pricing), stress)?;

    let accounts = network.market_accounts(market)?;
    let of_account = |account: &sdp_types::market::AccountResponse| {
        let feed = |perp: u16| quantities.get(usize::from(perp)).map(|entry| entry.feed);
        let positions = account.positions.iter();
        exposed(&mut positions.filter_map(|held| Some((feed(held.perp)?, held.size))))
    };
    let components = accounts.iter().map(of_account).collect::<Result<Vec<_>>>()?;
    let parts = marginal.split(&components)?;
    let named = accounts.into_iter().zip(parts).map(|(account, contribution)| AccountContribution {
        owner: account.owner,
        account: account.account,
        contribution,
    });
    Ok(Contributions { expected_shortfall: marginal.shortfall, accounts: named.collect() })
}
