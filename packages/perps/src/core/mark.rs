//! What an account is worth and what it must be worth.
//!
//! Each position is marked at the side of the index's confidence band that is worse for it. A positive PnL counts in
//! full for maintenance, at its haircut for opening, and not at all for withdrawing. Positions offset each other's margins
//! ([`sdp_risk::portfolio`]).

use sdp_risk::margin::{initial_rate, maintenance_rate};
use sdp_risk::portfolio::{Leg, Offsets};
use sdp_types::board::{FeedId, Quote};
use sdp_types::market::PerpConfig;
use sdp_types::{Ratio, Result, Rounding, SignedUsd, Usd};

use crate::backing::Counted;
use crate::core::fill::value;
use crate::state::{Account, Position};

/// What marking one position needs.
pub struct Market {
    /// Its parameters.
    pub config: PerpConfig,
    /// Its index.
    pub quote: Quote,
    /// Its margins, as parts of the notional.
    pub rates: Rates,
    /// Its funding index now.
    pub funding: i128,
}

/// Margins of a perpetual as parts of the notional.
#[derive(Clone, Copy, Debug)]
pub struct Rates {
    /// To open.
    pub initial: Ratio,
    /// Not to be liquidated; at most half of `initial`, or its floor.
    pub maintenance: Ratio,
}

impl Rates {
    /// Initial margin follows `sigma`, maintenance margin `ramped`, which is at most `sigma`: daily volatilities.
    pub fn of(config: &PerpConfig, sigma: Ratio, ramped: Ratio) -> Result<Self> {
        let ramped = initial_rate(config.initial_margin, ramped)?;
        Ok(Self {
            initial: initial_rate(config.initial_margin, sigma)?,
            maintenance: maintenance_rate(config.maintenance_margin, ramped)?,
        })
    }
}

/// One position at the present prices.
#[derive(Clone, Debug)]
pub struct Mark {
    /// What is marked.
    pub position: Position,
    /// Of its index.
    pub feed: FeedId,
    /// |size| at the index, rounded up.
    pub notional: Usd,
    /// At the worse side, rounded down.
    pub pnl: SignedUsd,
    /// Of this position alone, rounded up.
    pub initial: Usd,
    /// Of this position alone, rounded up.
    pub maintenance: Usd,
    /// Maintenance ÷ notional.
    pub maintenance_rate: Ratio,
}

/// Marks one position.
pub fn mark(position: Position, market: &Market) -> Result<Mark> {
    let Market { quote, funding, .. } = market;
    let worse = quote.price.adverse_to_holder(position.size, quote.confidence)?;
    let worth = value(position.size, worse, *funding, Rounding::Down)?;
    let notional = position.size.abs().value(quote.price, Rounding::Up)?;
    let Rates { initial, maintenance: maintenance_rate } = market.rates;
    Ok(Mark {
        position,
        feed: market.config.feed,
        notional,
        pnl: worth.minus(position.cost)?,
        initial: notional.scale(initial, Rounding::Up)?,
        maintenance: notional.scale(maintenance_rate, Rounding::Up)?,
        maintenance_rate,
    })
}

/// One of the margins of each position, with its sign.
pub fn legs(marks: &[Mark], margin: fn(&Mark) -> Usd) -> Result<Vec<Leg>> {
    let leg = |mark: &Mark| {
        let own = margin(mark).signed()?;
        let margin = if mark.position.size.is_negative() { own.negate()? } else { own };
        Ok(Leg { feed: mark.feed, margin })
    };
    marks.iter().map(leg).collect()
}

/// An account at the present prices.
#[derive(Clone, Debug, Default)]
pub struct Valuation {
    /// Margin in sdUSD.
    pub margin: SignedUsd,
    /// Margin and all PnL, and what tokens count for towards maintenance.
    pub equity: SignedUsd,
    /// The same with each positive PnL at its haircut, and what tokens count for where risk increases.
    pub for_opening: SignedUsd,
    /// That without any positive PnL.
    pub safe: SignedUsd,
    /// Initial margin of all positions together.
    pub initial: Usd,
    /// Maintenance margin of all positions together.
    pub maintenance: Usd,
    /// Σ notionals.
    pub notional: Usd,
    /// By position.
    pub marks: Vec<Mark>,
    /// What tokens that back it count for; none where none do.
    pub tokens: Option<Counted>,
}

