//! Regimes, breakers and ceilings as a person reads them.

use sdp_network::Network;
use sdp_types::oracle::RestrictedFeed;
use sdp_types::pool::{Breakers, CeilingResponse, Ceilinged, Measures, RegimesResponse};
use sdp_types::regime::{self, Breaker, Regime, Trip};
use sdp_types::Ratio;

use crate::output::{self, dollars, percent, signed};
use crate::show::name;

/// `close_only` as `close-only`.
pub fn named(regime: Regime) -> String {
    regime.to_string().replace('_', "-")
}

/// The regimes of pool, markets and restricted feeds, and each measure beside its thresholds.
pub fn regimes(
    chain: &dyn Network,
    breakers: Option<&Breakers>,
    found: &RegimesResponse,
    feeds: &[RestrictedFeed],
    now: u64,
) {
    let row = |who: String, trip: &Option<Trip>| {
        let none = || "–".to_string();
        let ago = |time: fn(&Trip) -> u64| {
            trip.as_ref().map_or_else(none, |trip| format!("{} s ago", now.saturating_sub(time(trip))))
        };
        let held = trip.as_ref().map_or(0, |trip| trip.held_until.saturating_sub(now));
        vec![
            who,
            named(regime::regime(trip)),
            trip.as_ref().map_or_else(none, |trip| trip.reason.to_string().replace('_', " ")),
            ago(|trip| trip.since),
            ago(|trip| trip.asked_at),
            if held > 0 { format!("{held} s more") } else { none() },
        ]
    };
    let markets = found.markets.iter().map(|market| row(name(chain, &market.market), &market.trip));
    let header = ["of", "regime", "reason", "tripped", "last asked for", "held"];
    let feeds = feeds.iter().map(|feed| {
        let RestrictedFeed { regime, reason, measure, since, asked_at, held_until, .. } = *feed;
        row(
            format!("feed {}", feed.symbol),
            &Some(Trip { regime, reason, measure, since, asked_at, held_until }),
        )
    });
    output::table(&header, [row("pool".into(), &found.pool)].into_iter().chain(markets).chain(feeds));

    let (Some(breakers), Some(measures)) = (breakers, &found.measures) else {
        say!("no breakers: only guardian and owner trip");
        return;
    };
    say!("");
    let Measures { utilisation, shortfall, debt_growth, insurance } = *measures;
    let mut rows = vec![
        measured("debt ÷ collateral", utilisation, &breakers.utilisation),
        measured("expected shortfall ÷ free collateral", shortfall, &breakers.shortfall),
        measured("growth of the markets' debt ÷ collateral", debt_growth, &breakers.debt_growth),
        vec![
            format!("insurance below {} of the exposure: lacking", percent(Some(breakers.insurance_floor))),
            percent(Some(insurance)),
            "any".into(),
            "–".into(),
            "–".into(),
        ],
    ];
    rows.extend(found.markets.iter().map(|market| {
        let what = format!("profit drawn by {} ÷ collateral", name(chain, &market.market));
        measured(&what, market.withdrawals, &breakers.withdrawals)
    }));
    output::table(&["measure", "now", "caution", "close-only", "emergency"], rows);
}

fn measured(what: &str, measure: Ratio, breaker: &Breaker) -> Vec<String> {
    let now = if measure == Ratio::MAX { "beyond all".into() } else { percent(Some(measure)) };
    vec![what.into(), now, percent(breaker.caution), percent(breaker.close_only), percent(breaker.emergency)]
}

/// Whether a regime keeps a ceiling from rising.
fn restricted(of: &Ceilinged, regimes: &RegimesResponse) -> bool {
    let market = match of {
        Ceilinged::Market(market) => regimes.markets.iter().find(|entry| entry.market == *market),
        Ceilinged::Vault(_) | Ceilinged::Supply {} => None,
    };
    regimes.pool.is_some() || market.is_some_and(|entry| entry.trip.is_some())
}

/// Ceilings, and what adjusting them would do.
pub fn ceilings(chain: &dyn Network, found: &[CeilingResponse], regimes: &RegimesResponse, now: u64) {
    if found.is_empty() {
        say!("no ceiling follows what is used");
        return;
    }
    let rows = found.iter().map(|entry| {
        let of = match &entry.of {
            Ceilinged::Supply {} => "supply".into(),
            Ceilinged::Market(market) => name(chain, market),
            Ceilinged::Vault(vault) => {
                let collateral = chain.manifest().collaterals.get(usize::from(*vault));
                collateral.map(|entry| entry.name.clone()).unwrap_or_default()
            }
        };
        let adjusting = if entry.target < entry.line {
            format!("falls to {}", signed(entry.target))
        } else if entry.target == entry.line {
            "–".into()
        } else if restricted(&entry.of, regimes) {
            format!("rises to {} once the regime is normal", signed(entry.target))
        } else if now >= entry.rises_from {
            format!("rises to {}", signed(entry.target))
        } else {
            format!("rises to {} in {} s", signed(entry.target), entry.rises_from - now)
        };
        vec![
            of,
            signed(entry.used),
            signed(entry.line),
            dollars(entry.ceiling.gap),
            dollars(entry.ceiling.max),
            adjusting,
        ]
    });
    output::table(&["of", "used", "ceiling", "gap", "maximum", "adjusting"], rows);
}
