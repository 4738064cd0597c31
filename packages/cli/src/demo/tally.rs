//! What the contracts' events say: fees, premia, funding and liquidations, in all and by trader.

use std::collections::BTreeMap;

use sdp_embedded::{events, Answer};
use sdp_types::events::{
    AccountLiquidated, AuctionEnded, AuctionReset, AuctionStarted, Burnt, Deposited, Drawn, Exited,
    FromEvent, FundingSampled, LossMet, MarginWithdrawn, Minted, OrderFilled, OrderRefused, PositionCut,
    PriceRejected, Rejected, Seized, Taken,
};
use sdp_types::{Amount, Usd};

use super::num::{of_price, of_signed, of_size, of_usd, of_wide};

/// What one trader paid and suffered, USD.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Costs {
    /// Orders that filled.
    pub fills: u64,
    /// Fees paid.
    pub fees: f64,
    /// Premia paid; negative: rebates.
    pub premia: f64,
    /// Paid to insurance for risk and leverage, by fills and by taking margin out.
    pub insurance: f64,
    /// Funding paid; negative: received.
    pub funding: f64,
    /// Penalties paid.
    pub penalties: f64,
    /// Times that positions were cut and something was left.
    pub partial: u64,
    /// Times that everything was closed.
    pub full: u64,
    /// What the account lacked when it was closed.
    pub shortfall: f64,
    /// Σ size·price of all fills: what the positions would have cost.
    pub spent: f64,
    /// Keepers' fees for orders that did not fill.
    pub refused: f64,
    /// Units by perpetual.
    pub positions: Vec<f64>,
}

/// Sums over everything.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tally {
    /// By trader.
    pub traders: Vec<Costs>,
    /// Messages refused, by code.
    pub refused: BTreeMap<String, u64>,
    /// Items of batches not done, orders void and prices not taken, by code: successes of their message.
    pub rejected: BTreeMap<String, u64>,
    /// Of traders' liquidations, in all.
    pub closed: f64,
    /// Keepers' part of the penalties.
    pub rewards: f64,
    /// Liquidations and auctions that rewarded keepers with more than the penalty that they collected: none, by the contracts' rule.
    pub overpaid: u64,
    /// Of positions of providers.
    pub seizures: u64,
    /// By owner's address.
    pub seized_from: BTreeMap<String, u64>,
    /// Debt seized.
    pub seized: f64,
    /// Value of the collateral that was seized, at that time.
    pub lots: f64,
    /// Collateral bought in auctions, at what was paid.
    pub paid: f64,
    /// What it was worth at the index.
    pub worth: f64,
    /// Takes.
    pub takes: u64,
    /// Auctions that ended.
    pub auctions_ended: u64,
    /// Auctions that began again.
    pub resets: u64,
    /// Auctions that gave collateral back.
    pub surpluses: u64,
    /// Value of that collateral.
    pub surplus: f64,
    /// Debt that auctions did not bring.
    pub shortfall: f64,
    /// Penalties that auctions brought.
    pub penalties: f64,
    /// Keepers' part of them.
    pub tips: f64,
    /// Losses that insurance met, and the providers.
    pub losses: (f64, f64),
    /// Fees of all fills: keepers' part.
    pub keeper_fees: f64,
    /// sdUSD that traders drew from the pool, beyond what the market held.
    pub drawn: f64,
    /// Providers' deposits, mints, burns and exits.
    pub deposits: u64,
    /// sdUSD minted.
    pub minted: f64,
    /// sdUSD burnt.
    pub burnt: f64,
    /// Exits paid.
    pub exits: u64,
    accounts: BTreeMap<(String, u16), usize>,
    funding: Vec<f64>,
    /// Vaults of auctions.
    vaults: BTreeMap<u64, u8>,
    /// Penalties that auctions have brought.
    collected: BTreeMap<u64, Usd>,
}

