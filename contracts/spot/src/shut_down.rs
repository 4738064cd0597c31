//! The end of the synthetics: prices are frozen, tokens are owed their value at them, and holders come whenever they like.

use cosmwasm_std::{DepsMut, Env, Response};

use sdp_trading::Outside;
use sdp_types::events::{List, SpotShutDown};
use sdp_types::{ensure, Error, Result, Rounding};

use crate::books::Books;
use crate::core::quantity::quantity;
use crate::state::{self, Terms};

/// `ShutDown`, by anyone.
pub fn by_anyone(deps: DepsMut<'_>, env: &Env) -> Result<Response> {
    let terms = state::terms(deps.storage)?;
    let outside = Outside::read(deps.as_ref(), env, terms.home())?;
    outside.long_in_emergency(deps.as_ref())?;
    freeze(deps, &terms, &outside)
}

/// Freezes what all tokens are owed at the moving averages of the board, each rounded down. `E0322` where that has been done, or there is
/// no synthetic.
pub fn freeze(deps: DepsMut<'_>, terms: &Terms, outside: &Outside) -> Result<Response> {
    let mut books = Books::load(deps.storage)?;
    let runs = !books.own.issues.is_empty() && !books.is_shut_down();
    ensure(runs, || Error::NothingToDo { what: "shut down".into() })?;
    books.touch(deps.as_ref(), terms, &outside.board, outside.now)?;
    let mut owed = Vec::new();
    for number in (0..).take(terms.links.len()) {
        let issued = books.issued(terms, number)?;
        let units = quantity(issued.supply, issued.redemption, issued.decimals)?.abs();
        let value = units.value(outside.board.frozen(books.feed(number)?), Rounding::Down)?;
        books.issue(number)?.frozen = Some(value);
        owed.push(value);
    }
    // nothing is left that funding could move
    let told = books.touch(deps.as_ref(), terms, &outside.board, outside.now)?;
    let messages = books.save(deps.storage, deps.api, terms)?;
    let shut_down = SpotShutDown { owed: List(owed) };
    Ok(Response::new().add_messages(messages).add_event(shut_down).add_event(told))
}
