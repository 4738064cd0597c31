//! Metrics of the oracle's board.

use sdp_types::board::Staleness;
use sdp_types::oracle::{BoardResponse, ConfigResponse};

use super::figures::Figures;
use super::metric::{metrics, plain, ratio, whole, Kind, Metric};

metrics! {
    /// Price of a feed, USD for one whole unit; absent before its first one.
    PRICE = Gauge "sdp_oracle_price_usd" ["feed"];
    /// Moving average of that price, USD; absent before the first price.
    AVERAGE = Gauge "sdp_oracle_average_price_usd" ["feed"];
    /// Half-width of the band around the price, as a part of it.
    CONFIDENCE = Gauge "sdp_oracle_confidence_ratio" ["feed"];
    /// Age of the price, seconds of block time.
    AGE = Gauge "sdp_oracle_price_age_seconds" ["feed"];
    /// When it was published, Unix seconds.
    PUBLISHED = Gauge "sdp_oracle_published_timestamp_seconds" ["feed"];
    /// What is allowed with a feed: 0 normal, 1 caution, 2 close-only, 3 emergency.
    FEED_REGIME = Gauge "sdp_oracle_feed_regime" ["feed"];
    /// Ages up to which a price serves, seconds: to trade, to liquidate, to view.
    STALENESS = Gauge "sdp_oracle_staleness_seconds" ["use"];
    /// When a price was last written, Unix seconds of block time.
    WRITTEN = Gauge "sdp_oracle_written_timestamp_seconds" [];
}

/// All prices, and how old they are.
pub fn board(found: &BoardResponse, figures: &mut Figures) {
    figures.put(&WRITTEN, &[], whole(found.written_at));
    for entry in &found.prices {
        let feed = [entry.symbol.as_str()];
        figures.put(&FEED_REGIME, &feed, whole(entry.regime as u8));
        if entry.quote.price.is_zero() {
            continue;
        }
        figures.put(&PRICE, &feed, plain(entry.quote.price));
        figures.put(&AVERAGE, &feed, plain(entry.average));
        figures.put(&CONFIDENCE, &feed, ratio(entry.quote.confidence));
        figures.put(&AGE, &feed, whole(entry.age));
        figures.put(&PUBLISHED, &feed, whole(entry.quote.publish_time));
    }
}

/// How old they may be.
pub fn parameters(found: &ConfigResponse, figures: &mut Figures) {
    let Staleness { trade, liquidate, view } = found.staleness;
    for (what, seconds) in [("trade", trade), ("liquidate", liquidate), ("view", view)] {
        figures.put(&STALENESS, &[what], whole(seconds));
    }
}
