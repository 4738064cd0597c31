//! Metrics of the exporter itself and of the chain that it looks at.

use super::metric::{metrics, Kind, Metric};

metrics! {
    /// 1 while the last poll reached the chain and what it brought is not older than --stale-after, else 0.
    UP = Gauge "sdp_up" [];
    /// 1, with the version of the exporter.
    BUILD = Gauge "sdp_build_info" ["version"];
    /// 1, with the chain's own name for itself.
    CHAIN = Gauge "sdp_chain_info" ["chain_id"];
    /// Polls of the chain, by how they ended: ok, or failed because no node answered.
    POLLS = Counter "sdp_polls" ["outcome"];
    /// How long the last poll that ended took, seconds.
    POLL_DURATION = Gauge "sdp_poll_duration_seconds" [];
    /// Pause between two polls, seconds.
    POLL_INTERVAL = Gauge "sdp_poll_interval_seconds" [];
    /// When the last poll reached the chain, Unix seconds; absent before the first one.
    LAST_SUCCESS = Gauge "sdp_poll_last_success_timestamp_seconds" [];
    /// Age of everything below at this scrape but the counts, seconds; absent before the first poll that reached the chain.
    SNAPSHOT_AGE = Gauge "sdp_snapshot_age_seconds" [];
    /// How long the last count of accounts and positions that ended took, seconds; absent before the first.
    COUNT_DURATION = Gauge "sdp_count_duration_seconds" [];
    /// Scrapes that were answered.
    SCRAPES = Counter "sdp_scrapes" [];
    /// 1 where a contract answered this question in the last poll, 0 where it refused: what follows from it is absent then.
    QUESTION_UP = Gauge "sdp_question_up" ["question"];
    /// How often a contract refused this question.
    QUESTION_ERRORS = Counter "sdp_question_errors" ["question"];
    /// Height of the block that all figures are of.
    BLOCK_HEIGHT = Gauge "sdp_block_height" [];
    /// Time of that block, Unix seconds.
    BLOCK_TIME = Gauge "sdp_block_timestamp_seconds" [];
    /// How long ago that was by the exporter's clock at this scrape, seconds. Negative where the chain's clock is ahead.
    BLOCK_AGE = Gauge "sdp_block_age_seconds" [];
}
