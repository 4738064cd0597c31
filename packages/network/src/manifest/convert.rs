//! From a manifest to the contracts' own messages.

use anyhow::{anyhow, Result};
use sdp_types::board::{Intervals, Staleness};
use sdp_types::units::SignedRatio;
use sdp_types::{liquidator, market, oracle, pool, spot};

use super::{
    Auction, Ceiling, Collateral, Feed, Fees, Limits, Manifest, Market, Notes, Perp, Spot, Synthetic,
};
use crate::decimal;

/// Turns a name into an address.
pub type AddressOf<'a> = &'a dyn Fn(&str) -> Result<String>;

impl Manifest {
    /// The oracle as it begins.
    pub fn oracle_msg(&self, address: AddressOf<'_>) -> Result<oracle::InstantiateMsg> {
        let Self { roles, oracle, .. } = self;
        Ok(oracle::InstantiateMsg {
            owner: address(&roles.owner)?,
            guardian: roles.guardian.as_deref().map(address).transpose()?,
            publishers: roles.publishers.iter().map(|name| address(name)).collect::<Result<_>>()?,
            quorum: roles.quorum,
            intervals: Intervals {
                seconds: oracle.interval_seconds,
                slots: oracle.ring_slots,
                grace: oracle.grace_seconds,
            },
            staleness: Staleness {
                trade: oracle.stale_for_trade,
                liquidate: oracle.stale_for_liquidation,
                view: oracle.stale_for_view,
            },
            gap: oracle.gap_seconds,
            average_seconds: oracle.average_seconds,
            change_delay: oracle.change_delay,
            feeds: self.feeds.iter().map(|feed| feed.config(self, address)).collect::<Result<_>>()?,
            covariance: self.covariance(),
            measurement: oracle.measurement,
            breaker: oracle.breaker,
        })
    }

    /// Volatilities and correlations as the oracle takes them.
    pub fn covariance(&self) -> oracle::CovarianceConfig {
        let row = |a: &Feed| self.feeds.iter().map(|b| self.rho(&a.symbol, &b.symbol)).collect();
        oracle::CovarianceConfig {
            sigmas: self.feeds.iter().map(|feed| feed.sigma).collect(),
            correlations: self.feeds.iter().map(row).collect(),
        }
    }

    fn rho(&self, a: &str, b: &str) -> SignedRatio {
        let is = |pair: &super::Pair| {
            let [x, y] = &pair.feeds;
            (x == a && y == b) || (x == b && y == a)
        };
        if a == b {
            return SignedRatio::new(1_000_000_000_000_000_000);
        }
        let listed = self.correlations.pairs.iter().find(|pair| is(pair));
        listed.map_or(self.correlations.default, |pair| pair.rho)
    }

    /// The pool as it begins; sdUSD is made of the CW20 code with this number.
    pub fn pool_msg(&self, address: AddressOf<'_>, sdusd_code_id: u64) -> Result<pool::InstantiateMsg> {
        let vault = |collateral: &Collateral| collateral.config(self, address);
        Ok(pool::InstantiateMsg {
            owner: address(&self.roles.owner)?,
            guardian: self.roles.guardian.as_deref().map(address).transpose()?,
            oracle: address("oracle")?,
            sdusd_code_id,
            sdusd_name: self.pool.token_name.clone(),
            sdusd_symbol: self.pool.token_symbol.clone(),
            params: self.pool_params(),
            vaults: self.collaterals.iter().map(vault).collect::<Result<_>>()?,
        })
    }

    /// The pool's parameters.
    pub fn pool_params(&self) -> pool::Params {
        pool::Params {
            impact_depth: self.pool.impact_depth.0,
            supply_ceiling: self.pool.supply_ceiling.0,
            exit_delay: self.pool.exit_delay,
            exit_window: self.pool.exit_window,
            minimum_stay: self.pool.minimum_stay,
            change_delay: self.pool.change_delay,
            risk: self.pool.risk,
            breakers: self.pool.breakers,
            least_depth: self.pool.least_depth.map(|depth| depth.0),
            losses: self.pool.losses,
            note_share: self.pool.note_share,
        }
    }

