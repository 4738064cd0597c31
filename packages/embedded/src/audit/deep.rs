//! Every position, account, order and auction added up, and compared with what the contracts have booked.

use std::collections::BTreeMap;

use sdp_types::book::Book;
use sdp_types::exposure::{Exposure, FUNDING_PER_PRICE, NUMERATOR_ONE};
use sdp_types::market::{AccountResponse, PerpResponse};
use sdp_types::math::Wide;
use sdp_types::pool::VaultResponse;
use sdp_types::record::{key, tag};
use sdp_types::shares::debt_of;
use sdp_types::units::SignedUsd;
use sdp_types::{liquidator, pool};

use super::{Findings, Rule};
use crate::chain::Chain;
use sdp_network::error::{ChainError, Result};
use sdp_network::Actions;

impl Chain {
    pub(super) fn check_everything(&self, findings: &mut Findings) -> Result<()> {
        self.check_book(findings)?;
        let vaults: Vec<VaultResponse> = self.query("pool", &pool::QueryMsg::Vaults {})?;
        for vault in &vaults {
            self.check_vault(vault, findings)?;
        }
        let names: Vec<_> = self.manifest.markets.iter().map(|market| market.name.clone()).collect();
        for name in &names {
            self.check_market(name, findings)?;
        }
        if self.manifest.spot.is_some() {
            self.check_synthetics(findings)?;
        }
        self.check_jars(findings)?;
        if let Some(custody) = &self.manifest.custody {
            self.check_backing(&custody.market.clone(), findings)?;
        }
        self.check_auctions(findings)?;
        self.check_backstop(findings)
    }

    fn check_book(&self, findings: &mut Findings) -> Result<()> {
        let book: Option<Book> = self.record("pool", &key(tag::BOOK))?;
        let book = book.ok_or_else(|| ChainError::setup("the pool has no book"))?;
        findings.same(Rule::Ledger, "pool's book", book.ledger.difference()?, 0i128);
        let debts = sum(book.vaults.iter().map(|vault| vault.debt))?;
        findings.same(Rule::VaultDebts, "pool's book", debts, book.ledger.vault_debt.raw());
        let reported = sum(book.markets.iter().map(|market| market.reported))?;
        findings.same(Rule::MarketDebts, "pool's book", reported, book.ledger.reported.raw());
        Ok(())
    }

    fn check_vault(&self, vault: &VaultResponse, findings: &mut Findings) -> Result<()> {
        let positions = self.positions(vault.vault)?;
        let (mut debt, mut shares, mut collateral) = (vault.remainder, Wide::ZERO, Wide::ZERO);
        let mut minted = Wide::ZERO;
        for position in &positions {
            debt = debt.plus(position.debt_exact)?;
            shares = shares.plus(position.shares.wide())?;
            collateral = collateral.plus(position.collateral.wide())?;
            minted = minted.plus(position.minted.wide())?;
        }
        let place = format!("vault {}", vault.vault);
        findings.same(Rule::PositionDebts, &place, debt, debt_of(vault.debt)?.plus(vault.minted.carried)?);
        findings.same(Rule::PositionMints, &place, minted, vault.minted.total.raw());
        findings.same(Rule::PositionShares, &place, shares, vault.shares.raw());
        findings.covers(Rule::PositionCollateral, &place, vault.collateral.raw(), collateral);
        // each position is shown rounded down; and since a share is worth more than a base unit, each deposit and each exit has left less
        // than that until the next yield comes: of as many as a day of tests has
        let share = vault.collateral.wide().div_ceil(vault.shares.wide().max(Wide::from(1u64)))?;
        let whole = vault.collateral.raw() == vault.shares.raw();
        let left = if whole { Wide::ZERO } else { share.times(Wide::from(10_000u64))? };
        let slack = Wide::from(positions.len() as u64).plus(left)?;
        findings.covers(Rule::PositionCollateral, &place, collateral.plus(slack)?, vault.collateral.raw());
        Ok(())
    }

