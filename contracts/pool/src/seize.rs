//! The liquidator takes a position below its liquidation ratio: collateral and debt, whole or as much as the hole allows.

use cosmwasm_std::{to_json_binary, Addr, DepsMut, Env, MessageInfo, Response, Storage};
use sdp_types::book::VaultState;
use sdp_types::contract::nonpayable;
use sdp_types::events::Seized;
use sdp_types::math::mul_div_floor;
use sdp_types::pool::{Seizure, VaultConfig};
use sdp_types::{ensure, Error, Price, Ratio, Result, Rounding, Shares, Usd};

use sdp_book::position::{close, debt, load, parts, ratio, repay, take_out};
use sdp_book::state::{self, Position};
use sdp_book::sync::Synced;

/// [`sdp_types::pool::ExecuteMsg::Seize`].
pub fn seize(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    number: u8,
    owner: &str,
    room: Usd,
    dust: Usd,
) -> Result<Response> {
    // who may
    nonpayable(info)?;
    only_liquidator(deps.storage, &info.sender)?;

    // load
    let owner = deps.api.addr_validate(owner)?;
    let mut synced = Synced::load(deps.as_ref(), env)?;
    synced.runs()?;
    let config = state::vault(deps.storage, number)?;
    let mut position = load(deps.as_ref(), &synced.book, number, &owner)?;
    let price = synced.quote(number)?.price;

    // what must hold
    let plan = Plan::new(synced.vault(number)?, &config, &position, price)?;
    let Part { tab, penalty, shares } = plan.cut(room, dust, synced.book.ledger.tab, position.shares)?;

    // compute
    let (ledger, vault) = parts(&mut synced.book, number)?;
    ledger.position_seized(tab)?;
    repay(vault, &mut position, tab)?;
    let lot = take_out(vault, &mut position, shares)?;
    ensure(!lot.is_zero(), || Error::Zero { what: "lot".into() })?;
    let gone = position.shares.is_zero();
    if gone {
        close(ledger, vault, &position)?;
    }
    synced.refresh_weight(number);

    // save
    if gone {
        state::remove_position(deps.storage, deps.api, number, &owner)?;
    } else {
        state::save_position(deps.storage, deps.api, number, &owner, &position)?;
    }

    // tell
    let message = config.token.send(&info.sender, lot)?;
    let VaultConfig { token, feed, decimals, .. } = config;
    let data = to_json_binary(&Seizure { token, lot, tab, penalty, feed, decimals, price })?;
    let told = Seized { vault: number, owner: owner.into(), lot, tab, penalty };
    Ok(synced.save(deps.storage)?.add_event(told).add_message(message).set_data(data))
}

/// `E0104` for everybody but the liquidator.
pub fn only_liquidator(storage: &dyn Storage, sender: &Addr) -> Result<()> {
    let liquidator = state::terms(storage)?.liquidator;
    ensure(liquidator.as_ref() == Some(sender), || Error::WrongCaller {
        sender: sender.to_string(),
        expected: liquidator.map_or_else(|| "no liquidator".into(), Into::into),
    })
}

/// A position that can be seized, in full.
struct Plan {
    debt: Usd,
    penalty: Ratio,
}

/// What is taken of it.
struct Part {
    tab: Usd,
    penalty: Usd,
    shares: Shares,
}

impl Plan {
    /// `E0313` unless value ÷ debt is below the liquidation ratio, both as of now.
    fn new(vault: &VaultState, config: &VaultConfig, position: &Position, price: Price) -> Result<Self> {
        let held = vault.book.amount_of(position.shares, position.epoch)?;
        let value = price.value_of(held, config.decimals, Rounding::Down)?;
        let debt = debt(position)?;
        let (ratio, required) = (ratio(value, debt).unwrap_or(Ratio::MAX), config.liquidation_ratio);
        ensure(ratio < required, || Error::AboveLiquidationRatio { ratio, required })?;
        Ok(Self { debt: debt.positive_part(), penalty: config.liquidation_penalty })
    }

    /// The whole position where it fits into `room`, else a part in proportion, rounded down: `E0321` if that is less than
    /// `dust`.
    fn cut(&self, room: Usd, dust: Usd, outstanding: Usd, shares: Shares) -> Result<Part> {
        let penalty = self.debt.scale(self.penalty, Rounding::Down)?;
        if self.debt.plus(penalty)? <= room {
            return Ok(Part { tab: self.debt, penalty, shares });
        }
        let tab = room.unscale(Ratio::ONE.plus(self.penalty)?, Rounding::Down)?;
        let penalty = tab.scale(self.penalty, Rounding::Down)?;
        let enough = !tab.is_zero() && tab.plus(penalty)? >= dust;
        ensure(enough, || Error::HoleFull { outstanding, room, needed: dust })?;
        // room < debt·(1 + penalty), so tab < debt, and at least one share stays
        let part = mul_div_floor(shares.raw(), tab.raw(), self.debt.raw())?;
        Ok(Part { tab, penalty, shares: Shares::new(part) })
    }
}
