//! Changes of configurations: what the owner sends, and what the model is told when one comes into force.

use sdp_embedded::{Actions, Chain, ChainError, Network};
use sdp_reference::message::{Change as Told, Message};
use sdp_reference::number::whole;
use sdp_reference::Of;
use sdp_types::board::Staleness;
use sdp_types::market::PerpStatus;
use sdp_types::regime::Breaker;
use sdp_types::spot::SyntheticStatus;
use sdp_types::{bonded, custody, liquidator, market, oracle, pool, reserve, spot, Amount, Rate, Ratio, Usd};

use crate::convert::{feed_breaker, market_params, perp, Live};
use crate::step::{Tweak, LISTED, MARKETS};

/// A change of one contract.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant)]
pub enum Change {
    Pool(pool::Change),
    Market(usize, market::Change),
    Liquidator(liquidator::Change),
    Oracle(oracle::Change),
    Spot(spot::Change),
    Reserve(reserve::Change),
    Custody(custody::Change),
    Desk(bonded::Change),
}

/// A change that waits.
#[derive(Clone, Debug)]
pub struct Pending {
    pub contract: &'static str,
    pub id: u64,
    pub ready_at: u64,
    pub change: Change,
}

/// The contract's name for what has a ceiling.
pub fn ceilinged(of: Of, chain: &Chain) -> pool::Ceilinged {
    match of {
        Of::Market(n) => pool::Ceilinged::Market(chain.contract(LISTED[n]).unwrap().into_string()),
        Of::Vault(n) => pool::Ceilinged::Vault(u8::try_from(n).unwrap()),
        Of::Supply => pool::Ceilinged::Supply {},
    }
}

fn number(n: usize) -> u16 {
    u16::try_from(n).unwrap()
}

