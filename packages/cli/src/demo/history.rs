//! What charts show, bar by bar.

use anyhow::Result;
use sdp_embedded::Actions;
use sdp_types::lens::{self, HealthResponse};
use sdp_types::pool::{self, VaultResponse};

use super::holders::Plan;
use super::num::{of_price, of_rate, of_ratio, of_signed, of_signed_ratio, of_size, of_usd, of_wide};
use super::replay::Replay;
use super::traders::Habit;
use super::watch::Risk;
use super::world::decimals;

/// One bar, in USD where nothing else is said.
#[derive(Debug, Clone, Default)]
pub struct Bar {
    /// Unix seconds.
    pub time: u64,
    /// By asset.
    pub prices: Vec<f64>,
    /// By perpetual.
    pub perps: Vec<PerpBar>,
    /// Value of all collateral.
    pub collateral: f64,
    /// What providers owe.
    pub debt: f64,
    /// Collateral ÷ debt; none where nothing is owed.
    pub ratio: Option<f64>,
    /// The lowest ratio of a position in a vault other than the dollar's.
    pub lowest_ratio: Option<f64>,
    /// Equity at risk when it was largest.
    pub at_risk: Risk,
    /// What auctions have to bring, without penalties.
    pub tab: f64,
    /// The insurance fund.
    pub insurance: f64,
    /// Losses met by insurance and by providers, so far.
    pub losses: (f64, f64),
    /// Notional of traders closed by liquidation, so far.
    pub closed: f64,
    /// Debt of providers seized, so far.
    pub seized: f64,
    /// Liquidations so far: partial, full, seizures, auctions ended.
    pub counts: [u64; 4],
    /// By vault: debt that its shares took on, a part of what a share was worth at the opening.
    pub debt_per_share: Vec<f64>,
    /// By habit: equity less what was paid in.
    pub results: Vec<f64>,
    /// By synthetic: what its tokens are worth.
    pub synthetics: Vec<f64>,
    /// By plan: what holders of synthetics have less what they began with.
    pub holders: Vec<f64>,
    /// In the par reserve: USDC, and sdUSD.
    pub reserve: (f64, f64),
}

/// One perpetual at one bar.
#[derive(Debug, Clone, Default)]
pub struct PerpBar {
    /// Long less short, USD.
    pub skew: f64,
    /// Long and short, USD.
    pub open_interest: f64,
    /// What longs pay, per day.
    pub funding: f64,
    /// Marginal premium, a part of the price.
    pub premium: f64,
}

/// All bars, the opening first.
#[derive(Debug, Clone, Default)]
pub struct History {
    /// In order.
    pub bars: Vec<Bar>,
}

impl Replay {
    /// Notes a bar when everybody has acted.
    pub(super) fn note(&mut self, time: u64) -> Result<()> {
        let health: HealthResponse = self.look(|chain| chain.query("lens", &lens::QueryMsg::Health {}))?;
        let vaults: Vec<VaultResponse> =
            self.look(|chain| chain.query("pool", &pool::QueryMsg::Vaults {}))?;
        let (synthetics, reserve) = (self.owed_by_synthetic()?, self.in_reserve()?);
        let perps = self.perps.iter().map(|known| {
            let price = of_price(known.index);
            let sides = (known.long.raw() as f64 + known.short.raw() as f64) / 1e18;
            PerpBar {
                skew: of_size(known.skew) * price,
                open_interest: sides * price,
                funding: of_rate(known.funding_rate),
                premium: of_signed_ratio(known.premium),
            }
        });
        let (partial, full) = self.tally.liquidations();
        let bar = Bar {
            time,
            prices: (0..self.closes.len()).map(|asset| self.price(asset)).collect(),
            perps: perps.collect(),
            collateral: of_usd(health.collateral),
            debt: of_signed(health.debt),
            ratio: health.collateral_ratio.map(of_ratio),
            lowest_ratio: self.lowest.take(),
            at_risk: std::mem::take(&mut self.watch.risk),
            tab: of_usd(health.tab),
            insurance: of_usd(health.insurance),
            losses: self.tally.losses,
            closed: self.tally.closed,
            seized: self.tally.seized,
            counts: [partial, full, self.tally.seizures, self.tally.auctions_ended],
            debt_per_share: vaults.iter().map(|vault| self.debt_per_share(vault)).collect(),
            results: Habit::ALL.iter().map(|habit| self.result(*habit)).collect(),
            synthetics,
            holders: Plan::ALL.iter().map(|plan| self.gain_of(*plan)).collect(),
            reserve,
        };
        self.history.bars.push(bar);
        Ok(())
    }

    /// A vault's index is debt per base unit of the shares that it began with.
    fn debt_per_share(&self, vault: &VaultResponse) -> f64 {
        let asset = self.asset_of(usize::from(vault.vault));
        let decimals = i32::from(decimals(&self.universe, asset));
        // 27 decimals of a micro-USD per base unit, so USD per whole token
        let per_token = of_wide(vault.value_per_share, 27 + 6 - decimals);
        per_token / super::world::first_price(&self.universe, asset)
    }

    fn gain_of(&self, plan: Plan) -> f64 {
        let members = self.people.holders.iter().filter(|one| one.plan == plan);
        members.map(|one| self.gain(one)).sum()
    }

    fn result(&self, habit: Habit) -> f64 {
        let members = self.people.traders.iter().filter(|one| one.habit == habit);
        members.map(|one| one.seen.equity - one.paid_in).sum()
    }
}
