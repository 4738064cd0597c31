//! What the risk engine costs: samples of the matrix, and its own messages.

use anyhow::{ensure, Context, Result};
use sdp_network::{events, Actions};
use sdp_types::events::{CeilingAdjusted, CovarianceStepped, RegimeChanged, VolatilitySampled};
use sdp_types::pool::Ceilinged;
use sdp_types::regime::Regime;

use crate::world::{gas, usd, World};

/// The message that made prices.
#[derive(Debug)]
struct Published {
    gas: i64,
    /// Whether it sampled the matrix.
    sampled: bool,
    /// Whether it took the hour's step.
    stepped: bool,
}

impl World<'_> {
    /// A price whose message samples the matrix, and one whose message does not: the difference is what a sample costs. Each is
    /// the first of its interval, and neither is in a new hour.
    pub fn samples(&mut self) -> Result<()> {
        let (publishers, quorum) = self.layout.publishers;
        let feeds = self.layout.feeds();
        let row = |what: &str| format!("risk engine on, {quorum} of {publishers}: {feeds} feeds, {what}");
        let seconds = self.net.manifest().oracle.measurement.context("nothing is measured")?.sample_seconds;
        let seconds = seconds.into();
        // the first one begins the measurement
        self.publish_in_slot(seconds, 0)?;
        let mut with = self.publish_in_slot(seconds, 0)?;
        if with.stepped {
            with = self.publish_in_slot(seconds, 0)?;
        }
        let without = self.publish_in_slot(seconds, 4)?;
        let as_meant = with.sampled && !with.stepped && !without.sampled && !without.stepped;
        ensure!(as_meant, "samples came at other times: {with:?}, {without:?}");
        self.note(&row("with a sample"), with.gas);
        self.note(&row("without"), without.gas);
        self.note(&row("a sample"), with.gas - without.gas);
        Ok(())
    }

    /// Publishes all prices so many seconds after the beginning of the next slot (of this one, where that is to come).
    fn publish_in_slot(&mut self, seconds: u64, after: u64) -> Result<Published> {
        let now = self.net.now()?;
        let begun = now - now % seconds + after;
        let start = if begun > now { begun } else { begun + seconds };
        // a slot that is not sampled yet would be by a price within it
        if after > 0 && begun <= now {
            self.net.wait_until(start - after)?;
            self.publish_at(start - after)?;
        }
        self.net.wait_until(start)?;
        let answer = self.publish_at(start)?;
        Ok(Published {
            gas: gas(&answer)?,
            sampled: !events::<VolatilitySampled>(&answer)?.is_empty(),
            stepped: !events::<CovarianceStepped>(&answer)?.is_empty(),
        })
    }

    /// Ceilings, the depth, regimes.
    pub fn govern(&mut self) -> Result<()> {
        let state = self.positions(0);
        let row = |what: &str| format!("{state}: {what}");
        for (what, of) in [("of the supply", Ceilinged::Supply {}), ("of a vault", Ceilinged::Vault(0))] {
            self.publish()?;
            let moved = self
                .measure(&row(&format!("adjust the ceiling {what}")), |net| net.adjust_ceiling("kim", &of))?;
            ensure!(events::<CeilingAdjusted>(&moved)?.len() == 1, "the ceiling {what} did not move");
        }
        let of = Ceilinged::Market(self.net.contract("market")?.into_string());
        self.publish()?;
        self.measure(&row("adjust the credit line"), |net| net.adjust_ceiling("kim", &of))?;
        self.publish()?;
        self.measure(&row("adjust the depth"), |net| net.adjust_depth("kim"))?;
        let owner = self.net.manifest().roles.owner.clone();
        self.publish()?;
        let tripped = self.measure(&row("trip"), |net| net.trip(&owner, None, Regime::CloseOnly))?;
        ensure!(events::<RegimeChanged>(&tripped)?.len() == 1, "the pool did not trip");
        self.publish()?;
        self.measure(&row("reset"), |net| net.reset(&owner, None))?;
        Ok(())
    }

    /// Insurance for all that is open, so that nothing trips by itself.
    pub fn insure(&mut self) -> Result<()> {
        self.net.insure("whale", usd("100_000.5")?)?;
        Ok(())
    }
}
