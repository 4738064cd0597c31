//! Traders' accounts below maintenance.

use std::collections::BTreeMap;

use sdp_network::error::Result;
use sdp_network::{Actions, CUSTODY};
use sdp_types::market::{AccountId, AccountResponse, QueryMsg};
use sdp_types::{custody, lens, liquidator, Ratio, Rounding, Usd};

use super::pages::{Pages, PAGE};
use super::{markets, Ours, View, Work};
use crate::index::Index;
use crate::job::{Job, Kind, Mark};

/// Accounts are looked at so much before prices can have taken them to their end: for confidence bands that widen, and the funding between
/// two rounds over all.
const SPARE: Ratio = Ratio::bps(30);
/// Where no price does that.
const FAR: Ratio = Ratio::percent(100_000);

/// By market.
#[derive(Default)]
pub struct Accounts(BTreeMap<String, Market>);

#[derive(Default)]
struct Market {
    /// By owner and number.
    index: Index<(String, u16)>,
    round: Pages<AccountId>,
}

impl Work for Accounts {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::LiquidateAccounts, Kind::SellTokens]
    }

    fn find(&mut self, view: &View<'_>, ours: &mut Ours<'_>) -> Result<Vec<Job>> {
        let mut jobs = Vec::new();
        for (name, address) in markets(view.network)? {
            let market = self.0.entry(name.clone()).or_default();
            let below = market.below(view, &name, &address)?;
            jobs.extend(liquidations(view, ours, &name, &address, &below)?);
            if view.network.manifest().has_custody(&name) {
                let owing = below.iter().filter(|account| account.tokens.is_some());
                jobs.extend(sales(view, ours, owing)?);
            }
        }
        Ok(jobs)
    }
}

impl Market {
    /// All that can be liquidated, as far as is known; the worst first.
    fn below(&mut self, view: &View<'_>, name: &str, address: &str) -> Result<Vec<AccountResponse>> {
        let reading = view.odometer.reading();
        let list = |start_after, limit| view.network.query(name, &QueryMsg::Accounts { start_after, limit });
        let mut wanted = self.round.next(view.config.pages, list, AccountId::clone)?;
        let near = self.index.due(reading.saturating_add(SPARE.raw()));
        wanted.extend(near.into_iter().map(|(owner, account)| AccountId { owner, account }));
        wanted.sort_by(|a, b| (&a.owner, a.account).cmp(&(&b.owner, b.account)));
        wanted.dedup();
        let mut below = Vec::new();
        for accounts in wanted.chunks(PAGE) {
            let question =
                lens::QueryMsg::Accounts { market: address.to_string(), accounts: accounts.to_vec() };
            let found: Vec<AccountResponse> = view.network.query("lens", &question)?;
            for account in found {
                let key = (account.owner.clone(), account.account);
                if account.positions.is_empty() && account.tokens.is_none() {
                    self.index.remove(&key);
                } else {
                    self.index.set(key, reading, slack(&account)?);
                }
                if account.liquidatable {
                    below.push(account);
                }
            }
        }
        below.sort_by_key(|account| account.equity);
        Ok(below)
    }
}

/// The part by which prices have to move until an account can be at its end: (equity − maintenance) ÷ (notional + tokens + maintenance),
/// rounded down. A move by m takes at most m·(notional + tokens) of equity, and maintenance grows by at most m times itself.
fn slack(account: &AccountResponse) -> Result<Ratio> {
    if account.positions.is_empty() {
        return Ok(FAR);
    }
    let tokens = account.tokens.unwrap_or_default();
    let mut exposed = account.maintenance_margin.plus(tokens)?;
    for position in &account.positions {
        exposed = exposed.plus(position.notional)?;
    }
    let left = account.equity.minus(account.maintenance_margin.signed()?)?.positive_part();
    Ok(if exposed == Usd::ZERO { FAR } else { left.per(exposed, Rounding::Down)? })
}

fn key_of(account: &AccountResponse) -> String {
    format!("{}/{}", account.owner, account.account)
}

fn liquidations(
    view: &View<'_>,
    ours: &mut Ours<'_>,
    name: &str,
    address: &str,
    below: &[AccountResponse],
) -> Result<Vec<Job>> {
    let with_positions = below.iter().filter(|account| !account.positions.is_empty());
    let due: Vec<_> =
        with_positions.filter(|account| ours.is(&format!("{name}/{}", key_of(account)))).collect();
    let batch = |batch: &[&AccountResponse]| {
        let id =
            |account: &&AccountResponse| AccountId { owner: account.owner.clone(), account: account.account };
        let accounts: Vec<_> = batch.iter().map(id).collect();
        let items: Vec<_> = batch.iter().map(|account| format!("{name}/{}", key_of(account))).collect();
        let mark = |account: &&AccountResponse| Mark {
            market: address.to_string(),
            account: id(account),
            generation: account.generation,
        };
        let marks = batch.iter().map(mark).collect();
        let market = address.to_string();
        let message =
            view.call("liquidator", &liquidator::ExecuteMsg::LiquidateAccounts { market, accounts })?;
        let key = items.first().cloned().unwrap_or_default();
        Ok(Job { items, accounts: marks, ..Job::of(Kind::LiquidateAccounts, key, message) })
    };
    let size = usize::try_from(view.config.batch.max(1)).unwrap_or(1);
    due.chunks(size).map(batch).collect()
}

/// Those whose positions are gone and whose tokens are to pay what they owe.
fn sales<'a>(
    view: &View<'_>,
    ours: &mut Ours<'_>,
    owing: impl Iterator<Item = &'a AccountResponse>,
) -> Result<Vec<Job>> {
    let mut jobs = Vec::new();
    let mut owing = owing.peekable();
    if owing.peek().is_none() {
        return Ok(jobs);
    }
    let config: custody::ConfigResponse = view.network.query(CUSTODY, &custody::QueryMsg::Config {})?;
    let terms = Some((config.params.auction.tip, config.params.auction.chip));
    for account in owing {
        let key = format!("sale/{}", key_of(account));
        if ours.is(&key) {
            let id = AccountId { owner: account.owner.clone(), account: account.account };
            let message = view.call(CUSTODY, &custody::ExecuteMsg::Sell(id))?;
            jobs.push(Job { terms, ..Job::of(Kind::SellTokens, key, message) });
        }
    }
    Ok(jobs)
}