    /// The liquidator as it begins; the token of its notes is made of the CW20 code with this number.
    pub fn liquidator_msg(
        &self,
        address: AddressOf<'_>,
        note_code_id: u64,
    ) -> Result<liquidator::InstantiateMsg> {
        Ok(liquidator::InstantiateMsg {
            owner: address(&self.roles.owner)?,
            guardian: self.roles.guardian.as_deref().map(address).transpose()?,
            pool: address("pool")?,
            params: self.liquidator_params(),
            auctions: self.collaterals.iter().map(|collateral| collateral.auction.params()).collect(),
            limits: self.collaterals.iter().map(|collateral| collateral.limits.limits()).collect(),
            notes: self.liquidator.notes.params(),
            note_code_id,
            note_name: self.liquidator.note_name.clone(),
            note_symbol: self.liquidator.note_symbol.clone(),
        })
    }

    /// The liquidator's parameters.
    pub fn liquidator_params(&self) -> liquidator::Params {
        liquidator::Params {
            hole: self.liquidator.hole.0,
            stop_level: self.liquidator.stop_level,
            withdrawal_delay: self.liquidator.withdrawal_delay,
            withdrawal_window: self.liquidator.withdrawal_window,
            change_delay: self.liquidator.change_delay,
        }
    }

    /// The contract of synthetics as it begins; its tokens are made of the CW20 code with this number. None where there is none.
    pub fn spot_msg(
        &self,
        address: AddressOf<'_>,
        token_code_id: u64,
    ) -> Result<Option<spot::InstantiateMsg>> {
        let Some(entry) = &self.spot else { return Ok(None) };
        let synthetics = entry.synthetics.iter().map(|synthetic| synthetic.config(self, address));
        Ok(Some(spot::InstantiateMsg {
            owner: address(&self.roles.owner)?,
            guardian: self.roles.guardian.as_deref().map(address).transpose()?,
            pool: address("pool")?,
            token_code_id,
            params: entry.params(),
            synthetics: synthetics.collect::<Result<_>>()?,
        }))
    }

    /// A market as it begins.
    pub fn market_msg(&self, market: &Market, address: AddressOf<'_>) -> Result<market::InstantiateMsg> {
        Ok(market::InstantiateMsg {
            owner: address(&self.roles.owner)?,
            guardian: self.roles.guardian.as_deref().map(address).transpose()?,
            pool: address("pool")?,
            liquidator: address("liquidator")?,
            params: market.params(),
            perps: market.perps.iter().map(|perp| perp.config(self)).collect::<Result<_>>()?,
        })
    }
}

impl Feed {
    /// As the oracle takes it; `address` knows the contracts that its source asks.
    pub fn config(&self, manifest: &Manifest, address: AddressOf<'_>) -> Result<oracle::FeedConfig> {
        let source = self.source.as_ref().map(|source| source.resolve(manifest, address));
        Ok(oracle::FeedConfig {
            symbol: self.symbol.clone(),
            deviation_band: self.deviation_band,
            maximum_confidence: self.maximum_confidence,
            volatility: self.volatility,
            source: source.transpose()?,
        })
    }
}

impl Collateral {
    /// As the pool takes it; `address` knows the collateral's name where it is a CW20.
    pub fn config(&self, manifest: &Manifest, address: AddressOf<'_>) -> Result<pool::VaultConfig> {
        let token = match &self.denom {
            Some(denom) => pool::Token::Native(denom.clone()),
            None => pool::Token::Cw20(address(&self.name)?),
        };
        Ok(pool::VaultConfig {
            token,
            decimals: self.decimals,
            feed: manifest.feed_id(&self.feed)?,
            issuance_ratio: self.issuance_ratio,
            liquidation_ratio: self.liquidation_ratio,
            liquidation_penalty: self.liquidation_penalty,
            stability_fee: self.stability_fee,
            maximum_confidence: self.maximum_confidence,
            minimum_deposit: self.minimum_deposit.0,
            minimum_debt: self.minimum_debt.0,
            deposit_cap: decimal::amount(&*self.deposit_cap, self.decimals)
                .map_err(|error| anyhow!("deposit_cap of `{}`: {error}", self.name))?,
            debt_ceiling: self.debt_ceiling.0,
        })
    }
}

impl Ceiling {
    /// For the pool.
    pub fn ceiling(&self) -> pool::Ceiling {
        pool::Ceiling { max: self.max.0, gap: self.gap.0, ttl: self.ttl }
    }
}

