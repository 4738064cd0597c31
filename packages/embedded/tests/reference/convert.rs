//! From the contracts' units and configurations to the model's.

use std::collections::BTreeMap;

use num_bigint::BigInt;
use sdp_embedded::Manifest;
use sdp_reference::config::{
    AuctionConfig, BreakerConfig, BreakersConfig, Config, Curve, CustodyConfig, CustodyToken, DeskConfig,
    FeeSchedule, FeedBreakerConfig, FeedConfig, LimitsConfig, LiquidatorConfig, LossLimits, MarketConfig,
    MarketParams, MeasurementConfig, NotesConfig, OracleConfig, OrdersConfig, PerpConfig, PerpStatus,
    PoolConfig, ReserveConfig, ReserveToken, RiskBudgets, SpotParams, SwapStatus, SyntheticConfig,
    VaultConfig,
};
use sdp_reference::number::{ratio, whole, Q};
use sdp_reference::{Following, Of, Source};
use sdp_types::math::Wide;
use sdp_types::regime::Breaker;
use sdp_types::{bonded, custody, liquidator, market, oracle, pool, reserve, spot};

use crate::step::{DOLLAR, DOUBLES, MARKETS, PLEDGED, SYNTHETICS, TOKENS};

pub fn wide(value: Wide) -> BigInt {
    value.to_string().parse().unwrap()
}

/// The present configuration of everything, as the contracts have it.
#[derive(Clone, Debug)]
pub struct Live {
    pub staleness: (u32, u32),
    pub covariance: oracle::CovarianceConfig,
    pub breaker: Option<oracle::FeedBreaker>,
    pub pool: pool::Params,
    pub vaults: Vec<pool::VaultConfig>,
    pub lines: Vec<sdp_types::Usd>,
    pub markets: Vec<(market::Params, Vec<market::PerpConfig>)>,
    pub liquidator: liquidator::Params,
    pub auctions: Vec<liquidator::AuctionParams>,
    pub limits: Vec<liquidator::Limits>,
    pub notes: liquidator::NoteParams,
    pub spot: (spot::Params, Vec<spot::SyntheticConfig>),
    /// The market whose funding each synthetic carries.
    links: Vec<Option<(usize, usize)>>,
    pub reserve: (reserve::Params, Vec<reserve::TokenConfig>),
    pub custody: (custody::Params, Vec<custody::TokenConfig>),
    pub desk: bonded::Params,
    /// Who governs.
    roles: (String, Option<String>),
}

impl Live {
    pub fn of(manifest: &Manifest, address: &dyn Fn(&str) -> String) -> Self {
        let vault = |collateral: &sdp_embedded::manifest::Collateral| {
            collateral.config(manifest, &|name| Ok(address(name))).unwrap()
        };
        let perps = |market: &sdp_embedded::manifest::Market| {
            market.perps.iter().map(|perp| perp.config(manifest).unwrap()).collect()
        };
        let entry = manifest.spot.as_ref().unwrap();
        let synthetics: Vec<_> = manifest
            .synthetics()
            .map(|synthetic| synthetic.config(manifest, &|name| Ok(address(name))).unwrap())
            .collect();
        let link = |config: &spot::SyntheticConfig| {
            let carried = config.funding.as_ref()?;
            let market = MARKETS.iter().position(|name| address(name) == carried.market).unwrap();
            Some((market, carried.perp.into()))
        };
        let swaps = manifest.reserve.as_ref().unwrap();
        let token = |token: &sdp_embedded::manifest::ReserveToken| {
            token.config(manifest, &|name| Ok(address(name))).unwrap()
        };
        let held = manifest.custody.as_ref().unwrap();
        let pledged = |token: &sdp_embedded::manifest::CustodyToken| {
            token.config(manifest, &|name| Ok(address(name))).unwrap()
        };
        let lines = manifest.markets.iter().map(|market| market.line.0);
        let desk = manifest.bonded.as_ref().unwrap();
        let roles = &manifest.roles;
        Self {
            desk: desk.params(),
            roles: (roles.owner.clone(), roles.guardian.clone()),
            links: synthetics.iter().map(link).collect(),
            spot: (entry.params(), synthetics),
            reserve: (swaps.params(), swaps.tokens.iter().map(token).collect()),
            custody: (held.params(), held.tokens.iter().map(pledged).collect()),
            staleness: (manifest.oracle.stale_for_trade, manifest.oracle.stale_for_liquidation),
            covariance: manifest.covariance(),
            breaker: manifest.oracle.breaker,
            pool: manifest.pool_params(),
            vaults: manifest.collaterals.iter().map(vault).collect(),
            lines: lines.chain([entry.line.0, sdp_types::Usd::ZERO, desk.line.0]).collect(),
            markets: manifest.markets.iter().map(|market| (market.params(), perps(market))).collect(),
            liquidator: manifest.liquidator_params(),
            auctions: manifest.collaterals.iter().map(|collateral| collateral.auction.params()).collect(),
            limits: manifest.collaterals.iter().map(|collateral| collateral.limits.limits()).collect(),
            notes: manifest.liquidator.notes.params(),
        }
    }

