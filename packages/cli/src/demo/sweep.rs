//! What keepers do at every bar: settle, liquidate until nobody stands below zero, sync, seize.

use std::collections::BTreeMap;

use anyhow::{ensure, Result};
use sdp_embedded::Actions;
use sdp_types::board::{Board, Use};
use sdp_types::market::AccountResponse;

use super::num::{of_signed, of_usd};
use super::providers::Holding;
use super::replay::Replay;
use super::traders::Seen;
use super::world::MARKET;

/// Accounts in one message, and orders in one settlement.
const BATCH: usize = 25;
const SETTLED: u32 = 50;
/// A liquidation goes to its target at once; more rounds would be needed only where that does not hold.
const ROUNDS: u64 = 4;
/// Seconds of a block, where keepers can do only so much in one.
const BLOCK: u64 = 6;

impl Replay {
    /// One round of all keepers.
    pub(super) fn keep(&mut self) -> Result<()> {
        // people's orders, which come after all of that, must still be bound to the next bar
        self.blocks = (self.times.delay / 2 / BLOCK).max(1);
        self.settle()?;
        self.keep_synthetics()?;
        self.sweep_accounts()?;
        let keeper = self.keeper();
        let sent = self.chain.poke(&keeper, MARKET);
        self.tell(sent)?;
        self.carry_funding()?;
        let sent = self.chain.sync(&keeper);
        self.tell(sent)?;
        self.sweep_positions()?;
        self.look_at_perps()
    }

    fn look_at_perps(&mut self) -> Result<()> {
        self.perps = self.look(|chain| chain.perps(MARKET))?;
        Ok(())
    }

    /// Settles everything that waits: it was made at an earlier bar. Where intervals have no price, as after a weekend, they are
    /// passed over once their grace is over.
    fn settle(&mut self) -> Result<()> {
        let hole = self.chain.now() > self.last_bar + self.times.step;
        if hole && self.last_bar > 0 && self.times.grace > 0 {
            self.chain.advance(self.times.grace);
        }
        self.look_at_perps()?;
        for known in self.perps.clone() {
            let mut waiting = known.next_order.saturating_sub(known.next_settled);
            while waiting > 0 {
                let keeper = self.keeper();
                let sent = self.chain.settle(&keeper, MARKET, known.perp, SETTLED);
                if self.tell(sent)?.is_none() {
                    break;
                }
                waiting = waiting.saturating_sub(SETTLED.into());
            }
        }
        Ok(())
    }

    /// Liquidates every account below its maintenance margin, then looks at all of them: none may stand below zero, unless it still waits.
    fn sweep_accounts(&mut self) -> Result<()> {
        let board = self.chain.board()?;
        let mut accounts = self.look(|chain| chain.market_accounts(MARKET))?;
        self.watch_accounts(&accounts);
        let mut rounds = 0;
        let (waiting, quiet) = loop {
            let quiet = self.chain.now() < board.quiet_until();
            let is_due =
                |account: &AccountResponse| account.liquidatable && !quiet && self.priced(&board, account);
            let mut due: Vec<usize> =
                (0..accounts.len()).filter(|n| accounts.get(*n).is_some_and(is_due)).collect();
            if due.is_empty() || !self.may_go_on(rounds) {
                break (!due.is_empty() && self.options.strain.is_some(), quiet);
            }
            if let Some(strain) = self.options.strain {
                due.truncate(strain.batch * self.people.keepers.len());
            }
            self.liquidate(&accounts, &due)?;
            // closing positions moves nobody else's mark: only these have changed
            for n in due {
                if let Some(account) = accounts.get_mut(n) {
                    let (owner, number) = (account.owner.clone(), account.account);
                    *account = self.look(|chain| chain.account(&owner, MARKET, number))?;
                }
            }
            rounds += 1;
            if self.options.strain.is_some() {
                self.next_block();
                accounts = self.look(|chain| chain.market_accounts(MARKET))?;
                self.watch_accounts(&accounts);
            }
        };
        for account in &accounts {
            self.accounts_checked += 1;
            let excused = waiting || quiet || !self.priced(&board, account);
            ensure!(
                !account.equity.is_negative() || excused,
                "account {}/{} stands at {} after the keepers' sweep",
                account.owner,
                account.account,
                of_signed(account.equity)
            );
        }
        self.look_at(&accounts);
        self.look_at_holders(&accounts)
    }

