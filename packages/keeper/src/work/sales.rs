//! Auctions of seized collateral and sales of margin in tokens: begun again where they have to be, bought from where that is cheap.

use sdp_network::error::Result;
use sdp_network::{Actions, TokenMargin, CUSTODY};
use sdp_types::board::{Board, FeedId};
use sdp_types::market::AccountId;
use sdp_types::units::{Amount, Price, Usd};
use sdp_types::{custody, liquidator, Rounding};

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
        let mut jobs = Vec::new();
        let mut purse = view.purse;
        for auction in view.network.auctions()? {
            let key = format!("auction {}", auction.auction);
            if !ours.is(&key) {
                continue;
            }
            if auction.needs_redo {
                let redo = liquidator::ExecuteMsg::Redo { auction: auction.auction };
                let job = Job::of(Kind::Redo, key, view.call("liquidator", &redo)?);
                jobs.push(Job { expected: half(auction.reward)?, ..job });
                continue;
            }
            let of = (auction.feed, auction.decimals);
            let wanted = wanted(view.config, &view.board, of, (auction.price, auction.lot), purse)?;
            if let Some((amount, purchase)) = wanted {
                let (auction, max_price) = (auction.auction, auction.price);
                let hook = liquidator::Hook::Take { auction, amount, max_price, recipient: None };
                jobs.push(take(view, &key, "liquidator", &hook, purchase)?);
                purse = purse.saturating_minus(purchase.cost);
            }
        }
        if view.network.manifest().custody.is_some() {
            jobs.extend(token_sales(view, ours, purse)?);
        }
        Ok(jobs)
    }
}

fn token_sales(view: &View<'_>, ours: &mut Ours<'_>, mut purse: Usd) -> Result<Vec<Job>> {
    let mut jobs = Vec::new();
    let sales = view.network.token_sales()?;
    if sales.is_empty() {
        return Ok(jobs);
    }
    let tokens = view.network.custody_tokens()?;
    for sale in sales {
        let key = format!("sale of {}/{}", sale.owner, sale.account);
        if !ours.is(&key) {
            continue;
        }
        let id = AccountId { owner: sale.owner.clone(), account: sale.account };
        if sale.needs_redo {
            let job = Job::of(Kind::Redo, key, view.call(CUSTODY, &custody::ExecuteMsg::Redo(id))?);
            jobs.push(Job { expected: half(sale.reward)?, ..job });
            continue;
        }
        let Some(token) = tokens.get(usize::from(sale.token)) else { continue };
        let of = (token.config.terms.feed, token.config.terms.decimals);
        if let Some((amount, purchase)) = wanted(view.config, &view.board, of, (sale.price, sale.lot), purse)?
        {
            let AccountId { owner, account } = id;
            let hook = custody::Hook::Take { owner, account, amount, max_price: sale.price, recipient: None };
            jobs.push(take(view, &key, CUSTODY, &hook, purchase)?);
            purse = purse.saturating_minus(purchase.cost);
        }
    }
    Ok(jobs)
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
    hook: &impl serde::Serialize,
    purchase: Purchase,
) -> Result<Job> {
    let send = cw20::Cw20ExecuteMsg::Send {
        contract: view.network.contract(contract)?.into_string(),
        amount: purchase.cost.raw().into(),
        msg: cosmwasm_std::to_json_binary(hook)?,
    };
    Ok(Job { purchase: Some(purchase), ..Job::of(Kind::Take, key, view.call("sdusd", &send)?) })
}