    pub fn pool_config(&self) -> PoolConfig {
        PoolConfig {
            impact_depth: whole(self.pool.impact_depth.raw()),
            supply_ceiling: whole(self.pool.supply_ceiling.raw()),
            exit_delay: self.pool.exit_delay,
            exit_window: self.pool.exit_window,
            minimum_stay: self.pool.minimum_stay,
            risk: self.pool.risk.map(|risk| RiskBudgets {
                markets: ratio(risk.markets.raw()),
                total: ratio(risk.total.raw()),
                high: ratio(risk.high.raw()),
                low: ratio(risk.low.raw()),
            }),
            breakers: self.pool.breakers.map(|breakers| BreakersConfig {
                utilisation: breaker(&breakers.utilisation),
                shortfall: breaker(&breakers.shortfall),
                debt_growth: breaker(&breakers.debt_growth),
                withdrawals: breaker(&breakers.withdrawals),
                insurance_floor: ratio(breakers.insurance_floor.raw()),
                cool_down: breakers.cool_down.into(),
                hold: breakers.hold.into(),
            }),
            least_depth: self.pool.least_depth.map(|depth| whole(depth.raw())),
            losses: self.pool.losses.map(|losses| LossLimits {
                draw_cap: ratio(losses.draw_cap.raw()),
                loss_budget: ratio(losses.loss_budget.raw()),
            }),
            note_share: ratio(self.pool.note_share.raw()),
            vaults: self.vaults.iter().zip(TOKENS).map(|(config, token)| vault(config, token)).collect(),
        }
    }

    /// Ceilings that follow what is used are configuration that anybody moves.
    pub fn follow(&mut self, storage: &dyn cosmwasm_std::Storage) {
        use sdp_book::state;
        self.pool.supply_ceiling = state::terms(storage).unwrap().params.supply_ceiling;
        for (n, vault) in (0..).zip(&mut self.vaults) {
            vault.debt_ceiling = state::vault(storage, n).unwrap().debt_ceiling;
        }
    }

    /// Those of the manifest.
    pub fn ceilings(&self, manifest: &Manifest) -> BTreeMap<Of, Following> {
        let markets = manifest.markets.iter().enumerate().map(|(n, market)| (Of::Market(n), market.ceiling));
        let vaults = manifest.collaterals.iter().enumerate().map(|(n, entry)| (Of::Vault(n), entry.ceiling));
        let all = markets.chain(vaults).chain([(Of::Supply, manifest.pool.ceiling)]);
        let following = |(of, ceiling): (Of, Option<sdp_embedded::manifest::Ceiling>)| {
            let pool::Ceiling { max, gap, ttl } = ceiling?.ceiling();
            let (max, gap, ttl) = (whole(max.raw()), whole(gap.raw()), ttl.into());
            Some((of, Following { max, gap, ttl, rose_at: 0, moved_at: 0 }))
        };
        all.filter_map(following).collect()
    }

    pub fn liquidator_config(&self) -> LiquidatorConfig {
        LiquidatorConfig {
            hole: whole(self.liquidator.hole.raw()),
            stop_level: self.liquidator.stop_level,
            withdrawal_delay: self.liquidator.withdrawal_delay,
            withdrawal_window: self.liquidator.withdrawal_window,
            auctions: self.auctions.iter().map(auction).collect(),
            limits: self.limits.iter().map(limits).collect(),
            notes: notes(&self.notes),
        }
    }

    pub fn spot_params(&self) -> SpotParams {
        let params = &self.spot.0;
        SpotParams {
            fee: ratio(params.fee.raw()),
            insurance_share: ratio(params.insurance_share.raw()),
            keeper_share: ratio(params.keeper_share.raw()),
            order_delay: params.order_delay,
            order_expiry: params.order_expiry,
            maximum_empty_intervals: params.maximum_empty_intervals.into(),
            maximum_slippage: ratio(params.maximum_slippage.raw()),
        }
    }

