//! What synthetics and the par reserve show.

use sdp_embedded::{Actions, Chain, Network, Swapping, Synthetics};
use sdp_reference::number::{index, price, ratio, redemption, whole, Q};
use sdp_reference::Observed;

use super::{Names, View};

pub(super) fn observe_spot(chain: &Chain, names: &Names, view: &mut View, all: &mut Observed) {
    use sdp_spot::state;
    let storage = chain.storage(&chain.contract("spot").unwrap());
    let (exposure, own) = state::published(&*storage).unwrap();
    let mut put = |name: String, value: Q| {
        all.insert(format!("spot.{name}"), value);
    };
    put("held".into(), whole(own.held.raw()));
    put("drawn".into(), whole(exposure.drawn.raw()));
    put("fees".into(), whole(exposure.fees.raw()));
    put("until".into(), whole(exposure.as_of + exposure.funding.lasts));
    for (k, issue) in own.issues.iter().enumerate() {
        put(format!("synthetic.{k}.supply"), whole(issue.supply.raw()));
        put(format!("synthetic.{k}.redemption"), redemption(issue.redemption));
        put(format!("synthetic.{k}.index"), index(issue.index));
        put(format!("synthetic.{k}.quantity"), ratio(exposure.quantities[k].quantity.raw()));
        put(format!("synthetic.{k}.reserved"), whole(issue.reserved.raw()));
        put(format!("synthetic.{k}.locked"), whole(issue.locked.raw()));
        let number = u16::try_from(k).unwrap();
        for (number, order) in state::orders(&*storage, number, 0, 1_000).unwrap() {
            use sdp_types::spot::OrderKind;
            let bound = match order.kind {
                OrderKind::BuyFor { least, .. } => least.raw(),
                OrderKind::BuyExactly { amount, .. } => amount.raw(),
                OrderKind::SellAll { least, .. } => least.raw(),
                OrderKind::SellFor { usd, .. } => usd.raw(),
            };
            for (what, value) in [
                ("paid", order.paid().raw()),
                ("tokens", order.tokens().raw()),
                ("bound", bound),
                ("keeper_fee", order.keeper_fee.raw()),
                ("reserved", order.reserved.raw()),
                ("interval", order.interval.into()),
                ("last", order.last_interval().into()),
            ] {
                put(format!("order.{k}.{number}.{what}"), whole(value));
            }
            view.spot_orders.push((k, number, order));
        }
    }
    put("locked".into(), whole(own.locked.raw()));
    put("claims".into(), whole(own.claims.raw()));
    for (owner, amount) in state::claims(&*storage, &names.api, None, 1_000).unwrap() {
        let who = names.name(owner.as_str());
        put(format!("claim.{who}"), whole(amount.raw()));
        view.claims.push((who, amount.raw()));
    }
    view.spot = own;
}

/// What queries answer about synthetics now.
pub(super) fn ask_spot(chain: &Chain, all: &mut Observed) {
    let board = chain.board().unwrap();
    let exposure = chain.synthetic_totals().unwrap().exposure;
    let last = |feed| board.quotes.get(usize::from(feed)).map(|quote: &sdp_types::board::Quote| quote.price);
    let reported = exposure.reported(chain.now(), |feed, _| Ok(last(feed).unwrap_or_default())).unwrap();
    all.insert("spot.reported".into(), whole(reported.raw()));
    for synthetic in chain.synthetics().unwrap() {
        let name = format!("spot.synthetic.{}.premium", synthetic.synthetic);
        all.insert(name, ratio(synthetic.premium.raw()));
    }
}

pub(super) fn observe_reserve(chain: &Chain, view: &mut View, all: &mut Observed) {
    let storage = chain.storage(&chain.contract("reserve").unwrap());
    let books = sdp_reserve::state::books(&*storage).unwrap();
    for (what, value) in [
        ("held", books.held.sdusd),
        ("drawn", books.exposure.drawn),
        ("fees", books.exposure.fees),
        ("shortfalls", books.exposure.shortfalls),
    ] {
        all.insert(format!("reserve.{what}"), whole(value.raw()));
    }
    all.insert("reserve.reported".into(), whole(books.exposure.base.raw()));
    for (n, stock) in books.held.stocks.iter().enumerate() {
        all.insert(format!("reserve.token.{n}.amount"), whole(stock.amount.raw()));
        all.insert(format!("reserve.token.{n}.mark"), price(stock.mark.raw()));
    }
    view.swaps = books;
}

/// What queries answer about the par reserve now.
pub(super) fn ask_reserve(chain: &Chain, all: &mut Observed) {
    all.insert("reserve.value".into(), whole(chain.reserve_totals().unwrap().value.raw()));
}