    fn check_market(&self, name: &str, findings: &mut Findings) -> Result<()> {
        let accounts = self.market_accounts(name)?;
        let perps: Vec<PerpResponse> = self.perps(name)?;
        let totals = self.market_totals(name)?;
        let record: Option<Exposure> = self.record(name, &key(tag::EXPOSURE))?;
        let record = record.ok_or_else(|| ChainError::setup("the market has no exposure record"))?;

        let margin = sum(accounts.iter().map(|account| account.margin))?;
        let positions = || accounts.iter().flat_map(|account| &account.positions);
        let cost = sum(positions().map(|position| position.cost))?;
        // of a side that was scaled, each position is rounded against its holder, and the side once for the pool
        let shown = positions().count() as u64;
        // of which too little is left to be shown, until their accounts are touched
        let gone = record.open_positions.saturating_sub(shown);
        let scaled = perps.iter().map(|perp| scaled(perp, &accounts, gone)).collect::<Vec<_>>();
        let slack = scaled.iter().map(|(long, short)| long + short).sum::<u64>();
        findings.within(Rule::Margins, name, (margin, totals.margin.raw().into()), slack)?;
        findings.within(Rule::Costs, name, (totals.cost.raw().into(), cost), slack)?;
        findings.within(Rule::OpenPositions, name, (shown.into(), record.open_positions.into()), slack)?;
        let base = margin.minus(totals.held.wide())?.minus(cost)?;
        findings.within(Rule::Base, name, (base, record.base.raw().into()), 2 * slack)?;
        let sums = totals.margin.wide().minus(totals.held.wide())?.minus(totals.cost.wide())?;
        findings.same(Rule::Base, name, sums, record.base.raw());

        self.check_orders(name, &accounts, &perps, findings)?;
        let board = self.board()?;
        let mut numerator = record.base.wide().times(NUMERATOR_ONE.into())?;
        for (perp, (of_long, of_short)) in perps.iter().zip(scaled) {
            let place = format!("{name}, {}", perp.config.name);
            let of_perp = || positions().filter(|position| position.perp == perp.perp);
            let long = sum_raw(of_perp().map(|position| position.size.positive_part().raw()))?;
            let short = sum_raw(of_perp().map(|position| position.size.negative_part().raw()))?;
            findings.within(
                Rule::Sizes,
                format!("{place}, long"),
                (long, perp.long.raw().into()),
                of_long,
            )?;
            findings.within(
                Rule::Sizes,
                format!("{place}, short"),
                (perp.short.raw().into(), short),
                of_short,
            )?;
            let skew = Wide::from(perp.long.raw()).minus(perp.short.raw().into())?;
            findings.same(Rule::Sizes, &place, skew, perp.skew.raw());
            let entry = record.quantities.iter().find(|entry| entry.feed == perp.config.feed);
            let quantity = entry.map(|entry| entry.quantity).unwrap_or_default();
            findings.same(Rule::Quantity, &place, skew, quantity.raw());
            if !skew.is_zero() {
                let price = board.last(perp.config.feed)?.price.wide().times(FUNDING_PER_PRICE.into())?;
                numerator = numerator.plus(price.plus(perp.funding_index)?.times(skew)?)?;
            }
        }
        let recorded = record.numerator(self.now(), |feed, _| Ok(board.last(feed)?.price))?;
        findings.same(Rule::Numerator, name, numerator, recorded);
        Ok(())
    }

    fn check_orders(
        &self,
        name: &str,
        accounts: &[AccountResponse],
        perps: &[PerpResponse],
        findings: &mut Findings,
    ) -> Result<()> {
        let mut locked: BTreeMap<(String, u16), Wide> = BTreeMap::new();
        for perp in perps {
            let (mut long, mut short) = (Wide::ZERO, Wide::ZERO);
            for order in self.orders(name, perp.perp)? {
                let side = if order.size.is_negative() { &mut short } else { &mut long };
                *side = side.plus(order.increase.wide())?;
                let lock = locked.entry((order.owner, order.account)).or_default();
                *lock = lock.plus(order.locked.wide())?;
            }
            let place = format!("{name}, {}", perp.config.name);
            findings.same(Rule::Pending, format!("{place}, long"), long, perp.pending_long.raw());
            findings.same(Rule::Pending, format!("{place}, short"), short, perp.pending_short.raw());
        }
        for account in accounts {
            let of_orders = locked.remove(&(account.owner.clone(), account.account)).unwrap_or_default();
            let place = format!("{name}, {}/{}", account.owner, account.account);
            findings.same(Rule::Locked, place, account.locked.raw(), of_orders);
        }
        for ((owner, account), lock) in locked {
            findings.same(Rule::Locked, format!("{name}, {owner}/{account}"), 0u64, lock);
        }
        Ok(())
    }

