//! What every configuration must satisfy, and which change only tightens.

use cosmwasm_std::{Addr, Api, QuerierWrapper};
use sdp_types::board::Board;
use sdp_types::contract::in_range;
use sdp_types::governance::MAX_CHANGE_DELAY;
use sdp_types::pool::{Breakers, Params, Token, VaultConfig};
use sdp_types::units::{MAX_AMOUNT, MAX_USD};
use sdp_types::{ensure, Amount, Error, Ratio, Result, Usd};

/// Longest exit delay, exit window and minimum stay: 30 days.
pub const MAX_WAIT: u64 = 30 * 86_400;
/// Longest cool-down and hold of a breaker: 7 days.
pub const MAX_HOLD: u32 = 7 * 86_400;
/// Highest issuance ratio: 10,000 %.
pub const MAX_RATIO: Ratio = Ratio::percent(10_000);

/// What the rules need to know of the oracle.
pub struct Feeds {
    count: usize,
    ring_seconds: u64,
}

impl Feeds {
    /// Reads the oracle's board, which has a quote of every feed.
    pub fn of(querier: &QuerierWrapper<'_>, oracle: &Addr) -> Result<Self> {
        let Board { intervals, quotes, .. } = Board::of(querier, oracle)?;
        let ring_seconds = u64::from(intervals.slots) * u64::from(intervals.seconds);
        Ok(Self { count: quotes.len(), ring_seconds })
    }
}

/// Ranges of the parameters; the exit window is at most what the oracle's ring keeps.
pub fn params(params: &Params, feeds: &Feeds) -> Result<()> {
    in_range("impact_depth", params.impact_depth, Usd::new(1), MAX_USD)?;
    in_range("supply_ceiling", params.supply_ceiling, Usd::ZERO, MAX_USD)?;
    in_range("exit_delay", params.exit_delay, 0, MAX_WAIT)?;
    in_range("exit_window", params.exit_window, 1, MAX_WAIT)?;
    in_range("minimum_stay", params.minimum_stay, 0, MAX_WAIT)?;
    in_range("change_delay", params.change_delay, 0, MAX_CHANGE_DELAY)?;
    if let Some(risk) = &params.risk {
        in_range("risk.markets", risk.markets, Ratio::new(1), Ratio::ONE)?;
        in_range("risk.total", risk.total, Ratio::new(1), Ratio::ONE)?;
        in_range("risk.high", risk.high, Ratio::ZERO, Ratio::ONE)?;
        in_range("risk.low", risk.low, Ratio::ZERO, Ratio::ONE)?;
    }
    if let Some(losses) = &params.losses {
        in_range("losses.draw_cap", losses.draw_cap, Ratio::ZERO, Ratio::ONE)?;
        in_range("losses.loss_budget", losses.loss_budget, Ratio::ZERO, Ratio::ONE)?;
    }
    in_range("note_share", params.note_share, Ratio::ZERO, Ratio::ONE)?;
    if let Some(least) = params.least_depth {
        in_range("least_depth", least, Usd::new(1), params.impact_depth)?;
    }
    if let Some(breakers) = &params.breakers {
        self::breakers(breakers)?;
    }
    let (window, ring) = (params.exit_window, feeds.ring_seconds);
    ensure(window <= ring, || {
        Error::bad_config("exit_window <= seconds that the oracle's ring keeps", window, ring)
    })
}

fn breakers(breakers: &Breakers) -> Result<()> {
    breakers.utilisation.validate("breakers.utilisation")?;
    breakers.shortfall.validate("breakers.shortfall")?;
    breakers.debt_growth.validate("breakers.debt_growth")?;
    breakers.withdrawals.validate("breakers.withdrawals")?;
    in_range("breakers.insurance_floor", breakers.insurance_floor, Ratio::ZERO, Ratio::ONE)?;
    in_range("breakers.cool_down", breakers.cool_down, 0, MAX_HOLD)?;
    in_range("breakers.hold", breakers.hold, 0, MAX_HOLD)
}

fn breakers_tighten(old: &Option<Breakers>, new: &Option<Breakers>) -> bool {
    match (old, new) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(old), Some(new)) => {
            new.utilisation.tightens(&old.utilisation)
                && new.shortfall.tightens(&old.shortfall)
                && new.debt_growth.tightens(&old.debt_growth)
                && new.withdrawals.tightens(&old.withdrawals)
                && new.insurance_floor >= old.insurance_floor
                && new.cool_down >= old.cool_down
                && new.hold >= old.hold
        }
    }
}

