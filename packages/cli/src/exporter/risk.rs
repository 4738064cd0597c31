//! Metrics of what limits the pool: regimes, breakers, ceilings and vaults.

use sdp_types::oracle::RestrictedFeed;
use sdp_types::pool::{
    Breakers, CeilingResponse, Ceilinged, ConfigResponse, Measures, RegimesResponse, VaultResponse,
};
use sdp_types::regime::{self, Breaker, Trip};

use super::figures::Figures;
use super::metric::{flag, metrics, ratio, signed_usd, tokens, usd, whole, Kind, Metric};
use crate::survey::Labels;

metrics! {
    /// What is allowed with a market by its own trip: 0 normal, 1 caution, 2 close-only, 3 emergency, 4 shut down.
    MARKET_REGIME = Gauge "sdp_market_regime" ["market"];
    /// Since when something is not in the normal regime, Unix seconds of block time; absent while it is.
    TRIP_SINCE = Gauge "sdp_trip_since_timestamp_seconds" ["scope", "name", "reason"];
    /// When that was last asked for, Unix seconds: the cool-down begins then.
    TRIP_ASKED = Gauge "sdp_trip_asked_timestamp_seconds" ["scope", "name", "reason"];
    /// Until when a person has asked for it, Unix seconds; 0 where nobody has.
    TRIP_HELD = Gauge "sdp_trip_held_until_timestamp_seconds" ["scope", "name", "reason"];
    /// The measure that tripped it; 0 where a person did.
    TRIP_MEASURE = Gauge "sdp_trip_measure_ratio" ["scope", "name", "reason"];
    /// What a breaker of the pool measures now; absent without breakers, infinite where it is beyond every threshold.
    MEASURE = Gauge "sdp_breaker_measure_ratio" ["breaker"];
    /// From which measure on a breaker asks for a regime; absent where it never does.
    THRESHOLD = Gauge "sdp_breaker_threshold_ratio" ["breaker", "regime"];
    /// Profit drawn by a market's traders in this hour and the last divided by collateral.
    WITHDRAWALS = Gauge "sdp_market_withdrawals_ratio" ["market"];
    /// Insurance that is wanted, divided by the gross exposure; absent without breakers.
    INSURANCE_FLOOR = Gauge "sdp_pool_insurance_floor_ratio" [];
    /// A ceiling that follows what is used, USD. A credit line may be below 0.
    LINE = Gauge "sdp_ceiling_line_usd" ["scope", "name"];
    /// What is used of it, USD.
    USED = Gauge "sdp_ceiling_used_usd" ["scope", "name"];
    /// Where adjusting would put it, USD.
    TARGET = Gauge "sdp_ceiling_target_usd" ["scope", "name"];
    /// Room that it leaves above what is used, USD.
    GAP = Gauge "sdp_ceiling_gap_usd" ["scope", "name"];
    /// It is never higher, USD.
    MAXIMUM = Gauge "sdp_ceiling_maximum_usd" ["scope", "name"];
    /// It may rise from then on, Unix seconds.
    RISES = Gauge "sdp_ceiling_rises_timestamp_seconds" ["scope", "name"];
    /// Collateral in a vault, whole tokens.
    VAULT_COLLATERAL = Gauge "sdp_vault_collateral_units" ["collateral"];
    /// Its value when it last had a fresh price, USD.
    VAULT_VALUE = Gauge "sdp_vault_value_usd" ["collateral"];
    /// What its positions owe, USD.
    VAULT_DEBT = Gauge "sdp_vault_debt_usd" ["collateral"];
    /// What its positions have minted and not burnt, USD.
    VAULT_MINTED = Gauge "sdp_vault_minted_usd" ["collateral"];
    /// 1 where a vault has a fresh price, else 0.
    VAULT_FRESH = Gauge "sdp_vault_fresh" ["collateral"];
    /// Collateral divided by debt that a position must have: to mint (issuance), and not to be seized (liquidation).
    VAULT_REQUIRED = Gauge "sdp_vault_required_ratio" ["collateral", "for"];
    /// 1 where providers may come, else 0.
    OPEN = Gauge "sdp_pool_open" [];
}