impl Auction {
    /// As the liquidator takes it.
    pub fn params(&self) -> liquidator::AuctionParams {
        liquidator::AuctionParams {
            buffer: self.buffer,
            curve: self.curve,
            cusp: self.cusp,
            tail: self.tail,
            tip: self.tip.0,
            chip: self.chip,
            dust: self.dust.0,
        }
    }
}

impl Limits {
    /// As the liquidator takes them.
    pub fn limits(&self) -> liquidator::Limits {
        liquidator::Limits { hole: self.hole.0, discount: self.discount, daily: self.daily }
    }
}

impl Notes {
    /// As the liquidator takes them.
    pub fn params(&self) -> liquidator::NoteParams {
        liquidator::NoteParams {
            lot: self.lot.0,
            start: self.start,
            step: self.step,
            bid_seconds: self.bid_seconds,
            auction_seconds: self.auction_seconds,
            raise: self.raise,
            ceiling: self.ceiling.0,
        }
    }
}

impl Fees {
    /// As the market takes them.
    pub fn schedule(&self) -> market::FeeSchedule {
        let tiers = self.tiers.iter().map(|tier| (tier.volume.0, tier.discount)).collect();
        let referral = self.referral.as_ref();
        market::FeeSchedule {
            window: self.window,
            tiers,
            referral_discount: referral.map(|referral| referral.discount).unwrap_or_default(),
            referral_share: referral.map(|referral| referral.share).unwrap_or_default(),
        }
    }
}

impl Market {
    /// As the market takes them.
    pub fn params(&self) -> market::Params {
        market::Params {
            funding: self.funding,
            fee: self.fee,
            insurance_share: self.insurance_share,
            keeper_share: self.keeper_share,
            order_delay: self.order_delay,
            order_expiry: self.order_expiry,
            maximum_empty_intervals: self.maximum_empty_intervals,
            maximum_slippage: self.maximum_slippage,
            profit_haircut: self.profit_haircut,
            maximum_offset: self.maximum_offset,
            responses: self.responses,
            insurance: self.insurance,
            deleveraging: self.deleveraging,
            fees: self.fees.as_ref().map(Fees::schedule),
            liquidation: market::Liquidation {
                target: self.liquidation.target,
                reward: self.liquidation.reward.0,
                reward_share: self.liquidation.reward_share,
            },
            change_delay: self.change_delay,
        }
    }
}

impl Spot {
    /// As the contract takes them.
    pub fn params(&self) -> spot::Params {
        spot::Params {
            fee: self.fee,
            insurance_share: self.insurance_share,
            keeper_share: self.keeper_share,
            order_delay: self.order_delay,
            order_expiry: self.order_expiry,
            maximum_empty_intervals: self.maximum_empty_intervals,
            maximum_slippage: self.maximum_slippage,
            change_delay: self.change_delay,
        }
    }
}

impl Synthetic {
    /// As the contract takes it; `address` knows the market of its perpetual.
    pub fn config(&self, manifest: &Manifest, address: AddressOf<'_>) -> Result<spot::SyntheticConfig> {
        let carried = |name: &String| {
            let (market, perp, _) = manifest.perp(name)?;
            Ok::<_, anyhow::Error>(spot::Carried { market: address(&market.name)?, perp })
        };
        Ok(spot::SyntheticConfig {
            name: self.name.clone(),
            symbol: self.symbol.clone(),
            decimals: self.decimals,
            feed: manifest.feed_id(&self.feed)?,
            status: self.status,
            skew_cap: self.skew_cap.0,
            trade_confidence: self.trade_confidence,
            settle_confidence: self.settle_confidence,
            premium_cap: self.premium_cap,
            minimum_notional: self.minimum_notional.0,
            funding: self.funding.as_ref().map(carried).transpose()?,
        })
    }
}

impl Perp {
    /// As the market takes it.
    pub fn config(&self, manifest: &Manifest) -> Result<market::PerpConfig> {
        Ok(market::PerpConfig {
            name: self.name.clone(),
            feed: manifest.feed_id(&self.feed)?,
            status: self.status,
            initial_margin: self.initial_margin,
            maintenance_margin: self.maintenance_margin,
            skew_cap: self.skew_cap.0,
            open_interest_cap: self.open_interest_cap.0,
            trade_confidence: self.trade_confidence,
            liquidate_confidence: self.liquidate_confidence,
            liquidation_penalty: self.liquidation_penalty,
            premium_cap: self.premium_cap,
            minimum_notional: self.minimum_notional.0,
        })
    }
}
