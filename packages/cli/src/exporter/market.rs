//! Metrics of markets: what each has cost, its perpetuals, and the synthetics.

use sdp_types::market::{PerpResponse, TotalsResponse};
use sdp_types::pool::MarketResponse;
use sdp_types::spot::SyntheticResponse;
use sdp_types::{AbsSize, Ratio, Rounding};

use super::figures::Figures;
use super::metric::{flag, metrics, plain, ratio, signed_usd, tokens, usd, whole, Kind, Metric};
use crate::survey::{Labels, Market};

metrics! {
    /// Credit line of a market, USD. It may be below 0.
    LINE = Gauge "sdp_market_credit_line_usd" ["market"];
    /// What it has cost the providers at the worst index, USD.
    USED = Gauge "sdp_market_credit_used_usd" ["market"];
    /// What it owes as the pool has accepted it, USD.
    REPORTED = Gauge "sdp_market_reported_usd" ["market"];
    /// 1 where its record and all its prices are good now, else 0.
    ACCEPTED = Gauge "sdp_market_accepted" ["market"];
    /// When that was last so, Unix seconds of block time.
    ACCEPTED_AT = Gauge "sdp_market_accepted_timestamp_seconds" ["market"];
    /// What it has drawn from the pool, USD.
    DRAWN = Counter "sdp_market_drawn_usd" ["market"];
    /// What it has owed to insurance, USD.
    FEES = Counter "sdp_market_fees_usd" ["market"];
    /// What its accounts have ended below zero, USD.
    SHORTFALLS = Counter "sdp_market_shortfalls_usd" ["market"];
    /// Margin of all accounts, USD.
    MARGIN = Gauge "sdp_market_margin_usd" ["market"];
    /// sdUSD that it holds by its book, USD.
    HELD = Gauge "sdp_market_held_usd" ["market"];
    /// Unrealised profit of all sides that win, USD.
    WINNERS = Gauge "sdp_market_winners_usd" ["market"];
    /// That divided by the credit line: deleveraging begins beyond its parameter; absent without a positive line.
    WINNERS_PART = Gauge "sdp_market_winners_ratio" ["market"];
    /// Index price of a perpetual, USD for one whole unit; absent before its first price.
    INDEX = Gauge "sdp_perp_index_usd" ["market", "perp"];
    /// 1 where the index is fresh and certain enough to commit an increase, else 0.
    TRADABLE = Gauge "sdp_perp_tradable" ["market", "perp"];
    /// Sizes of all positions of a side, whole units.
    OPEN_INTEREST = Gauge "sdp_perp_open_interest_units" ["market", "perp", "side"];
    /// The same at the index, rounded up, USD.
    OPEN_INTEREST_USD = Gauge "sdp_perp_open_interest_usd" ["market", "perp", "side"];
    /// Most open interest of a side after an order that increases it, USD.
    OPEN_INTEREST_CAP = Gauge "sdp_perp_open_interest_cap_usd" ["market", "perp"];
    /// Increases that waiting orders have reserved, whole units.
    PENDING = Gauge "sdp_perp_pending_units" ["market", "perp", "side"];
    /// Longs less shorts, whole units.
    SKEW = Gauge "sdp_perp_skew_units" ["market", "perp"];
    /// The same at the index, rounded towards more, USD.
    SKEW_USD = Gauge "sdp_perp_skew_usd" ["market", "perp"];
    /// Most absolute skew after an order that increases it, USD.
    SKEW_CAP = Gauge "sdp_perp_skew_cap_usd" ["market", "perp"];
    /// Funding that longs pay now, as a part of the notional per day; negative: shorts pay.
    FUNDING = Gauge "sdp_perp_funding_ratio_per_day" ["market", "perp"];
    /// The integral part of it, per day.
    FUNDING_INTEGRAL = Gauge "sdp_perp_funding_integral_ratio_per_day" ["market", "perp"];
    /// What an infinitely small buy pays above the index, as a part of it.
    PREMIUM = Gauge "sdp_perp_premium_ratio" ["market", "perp"];
    /// No order may raise the premium beyond it.
    PREMIUM_CAP = Gauge "sdp_perp_premium_cap_ratio" ["market", "perp"];
    /// Margin that a position needs at present volatility, as a part of its notional: initial, maintenance.
    REQUIRED = Gauge "sdp_perp_required_margin_ratio" ["market", "perp", "margin"];
    /// What deleveraging has left of a position that was there before all of it.
    DELEVERAGED = Gauge "sdp_perp_deleveraging_index_ratio" ["market", "perp", "side"];
    /// How often a side has been scaled down since somebody was the first of it.
    DELEVERAGINGS = Gauge "sdp_perp_deleveragings" ["market", "perp", "side"];
    /// Orders that were committed.
    ORDERS = Counter "sdp_perp_orders" ["market", "perp"];
    /// Orders that were settled, taken back or lapsed, up to the oldest that waits.
    SETTLED = Counter "sdp_perp_orders_settled" ["market", "perp"];
    /// Numbers from the oldest order that waits to the last one.
    WAITING = Gauge "sdp_perp_orders_waiting" ["market", "perp"];
    /// A synthetic's tokens that are owed, whole tokens.
    SYNTHETIC_SUPPLY = Gauge "sdp_synthetic_supply_units" ["synthetic"];
    /// What one token is worth at the index, rounded down, USD; absent before the first price.
    SYNTHETIC_PRICE = Gauge "sdp_synthetic_price_usd" ["synthetic"];
    /// What an infinitely small buy pays above that, as a part of it.
    SYNTHETIC_PREMIUM = Gauge "sdp_synthetic_premium_ratio" ["synthetic"];
    /// Orders of a synthetic that were settled, taken back or lapsed, up to the oldest that waits.
    SYNTHETIC_SETTLED = Counter "sdp_synthetic_orders_settled" ["synthetic"];
    /// Numbers from a synthetic's oldest order that waits to its last one.
    SYNTHETIC_WAITING = Gauge "sdp_synthetic_orders_waiting" ["synthetic"];
}