/// Ranges and relations of one vault.
pub fn vault(vault: &VaultConfig, feeds: &Feeds, sdusd: &Addr, api: &dyn Api) -> Result<()> {
    let VaultConfig { issuance_ratio, liquidation_ratio, liquidation_penalty, .. } = *vault;
    match &vault.token {
        Token::Native(denom) => ensure(!denom.is_empty(), || Error::UnknownToken { token: denom.clone() })?,
        Token::Cw20(address) => {
            let address = api.addr_validate(address)?;
            ensure(address != *sdusd, || Error::bad_config("token != sdusd", &address, sdusd))?;
        }
    }
    in_range("decimals", vault.decimals, 0, 24)?;
    let known = usize::from(vault.feed) < feeds.count;
    ensure(known, || Error::UnknownFeed { feed: vault.feed.into() })?;

    in_range("issuance_ratio", issuance_ratio, Ratio::ONE, MAX_RATIO)?;
    in_range("liquidation_penalty", liquidation_penalty, Ratio::ZERO, Ratio::new(Ratio::ONE.raw() - 1))?;
    ensure(issuance_ratio > liquidation_ratio, || {
        Error::bad_config("issuance_ratio > liquidation_ratio", issuance_ratio, liquidation_ratio)
    })?;
    let cost = Ratio::ONE.plus(liquidation_penalty)?;
    ensure(liquidation_ratio > cost, || {
        Error::bad_config("liquidation_ratio > 1 + liquidation_penalty", liquidation_ratio, cost)
    })?;

    in_range(
        "maximum_confidence",
        vault.maximum_confidence,
        Ratio::new(1),
        Ratio::new(Ratio::ONE.raw() - 1),
    )?;
    in_range("stability_fee", vault.stability_fee, Ratio::ZERO, Ratio::ONE)?;
    in_range("minimum_deposit", vault.minimum_deposit, Usd::new(1), MAX_USD)?;
    in_range("minimum_debt", vault.minimum_debt, Usd::ZERO, MAX_USD)?;
    in_range("deposit_cap", vault.deposit_cap, Amount::ZERO, MAX_AMOUNT)?;
    in_range("debt_ceiling", vault.debt_ceiling, Usd::ZERO, MAX_USD)
}

/// What can't change in a vault: `E0107`.
pub fn same_kind(old: &VaultConfig, new: &VaultConfig) -> Result<()> {
    ensure(old.token == new.token, || Error::bad_config("token stays", &new.token, &old.token))?;
    ensure(old.decimals == new.decimals, || Error::bad_config("decimals stay", new.decimals, old.decimals))?;
    ensure(old.feed == new.feed, || Error::bad_config("feed stays", new.feed, old.feed))
}

/// A credit line's range.
pub fn line(line: Usd) -> Result<()> {
    in_range("line", line, Usd::ZERO, MAX_USD)
}

/// Params that are nowhere looser.
pub fn params_tighten(old: &Params, new: &Params) -> bool {
    new.impact_depth <= old.impact_depth
        && new.supply_ceiling <= old.supply_ceiling
        && new.exit_delay >= old.exit_delay
        && new.exit_window == old.exit_window
        && new.minimum_stay >= old.minimum_stay
        && new.change_delay >= old.change_delay
        // less of a loss for one is more of it for another
        && new.losses == old.losses
        && new.note_share == old.note_share
        && breakers_tighten(&old.breakers, &new.breakers)
        && match (old.least_depth, new.least_depth) {
            (_, None) => old.least_depth.is_none(),
            (None, Some(_)) => true,
            (Some(old), Some(new)) => new <= old,
        }
        && match (&old.risk, &new.risk) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(old), Some(new)) => {
                new.markets <= old.markets
                    && new.total <= old.total
                    && new.high >= old.high
                    && new.low >= old.low
            }
        }
}

/// A vault that is nowhere looser, and liquidates as before.
pub fn vault_tightens(old: &VaultConfig, new: &VaultConfig) -> bool {
    new.issuance_ratio >= old.issuance_ratio
        && new.minimum_debt >= old.minimum_debt
        && new.minimum_deposit >= old.minimum_deposit
        && new.deposit_cap <= old.deposit_cap
        && new.debt_ceiling <= old.debt_ceiling
        && new.maximum_confidence == old.maximum_confidence
        && new.liquidation_ratio == old.liquidation_ratio
        && new.liquidation_penalty == old.liquidation_penalty
        && new.stability_fee == old.stability_fee
}
