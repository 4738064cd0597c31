//! An owner places orders of an account.

use cosmwasm_std::{Deps, DepsMut, Env, Event, MessageInfo, Response};
use sdp_book::remote::Remote;
use sdp_perps::delegation::trades;
use sdp_perps::state::AccountKey;
use sdp_types::contract::in_range;
use sdp_types::error::OrdersError;
use sdp_types::orders::{NewOrder, MAX_PLACED};
use sdp_types::units::MAX_SIZE;
use sdp_types::{ensure, Error, Result, Size};

use crate::desk::Desk;
use crate::state::{self, Conditional, Config, Link};

/// [`sdp_types::orders::ExecuteMsg::Place`].
pub fn place(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    number: u16,
    orders: &[NewOrder],
    linked: bool,
) -> Result<Response> {
    let config = state::config(deps.storage)?;
    let account = AccountKey::of(deps.api, info.sender.as_str(), number)?;
    let (count, most) = (orders.len(), MAX_PLACED);
    ensure((1..=most).contains(&count), || Error::out_of_range("orders", count, 1, most))?;
    let perp = orders.first().map(|order| order.perp).unwrap_or_default();
    let other = orders.iter().map(|order| order.perp).find(|other| linked && *other != perp);
    if let Some(other) = other {
        return Err(OrdersError::LinkedApart { perp: perp.into(), other: other.into() }.into());
    }

    let (own, storage) = (deps.as_ref(), &*deps.storage);
    let terms = Terms { deps: own, env, config: &config, account: &account };
    let mut desk = Desk::load(storage)?;
    // what is linked with nothing cancels nothing
    let link = (linked && count > 1).then(|| desk.next());
    let mut told: Vec<Event> = Vec::with_capacity(count);
    let mut members = Vec::new();
    for order in orders {
        members.push(desk.next());
        let order = terms.conditional(order, link)?;
        told.push(desk.place(storage, deps.api, order, (config.params.most_waiting, None))?);
    }
    if let Some(number) = link {
        desk.put_link(number, Link { members, ..Link::default() });
    }
    desk.save(deps.storage)?;
    Ok(Response::new().add_events(told))
}

/// What an order has to keep.
pub struct Terms<'a> {
    /// Own storage, and whom to ask.
    pub deps: Deps<'a>,
    /// This block and this contract.
    pub env: &'a Env,
    /// Which market, and what holds.
    pub config: &'a Config,
    /// Whose account.
    pub account: &'a AccountKey,
}

impl Terms<'_> {
    /// The order as it is stored, if it can be placed. `E0904` and the errors of [`Self::sensible`].
    pub fn conditional(&self, order: &NewOrder, link: Option<u64>) -> Result<Conditional> {
        let good_till = self.sensible(order)?;
        self.delegated(order.perp, good_till)?;
        Ok(self.unchecked(order, good_till, link))
    }

    /// The order as it would be stored.
    pub fn unchecked(&self, order: &NewOrder, good_till: u64, link: Option<u64>) -> Conditional {
        Conditional {
            account: self.account.clone(),
            perp: order.perp,
            size: order.size,
            kind: Some(order.kind),
            reduce_only: order.reduce_only,
            good_till,
            since: self.env.block.time.seconds(),
            keeper_fee: order.keeper_fee,
            link,
            commits: 0,
        }
    }

    /// Until when an order waits that makes sense: `E0401`, `E0004`, `E0005`, `E0423`.
    pub fn sensible(&self, order: &NewOrder) -> Result<u64> {
        order.kind.validate()?;
        let params = &self.config.params;
        in_range("keeper_fee", order.keeper_fee, params.least_fee, params.most_fee)?;
        self.tradable(order.perp, order.size)?;
        self.good_till(order.good_till)
    }

    /// A perpetual that there is, and a size that it can have: `E0401`, `E0005`, `E0423`.
    pub fn tradable(&self, perp: u16, size: Size) -> Result<()> {
        ensure(!size.is_zero(), || Error::Zero { what: "size".into() })?;
        ensure(size.abs() <= MAX_SIZE.abs(), || Error::SizeTooLarge { size, max: MAX_SIZE })?;
        let there = Remote::new(&self.deps, &self.config.market);
        sdp_perps::state::perp(&there, perp).map(drop)
    }

    /// Until when an order waits: by default as long as it may. `E0004`.
    pub fn good_till(&self, asked: Option<u64>) -> Result<u64> {
        let now = self.env.block.time.seconds();
        let (first, last) = (now.saturating_add(1), now.saturating_add(self.config.params.longest_life));
        let good_till = asked.unwrap_or(last);
        in_range("good_till", good_till, first, last)?;
        Ok(good_till)
    }

    /// The contract may trade the perpetual until then: `E0904`.
    pub fn delegated(&self, perp: u16, until: u64) -> Result<()> {
        let there = Remote::new(&self.deps, &self.config.market);
        let by = self.deps.api.addr_canonicalize(self.env.contract.address.as_str())?;
        let found = sdp_perps::state::delegation(&there, self.account, &by)?;
        let found = found.filter(|delegation| trades(delegation, perp));
        let delegated_until = found.map(|delegation| delegation.expires_at).unwrap_or_default();
        ensure(delegated_until >= until, || {
            OrdersError::NotDelegated { perp: perp.into(), until, delegated_until }.into()
        })
    }
}
