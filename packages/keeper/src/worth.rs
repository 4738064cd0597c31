//! What a transaction has done and brought, or would, as the contracts' events say it.

use sdp_network::error::Result;
use sdp_network::{events, Actions, Answer, ChainError, Network};
use sdp_risk::reward::reward;
use sdp_types::events::{
    Absorbed, AccountLiquidated, AuctionStarted, Bought, ConditionalArmed, ConditionalEnded, OrderFilled,
    OrderRefused, Sold, SpotRefused, Taken, TokenSaleStarted, TokensTaken,
};
use sdp_types::lens;
use sdp_types::market::{AccountId, AccountResponse};
use sdp_types::{Rounding, Usd};

use crate::job::{Job, Kind, Mark};

/// How many things of a job were done.
pub fn done(job: &Job, told: &Answer) -> Result<usize> {
    Ok(match job.kind {
        Kind::LiquidateAccounts => events::<AccountLiquidated>(told)?.len(),
        Kind::Arm => events::<ConditionalArmed>(told)?.len() + events::<ConditionalEnded>(told)?.len(),
        // whatever was done is told, and where there is nothing to do it is refused
        _ => job.items.len(),
    })
}

/// Whether an account that was not cut back here has been cut back by somebody else since it was planned.
pub fn others(network: &dyn Network, job: &Job, told: &Answer) -> Result<bool> {
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
    let mut sum = Usd::ZERO;
    let mut add = |amount: Usd| -> Result<()> {
        sum = sum.plus(amount)?;
        Ok(())
    };
    match job.kind {
        Kind::LiquidateAccounts => {
            events::<AccountLiquidated>(told)?.iter().try_for_each(|event| add(event.reward))?;
        }
        Kind::LiquidatePosition => {
            events::<Absorbed>(told)?.iter().try_for_each(|event| add(event.reward))?;
            if let Some((tip, chip)) = job.terms {
                for event in events::<AuctionStarted>(told)? {
                    add(reward(tip, chip, event.tab, event.penalty)?)?;
                }
            }
        }
        Kind::Settle => {
            events::<OrderFilled>(told)?.iter().try_for_each(|event| add(event.keeper_fee))?;
            events::<OrderRefused>(told)?.iter().try_for_each(|event| add(event.keeper_fee))?;
            events::<Bought>(told)?.iter().try_for_each(|event| add(event.keeper_fee))?;
            events::<Sold>(told)?.iter().try_for_each(|event| add(event.keeper_fee))?;
            events::<SpotRefused>(told)?.iter().try_for_each(|event| add(event.keeper_fee))?;
        }
        Kind::Arm => {
            events::<ConditionalArmed>(told)?.iter().try_for_each(|event| add(event.keeper_fee))?;
            events::<ConditionalEnded>(told)?.iter().try_for_each(|event| add(event.keeper_fee))?;
        }
        Kind::Take => {
            let purchase = job.purchase.ok_or_else(|| ChainError::setup("a purchase without a price"))?;
            // of what could be bought, as much as was
            let part = paid(told)?;
            if !purchase.cost.is_zero() {
                let value = purchase.value.fraction(part.raw(), purchase.cost.raw(), Rounding::Down)?;
                add(value.saturating_minus(part))?;
            }
        }
        Kind::SellTokens => {
            if let Some((tip, chip)) = job.terms {
                for event in events::<TokenSaleStarted>(told)? {
                    add(reward(tip, chip, event.owed, event.penalty)?)?;
                }
            }
        }
        Kind::Redo => add(job.expected)?,
        Kind::Sample | Kind::Poke | Kind::Adjust | Kind::Sweep | Kind::Exit => {}
    }
    Ok(sum)
}

/// What was paid for collateral and tokens.
pub fn paid(told: &Answer) -> Result<Usd> {
    let mut sum = Usd::ZERO;
    for event in events::<Taken>(told)? {
        sum = sum.plus(event.paid)?;
    }
    for event in events::<TokensTaken>(told)? {
        sum = sum.plus(event.paid)?;
    }
    Ok(sum)
}
