//! What the desk of bonded markets shows.

use sdp_embedded::{Bonding, Chain};
use sdp_reference::number::{whole, Q};
use sdp_reference::Observed;
use sdp_types::exposure::Exposure;

use super::{Names, View};

pub(super) fn observe_desk(chain: &Chain, names: &Names, view: &mut View, all: &mut Observed) {
    let totals = chain.bonded_totals().unwrap();
    let Exposure { base, drawn, fees, shortfalls, open_positions, .. } = totals.exposure;
    assert!(shortfalls.is_zero() && totals.exposure.quantities.is_empty(), "{:?}", totals.exposure);
    let mut put = |name: &str, value: Q| {
        all.insert(format!("bonded.{name}"), value);
    };
    put("held", whole(totals.held.raw()));
    put("drawn", whole(drawn.raw()));
    put("fees", whole(fees.raw()));
    put("base", whole(base.raw()));
    put("owing", whole(open_positions));
    put("used", whole(totals.used.raw()));
    put("results", whole(totals.results.raw()));
    put("bonds", whole(totals.bonds.raw()));
    put("credit", whole(totals.credit.raw()));
    put("cap", whole(totals.cap.raw()));
    view.bonded = chain.bonded_markets().unwrap();
    for (place, own) in view.bonded.iter().enumerate() {
        let market = names.name(&own.market);
        let mut put = |what: &str, value: Q| put(&format!("market.{market}.{what}"), value);
        put("place", whole(place));
        put(&format!("opener.{}", names.name(&own.opener)), whole(1));
        put("bond", whole(own.bond.raw()));
        put("credit", whole(own.credit.raw()));
        put("paid_out", whole(own.paid_out.raw()));
        put("paid_in", whole(own.paid_in.raw()));
        put("claim", whole(own.claim.raw()));
        put("cost", whole(own.cost.raw()));
        put("refund", whole(own.refund.raw()));
        put("as_of", whole(own.as_of));
        put("pushed_at", whole(own.pushed_at));
        put("closing", whole(own.closing.unwrap_or_default()));
        let record = own.record.clone().unwrap_or_default();
        put("pushed_base", whole(record.base.raw()));
        put("pushed_fees", whole(record.fees.raw()));
        put("pushed_positions", whole(record.open_positions));
        if let Some(announced) = &own.announced {
            put("announced", whole(announced.amount.raw()));
            put("announced_from", whole(announced.from));
        }
        if let Some(quarantine) = &own.quarantine {
            let code: u64 = quarantine.code.trim_start_matches('E').parse().unwrap();
            put("quarantine", whole(code));
            put("quarantined_at", whole(quarantine.since));
            put("resolved_at", whole(quarantine.resolved.unwrap_or_default()));
        }
    }
    view.desk = Some(totals);
}