    fn check_auctions(&self, findings: &mut Findings) -> Result<()> {
        let auctions = self.auctions()?;
        let totals: liquidator::TotalsResponse =
            self.query("liquidator", &liquidator::QueryMsg::Totals {})?;
        let tabs = sum_raw(auctions.iter().map(|auction| auction.tab.raw()))?;
        let penalties = sum_raw(auctions.iter().map(|auction| auction.penalty.raw()))?;
        findings.same(Rule::Tabs, "liquidator", tabs, totals.recoveries.tab.raw());
        findings.same(Rule::Outstanding, "liquidator", tabs.plus(penalties)?, totals.outstanding.raw());
        let by_vault = sum_raw(totals.outstanding_by_vault.iter().map(|outstanding| outstanding.raw()))?;
        findings.same(Rule::Outstanding, "liquidator's vaults", by_vault, totals.outstanding.raw());
        for (vault, outstanding) in (0u8..).zip(&totals.outstanding_by_vault) {
            let of_vault = auctions.iter().filter(|auction| auction.vault == vault);
            let owed = sum_raw(of_vault.flat_map(|auction| [auction.tab.raw(), auction.penalty.raw()]))?;
            findings.same(Rule::Outstanding, format!("auctions of vault {vault}"), owed, outstanding.raw());
        }
        findings.same(Rule::Auctions, "liquidator", auctions.len() as u64, totals.running);
        let recoveries = &totals.recoveries;
        findings.covers(Rule::Rewards, "liquidator", recoveries.penalties.raw(), recoveries.tips.raw());
        for auction in &auctions {
            let place = format!("auction {}", auction.auction);
            findings.covers(Rule::Rewards, place, auction.penalty.raw(), auction.reward.raw());
        }
        let mut lots: BTreeMap<String, Wide> = BTreeMap::new();
        for auction in &auctions {
            let lot = lots.entry(auction.token.to_string()).or_default();
            *lot = lot.plus(auction.lot.wide())?;
        }
        for (token, booked) in &totals.lots {
            let lot = lots.remove(&token.to_string()).unwrap_or_default();
            findings.same(Rule::LotSums, token, lot, booked.raw());
        }
        for (token, lot) in lots {
            findings.same(Rule::LotSums, token, lot, 0u64);
        }
        Ok(())
    }
}

/// Positions on each side of a perpetual that has been scaled, with what may be `gone` of longs, and of shorts that were closed for good; 0
/// of one that has not.
fn scaled(perp: &PerpResponse, accounts: &[AccountResponse], gone: u64) -> (u64, u64) {
    let count = |short: bool, scaled: u32| {
        let all = accounts.iter().flat_map(|account| &account.positions);
        let found = all.filter(|of| of.perp == perp.perp && of.size.is_negative() == short).count() as u64;
        match (scaled, short) {
            (0, _) => 0,
            (_, true) if !perp.short_index.is_zero() => found,
            _ => found + gone,
        }
    };
    (count(false, perp.long_deleveragings), count(true, perp.short_deleveragings))
}

fn sum(amounts: impl Iterator<Item = SignedUsd>) -> Result<Wide> {
    let mut total = Wide::ZERO;
    for amount in amounts {
        total = total.plus(amount.wide())?;
    }
    Ok(total)
}

fn sum_raw(amounts: impl Iterator<Item = u128>) -> Result<Wide> {
    let mut total = Wide::ZERO;
    for amount in amounts {
        total = total.plus(amount.into())?;
    }
    Ok(total)
}
