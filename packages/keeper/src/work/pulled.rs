//! Feeds whose price anybody brings: without it nobody is marked, and orders on them wait in vain.

use std::collections::BTreeSet;

use sdp_network::error::Result;
use sdp_network::{Actions, Synthetics};
use sdp_types::board::{FeedId, Quote};
use sdp_types::oracle::ExecuteMsg;

use super::{markets, unless_refused, Ours, View, Work};
use crate::job::{Job, Kind};

/// Nothing is remembered: the board says how old prices are.
#[derive(Default)]
pub struct Pulled;

impl Work for Pulled {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::Pull]
    }

    fn find(&mut self, view: &View<'_>, ours: &mut Ours<'_>) -> Result<Vec<Job>> {
        let board = &view.board;
        if board.pulled == 0 {
            return Ok(Vec::new());
        }
        let (now, waited_for) = (view.block.time, waited_for(view)?);
        let most_age = view.config.pull.unwrap_or(u64::from(board.staleness.liquidate) / 2);
        let is_due = |feed: FeedId, quote: &Quote| {
            now.saturating_sub(quote.publish_time) >= most_age || waited_for.contains(&feed)
        };
        // the order of their numbers: a source may be made of feeds before it
        let pulled = (0..).zip(&board.quotes).filter(|(feed, _)| board.is_pulled(*feed));
        let due = pulled.filter(|(feed, quote)| is_due(*feed, quote)).map(|(feed, _)| feed);
        let feeds: Vec<_> = due.filter(|feed| ours.is(&key(*feed))).collect();
        let Some(first) = feeds.first() else { return Ok(Vec::new()) };
        let items = feeds.iter().map(|feed| key(*feed)).collect();
        let pull = view.call("oracle", &ExecuteMsg::Pull { feeds: feeds.clone() })?;
        Ok(vec![Job { items, ..Job::of(Kind::Pull, key(*first), pull) }])
    }
}

fn key(feed: FeedId) -> String {
    format!("feed {feed}")
}

/// Pulled feeds of which an order waits for an interval that has begun, and after which the board has no price yet.
fn waited_for(view: &View<'_>) -> Result<BTreeSet<FeedId>> {
    let (board, now) = (&view.board, view.board.intervals.of(view.block.time));
    let last = |feed: FeedId| board.quotes.get(usize::from(feed)).map_or(0, |quote| quote.publish_time);
    let lacks =
        |(feed, interval): &(FeedId, u64)| *interval <= now && *interval > board.intervals.of(last(*feed));
    Ok(waiting(view)?.into_iter().filter(lacks).map(|(feed, _)| feed).collect())
}

/// Of each order that waits on a pulled feed, the feed and the first interval that can fill it.
fn waiting(view: &View<'_>) -> Result<Vec<(FeedId, u64)>> {
    let (network, board) = (view.network, &view.board);
    let mut waiting = Vec::new();
    for (name, _) in markets(network)? {
        for perp in network.perps(&name)? {
            let feed = perp.config.feed;
            if board.is_pulled(feed) && perp.next_settled < perp.next_order {
                let orders = network.orders(&name, perp.perp)?;
                waiting.extend(orders.iter().map(|order| (feed, order.interval)));
            }
        }
    }
    if network.manifest().spot.is_some() {
        for synthetic in unless_refused(network.synthetics())? {
            let feed = synthetic.config.feed;
            if board.is_pulled(feed) && synthetic.next_settled < synthetic.next_order {
                let orders = network.synthetic_orders(synthetic.synthetic)?;
                waiting.extend(orders.iter().map(|order| (feed, order.interval)));
            }
        }
    }
    Ok(waiting)
}