/// Regimes of pool and markets, and what the breakers measure. That of the pool itself is in `health`.
pub fn regimes(found: &RegimesResponse, labels: &Labels, figures: &mut Figures) {
    let RegimesResponse { pool, measures, markets } = found;
    trip(pool.as_ref(), ("pool", "pool"), figures);
    if let Some(Measures { utilisation, shortfall, debt_growth, insurance }) = *measures {
        figures.put(&MEASURE, &["utilisation"], ratio(utilisation));
        figures.put(&MEASURE, &["shortfall"], ratio(shortfall));
        figures.put(&MEASURE, &["debt_growth"], ratio(debt_growth));
        figures.put(&MEASURE, &["insurance"], ratio(insurance));
    }
    for market in markets {
        let name = labels.name(&market.market);
        figures.put(&MARKET_REGIME, &[&name], whole(regime::regime(&market.trip) as u8));
        figures.put(&WITHDRAWALS, &[&name], ratio(market.withdrawals));
        trip(market.trip.as_ref(), ("market", &name), figures);
    }
}

fn trip(found: Option<&Trip>, (scope, name): (&str, &str), figures: &mut Figures) {
    let Some(Trip { regime: _, reason, measure, since, asked_at, held_until }) = found else { return };
    let reason = reason.to_string();
    let labels = [scope, name, reason.as_str()];
    figures.put(&TRIP_SINCE, &labels, whole(*since));
    figures.put(&TRIP_ASKED, &labels, whole(*asked_at));
    figures.put(&TRIP_HELD, &labels, whole(*held_until));
    figures.put(&TRIP_MEASURE, &labels, ratio(*measure));
}

/// What tripped a feed, beside [`super::oracle`]'s regime of it.
pub fn restricted(found: &[RestrictedFeed], figures: &mut Figures) {
    for feed in found {
        let RestrictedFeed { regime, reason, measure, since, asked_at, held_until, .. } = *feed;
        let tripped = Trip { regime, reason, measure, since, asked_at, held_until };
        trip(Some(&tripped), ("feed", &feed.symbol), figures);
    }
}

/// From which measures on the breakers trip.
pub fn parameters(found: &ConfigResponse, figures: &mut Figures) {
    figures.put(&OPEN, &[], flag(found.open));
    let Some(Breakers { utilisation, shortfall, debt_growth, withdrawals, insurance_floor, .. }) =
        &found.params.breakers
    else {
        return;
    };
    figures.put(&INSURANCE_FLOOR, &[], ratio(*insurance_floor));
    for (name, breaker) in [
        ("utilisation", utilisation),
        ("shortfall", shortfall),
        ("debt_growth", debt_growth),
        ("withdrawals", withdrawals),
    ] {
        let Breaker { caution, close_only, emergency, .. } = *breaker;
        figures.maybe(&THRESHOLD, &[name, "caution"], caution.map(ratio));
        figures.maybe(&THRESHOLD, &[name, "close_only"], close_only.map(ratio));
        figures.maybe(&THRESHOLD, &[name, "emergency"], emergency.map(ratio));
    }
}

/// Ceilings that follow what is used.
pub fn ceilings(found: &[CeilingResponse], labels: &Labels, figures: &mut Figures) {
    for entry in found {
        let (scope, name) = match &entry.of {
            Ceilinged::Market(market) => ("market", labels.name(market)),
            Ceilinged::Vault(vault) => ("vault", labels.vault(*vault)),
            Ceilinged::Supply {} => ("supply", "sdusd".to_string()),
        };
        let of = [scope, name.as_str()];
        figures.put(&LINE, &of, signed_usd(entry.line));
        figures.put(&USED, &of, signed_usd(entry.used));
        figures.put(&TARGET, &of, signed_usd(entry.target));
        figures.put(&GAP, &of, usd(entry.ceiling.gap));
        figures.put(&MAXIMUM, &of, usd(entry.ceiling.max));
        figures.put(&RISES, &of, whole(entry.rises_from));
    }
}

/// Vaults.
pub fn vaults(found: &[VaultResponse], labels: &Labels, figures: &mut Figures) {
    for vault in found {
        let name = labels.vault(vault.vault);
        figures.put(&VAULT_COLLATERAL, &[&name], tokens(vault.collateral, vault.config.decimals));
        figures.put(&VAULT_VALUE, &[&name], usd(vault.value));
        figures.put(&VAULT_DEBT, &[&name], signed_usd(vault.debt));
        figures.put(&VAULT_MINTED, &[&name], usd(vault.minted.total));
        figures.put(&VAULT_FRESH, &[&name], flag(vault.fresh));
        figures.put(&VAULT_REQUIRED, &[&name, "issuance"], ratio(vault.config.issuance_ratio));
        figures.put(&VAULT_REQUIRED, &[&name, "liquidation"], ratio(vault.config.liquidation_ratio));
    }
}
