//! An owner places an entry with a stop and a target in one message.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};
use sdp_book::remote::Remote;
use sdp_perps::state::AccountKey;
use sdp_types::error::OrdersError;
use sdp_types::orders::{Entry, Exit, Kind, NewOrder};
use sdp_types::{ensure, Error, Result, Size, Usd};

use crate::place::Terms;
use crate::state::{self, Conditional, Link};
use crate::tend::Tending;

/// A bracket as it is asked for.
pub struct Bracket {
    /// The perpetual.
    pub perp: u16,
    /// What the entry buys or sells.
    pub size: Size,
    /// The entry.
    pub entry: Entry,
    /// Closes it at a loss.
    pub stop: Exit,
    /// Closes it at a gain.
    pub target: Exit,
    /// Until when the entry waits, and until when the exits do.
    pub good_till: (Option<u64>, Option<u64>),
    /// Of each of its orders.
    pub keeper_fee: Usd,
}

impl Bracket {
    /// Stop and target: they close what the entry opens.
    fn exits(&self) -> Result<[NewOrder; 2]> {
        let Exit { trigger, limit_price } = self.stop;
        let stop = Kind::Stop { trigger, limit_price };
        let Exit { trigger, limit_price } = self.target;
        let target = Kind::TakeProfit { trigger, limit_price };
        let size = self.size.negate()?;
        Ok([stop, target]
            .map(|kind| NewOrder { reduce_only: true, ..self.order(kind, size, self.good_till.1) }))
    }

    fn order(&self, kind: Kind, size: Size, good_till: Option<u64>) -> NewOrder {
        let Self { perp, keeper_fee, .. } = *self;
        NewOrder { perp, size, kind, reduce_only: false, good_till, keeper_fee }
    }
}

/// [`sdp_types::orders::ExecuteMsg::Bracket`].
pub fn bracket(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    number: u16,
    bracket: &Bracket,
) -> Result<Response> {
    let config = state::config(deps.storage)?;
    let account = AccountKey::of(deps.api, info.sender.as_str(), number)?;
    let (own, storage) = (deps.as_ref(), &*deps.storage);
    let terms = Terms { deps: own, env, config: &config, account: &account };
    let there = Remote::new(&own, &config.market);
    let mut tending = Tending::load(own, env, (&config, &there), &info.sender)?;
    let most = config.params.most_waiting;

    // what was committed before has its fee first, should it wait again; an entry at market can't be committed beside it
    let mut told = Vec::new();
    if matches!(bracket.entry, Entry::Market { .. }) {
        told.extend(tending.land(&account, bracket.perp)?);
        if let Some(flight) = tending.desk.flight(storage, &account, bracket.perp)? {
            let (id, order) = (flight.id, flight.number);
            return Err(OrdersError::CommitWaits { id, order }.into());
        }
    }

    // the entry, which the link is called by
    let id = tending.desk.next();
    let Bracket { perp, size, good_till: (entry_good_till, good_till), .. } = *bracket;
    let last = terms.good_till(good_till)?;
    let entry_last = entry_good_till.unwrap_or(last);
    // what it opens must be closed
    ensure(entry_last <= last, || Error::bad_config("entry_good_till <= good_till", entry_last, last))?;
    let entry_good_till = Some(entry_last);
    let entry = match &bracket.entry {
        Entry::Waits(kind) => terms.conditional(&bracket.order(*kind, size, entry_good_till), Some(id))?,
        Entry::Market { .. } => {
            terms.tradable(perp, size)?;
            let good_till = terms.good_till(entry_good_till)?;
            terms.delegated(perp, good_till)?;
            // it waits for nothing and pays nobody
            Conditional {
                account: account.clone(),
                perp,
                size,
                kind: None,
                reduce_only: false,
                good_till,
                since: env.block.time.seconds(),
                keeper_fee: Usd::ZERO,
                link: Some(id),
                commits: 0,
            }
        }
    };
    told.push(tending.desk.place(storage, deps.api, entry.clone(), (most, None))?);

    // its exits
    let mut members = Vec::new();
    for exit in bracket.exits()? {
        members.push(tending.desk.next());
        let exit = terms.conditional(&exit, Some(id))?;
        told.push(tending.desk.place(storage, deps.api, exit, (most, Some(id)))?);
    }
    tending.desk.put_link(id, Link { entry: Some(id), woken: None, members });

    // an entry at market is committed now; where that fails, all of it does
    let mut message = None;
    if let Entry::Market { limit_price } = bracket.entry {
        let planned = tending.market.plan(id, &entry, limit_price)?;
        let index = tending.market.index(perp)?.price;
        let size = planned.order.size;
        let (commit, flight) = tending.market.commit(id, planned)?;
        told.push(tending.committed(id, &entry, (flight, size, index))?);
        message = Some(commit);
    }
    let desk = tending.desk;
    desk.save(deps.storage)?;
    Ok(Response::new().add_events(told).add_messages(message))
}
