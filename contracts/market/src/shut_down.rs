//! The end of a market: prices are frozen, every position is closed at them, and accounts follow when they are touched.

use cosmwasm_std::{DepsMut, Env, Response};

use sdp_types::events::{List, MarketShutDown};
use sdp_types::market::PerpStatus;
use sdp_types::{ensure, Error, Result};

use sdp_perps::books::Books;
use sdp_perps::prices::Outside;
use sdp_perps::state::{self, Terms};

/// `ShutDown`, by anyone.
pub fn by_anyone(deps: DepsMut<'_>, env: &Env) -> Result<Response> {
    let terms = state::terms(deps.storage)?;
    let outside = Outside::read(deps.as_ref(), env, terms.home())?;
    outside.long_in_emergency(deps.as_ref())?;
    close_all(deps, &terms, &outside)
}

/// Closes everything at the moving averages of the board. `E0322` where that has been done.
pub fn close_all(deps: DepsMut<'_>, terms: &Terms, outside: &Outside) -> Result<Response> {
    let before = Books::load(deps.storage, terms)?;
    let mut books = before.clone();
    let (mut prices, mut events, mut listed) = (Vec::new(), Vec::new(), false);
    for perp in (0..).take(books.published.samples.len()) {
        let mut config = books.perp(deps.storage, perp)?;
        let price = outside.board.frozen(config.feed);
        prices.push(price);
        events.extend(books.close_sides(deps.storage, outside.now, perp, price)?);
        if config.status != PerpStatus::Delisted {
            config.status = PerpStatus::Delisted;
            state::save_perp(deps.storage, perp, &config)?;
            listed = true;
        }
    }
    ensure(listed || !events.is_empty(), || Error::NothingToDo { what: "shut down".into() })?;
    events.push(books.sample(terms, outside)?);
    events.extend(books.save(deps.storage, deps.api, &before)?);
    Ok(Response::new().add_event(MarketShutDown { prices: List(prices) }).add_events(events))
}