/// USD value of base units of a vault's collateral.
pub type ValueOf<'a> = &'a dyn Fn(u8, Amount) -> f64;

impl Tally {
    /// Of so many perpetuals and these accounts.
    pub fn new(perps: usize, accounts: impl Iterator<Item = (String, u16)>) -> Self {
        let accounts: BTreeMap<_, _> =
            accounts.enumerate().map(|(place, account)| (account, place)).collect();
        let costs = Costs { positions: vec![0.0; perps], ..Costs::default() };
        Self { traders: vec![costs; accounts.len()], funding: vec![0.0; perps], accounts, ..Self::default() }
    }

    /// The trader who owns an account.
    pub fn trader(&self, owner: &str, account: u16) -> Option<usize> {
        self.accounts.get(&(owner.to_string(), account)).copied()
    }

    /// A message that was refused.
    pub fn refuse(&mut self, code: Option<&str>) {
        *self.refused.entry(code.unwrap_or("other").to_string()).or_default() += 1;
    }

    /// All that an answer tells.
    pub fn read(&mut self, answer: &Answer, value: ValueOf<'_>) -> anyhow::Result<()> {
        // a message trades at the funding index of its own time, so what accrued before it concerns the positions before it
        for FundingSampled { indices, .. } in all(answer)? {
            for (perp, index) in indices.0.into_iter().enumerate() {
                self.accrue(perp, of_wide(index, 24));
            }
        }
        for order in all::<OrderFilled>(answer)? {
            self.keeper_fees += of_usd(order.keeper_fee);
            if let Some(costs) = self.costs(&order.owner, order.account) {
                costs.fills += 1;
                costs.fees += of_usd(order.fee);
                costs.premia += of_signed(order.premium);
                costs.insurance += of_usd(order.insurance);
                costs.moves(order.perp, of_size(order.size), of_price(order.price));
            }
        }
        for taken in all::<MarginWithdrawn>(answer)? {
            if let Some(costs) = self.costs(&taken.owner, taken.account) {
                costs.insurance += of_usd(taken.charge);
            }
        }
        for order in all::<OrderRefused>(answer)? {
            if let Some(costs) = self.costs(&order.owner, order.account) {
                costs.refused += of_usd(order.keeper_fee);
            }
            self.reject(order.code);
        }
        self.read_liquidations(answer)?;
        self.read_auctions(answer, value)?;
        self.read_pool(answer)?;
        for PriceRejected { code, .. } in all(answer)? {
            self.reject(code);
        }
        for Rejected { code, .. } in all(answer)? {
            self.reject(code);
        }
        Ok(())
    }

    fn read_liquidations(&mut self, answer: &Answer) -> anyhow::Result<()> {
        for cut in all::<PositionCut>(answer)? {
            if let Some(costs) = self.costs(&cut.owner, cut.account) {
                // a rebate of a liquidation goes to insurance, not to the account
                costs.premia += of_signed(cut.premium).max(0.0);
                costs.moves(cut.perp, of_size(cut.size), of_price(cut.price));
            }
        }
        for done in all::<AccountLiquidated>(answer)? {
            self.closed += of_usd(done.closed);
            self.rewards += of_usd(done.reward);
            self.overpaid += u64::from(done.reward > done.penalty);
            if let Some(costs) = self.costs(&done.owner, done.account) {
                costs.penalties += of_usd(done.penalty);
                costs.shortfall += of_usd(done.shortfall);
                if done.positions_left > 0 {
                    costs.partial += 1;
                } else {
                    costs.full += 1;
                }
            }
        }
        Ok(())
    }

