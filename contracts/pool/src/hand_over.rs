//! A position, or a part of it, goes to another owner: offered by the one, accepted by the other, because debt comes with it.
//!
//! So a position is split (a part goes to another address of the same person) and two are merged (the whole goes to an owner who has one).

use cosmwasm_std::{Addr, Deps, DepsMut, Env, MessageInfo, Response};
use sdp_types::contract::nonpayable;
use sdp_types::events::{PositionHandedOver, PositionOffered};
use sdp_types::math::Wide;
use sdp_types::pool::VaultConfig;
use sdp_types::{ensure, Amount, Error, Price, Result, Rounding, Shares, Usd};

use sdp_book::exit::ready_at;
use sdp_book::position::{begin, debt, find, load, owes_enough, ratio};
use sdp_book::state::{self, Offer, Position};
use sdp_book::sync::Synced;

/// [`sdp_types::pool::ExecuteMsg::OfferPosition`].
pub fn offer(
    deps: DepsMut<'_>,
    info: &MessageInfo,
    number: u8,
    to: Option<String>,
    amount: Option<Amount>,
) -> Result<Response> {
    nonpayable(info)?;
    let owner = &info.sender;
    let Some(to) = to else {
        let standing = state::offer(deps.storage, deps.api, number, owner)?;
        ensure(standing.is_some(), || not_offered(number, owner))?;
        state::save_offer(deps.storage, deps.api, number, owner, None)?;
        let told = PositionOffered { vault: number, owner: owner.to_string(), to: String::new() };
        return Ok(Response::new().add_event(told));
    };
    let to = deps.api.addr_validate(&to)?;
    ensure(to != *owner, || Error::Duplicate { what: "owner".into(), key: to.to_string() })?;
    ensure(amount != Some(Amount::ZERO), || Error::Zero { what: "amount".into() })?;
    let none = || Error::NoPosition { vault: number.into(), owner: owner.to_string() };
    let position = state::position(deps.storage, deps.api, number, owner)?.ok_or_else(none)?;

    let told = PositionOffered { vault: number, owner: owner.to_string(), to: to.to_string() };
    let offer = Offer { to, amount, joined_at: position.joined_at };
    state::save_offer(deps.storage, deps.api, number, owner, Some(&offer))?;
    Ok(Response::new().add_event(told))
}

/// [`sdp_types::pool::ExecuteMsg::AcceptPosition`].
pub fn accept(deps: DepsMut<'_>, env: &Env, info: &MessageInfo, number: u8, owner: &str) -> Result<Response> {
    // who may
    nonpayable(info)?;
    let (owner, heir) = (deps.api.addr_validate(owner)?, &info.sender);
    let offer = state::offer(deps.storage, deps.api, number, &owner)?.filter(|offer| offer.to == *heir);
    let offer = offer.ok_or_else(|| not_offered(number, &owner))?;

    // load
    let synced = Synced::load(deps.as_ref(), env)?;
    synced.runs()?;
    let config = state::vault(deps.storage, number)?;
    let mut given = load(deps.as_ref(), &synced.book, number, &owner)?;
    ensure(given.joined_at == offer.joined_at, || not_offered(number, &owner))?;
    let mut received = receiving(deps.as_ref(), &synced, number, (heir, &given))?;
    if let Some(waiting) = given.exit.as_ref().or(received.exit.as_ref()) {
        let ready_at = ready_at(waiting, &synced.terms.params);
        return Err(Error::ExitAlreadyRequested { ready_at });
    }

    // compute
    let part = Part::of(&synced, number, &given, offer.amount)?;
    let rules = Rules { price: synced.quote(number)?.price, synced: &synced, config: &config, number };
    rules.sound(&given)?;
    given.shares = given.shares.minus(part.shares)?;
    given.principal = given.principal.minus(part.principal)?;
    given.minted = given.minted.minus(part.minted)?;
    received.shares = received.shares.plus(part.shares)?;
    received.principal = received.principal.plus(part.principal)?;
    received.minted = received.minted.plus(part.minted)?;
    // as old as the older one, so that nobody is tested at less than the debt that he may have
    received.joined_at = received.joined_at.min(given.joined_at);
    let whole = given.shares.is_zero();
    if !whole {
        rules.large_enough(&given)?;
    }
    rules.large_enough(&received)?;

    // save
    state::save_offer(deps.storage, deps.api, number, &owner, None)?;
    if whole {
        state::remove_position(deps.storage, deps.api, number, &owner)?;
    } else {
        state::save_position(deps.storage, deps.api, number, &owner, &given)?;
    }
    state::save_position(deps.storage, deps.api, number, heir, &received)?;

    // tell
    let (from, to) = (owner.into(), heir.to_string());
    let told =
        PositionHandedOver { vault: number, from, to, shares: part.shares, debt_exact: part.principal };
    Ok(synced.save(deps.storage)?.add_event(told))
}

fn not_offered(vault: u8, owner: &Addr) -> Error {
    Error::NotOffered { vault: vault.into(), owner: owner.to_string() }
}

/// What the heir has already, accrued; else a position without shares.
fn receiving(
    deps: Deps<'_>,
    synced: &Synced,
    number: u8,
    (heir, given): (&Addr, &Position),
) -> Result<Position> {
    let there = find(deps, &synced.book, number, heir)?;
    Ok(there.unwrap_or(begin(synced.vault(number)?, given.joined_at)))
}

/// What is handed over: shares, and of the debt as much as they are of all of the position's, rounded down to 10⁻²⁷ micro-USD, and of its
/// minted part to a micro-USD.
struct Part {
    shares: Shares,
    principal: Wide,
    minted: Usd,
}

impl Part {
    fn of(synced: &Synced, number: u8, given: &Position, amount: Option<Amount>) -> Result<Self> {
        let book = &synced.vault(number)?.book;
        let held = book.amount_of(given.shares, given.epoch)?;
        let Some(amount) = amount.filter(|amount| *amount < held) else {
            return Ok(Self { shares: given.shares, principal: given.principal, minted: given.minted });
        };
        let shares = book.shares_for(amount)?;
        ensure(!shares.is_zero(), || Error::Zero { what: "shares".into() })?;
        let principal = given.principal.times(shares.wide())?.div_floor(given.shares.wide())?;
        let minted = given.minted.fraction(shares.raw(), given.shares.raw(), Rounding::Down)?;
        Ok(Self { shares, principal, minted })
    }
}

/// What both positions have to keep to.
struct Rules<'a> {
    synced: &'a Synced,
    config: &'a VaultConfig,
    number: u8,
    price: Price,
}

impl Rules<'_> {
    fn value(&self, position: &Position) -> Result<Usd> {
        let held = self.synced.vault(self.number)?.book.amount_of(position.shares, position.epoch)?;
        self.price.value_of(held, self.config.decimals, Rounding::Down)
    }

    /// A position that can be seized stays where those who look for it find it: `E0344`.
    fn sound(&self, position: &Position) -> Result<()> {
        let (ratio, required) =
            (ratio(self.value(position)?, debt(position)?), self.config.liquidation_ratio);
        let sound = ratio.is_none_or(|ratio| ratio >= required);
        ensure(sound, || Error::BelowLiquidationRatio { ratio: ratio.unwrap_or_default(), required })
    }

    /// Neither is smaller than what anybody may have: `E0303`, `E0305`.
    fn large_enough(&self, position: &Position) -> Result<()> {
        let (value, minimum) = (self.value(position)?, self.config.minimum_deposit);
        ensure(value >= minimum, || Error::BelowMinimumDeposit { value, minimum })?;
        owes_enough(debt(position)?, self.config.minimum_debt)
    }
}