    pub fn synthetic(&self, n: usize) -> SyntheticConfig {
        let config = &self.spot.1[n];
        SyntheticConfig {
            symbol: SYNTHETICS[n].into(),
            decimals: config.decimals.into(),
            feed: config.feed.into(),
            status: match config.status {
                spot::SyntheticStatus::Open => PerpStatus::Open,
                spot::SyntheticStatus::CloseOnly => PerpStatus::CloseOnly,
                spot::SyntheticStatus::Delisted => PerpStatus::Delisted,
            },
            skew_cap: whole(config.skew_cap.raw()),
            trade_confidence: ratio(config.trade_confidence.raw()),
            settle_confidence: ratio(config.settle_confidence.raw()),
            premium_cap: ratio(config.premium_cap.raw()),
            minimum_notional: whole(config.minimum_notional.raw()),
            funding: self.links[n],
        }
    }

    pub fn reserve_config(&self) -> ReserveConfig {
        let token = |config: &reserve::TokenConfig| ReserveToken {
            token: DOLLAR.into(),
            decimals: config.decimals.into(),
            feed: config.feed.into(),
            band: ratio(config.band.raw()),
            maximum_confidence: ratio(config.maximum_confidence.raw()),
            ceiling: whole(config.ceiling.raw()),
            fee_in: ratio(config.fee_in.raw()),
            fee_out: (ratio(config.fee_out.least.raw()), ratio(config.fee_out.most.raw())),
            status: match config.status {
                reserve::Status::Open => SwapStatus::Open,
                reserve::Status::OutOnly => SwapStatus::OutOnly,
                reserve::Status::Closed => SwapStatus::Closed,
            },
        };
        ReserveConfig {
            supply_share: ratio(self.reserve.0.supply_share.raw()),
            minimum_room: whole(self.reserve.0.minimum_room.raw()),
            tokens: self.reserve.1.iter().map(token).collect(),
        }
    }

    pub fn custody_config(&self) -> CustodyConfig {
        let (params, tokens) = &self.custody;
        let token = |(config, token): (&custody::TokenConfig, &str)| CustodyToken {
            token: token.into(),
            decimals: config.terms.decimals.into(),
            feed: config.terms.feed.into(),
            base: ratio(config.terms.haircut.base.raw()),
            slope: ratio(config.terms.haircut.slope.raw()),
            maximum: ratio(config.terms.haircut.maximum.raw()),
            confidence: ratio(config.terms.confidence.raw()),
            cap: whole(config.cap.raw()),
            closing: config.terms.closing,
        };
        CustodyConfig {
            market: 0,
            auction: auction(&params.auction),
            penalty: ratio(params.penalty.raw()),
            minimum_deposit: whole(params.minimum_deposit.raw()),
            tokens: tokens.iter().zip(PLEDGED).map(token).collect(),
        }
    }

    pub fn desk_config(&self) -> DeskConfig {
        let params = &self.desk;
        let (owner, guardian) = self.roles.clone();
        DeskConfig {
            owner,
            guardian,
            contracts: DOUBLES.map(String::from).to_vec(),
            minimum_bond: whole(params.minimum_bond.raw()),
            multiple: ratio(params.multiple.raw()),
            cap: ratio(params.cap.raw()),
            slots: params.slots.into(),
            maximum_age: params.max_age,
            draw_delay: params.draw_delay,
            close_delay: params.close_delay,
            resolution_time: params.resolution_time,
        }
    }

    pub fn sigmas(&self) -> Vec<Q> {
        self.covariance.sigmas.iter().map(|sigma| ratio(sigma.raw())).collect()
    }

    pub fn correlations(&self) -> Vec<Vec<Q>> {
        let row = |row: &Vec<sdp_types::SignedRatio>| row.iter().map(|rho| ratio(rho.raw())).collect();
        self.covariance.correlations.iter().map(row).collect()
    }

