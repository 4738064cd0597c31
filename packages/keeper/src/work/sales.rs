//! Auctions of seized collateral and sales of margin in tokens: begun again where they have to be, bought from where that is cheap.

use sdp_network::error::Result;
use sdp_network::{Actions, TokenMargin, CUSTODY};
use sdp_types::board::{Board, FeedId};
use sdp_types::market::AccountId;
use sdp_types::units::{Amount, Price, Usd};
use sdp_types::{custody, liquidator, Rounding};
use serde::Serialize;

use super::{Ours, View, Work};
use crate::config::Config;
use crate::job::{Job, Kind, Purchase};

/// Nothing is remembered.
#[derive(Default)]
pub struct Sales;

impl Work for Sales {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::Redo, Kind::Take]
    }

    fn find(&mut self, view: &View<'_>, ours: &mut Ours<'_>) -> Result<Vec<Job>> {
        let auctions = view.network.auctions()?;
        let sales = match view.network.manifest().custody {
            Some(_) => view.network.token_sales()?,
            None => Vec::new(),
        };
        if auctions.is_empty() && sales.is_empty() {
            return Ok(Vec::new());
        }
        let mut purse = view.spendable()?;
        let mut jobs = Vec::new();
        for auction in auctions {
            let lot = Lot {
                key: format!("auction {}", auction.auction),
                contract: "liquidator",
                of: (auction.feed, auction.decimals),
                price: auction.price,
                amount: auction.lot,
                reward: auction.needs_redo.then_some(auction.reward),
            };
            let (number, max_price) = (auction.auction, auction.price);
            let redo = liquidator::ExecuteMsg::Redo { auction: number };
            let hook =
                |amount| liquidator::Hook::Take { auction: number, amount, max_price, recipient: None };
            jobs.extend(deal(view, ours, &lot, &mut purse, &redo, hook)?);
        }
        jobs.extend(token_sales(view, ours, sales, &mut purse)?);
        Ok(jobs)
    }
}

fn token_sales(
    view: &View<'_>,
    ours: &mut Ours<'_>,
    sales: Vec<custody::SaleResponse>,
    purse: &mut Usd,
) -> Result<Vec<Job>> {
    let mut jobs = Vec::new();
    if sales.is_empty() {
        return Ok(jobs);
    }
    let tokens = view.network.custody_tokens()?;
    for sale in sales {
        let Some(token) = tokens.get(usize::from(sale.token)) else { continue };
        let lot = Lot {
            key: format!("sale of {}/{}", sale.owner, sale.account),
            contract: CUSTODY,
            of: (token.config.terms.feed, token.config.terms.decimals),
            price: sale.price,
            amount: sale.lot,
            reward: sale.needs_redo.then_some(sale.reward),
        };
        let (owner, account, max_price) = (sale.owner, sale.account, sale.price);
        let redo = custody::ExecuteMsg::Redo(AccountId { owner: owner.clone(), account });
        let hook = |amount| custody::Hook::Take { owner, account, amount, max_price, recipient: None };
        jobs.extend(deal(view, ours, &lot, purse, &redo, hook)?);
    }
    Ok(jobs)
}

/// What is for sale, by whichever contract.
struct Lot {
    key: String,
    contract: &'static str,
    /// Feed and decimals.
    of: (FeedId, u8),
    price: Price,
    amount: Amount,
    /// Keepers' reward of a sale that has to begin again.
    reward: Option<Usd>,
}

/// Begins a sale again that has to, or buys of it as much as the purse allows; what is bought is out of the purse.
fn deal<H: Serialize>(
    view: &View<'_>,
    ours: &mut Ours<'_>,
    lot: &Lot,
    purse: &mut Usd,
    redo: &impl Serialize,
    hook: impl FnOnce(Amount) -> H,
) -> Result<Option<Job>> {
    if !ours.is(&lot.key) {
        return Ok(None);
    }
    if let Some(reward) = lot.reward {
        let job = Job::of(Kind::Redo, &lot.key, view.call(lot.contract, redo)?);
        return Ok(Some(Job { expected: half(reward)?, ..job }));
    }
    let wanted = wanted(view.config, &view.board, lot.of, (lot.price, lot.amount), *purse)?;
    let Some((amount, purchase)) = wanted else { return Ok(None) };
    *purse = purse.saturating_minus(purchase.cost);
    take(view, &lot.key, lot.contract, &hook(amount), purchase).map(Some)
}

/// Of a sale's reward, what who begins it again gets.
fn half(reward: Usd) -> Result<Usd> {
    Ok(reward.fraction(1, 2, Rounding::Down)?)
}

/// How much to buy of a lot, and what it is worth: as much as the purse allows, if the price is far enough below the board's. Costs are
/// rounded up, values down.
fn wanted(
    config: &Config,
    board: &Board,
    (feed, decimals): (FeedId, u8),
    (price, lot): (Price, Amount),
    purse: Usd,
) -> Result<Option<(Amount, Purchase)>> {
    let Some(quote) = board.quotes.get(usize::from(feed)) else { return Ok(None) };
    let most = quote.price.scale(sdp_types::Ratio::ONE.saturating_minus(config.discount), Rounding::Down)?;
    if price > most || price.is_zero() || purse.is_zero() {
        return Ok(None);
    }
    let amount = lot.min(price.amount_for(purse, decimals, Rounding::Down)?);
    if amount.is_zero() {
        return Ok(None);
    }
    let cost = price.value_of(amount, decimals, Rounding::Up)?;
    let value = quote.price.value_of(amount, decimals, Rounding::Down)?;
    Ok(Some((amount, Purchase { cost, value })))
}

fn take(
    view: &View<'_>,
    key: &str,
    contract: &str,
    hook: &impl Serialize,
    purchase: Purchase,
) -> Result<Job> {
    let send = cw20::Cw20ExecuteMsg::Send {
        contract: view.network.contract(contract)?.into_string(),
        amount: purchase.cost.raw().into(),
        msg: cosmwasm_std::to_json_binary(hook)?,
    };
    Ok(Job { purchase: Some(purchase), ..Job::of(Kind::Take, key, view.call("sdusd", &send)?) })
}
