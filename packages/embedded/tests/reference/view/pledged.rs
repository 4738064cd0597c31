//! What the custody of traders' tokens shows.

use sdp_custody::state;
use sdp_embedded::{Chain, Network, TokenMargin};
use sdp_reference::number::{price, whole, Q};
use sdp_reference::Observed;

use super::{Names, TokenSale, View};
use crate::step::PLEDGED;

pub(super) fn observe_custody(chain: &Chain, names: &Names, view: &mut View, all: &mut Observed) {
    let storage = chain.storage(&chain.contract("custody").unwrap());
    let mut sums = [0; PLEDGED.len()];
    for (key, backing) in state::backings(&*storage, None, 1_000).unwrap() {
        let (who, number) = (names.owner(&key), key.number);
        let amounts: Vec<u128> = backing.amounts.iter().map(|amount| amount.raw()).collect();
        for (token, amount) in amounts.iter().enumerate() {
            sums[token] += amount;
            all.insert(format!("custody.holding.{who}.{number}.{token}"), whole(*amount));
        }
        view.pledges.push((who, number, amounts));
    }
    for (token, stock) in state::stocks(&*storage).unwrap().iter().enumerate() {
        assert_eq!(stock.held.raw(), sums[token], "what is held of {}", PLEDGED[token]);
        all.insert(format!("custody.held.{token}"), whole(stock.held.raw()));
    }
    for (key, sale) in state::sales(&*storage, None, 1_000).unwrap() {
        let prefix = format!("custody.sale.{}.{}", names.owner(&key), key.number);
        let mut put = |what: &str, value: Q| {
            all.insert(format!("{prefix}.{what}"), value);
        };
        put("token", whole(sale.token));
        put("reward", whole(sale.reward.raw()));
        put("start_price", price(sale.asking.start_price.raw()));
        put("started_at", whole(sale.asking.started_at));
        put(&format!("keeper.{}", names.name(sale.keeper.as_str())), whole(1));
        if let Some(redoer) = &sale.redoer {
            put(&format!("redoer.{}", names.name(redoer.as_str())), whole(1));
        }
        let standing = sale.asking.standing(chain.now()).unwrap();
        let owned = view.accounts.first().into_iter().flatten();
        let mut owned = owned.filter(|(who, number, _)| (*who, *number) == (names.owner(&key), key.number));
        let owed = owned.next().map_or(0, |(_, _, account)| account.margin.negative_part().raw());
        let backing = state::backing(&*storage, &key).unwrap();
        view.sales.push(TokenSale {
            who: names.owner(&key),
            account: key.number,
            lot: backing.of(sale.token).raw(),
            owed,
            price: standing.price.raw(),
            start_price: sale.asking.start_price.raw(),
            needs_redo: standing.needs_redo,
        });
    }
}

/// What queries answer about it now.
pub(super) fn ask_custody(chain: &Chain, names: &Names, view: &View, all: &mut Observed) {
    for (who, number, _) in &view.pledges {
        let shown = chain.token_margin(who, *number).unwrap();
        let prefix = format!("custody.account.{who}.{number}");
        all.insert(format!("{prefix}.maintenance"), whole(shown.counted.raw()));
        all.insert(format!("{prefix}.opening"), whole(shown.counted_for_opening.raw()));
    }
    for sale in chain.token_sales().unwrap() {
        let prefix = format!("custody.sale.{}.{}", names.name(&sale.owner), sale.account);
        all.insert(format!("{prefix}.price"), price(sale.price.raw()));
        all.insert(format!("{prefix}.owed"), whole(sale.owed.raw()));
    }
}