    pub fn config(&self, manifest: &Manifest) -> Config {
        let roles = &manifest.roles;
        let feed = |feed: &sdp_embedded::manifest::Feed| FeedConfig {
            deviation_band: ratio(feed.deviation_band.raw()),
            maximum_confidence: ratio(feed.maximum_confidence.raw()),
            source: feed
                .source
                .as_ref()
                .map(|named| source(&named.resolve(manifest, &|name| Ok(name.into())).unwrap())),
        };
        let range = |feed: &sdp_embedded::manifest::Feed| {
            let range = feed.volatility.unwrap();
            (ratio(range.floor.raw()), ratio(range.ceiling.raw()))
        };
        let market =
            |(n, (params, perps)): (usize, &(market::Params, Vec<market::PerpConfig>))| MarketConfig {
                name: manifest.markets[n].name.clone(),
                line: whole(self.lines[n].raw()),
                params: market_params(params),
                perps: perps.iter().map(perp).collect(),
            };
        Config {
            oracle: OracleConfig {
                quorum: roles.quorum.try_into().unwrap(),
                publishers: roles.publishers.clone(),
                seconds: manifest.oracle.interval_seconds.into(),
                slots: manifest.oracle.ring_slots.into(),
                grace: manifest.oracle.grace_seconds.into(),
                trade: self.staleness.0.into(),
                liquidate: self.staleness.1.into(),
                gap: manifest.oracle.gap_seconds.into(),
                average_seconds: manifest.oracle.average_seconds.into(),
                owner: roles.owner.clone(),
                guardian: roles.guardian.clone(),
                breaker: self.breaker.as_ref().map(feed_breaker),
                feeds: manifest.feeds.iter().map(feed).collect(),
                sigmas: self.sigmas(),
                correlations: self.correlations(),
                measurement: manifest.oracle.measurement.map(|terms| MeasurementConfig {
                    sample_seconds: terms.sample_seconds.into(),
                    volatility_half_life: terms.volatility_half_life.into(),
                    correlation_half_life: terms.correlation_half_life.into(),
                    prior: ratio(terms.prior.raw()),
                    shrink: ratio(terms.shrink.raw()),
                    pricing_band: ratio(terms.pricing_band.raw()),
                    pricing_step: ratio(terms.pricing_step.raw()),
                    margin_step: ratio(terms.margin_step.raw()),
                    ranges: manifest.feeds.iter().map(range).collect(),
                }),
            },
            pool: self.pool_config(),
            markets: self.markets.iter().enumerate().map(market).collect(),
            liquidator: self.liquidator_config(),
            spot: Some((
                whole(self.lines[MARKETS.len()].raw()),
                self.spot_params(),
                (0..SYNTHETICS.len()).map(|n| self.synthetic(n)).collect(),
            )),
            reserve: Some(self.reserve_config()),
            desk: Some((whole(self.lines[MARKETS.len() + 2].raw()), self.desk_config())),
            orders: manifest.markets[0].orders.as_ref().map(|orders| OrdersConfig {
                market: 0,
                least_fee: whole(orders.least_fee.0.raw()),
                most_fee: whole(orders.most_fee.0.raw()),
                refusal_share: ratio(orders.refusal_share.raw()),
                most_waiting: orders.most_waiting.try_into().unwrap(),
                longest_life: orders.longest_life,
                most_commits: orders.most_commits,
            }),
            custody: Some(self.custody_config()),
        }
    }
}

/// Sources that ask other contracts are not the model's.
fn source(told: &oracle::Source) -> Source {
    let all = |of: &[oracle::Source]| of.iter().map(source).collect();
    let boxed = |of: &oracle::Source| Box::new(source(of));
    match told {
        oracle::Source::Feed { feed } => Source::Feed((*feed).into()),
        oracle::Source::Product { of } => Source::Product(all(of)),
        oracle::Source::Lowest { of } => Source::Lowest(all(of)),
        oracle::Source::First { of } => Source::First(all(of)),
        oracle::Source::Quotient { of, by } => Source::Quotient(boxed(of), boxed(by)),
        oracle::Source::Checked { source: of, by, within } => {
            Source::Checked(boxed(of), boxed(by), ratio(within.raw()))
        }
        other => panic!("{other:?}"),
    }
}

fn breaker(breaker: &Breaker) -> BreakerConfig {
    let Breaker { caution, close_only, emergency, release } = breaker;
    let of = |threshold: &Option<sdp_types::Ratio>| threshold.map(|threshold| ratio(threshold.raw()));
    BreakerConfig { thresholds: [of(caution), of(close_only), of(emergency)], release: ratio(release.raw()) }
}

pub fn feed_breaker(terms: &oracle::FeedBreaker) -> FeedBreakerConfig {
    let breaker = breaker(&terms.breaker);
    FeedBreakerConfig { breaker, cool_down: terms.cool_down.into(), hold: terms.hold.into() }
}

fn vault(config: &pool::VaultConfig, token: &str) -> VaultConfig {
    VaultConfig {
        token: token.into(),
        decimals: config.decimals.into(),
        feed: config.feed.into(),
        issuance_ratio: ratio(config.issuance_ratio.raw()),
        liquidation_ratio: ratio(config.liquidation_ratio.raw()),
        liquidation_penalty: ratio(config.liquidation_penalty.raw()),
        stability_fee: ratio(config.stability_fee.raw()),
        maximum_confidence: ratio(config.maximum_confidence.raw()),
        minimum_deposit: whole(config.minimum_deposit.raw()),
        minimum_debt: whole(config.minimum_debt.raw()),
        deposit_cap: whole(config.deposit_cap.raw()),
        debt_ceiling: whole(config.debt_ceiling.raw()),
    }
}

