//! What conditional orders show.

use sdp_embedded::{Chain, Network};
use sdp_orders::state;
use sdp_reference::number::{ratio, whole, Q};
use sdp_reference::Observed;

use super::{Names, View, Waits};

pub(super) fn observe_orders(chain: &Chain, names: &Names, view: &mut View, all: &mut Observed) {
    let storage = chain.storage(&chain.contract("orders").unwrap());
    let book = state::book(&*storage).unwrap();
    all.insert("orders.held".into(), whole(book.held.raw()));
    all.insert("orders.next".into(), whole(book.next));
    view.next_conditional = book.next;
    let mut held = 0;
    for (owner, amount) in state::jars(&*storage, &names.api, None, 1_000).unwrap() {
        let who = names.name(owner.as_str());
        all.insert(format!("orders.jar.{who}"), whole(amount.raw()));
        view.jars.insert(who, amount.raw());
        held += amount.raw();
    }
    for id in state::orders(&*storage, None, 1_000).unwrap() {
        let order = state::order(&*storage, id).unwrap().unwrap();
        let account = state::account(&*storage, &order.account).unwrap();
        let flight = account.flights.iter().find(|flight| flight.id == id);
        let link = order.link.and_then(|link| state::link(&*storage, link).unwrap()).unwrap_or_default();
        let is_exit = link.members.contains(&id);
        let others = link.members.iter().filter(|other| is_exit && **other != id).count();
        let reserved = if flight.is_some() { 0 } else { order.keeper_fee.raw() };
        held += reserved;
        let who = names.owner(&order.account);
        let mut put = |what: &str, value: Q| {
            all.insert(format!("orders.order.{id}.{what}"), value);
        };
        put(&format!("owner.{who}"), whole(1));
        put("size", ratio(order.size.raw()));
        put("keeper_fee", whole(order.keeper_fee.raw()));
        put("reserved", whole(reserved));
        put("good_till", whole(order.good_till));
        put("commits", whole(order.commits));
        put("since", whole(order.since.max(link.woken.unwrap_or_default())));
        put("sleeps", whole(u8::from(link.entry.is_some_and(|entry| entry != id))));
        put("linked", whole(others));
        put("committed", whole(flight.map_or(0, |flight| flight.number + 1)));
        let committed = flight.map(|flight| flight.number);
        view.conditionals.push(Waits { id, who, committed });
    }
    assert_eq!(held, book.held.raw(), "jars and reserved fees are all that is held");
}