    fn read_auctions(&mut self, answer: &Answer, value: ValueOf<'_>) -> anyhow::Result<()> {
        for seized in all::<Seized>(answer)? {
            self.lots += value(seized.vault, seized.lot);
        }
        for started in all::<AuctionStarted>(answer)? {
            self.vaults.insert(started.auction, started.vault);
            self.seizures += 1;
            *self.seized_from.entry(started.owner).or_default() += 1;
            self.seized += of_usd(started.tab);
        }
        for taken in all::<Taken>(answer)? {
            self.takes += 1;
            self.paid += of_usd(taken.paid);
            let vault = self.vaults.get(&taken.auction).copied().unwrap_or_default();
            self.worth += value(vault, taken.amount);
            self.penalties += of_usd(taken.penalty);
            let collected = self.collected.entry(taken.auction).or_default();
            *collected = collected.plus(taken.penalty)?;
        }
        self.resets += all::<AuctionReset>(answer)?.len() as u64;
        for ended in all::<AuctionEnded>(answer)? {
            self.auctions_ended += 1;
            self.shortfall += of_usd(ended.shortfall);
            self.tips += of_usd(ended.reward);
            let collected = self.collected.remove(&ended.auction).unwrap_or_default();
            self.overpaid += u64::from(ended.reward > collected);
            let vault = self.vaults.remove(&ended.auction).unwrap_or_default();
            if !ended.surplus.is_zero() {
                self.surpluses += 1;
                self.surplus += value(vault, ended.surplus);
            }
        }
        Ok(())
    }

    fn read_pool(&mut self, answer: &Answer) -> anyhow::Result<()> {
        for met in all::<LossMet>(answer)? {
            self.losses.0 += of_usd(met.insurance);
            self.losses.1 += of_usd(met.providers);
        }
        self.deposits += all::<Deposited>(answer)?.len() as u64;
        self.exits += all::<Exited>(answer)?.len() as u64;
        let sum = |amounts: Vec<Usd>| amounts.into_iter().map(of_usd).sum::<f64>();
        self.minted += sum(all::<Minted>(answer)?.iter().map(|event| event.amount).collect());
        self.burnt += sum(all::<Burnt>(answer)?.iter().map(|event| event.amount).collect());
        self.drawn += sum(all::<Drawn>(answer)?.iter().map(|event| event.amount).collect());
        Ok(())
    }

    fn accrue(&mut self, perp: usize, index: f64) {
        let Some(last) = self.funding.get_mut(perp) else { return };
        let grown = index - *last;
        *last = index;
        for costs in &mut self.traders {
            // a long is worth size·(P + F): it pays what F falls
            costs.funding -= costs.positions.get(perp).copied().unwrap_or_default() * grown;
        }
    }

    fn costs(&mut self, owner: &str, account: u16) -> Option<&mut Costs> {
        let place = self.trader(owner, account)?;
        self.traders.get_mut(place)
    }

    fn reject(&mut self, code: String) {
        *self.rejected.entry(code).or_default() += 1;
    }

    /// The sum of something over all traders.
    pub fn sum(&self, of: impl Fn(&Costs) -> f64) -> f64 {
        self.traders.iter().map(of).sum()
    }

    /// Liquidations that left something, and those that left nothing.
    pub fn liquidations(&self) -> (u64, u64) {
        let sum = |of: fn(&Costs) -> u64| self.traders.iter().map(of).sum();
        (sum(|costs| costs.partial), sum(|costs| costs.full))
    }

    /// How many times an account was liquidated.
    pub fn liquidated(&self) -> u64 {
        let (partial, full) = self.liquidations();
        partial + full
    }
}

impl Costs {
    /// Everything that was paid, less what was received.
    pub fn paid(&self) -> f64 {
        self.fees + self.refused + self.premia + self.insurance + self.funding + self.penalties
    }

    fn moves(&mut self, perp: u16, size: f64, price: f64) {
        if let Some(units) = self.positions.get_mut(usize::from(perp)) {
            *units += size;
        }
        self.spent += size * price;
    }
}

fn all<E: FromEvent>(answer: &Answer) -> anyhow::Result<Vec<E>> {
    Ok(events(answer)?)
}