fn limits(limits: &liquidator::Limits) -> LimitsConfig {
    LimitsConfig {
        hole: whole(limits.hole.raw()),
        discount: ratio(limits.discount.raw()),
        daily: ratio(limits.daily.raw()),
    }
}

fn notes(params: &liquidator::NoteParams) -> NotesConfig {
    NotesConfig {
        lot: whole(params.lot.raw()),
        start: ratio(params.start.raw()),
        step: ratio(params.step.raw()),
        bid_seconds: params.bid_seconds,
        auction_seconds: params.auction_seconds,
        raise: ratio(params.raise.raw()),
        ceiling: whole(params.ceiling.raw()),
    }
}

fn auction(params: &liquidator::AuctionParams) -> AuctionConfig {
    let curve = match params.curve {
        liquidator::Curve::Linear { seconds } => Curve::Linear(seconds),
        liquidator::Curve::Stair { seconds, factor } => Curve::Stair(seconds, ratio(factor.raw())),
        liquidator::Curve::Exponential { seconds, factor } => {
            Curve::Exponential(seconds, ratio(factor.raw()))
        }
    };
    AuctionConfig {
        buffer: ratio(params.buffer.raw()),
        curve,
        cusp: ratio(params.cusp.raw()),
        tail: params.tail,
        tip: whole(params.tip.raw()),
        chip: ratio(params.chip.raw()),
        dust: whole(params.dust.raw()),
    }
}

fn schedule(fees: &market::FeeSchedule) -> FeeSchedule {
    FeeSchedule {
        window: fees.window,
        tiers: fees.tiers.iter().map(|(from, part)| (whole(from.raw()), ratio(part.raw()))).collect(),
        referred: ratio(fees.referral_discount.raw()),
        share: ratio(fees.referral_share.raw()),
    }
}

pub fn market_params(params: &market::Params) -> MarketParams {
    let funding = &params.funding;
    MarketParams {
        proportional: ratio(funding.proportional.raw()),
        velocity: ratio(funding.velocity.raw()),
        integral_cap: ratio(funding.integral_cap.raw()),
        rate_cap: ratio(funding.rate_cap.raw()),
        decay_seconds: funding.decay_seconds,
        maximum_accrual: funding.maximum_accrual,
        fee: ratio(params.fee.raw()),
        insurance_share: ratio(params.insurance_share.raw()),
        keeper_share: ratio(params.keeper_share.raw()),
        order_delay: params.order_delay,
        order_expiry: params.order_expiry,
        maximum_empty_intervals: params.maximum_empty_intervals.into(),
        maximum_slippage: ratio(params.maximum_slippage.raw()),
        profit_haircut: ratio(params.profit_haircut.raw()),
        maximum_offset: ratio(params.maximum_offset.raw()),
        fee_response: ratio(params.responses.fee.raw()),
        funding_response: ratio(params.responses.funding.raw()),
        credit_response: ratio(params.responses.credit.raw()),
        shortfall_premium: ratio(params.insurance.shortfall.raw()),
        leverage_premium: ratio(params.insurance.leverage.raw()),
        deleveraging: params.deleveraging.map(|rule| (ratio(rule.begin.raw()), ratio(rule.end.raw()))),
        schedule: params.fees.as_ref().map(schedule),
        liquidation_target: ratio(params.liquidation.target.raw()),
        liquidation_reward: whole(params.liquidation.reward.raw()),
        liquidation_reward_share: ratio(params.liquidation.reward_share.raw()),
    }
}

pub fn perp(config: &market::PerpConfig) -> PerpConfig {
    PerpConfig {
        feed: config.feed.into(),
        status: match config.status {
            market::PerpStatus::Open => PerpStatus::Open,
            market::PerpStatus::CloseOnly => PerpStatus::CloseOnly,
            market::PerpStatus::Delisted => PerpStatus::Delisted,
        },
        initial_margin: ratio(config.initial_margin.raw()),
        maintenance_margin: ratio(config.maintenance_margin.raw()),
        skew_cap: whole(config.skew_cap.raw()),
        open_interest_cap: whole(config.open_interest_cap.raw()),
        trade_confidence: ratio(config.trade_confidence.raw()),
        liquidate_confidence: ratio(config.liquidate_confidence.raw()),
        liquidation_penalty: ratio(config.liquidation_penalty.raw()),
        premium_cap: ratio(config.premium_cap.raw()),
        minimum_notional: whole(config.minimum_notional.raw()),
    }
}