impl Change {
    /// The present configuration with one number changed.
    pub fn of(tweak: Tweak, live: &Live, chain: &Chain) -> Self {
        let usd = Usd::whole;
        let vault = |n: usize, f: &dyn Fn(&mut pool::VaultConfig)| {
            let mut config = live.vaults[n].clone();
            f(&mut config);
            Self::Pool(pool::Change::UpdateVault { vault: u8::try_from(n).unwrap(), config })
        };
        let params = |f: &dyn Fn(&mut pool::Params)| {
            let mut params = live.pool.clone();
            f(&mut params);
            Self::Pool(pool::Change::Params { params })
        };
        let market = |m: usize, f: &dyn Fn(&mut market::Params)| {
            let mut params = live.markets[m].0.clone();
            f(&mut params);
            Self::Market(m, market::Change::Params { params })
        };
        let perp = |m: usize, k: usize, f: &dyn Fn(&mut market::PerpConfig)| {
            let mut config = live.markets[m].1[k].clone();
            f(&mut config);
            Self::Market(m, market::Change::UpdatePerp { perp: number(k), config })
        };
        let seller = |f: &dyn Fn(&mut liquidator::Params)| {
            let mut params = live.liquidator.clone();
            f(&mut params);
            Self::Liquidator(liquidator::Change::Params { params })
        };
        let auction = |n: usize, f: &dyn Fn(&mut liquidator::AuctionParams)| {
            let mut params = live.auctions[n];
            f(&mut params);
            Self::Liquidator(liquidator::Change::Auction { vault: u8::try_from(n).unwrap(), params })
        };
        let limits = |n: usize, f: &dyn Fn(&mut liquidator::Limits)| {
            let mut limits = live.limits[n];
            f(&mut limits);
            Self::Liquidator(liquidator::Change::Limits { vault: u8::try_from(n).unwrap(), limits })
        };
        let synthetic = |n: usize, f: &dyn Fn(&mut spot::SyntheticConfig)| {
            let mut config = live.spot.1[n].clone();
            f(&mut config);
            Self::Spot(spot::Change::UpdateSynthetic { synthetic: number(n), config })
        };
        let swaps = |f: &dyn Fn(&mut reserve::TokenConfig)| {
            let mut config = live.reserve.1[0].clone();
            f(&mut config);
            Self::Reserve(reserve::Change::UpdateToken { token: 0, config })
        };
        let pledged = |n: usize, f: &dyn Fn(&mut custody::TokenConfig)| {
            let mut config = live.custody.1[n].clone();
            f(&mut config);
            let token = u8::try_from(n).unwrap();
            Self::Custody(custody::Change::UpdateToken { token, config })
        };
        let sales = |f: &dyn Fn(&mut custody::Params)| {
            let mut params = live.custody.0.clone();
            f(&mut params);
            Self::Custody(custody::Change::Params { params })
        };
        let desk = |f: &dyn Fn(&mut bonded::Params)| {
            let mut params = live.desk;
            f(&mut params);
            Self::Desk(bonded::Change::Params { params })
        };
        match tweak {
            Tweak::MinimumBond(least) => desk(&|params| params.minimum_bond = usd(least)),
            Tweak::BondMultiple(bps) => desk(&|params| params.multiple = Ratio::bps(bps)),
            Tweak::BondedCap(bps) => desk(&|params| params.cap = Ratio::bps(bps)),
            Tweak::BondedSlots(slots) => desk(&|params| params.slots = slots),
            Tweak::RecordAge(seconds) => desk(&|params| params.max_age = seconds),
            Tweak::DrawDelay(seconds) => desk(&|params| params.draw_delay = seconds),
            Tweak::CloseDelay(seconds) => desk(&|params| params.close_delay = seconds),
            Tweak::TokenHaircut { token, base, flat } => pledged(token, &|config| {
                let haircut = &mut config.terms.haircut;
                haircut.base = Ratio::bps(base);
                haircut.maximum = Ratio::bps(base + 3_000);
                if flat {
                    haircut.slope = Ratio::ZERO;
                }
            }),
            Tweak::TokenCap { token, usd: cap } => pledged(token, &|config| config.cap = usd(cap)),
            Tweak::TokenCloses { token, closes } => pledged(token, &|config| config.terms.closing = closes),
            Tweak::SalePenalty(bps) => sales(&|params| params.penalty = Ratio::bps(bps)),
            Tweak::SaleTail(seconds) => sales(&|params| params.auction.tail = seconds),
            Tweak::SpotFee(bps) => {
                let params = spot::Params { fee: Ratio::bps(bps), ..live.spot.0.clone() };
                Self::Spot(spot::Change::Params { params })
            }
            Tweak::SyntheticStatus { synthetic: n, status } => synthetic(n, &|config| {
                config.status =
                    [SyntheticStatus::Open, SyntheticStatus::CloseOnly, SyntheticStatus::Delisted]
                        [usize::from(status)];
            }),
            Tweak::SyntheticCap { synthetic: n, usd: cap } => {
                synthetic(n, &|config| config.skew_cap = usd(cap))
            }
            Tweak::SyntheticPremium { synthetic: n, bps } => {
                synthetic(n, &|config| config.premium_cap = Ratio::bps(bps))
            }
            Tweak::SwapStatus(status) => swaps(&|config| {
                config.status = [reserve::Status::Open, reserve::Status::OutOnly, reserve::Status::Closed]
                    [usize::from(status)];
            }),
            Tweak::SwapBand(bps) => swaps(&|config| config.band = Ratio::bps(bps)),
            Tweak::SwapCeiling(n) => swaps(&|config| config.ceiling = usd(n)),
            Tweak::SwapFees { in_bps, least, most } => swaps(&|config| {
                config.fee_in = Ratio::bps(in_bps);
                config.fee_out = reserve::OutFee { least: Ratio::bps(least), most: Ratio::bps(most) };
            }),
            Tweak::SupplyShare(bps) => {
                let params = reserve::Params { supply_share: Ratio::bps(bps), ..live.reserve.0 };
                Self::Reserve(reserve::Change::Params { params })
            }
            Tweak::Line { market, usd: line } => Self::Pool(pool::Change::SetLine {
                market: chain.contract(LISTED[market]).unwrap().into_string(),
                line: usd(line),
            }),
            Tweak::Ceiling { of, gap } => {
                let ceiling = pool::Ceiling { max: usd(4 * gap), gap: usd(gap), ttl: 100 };
                let ceiling = (gap > 0).then_some(ceiling);
                Self::Pool(pool::Change::SetCeiling { of: ceilinged(of, chain), ceiling })
            }
            Tweak::Growth(0) => params(&|params| params.breakers = None),
            Tweak::Growth(bps) => params(&|params| {
                let growth = Breaker {
                    caution: Some(Ratio::bps(bps)),
                    close_only: Some(Ratio::bps(2 * bps)),
                    emergency: None,
                    release: Ratio::percent(50),
                };
                let breakers = params.breakers.unwrap_or_default();
                params.breakers = Some(pool::Breakers { debt_growth: growth, ..breakers });
            }),
            Tweak::SupplyCeiling(n) => params(&|params| params.supply_ceiling = usd(n)),
            Tweak::ImpactDepth(n) => params(&|params| params.impact_depth = usd(n)),
            Tweak::Losses { draw_cap, budget } => params(&|params| {
                let limits =
                    pool::LossLimits { draw_cap: Ratio::bps(draw_cap), loss_budget: Ratio::bps(budget) };
                params.losses = (draw_cap > 0).then_some(limits);
            }),
            Tweak::ExitDelay(n) => params(&|params| params.exit_delay = n),
            Tweak::MinimumStay(n) => params(&|params| params.minimum_stay = n),
            Tweak::IssuanceRatio { vault: n, bps } => {
                vault(n, &|vault| vault.issuance_ratio = Ratio::bps(bps))
            }
            Tweak::LiquidationRatio { vault: n, bps } => {
                vault(n, &|vault| vault.liquidation_ratio = Ratio::bps(bps))
            }
            Tweak::VaultPenalty { vault: n, bps } => {
                vault(n, &|vault| vault.liquidation_penalty = Ratio::bps(bps))
            }
            Tweak::StabilityFee { vault: n, bps } => vault(n, &|vault| vault.stability_fee = Ratio::bps(bps)),
            Tweak::VaultConfidence { vault: n, bps } => {
                vault(n, &|vault| vault.maximum_confidence = Ratio::bps(bps))
            }
            Tweak::MinimumDeposit { vault: n, usd: least } => {
                vault(n, &|vault| vault.minimum_deposit = usd(least))
            }
            Tweak::MinimumDebt { vault: n, usd: least } => vault(n, &|vault| vault.minimum_debt = usd(least)),
            Tweak::DepositCap { vault: n, tokens } => vault(n, &|vault| {
                let unit = 10u128.pow(u32::from(vault.decimals));
                vault.deposit_cap = Amount::new(u128::from(tokens) * unit);
            }),
            Tweak::DebtCeiling { vault: n, usd: most } => vault(n, &|vault| vault.debt_ceiling = usd(most)),
            Tweak::Fee { market: m, bps } => market(m, &|params| params.fee = Ratio::bps(bps)),
            Tweak::Velocity { market: m, per_day } => {
                let rate = Rate::new(i128::from(per_day) * 1_000_000_000_000_000_000);
                market(m, &|params| params.funding.velocity = rate)
            }
            Tweak::RateCap { market: m, bps } => {
                let rate = Rate::new(Ratio::bps(bps).raw().try_into().unwrap());
                market(m, &|params| params.funding.rate_cap = rate)
            }
            Tweak::Slippage { market: m, bps } => {
                market(m, &|params| params.maximum_slippage = Ratio::bps(bps))
            }
            Tweak::Haircut { market: m, bps } => market(m, &|params| params.profit_haircut = Ratio::bps(bps)),
            Tweak::EmptyIntervals { market: m, count } => {
                market(m, &|params| params.maximum_empty_intervals = count)
            }
            Tweak::Reward { market: m, usd: n } => market(m, &|params| params.liquidation.reward = usd(n)),
            Tweak::Status { market: m, perp: k, status } => perp(m, k, &|config| {
                config.status =
                    [PerpStatus::Open, PerpStatus::CloseOnly, PerpStatus::Delisted][usize::from(status)];
            }),
            Tweak::InitialMargin { market: m, perp: k, bps } => {
                perp(m, k, &|config| config.initial_margin = Ratio::bps(bps))
            }
            Tweak::SkewCap { market: m, perp: k, usd: n } => perp(m, k, &|config| config.skew_cap = usd(n)),
            Tweak::OpenInterestCap { market: m, perp: k, usd: n } => {
                perp(m, k, &|config| config.open_interest_cap = usd(n))
            }
            Tweak::PremiumCap { market: m, perp: k, bps } => {
                perp(m, k, &|config| config.premium_cap = Ratio::bps(bps))
            }
            Tweak::MinimumNotional { market: m, perp: k, usd: n } => {
                perp(m, k, &|config| config.minimum_notional = usd(n))
            }
            Tweak::VaultHole { vault: n, usd: hole } => limits(n, &|limits| limits.hole = usd(hole)),
            Tweak::Discount { vault: n, bps } => limits(n, &|limits| limits.discount = Ratio::bps(bps)),
            Tweak::Daily { vault: n, bps } => limits(n, &|limits| limits.daily = Ratio::bps(bps)),
            Tweak::WithdrawalDelay(n) => seller(&|params| params.withdrawal_delay = n),
            Tweak::Notes { lot, step, ceiling } => {
                let (lot, step, ceiling) = (usd(lot), Ratio::bps(step), usd(ceiling));
                let notes = liquidator::NoteParams { lot, step, ceiling, ..live.notes };
                Self::Liquidator(liquidator::Change::Notes { notes })
            }
            Tweak::NoteShare(bps) => params(&|params| params.note_share = Ratio::bps(bps)),
            Tweak::Hole(n) => seller(&|params| params.hole = usd(n)),
            Tweak::StopLevel(level) => seller(&|params| params.stop_level = level),
            Tweak::Tail { vault: n, seconds } => auction(n, &|params| params.tail = seconds),
            Tweak::Dust { vault: n, usd: least } => auction(n, &|params| params.dust = usd(least)),
            Tweak::Tip { vault: n, usd: tip } => auction(n, &|params| params.tip = usd(tip)),
            Tweak::Staleness { trade, liquidate } => Self::Oracle(oracle::Change::Staleness {
                staleness: Staleness { trade, liquidate, view: 300 },
            }),
            Tweak::Breaker { bps, cool_down } => {
                let mut breaker = live.breaker.unwrap();
                breaker.breaker.caution = Some(Ratio::bps(bps));
                breaker.cool_down = cool_down;
                Self::Oracle(oracle::Change::Breaker { breaker: Some(breaker) })
            }
            Tweak::Sigmas(bps) => {
                let mut covariance = live.covariance.clone();
                for (sigma, bps) in covariance.sigmas.iter_mut().zip(bps) {
                    *sigma = Ratio::new(Ratio::bps(bps).raw() / 10 + 1);
                }
                Self::Oracle(oracle::Change::Covariance { covariance })
            }
        }
    }