    /// Whether keepers who have sent so many rounds of messages send another one.
    fn may_go_on(&self, rounds: u64) -> bool {
        match self.options.strain {
            None => rounds < ROUNDS,
            Some(strain) => strain.liquidating && self.blocks > 0,
        }
    }

    /// Waits for the next block.
    fn next_block(&mut self) {
        self.blocks = self.blocks.saturating_sub(1);
        self.seized = 0;
        self.chain.advance(BLOCK);
    }

    fn liquidate(&mut self, accounts: &[AccountResponse], due: &[usize]) -> Result<()> {
        let id = |n: &usize| accounts.get(*n).map(|account| (account.owner.as_str(), account.account));
        let most = self.options.strain.map_or(BATCH, |strain| strain.batch);
        for batch in due.chunks(most) {
            let batch: Vec<(&str, u16)> = batch.iter().filter_map(id).collect();
            let keeper = self.keeper();
            let sent = self.chain.liquidate_accounts(&keeper, MARKET, &batch);
            self.tell(sent)?;
        }
        Ok(())
    }

    /// Whether all positions of an account have a price to be liquidated at.
    fn priced(&self, board: &Board, account: &AccountResponse) -> bool {
        let now = self.chain.now();
        account.positions.iter().all(|position| {
            let known = self.perps.iter().find(|known| known.perp == position.perp);
            known.is_some_and(|known| {
                let widest = known.config.liquidate_confidence;
                board.certain(known.config.feed, Use::Liquidate, now, widest).is_ok()
            })
        })
    }

    /// Traders see their accounts.
    fn look_at(&mut self, accounts: &[AccountResponse]) {
        let perps = self.universe.perps.len();
        for account in accounts {
            let trader = self.tally.trader(&account.owner, account.account);
            if let Some(one) = trader.and_then(|trader| self.people.traders.get_mut(trader)) {
                one.seen = Seen::of(account, perps);
            }
        }
    }

    /// Seizes every position below its liquidation ratio; providers see theirs.
    pub(super) fn sweep_positions(&mut self) -> Result<()> {
        if self.options.strain.is_some() {
            self.watch_positions()?;
        }
        let addresses = self.people.providers.iter().enumerate();
        let addresses: BTreeMap<String, usize> =
            addresses.map(|(place, one)| (one.address.clone(), place)).collect();
        self.holdings = vec![None; self.people.providers.len()];
        for vault in 0..self.universe.collaterals.len() {
            let liquidation = self.ratios(vault).liquidation;
            let number = u8::try_from(vault)?;
            for position in self.look(|chain| chain.positions(number))? {
                let holding = Holding { value: of_usd(position.value), debt: of_signed(position.debt) };
                let Some(provider) = addresses.get(&position.owner).copied() else { continue };
                if let Some(seen) = self.holdings.get_mut(provider) {
                    *seen = Some(holding);
                }
                if holding.debt > 1.0 && vault + 1 < self.universe.collaterals.len() {
                    let ratio = holding.value / holding.debt;
                    self.lowest = Some(self.lowest.map_or(ratio, |lowest| lowest.min(ratio)));
                }
                let below = holding.debt > 0.0 && holding.value < liquidation * holding.debt;
                if below && self.seize(vault, provider)? {
                    self.holdings[provider] = None;
                }
            }
        }
        if self.options.strain.is_some() {
            self.watch_positions()?;
        }
        Ok(())
    }

    /// Has a position seized, whole or as far as there is room for auctions. Whether that was done.
    fn seize(&mut self, vault: usize, provider: usize) -> Result<bool> {
        if let Some(strain) = self.options.strain {
            if !strain.liquidating {
                return Ok(false);
            }
            if self.seized >= self.people.keepers.len() {
                if self.blocks == 0 {
                    return Ok(false);
                }
                self.next_block();
            }
            self.seized += 1;
        }
        let keeper = self.keeper();
        let owner = self.people.providers.get(provider).map(|one| one.name.clone()).unwrap_or_default();
        let sent = self.chain.liquidate_position(&keeper, &self.collateral(vault), &owner);
        let done = self.tell(sent)?.is_some();
        if done && self.options.strain.is_some() {
            self.watch_auctions()?;
        }
        Ok(done)
    }
}