impl Valuation {
    /// Of an account whose positions are marked; `haircut` is the part of a profit that does not count for
    /// opening.
    pub fn of(account: &Account, marks: Vec<Mark>, haircut: Ratio, offsets: &Offsets<'_>) -> Result<Self> {
        let mut sum = Self {
            margin: account.margin,
            equity: account.margin,
            for_opening: account.margin,
            safe: account.margin,
            ..Self::default()
        };
        for mark in &marks {
            let counted = Ratio::ONE.saturating_minus(haircut);
            let gain = mark.pnl.positive_part().scale(counted, Rounding::Down)?;
            let loss = mark.pnl.negative_part().signed()?;
            sum.equity = sum.equity.plus(mark.pnl)?;
            sum.for_opening = sum.for_opening.plus(gain.signed()?)?.minus(loss)?;
            sum.safe = sum.safe.minus(loss)?;
            sum.notional = sum.notional.plus(mark.notional)?;
        }
        sum.initial = offsets.requirement(&legs(&marks, |mark| mark.initial)?)?.0;
        sum.maintenance = offsets.requirement(&legs(&marks, |mark| mark.maintenance)?)?.0;
        Ok(Self { marks, ..sum })
    }

    /// With the tokens that back it.
    pub fn with(mut self, tokens: Counted) -> Result<Self> {
        let counted = tokens.for_opening.signed()?;
        self.equity = self.equity.plus(tokens.for_maintenance.signed()?)?;
        self.for_opening = self.for_opening.plus(counted)?;
        self.safe = self.safe.plus(counted)?;
        self.tokens = Some(tokens);
        Ok(self)
    }

    /// What is free to be locked by a further order.
    pub fn available(&self, locked: Usd) -> Result<SignedUsd> {
        self.for_opening.minus(self.initial.plus(locked)?.signed()?)
    }

    /// What can be taken out, the charge for it included: never more than the margin, whatever tokens count for.
    pub fn withdrawable(&self, locked: Usd) -> Result<Usd> {
        Ok(self.safe.minus(self.initial.plus(locked)?.signed()?)?.min(self.margin).positive_part())
    }

    /// How much of the notional the account's equity is needed for: Σ notional × min(1, initial margin ÷ equity for opening), both
    /// rounded up; all of it without any such equity. By what makes it larger, insurance gets its leverage premium: being a function of the
    /// account alone it does not matter in how many steps an account gets there, nor whether by orders or by withdrawals.
    pub fn leveraged(&self, for_opening: SignedUsd) -> Result<Usd> {
        match for_opening.positive_part() {
            Usd::ZERO => Ok(self.notional),
            equity => {
                let needed = self.initial.per(equity, Rounding::Up)?.min(Ratio::ONE);
                self.notional.scale(needed, Rounding::Up)
            }
        }
    }

    /// What insurance gets where `asked` is taken out. Rounded up.
    pub fn charge(&self, asked: Usd, leverage: Ratio) -> Result<Usd> {
        let left = self.leveraged(self.for_opening.minus(asked.signed()?)?)?;
        left.saturating_minus(self.leveraged(self.for_opening)?).scale(leverage, Rounding::Up)
    }

    /// The most that can be asked for: with the charge for it, it is what can be taken out.
    pub fn askable(&self, locked: Usd, leverage: Ratio) -> Result<Usd> {
        let free = self.withdrawable(locked)?;
        let (mut fits, mut beyond) = (Usd::ZERO, free.plus(Usd::new(1))?);
        while beyond.minus(fits)? > Usd::new(1) {
            let middle = fits.plus(beyond)?.fraction(1, 2, Rounding::Down)?;
            let taken = middle.plus(self.charge(middle, leverage)?)?;
            *(if taken <= free { &mut fits } else { &mut beyond }) = middle;
        }
        Ok(fits)
    }

    /// Whether the account can be liquidated: there is too little behind its positions, or it is below zero since the market was shut
    /// down, or its tokens count for less than it owes.
    pub fn below_maintenance(&self) -> Result<bool> {
        Ok(self.equity < self.maintenance.signed()?)
    }
}