    pub fn contract(&self) -> &'static str {
        match self {
            Self::Pool(_) => "pool",
            Self::Market(m, _) => MARKETS[*m],
            Self::Liquidator(_) => "liquidator",
            Self::Oracle(_) => "oracle",
            Self::Spot(_) => "spot",
            Self::Reserve(_) => "reserve",
            Self::Custody(_) => "custody",
            Self::Desk(_) => sdp_embedded::DESK,
        }
    }

    /// Asks for it.
    pub fn ask(&self, chain: &mut Chain, who: &str) -> Result<sdp_embedded::Answer, ChainError> {
        let contract = self.contract();
        match self.clone() {
            Self::Pool(change) => chain.execute(who, contract, &pool::ExecuteMsg::Configure { change }, &[]),
            Self::Market(_, change) => {
                chain.execute(who, contract, &market::ExecuteMsg::Configure { change }, &[])
            }
            Self::Liquidator(change) => {
                chain.execute(who, contract, &liquidator::ExecuteMsg::Configure { change }, &[])
            }
            Self::Oracle(change) => {
                chain.execute(who, contract, &oracle::ExecuteMsg::Configure { change }, &[])
            }
            Self::Spot(change) => chain.execute(who, contract, &spot::ExecuteMsg::Configure { change }, &[]),
            Self::Custody(change) => {
                chain.execute(who, contract, &custody::ExecuteMsg::Configure { change }, &[])
            }
            Self::Desk(change) => {
                chain.execute(who, contract, &bonded::ExecuteMsg::Configure { change }, &[])
            }
            Self::Reserve(change) => {
                chain.execute(who, contract, &reserve::ExecuteMsg::Configure { change }, &[])
            }
        }
    }

    /// Whether it can be applied now: what is delisted stays so.
    pub fn fits(&self, live: &Live) -> bool {
        match self {
            Self::Market(m, market::Change::UpdatePerp { perp, config }) => {
                let now = live.markets[*m].1[usize::from(*perp)].status;
                now != PerpStatus::Delisted || config.status == PerpStatus::Delisted
            }
            Self::Spot(spot::Change::UpdateSynthetic { synthetic, config }) => {
                let now = live.spot.1[usize::from(*synthetic)].status;
                now != SyntheticStatus::Delisted || config.status == SyntheticStatus::Delisted
            }
            _ => true,
        }
    }

    /// It comes into force.
    pub fn apply(&self, live: &mut Live, chain: &Chain) -> Message {
        Message::Change(match self.clone() {
            Self::Pool(pool::Change::SetLine { market, line }) => {
                let of = |name: &str| chain.contract(name).unwrap().as_str() == market;
                let market = LISTED.iter().position(|name| of(name)).unwrap();
                live.lines[market] = line;
                Told::Line { market, line: whole(line.raw()) }
            }
            Self::Pool(pool::Change::SetCeiling { of, ceiling }) => {
                let named = |of: &Of| ceilinged(*of, chain);
                let of =
                    crate::choose::CEILINGS.into_iter().find(|candidate| named(candidate) == of).unwrap();
                let follows = ceiling.map(|ceiling| {
                    (whole(ceiling.max.raw()), whole(ceiling.gap.raw()), u64::from(ceiling.ttl))
                });
                Told::Ceiling { of, follows }
            }
            Self::Pool(change) => {
                match change {
                    pool::Change::Params { params } => live.pool = params,
                    pool::Change::UpdateVault { vault, config } => live.vaults[usize::from(vault)] = config,
                    other => panic!("{other:?}"),
                }
                Told::Pool(Box::new(live.pool_config()))
            }
            Self::Market(market, market::Change::Params { params }) => {
                live.markets[market].0 = params.clone();
                Told::MarketParams { market, params: Box::new(market_params(&params)) }
            }
            Self::Market(market, market::Change::UpdatePerp { perp: k, config }) => {
                live.markets[market].1[usize::from(k)] = config.clone();
                Told::Perp { market, perp: k.into(), config: Box::new(perp(&config)) }
            }
            Self::Liquidator(change) => {
                match change {
                    liquidator::Change::Params { params } => live.liquidator = params,
                    liquidator::Change::Auction { vault, params } => {
                        live.auctions[usize::from(vault)] = params;
                    }
                    liquidator::Change::Notes { notes } => live.notes = notes,
                    liquidator::Change::Limits { vault, limits } => live.limits[usize::from(vault)] = limits,
                    other => panic!("{other:?}"),
                }
                Told::Liquidator(Box::new(live.liquidator_config()))
            }
            Self::Spot(spot::Change::Params { params }) => {
                live.spot.0 = params;
                Told::Spot(Box::new(live.spot_params()))
            }
            Self::Spot(spot::Change::UpdateSynthetic { synthetic, config }) => {
                let synthetic = usize::from(synthetic);
                live.spot.1[synthetic] = config;
                Told::Synthetic { synthetic, config: Box::new(live.synthetic(synthetic)) }
            }
            Self::Reserve(change) => {
                match change {
                    reserve::Change::Params { params } => live.reserve.0 = params,
                    reserve::Change::UpdateToken { token, config } => {
                        live.reserve.1[usize::from(token)] = config;
                    }
                    other => panic!("{other:?}"),
                }
                Told::Reserve(Box::new(live.reserve_config()))
            }
            Self::Custody(change) => {
                match change {
                    custody::Change::Params { params } => live.custody.0 = params,
                    custody::Change::UpdateToken { token, config } => {
                        live.custody.1[usize::from(token)] = config;
                    }
                    other => panic!("{other:?}"),
                }
                Told::Custody(Box::new(live.custody_config()))
            }
            Self::Desk(bonded::Change::Params { params }) => {
                live.desk = params;
                Told::Desk(Box::new(live.desk_config()))
            }
            Self::Oracle(oracle::Change::Staleness { staleness: Staleness { trade, liquidate, .. } }) => {
                live.staleness = (trade, liquidate);
                Told::Staleness { trade: trade.into(), liquidate: liquidate.into() }
            }
            Self::Oracle(oracle::Change::Breaker { breaker: terms }) => {
                live.breaker = terms;
                Told::Breaker(terms.as_ref().map(feed_breaker))
            }
            Self::Oracle(oracle::Change::Covariance { covariance }) => {
                live.covariance = covariance;
                Told::Covariance { sigmas: live.sigmas(), correlations: live.correlations() }
            }
            other => panic!("{other:?}"),
        })
    }
}
