//! What the contracts' events say: fees, premia, funding and liquidations, in all and by trader or holder of a synthetic.

use std::collections::BTreeMap;

use sdp_embedded::{events, Answer};
use sdp_types::events::{
    AccountLiquidated, AuctionEnded, AuctionReset, AuctionStarted, Bought, Burnt, Deposited, Drawn, Exited,
    FromEvent, FundingSampled, LossMet, MarginWithdrawn, Minted, OrderFilled, OrderRefused, PositionCut,
    PriceRejected, Rejected, Seized, Sold, SpotRefused, SwappedIn, SwappedOut, Taken,
};
use sdp_types::{Amount, SignedUsd, Usd};

use super::dollars::Swaps;
use super::num::{of_price, of_signed, of_size, of_usd, of_wide};

/// What one trader or holder paid and suffered, USD.
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
    /// Paid to the par reserve.
    pub swaps: f64,
    /// Orders for synthetics that bought, and that sold.
    pub spot: (u64, u64),
    /// Units by perpetual.
    pub positions: Vec<f64>,
    /// Units by synthetic: what was bought less what was sold, as it was owed then. What the tokens are owed less than that was paid as funding.
    pub units: Vec<f64>,
}

/// Sums over everything.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tally {
    /// By trader, then by holder of synthetics.
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
    /// sdUSD drawn from the pool, beyond what was held, by the drawing contract's address.
    pub drawn: BTreeMap<String, f64>,
    /// What synthetics cost at the index when they were bought, and brought when they were sold.
    pub synthetics: (f64, f64),
    /// Of orders for synthetics: fees, and premia less rebates.
    pub spot_paid: (f64, f64),
    /// What went through the par reserve.
    pub swaps: Swaps,
    /// Providers' deposits, mints, burns and exits.
    pub deposits: u64,
    /// sdUSD minted.
    pub minted: f64,
    /// sdUSD burnt.
    pub burnt: f64,
    /// Exits paid.
    pub exits: u64,
    accounts: BTreeMap<(String, u16), usize>,
    people: BTreeMap<String, usize>,
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
        let people = accounts.iter().map(|((owner, _), place)| (owner.clone(), *place)).collect();
        let costs = Costs { positions: vec![0.0; perps], units: vec![0.0; perps], ..Costs::default() };
        Self {
            traders: vec![costs; accounts.len()],
            funding: vec![0.0; perps],
            accounts,
            people,
            ..Self::default()
        }
    }

    /// The trader or holder who owns an account.
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
        self.read_spot(answer)?;
        self.read_reserve(answer)?;
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
        for Drawn { market, amount, .. } in all(answer)? {
            *self.drawn.entry(market).or_default() += of_usd(amount);
        }
        Ok(())
    }

    fn read_spot(&mut self, answer: &Answer) -> anyhow::Result<()> {
        for order in all::<Bought>(answer)? {
            self.keeper_fees += of_usd(order.keeper_fee);
            let (units, price) = (of_size(order.quantity), of_price(order.price));
            self.synthetics.0 += units * price;
            self.fills_spot(&order.owner, (order.synthetic, units, price), (order.fee, order.premium));
        }
        for order in all::<Sold>(answer)? {
            self.keeper_fees += of_usd(order.keeper_fee);
            let (units, price) = (of_size(order.quantity), of_price(order.price));
            self.synthetics.1 += units * price;
            self.fills_spot(&order.owner, (order.synthetic, -units, price), (order.fee, order.premium));
        }
        for order in all::<SpotRefused>(answer)? {
            if let Some(costs) = self.person(&order.owner) {
                costs.refused += of_usd(order.keeper_fee);
            }
            self.reject(order.code);
        }
        Ok(())
    }

    fn fills_spot(
        &mut self,
        owner: &str,
        (synthetic, units, price): (u16, f64, f64),
        paid: (Usd, SignedUsd),
    ) {
        let (fee, premium) = (of_usd(paid.0), of_signed(paid.1));
        self.spot_paid.0 += fee;
        self.spot_paid.1 += premium;
        let Some(costs) = self.person(owner) else { return };
        costs.fees += fee;
        costs.premia += premium;
        costs.spent += units * price;
        let counted = if units > 0.0 { &mut costs.spot.0 } else { &mut costs.spot.1 };
        *counted += 1;
        if let Some(held) = costs.units.get_mut(usize::from(synthetic)) {
            *held += units;
        }
    }

    fn read_reserve(&mut self, answer: &Answer) -> anyhow::Result<()> {
        for swap in all::<SwappedIn>(answer)? {
            self.swaps.count.0 += 1;
            self.swaps(&swap.payer, swap.fee);
        }
        for swap in all::<SwappedOut>(answer)? {
            self.swaps.count.1 += 1;
            self.swaps.bought += of_usd(swap.paid);
            self.swaps(&swap.payer, swap.fee.plus(swap.kept)?);
        }
        Ok(())
    }

    fn swaps(&mut self, payer: &str, fee: Usd) {
        self.swaps.fees += of_usd(fee);
        if let Some(costs) = self.person(payer) {
            costs.swaps += of_usd(fee);
        }
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

    fn person(&mut self, address: &str) -> Option<&mut Costs> {
        let place = self.people.get(address).copied()?;
        self.traders.get_mut(place)
    }

    fn reject(&mut self, code: String) {
        *self.rejected.entry(code).or_default() += 1;
    }

    /// The sum of something over all traders and holders.
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
        self.fees + self.refused + self.swaps + self.premia + self.insurance + self.funding + self.penalties
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
