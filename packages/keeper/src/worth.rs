//! What a transaction has done and brought, or would, as the contracts' events say it.

use sdp_network::error::Result;
use sdp_network::{events, Actions, Answer, ChainError, Network};
use sdp_risk::reward::reward;
use sdp_types::events::{
    Absorbed, AccountLiquidated, AuctionStarted, Bought, ConditionalArmed, ConditionalEnded, FromEvent,
    OrderFilled, OrderRefused, PriceRejected, PriceSet, Sold, SpotRefused, Taken, TokenSaleStarted,
    TokensTaken,
};
use sdp_types::lens;
use sdp_types::market::{AccountId, AccountResponse};
use sdp_types::{Rounding, Usd};

use crate::job::{Job, Kind, Mark};

/// How many things of a job were done.
pub fn done(job: &Job, told: &Answer) -> Result<usize> {
    Ok(match job.kind {
        Kind::LiquidateAccounts => events::<AccountLiquidated>(told)?.len(),
        Kind::Pull => events::<PriceSet>(told)?.len(),
        Kind::Arm => events::<ConditionalArmed>(told)?.len() + events::<ConditionalEnded>(told)?.len(),
        // whatever was done is told, and where there is nothing to do it is refused
        _ => job.items.len(),
    })
}

/// Whether an account that was not cut back here has been cut back by somebody else since it was planned, or all feeds have been pulled by him.
pub fn others(network: &dyn Network, job: &Job, told: &Answer) -> Result<bool> {
    if job.kind == Kind::Pull {
        let rejected = events::<PriceRejected>(told)?;
        return Ok(done(job, told)? == 0 && rejected.iter().any(|rejected| rejected.code == "E0203"));
    }
    let done = events::<AccountLiquidated>(told)?;
    let ours = |mark: &&Mark| {
        let is = |event: &AccountLiquidated| {
            event.owner == mark.account.owner && event.account == mark.account.account
        };
        done.iter().any(is)
    };
    for mark in job.accounts.iter().filter(|mark| !ours(mark)) {
        let AccountId { owner, account } = mark.account.clone();
        let question = lens::QueryMsg::Account { market: mark.market.clone(), owner, account };
        let now: AccountResponse = network.query("lens", &question)?;
        if now.generation > mark.generation {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What a job has brought its keeper, or would.
pub fn worth(job: &Job, told: &Answer) -> Result<Usd> {
    let begun = |debt: Usd, penalty: Usd| match job.terms {
        Some((tip, chip)) => Ok(reward(tip, chip, debt, penalty)?),
        None => Ok(Usd::ZERO),
    };
    let parts = match job.kind {
        Kind::LiquidateAccounts => vec![sum(told, |event: &AccountLiquidated| Ok(event.reward))?],
        Kind::LiquidatePosition => vec![
            sum(told, |event: &Absorbed| Ok(event.reward))?,
            sum(told, |event: &AuctionStarted| begun(event.tab, event.penalty))?,
        ],
        Kind::Settle => vec![
            sum(told, |event: &OrderFilled| Ok(event.keeper_fee))?,
            sum(told, |event: &OrderRefused| Ok(event.keeper_fee))?,
            sum(told, |event: &Bought| Ok(event.keeper_fee))?,
            sum(told, |event: &Sold| Ok(event.keeper_fee))?,
            sum(told, |event: &SpotRefused| Ok(event.keeper_fee))?,
        ],
        Kind::Arm => vec![
            sum(told, |event: &ConditionalArmed| Ok(event.keeper_fee))?,
            sum(told, |event: &ConditionalEnded| Ok(event.keeper_fee))?,
        ],
        Kind::Take => vec![gain(job, paid(told)?)?],
        Kind::SellTokens => {
            vec![sum(told, |event: &TokenSaleStarted| begun(event.owed, event.penalty))?]
        }
        Kind::Redo => vec![job.expected],
        Kind::Pull | Kind::Mark | Kind::Sample | Kind::Poke | Kind::Adjust | Kind::Sweep | Kind::Exit => {
            Vec::new()
        }
    };
    total(parts)
}

/// What a purchase is worth more than was paid, of what could be bought as much as was; rounded down.
fn gain(job: &Job, paid: Usd) -> Result<Usd> {
    let purchase = job.purchase.ok_or_else(|| ChainError::setup("a purchase without a price"))?;
    if purchase.cost.is_zero() {
        return Ok(Usd::ZERO);
    }
    let value = purchase.value.fraction(paid.raw(), purchase.cost.raw(), Rounding::Down)?;
    Ok(value.saturating_minus(paid))
}

/// What was paid for collateral and tokens.
pub fn paid(told: &Answer) -> Result<Usd> {
    total([sum(told, |event: &Taken| Ok(event.paid))?, sum(told, |event: &TokensTaken| Ok(event.paid))?])
}

/// An amount of every event of a kind, together.
fn sum<E: FromEvent>(told: &Answer, of: impl Fn(&E) -> Result<Usd>) -> Result<Usd> {
    let amounts: Vec<_> = events::<E>(told)?.iter().map(of).collect::<Result<_>>()?;
    total(amounts)
}

fn total(amounts: impl IntoIterator<Item = Usd>) -> Result<Usd> {
    amounts.into_iter().try_fold(Usd::ZERO, |sum, amount| Ok(sum.plus(amount)?))
}
