//! What an order would do if it filled now.

use sdp_risk::potential;
use sdp_trading::limits::used_at_worst;
use sdp_types::exposure::FeedQuantity;
use sdp_types::market::{MarginNeeded, PositionMargin, TradePreview};
use sdp_types::{Result, Rounding, Size, Usd};

use crate::charges::{discount, fill_price, insurance_premia, less};
use crate::core::fill::split;
use crate::core::mark::{legs, Mark};
use crate::plan::{fee_of, fee_rate, plan, Request};
use crate::prices::offsets;
use crate::view::View;

impl View<'_> {
    /// A fill at the board's price as if it were its interval's.
    #[inline(never)]
    pub fn preview(&mut self, request: &Request) -> Result<TradePreview> {
        let (storage, params) = (self.deps.storage, self.terms.params.clone());
        let Request { account: key, perp, size, .. } = request;
        let (perp, size) = (*perp, *size);
        let planned = plan(self.deps, &mut self.books, &self.terms, &self.outside, request);
        let before = self.value(key)?;
        let account = self.books.account(storage, key)?.clone();
        let market = self.market(perp)?;
        let feed = market.config.feed;
        let price = market.quote.price.adverse_to_holder(size.negate()?, market.quote.confidence)?;
        let quantities = self.books.quantities_after(perp, size)?;
        let outside = &self.outside;
        let exposures = |of: &[FeedQuantity]| outside.exposures(of, &|feed| outside.last(feed));
        let (x, y) = (exposures(&self.books.published.exposure.quantities)?, exposures(&quantities)?);
        let premium = potential::premium(&x, &y, &outside.covariance, outside.depth)?;
        let premium_after = outside.marginal_premium(&quantities, feed)?;
        let (reduce, increase) = split(self.books.position(storage, key, perp)?.size, size)?;
        // a market that can't be marked takes no increase; then what it has cost does not matter
        let used = used_at_worst(&self.books.published.exposure, outside).unwrap_or_default();
        let rate = fee_rate(&self.terms, outside, feed, used)?;
        let discount = discount(params.fees.as_ref(), &account, self.outside.now)?;
        let fee = less(fee_of(&self.terms, rate, reduce, increase, price)?, discount)?;

        let realised = self.books.trade(storage, key, perp, size, price, self.outside.now)?;
        self.books.credit(storage, key, premium.plus(fee.signed()?)?.negate()?)?;
        let accounts = (before, self.value(key)?);
        let (mut shortfall_premium, mut leverage_premium) = (Usd::ZERO, Usd::ZERO);
        if !increase.is_zero() {
            (shortfall_premium, leverage_premium) =
                insurance_premia(&params.insurance, &self.outside, (&x, &y), &accounts)?;
        }
        let paid = shortfall_premium.plus(leverage_premium)?;
        self.books.credit(storage, key, paid.signed()?.negate()?)?;
        let valuation = self.value(key)?;
        let mark = valuation.marks.iter().find(|mark| mark.position.perp == perp);
        let liquidation =
            mark.map(|mark| self.liquidation_price(&valuation, mark, &market)).transpose()?.flatten();
        Ok(TradePreview {
            price,
            fill_price: if size.is_zero() { price } else { fill_price(size, price, premium)? },
            premium,
            fee,
            keeper_fee: fee.scale(params.keeper_share, Rounding::Down)?,
            insurance_fee: fee.scale(params.insurance_share, Rounding::Down)?,
            shortfall_premium,
            leverage_premium,
            regime: self.outside.regime(feed),
            stress: self.outside.stress_of(feed)?,
            realised,
            size: mark.map_or(Size::ZERO, |mark| mark.position.size),
            locked: planned.as_ref().map(|order| order.locked).unwrap_or_default(),
            available: accounts.0.available(account.locked)?,
            initial_margin: self.needed(&valuation.marks, |mark| mark.initial)?,
            maintenance_margin: self.needed(&valuation.marks, |mark| mark.maintenance)?,
            margins: valuation.marks.iter().map(|mark| self.margin_of(mark)).collect(),
            equity: valuation.equity,
            liquidation_price: liquidation,
            premium_after,
            refused: planned.err().map(|error| error.to_string()),
        })
    }

    /// What positions need together, by one of their margins.
    fn needed(&self, marks: &[Mark], margin: fn(&Mark) -> Usd) -> Result<MarginNeeded> {
        let (required, basis) = offsets(&self.outside, &self.terms).requirement(&legs(marks, margin)?)?;
        let sum = marks.iter().try_fold(Usd::ZERO, |sum, mark| sum.plus(margin(mark)))?;
        Ok(MarginNeeded { sum, required, basis })
    }

    fn margin_of(&self, mark: &Mark) -> PositionMargin {
        let (volatility, ramped_volatility) = self.outside.volatilities(mark.feed);
        PositionMargin {
            perp: mark.position.perp,
            notional: mark.notional,
            initial_margin: mark.initial,
            maintenance_margin: mark.maintenance,
            volatility,
            ramped_volatility,
        }
    }
}