/// What each listed market has cost.
pub fn listed(found: &[MarketResponse], labels: &Labels, figures: &mut Figures) {
    for market in found {
        let name = labels.name(&market.market);
        let name = [name.as_str()];
        figures.put(&LINE, &name, signed_usd(market.line));
        figures.put(&USED, &name, signed_usd(market.used));
        figures.put(&REPORTED, &name, signed_usd(market.reported));
        figures.put(&ACCEPTED, &name, flag(market.accepted));
        figures.put(&ACCEPTED_AT, &name, whole(market.accepted_at));
        figures.put(&DRAWN, &name, usd(market.drawn));
        figures.put(&FEES, &name, usd(market.fees));
        figures.put(&SHORTFALLS, &name, usd(market.shortfalls));
    }
}

/// Sums and perpetuals of one market, as far as they were answered.
pub fn market(found: &Market, figures: &mut Figures) {
    if let Ok(totals) = &found.totals {
        self::totals(&found.name, totals, figures);
    }
    for perp in found.perps.iter().flatten() {
        self::perp(&found.name, perp, figures);
    }
}

fn totals(market: &str, found: &TotalsResponse, figures: &mut Figures) {
    figures.put(&MARGIN, &[market], signed_usd(found.margin));
    figures.put(&HELD, &[market], usd(found.held));
    figures.put(&WINNERS, &[market], usd(found.winners_pnl));
    figures.maybe(&WINNERS_PART, &[market], found.winners_part.map(ratio));
}

fn perp(market: &str, perp: &PerpResponse, figures: &mut Figures) {
    let name = perp.config.name.as_str();
    let of = [market, name];
    let priced = !perp.index.is_zero();
    figures.maybe(&INDEX, &of, priced.then(|| plain(perp.index)));
    figures.put(&TRADABLE, &of, flag(perp.tradable));
    figures.put(&OPEN_INTEREST_CAP, &of, usd(perp.config.open_interest_cap));
    figures.put(&SKEW, &of, plain(perp.skew));
    figures.maybe(&SKEW_USD, &of, perp.index.value(perp.skew, Rounding::Up).ok().map(signed_usd));
    figures.put(&SKEW_CAP, &of, usd(perp.config.skew_cap));
    figures.put(&FUNDING, &of, plain(perp.funding_rate));
    figures.put(&FUNDING_INTEGRAL, &of, plain(perp.funding_integral));
    figures.put(&PREMIUM, &of, plain(perp.premium));
    figures.put(&PREMIUM_CAP, &of, ratio(perp.config.premium_cap));
    figures.put(&REQUIRED, &[market, name, "initial"], ratio(perp.initial_margin));
    figures.put(&REQUIRED, &[market, name, "maintenance"], ratio(perp.maintenance_margin));
    figures.put(&ORDERS, &of, whole(perp.next_order));
    figures.put(&SETTLED, &of, whole(perp.next_settled));
    figures.put(&WAITING, &of, whole(perp.next_order.saturating_sub(perp.next_settled)));
    let longs = (perp.long, perp.pending_long, perp.long_index, perp.long_deleveragings);
    let shorts = (perp.short, perp.pending_short, perp.short_index, perp.short_deleveragings);
    for (side, sums) in [("long", longs), ("short", shorts)] {
        self::side([market, name, side], perp, sums, figures);
    }
}

fn side(
    of: [&str; 3],
    perp: &PerpResponse,
    (open, pending, index, deleveragings): (AbsSize, AbsSize, Ratio, u32),
    figures: &mut Figures,
) {
    figures.put(&OPEN_INTEREST, &of, plain(open));
    figures.maybe(&OPEN_INTEREST_USD, &of, open.value(perp.index, Rounding::Up).ok().map(usd));
    figures.put(&PENDING, &of, plain(pending));
    figures.put(&DELEVERAGED, &of, ratio(index));
    figures.put(&DELEVERAGINGS, &of, whole(deleveragings));
}

/// Synthetics.
pub fn synthetics(found: &[SyntheticResponse], figures: &mut Figures) {
    for one in found {
        let of = [one.config.symbol.as_str()];
        let priced = !one.index.is_zero();
        figures.put(&SYNTHETIC_SUPPLY, &of, tokens(one.supply, one.config.decimals));
        figures.maybe(&SYNTHETIC_PRICE, &of, priced.then(|| plain(one.price)));
        figures.put(&SYNTHETIC_PREMIUM, &of, plain(one.premium));
        figures.put(&SYNTHETIC_SETTLED, &of, whole(one.next_settled));
        figures.put(&SYNTHETIC_WAITING, &of, whole(one.next_order.saturating_sub(one.next_settled)));
    }
}
