//! What one take buys and costs, and how it is booked: pure, for the handlers and for the query alike.

use sdp_risk::auction::Lot;
use sdp_types::{Amount, Price, Result, Usd};
use serde::{Deserialize, Serialize};

use crate::auction::Auction;
use crate::state::Totals;

/// A take that can be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sale {
    /// USD per whole unit.
    pub price: Price,
    /// Collateral for the taker.
    pub amount: Amount,
    /// What the taker pays: `amount · price`, rounded up, and never more than what is owed.
    pub cost: Usd,
    /// Of it, against the tab: first.
    pub recovered: Usd,
    /// Of it, against the penalty: the rest.
    pub penalty: Usd,
    /// Of the penalty, for the keepers: at once, until they have their reward.
    pub reward: Usd,
}

/// What a take of at most `amount` for at most `payment` does at `price` > 0: as [`Lot::take`]. `E0005`, `E0506`, `E0507`.
pub fn plan(auction: &Auction, price: Price, amount: Amount, payment: Usd) -> Result<Sale> {
    let (decimals, dust) = (auction.decimals, auction.asking.params.dust);
    let lot = Lot { amount: auction.lot, decimals, owed: auction.owed()?, dust };
    let (amount, cost) = lot.take(price, amount, payment)?;
    let recovered = cost.min(auction.tab);
    let penalty = cost.minus(recovered)?;
    Ok(Sale { price, amount, cost, recovered, penalty, reward: penalty.min(auction.reward) })
}

/// What is left when nothing is owed or nothing is left to sell: the lot goes back, the tab is a shortfall, the penalty is
/// forgotten.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ending {
    /// For the owner of the position.
    pub surplus: Amount,
    /// For the pool's waterfall.
    pub shortfall: Usd,
}

impl Totals {
    /// A seized position is for sale.
    pub fn begin(&mut self, auction: &Auction) -> Result<()> {
        let outstanding = self.outstanding_of(auction.vault);
        *outstanding = outstanding.plus(auction.owed()?)?;
        self.recoveries.tab = self.recoveries.tab.plus(auction.tab)?;
        Ok(())
    }

    /// Books a sale, and the end if that is what it leads to.
    pub fn sell(&mut self, auction: &mut Auction, sale: &Sale) -> Result<Option<Ending>> {
        auction.lot = auction.lot.minus(sale.amount)?;
        auction.tab = auction.tab.minus(sale.recovered)?;
        auction.penalty = auction.penalty.minus(sale.penalty)?;
        auction.reward = auction.reward.minus(sale.reward)?;
        auction.rewarded = auction.rewarded.plus(sale.reward)?;

        let ending = auction.is_over().then_some(Ending { surplus: auction.lot, shortfall: auction.tab });
        let Ending { shortfall, .. } = ending.unwrap_or_default();
        let forgotten = if ending.is_some() { auction.owed()? } else { Usd::ZERO };
        let outstanding = self.outstanding_of(auction.vault);
        *outstanding = outstanding.minus(sale.cost)?.minus(forgotten)?;
        let recoveries = &mut self.recoveries;
        recoveries.tab = recoveries.tab.minus(sale.recovered)?.minus(shortfall)?;
        recoveries.recovered = recoveries.recovered.plus(sale.recovered)?;
        recoveries.penalties = recoveries.penalties.plus(sale.penalty)?;
        recoveries.tips = recoveries.tips.plus(sale.reward)?;
        recoveries.shortfalls = recoveries.shortfalls.plus(shortfall)?;
        Ok(ending)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cosmwasm_std::Addr;
    use sdp_risk::auction::Asking;
    use sdp_types::error::LiquidatorError;
    use sdp_types::liquidator::{AuctionParams, Curve};
    use sdp_types::pool::Token;
    use sdp_types::{Error, Ratio};

    /// 100 tokens of 6 decimals, with $500 and a penalty of $50 to bring, dust $100.
    fn auction() -> Auction {
        Auction {
            vault: 0,
            owner: Addr::unchecked("olga"),
            token: Token::Native("uatom".into()),
            feed: 0,
            decimals: 6,
            lot: tokens(100),
            tab: Usd::whole(500),
            penalty: Usd::whole(50),
            reward: Usd::whole(7),
            rewarded: Usd::ZERO,
            keeper: Addr::unchecked("kira"),
            redoer: None,
            asking: Asking {
                start_price: price("10"),
                started_at: 0,
                params: AuctionParams {
                    buffer: Ratio::ONE,
                    curve: Curve::Linear { seconds: 1_000 },
                    cusp: Ratio::percent(50),
                    tail: 600,
                    tip: Usd::whole(7),
                    chip: Ratio::ZERO,
                    dust: Usd::whole(100),
                },
            },
        }
    }

    fn tokens(n: u128) -> Amount {
        Amount::new(n * 1_000_000)
    }

    fn price(text: &str) -> Price {
        text.parse().unwrap()
    }

    fn take(amount: Amount, payment: Usd, at: &str) -> Result<Sale> {
        plan(&auction(), price(at), amount, payment)
    }

    #[test]
    fn the_smallest_of_amount_lot_payment_and_debt_binds() {
        let bought = |amount, payment| take(amount, Usd::whole(payment), "8").unwrap();
        // 10 · $8
        assert_eq!(
            (bought(tokens(10), 1_000).amount, bought(tokens(10), 1_000).cost),
            (tokens(10), Usd::whole(80))
        );
        // $88 ÷ $8
        assert_eq!(bought(tokens(50), 88).amount, tokens(11));
        // $550 ÷ $8 = 68.75
        let all = bought(tokens(100), 1_000);
        assert_eq!((all.amount, all.cost), (Amount::new(68_750_000), Usd::whole(550)));
        // the lot: at $5 it brings $500
        let lot = take(tokens(1_000), Usd::whole(1_000), "5").unwrap();
        assert_eq!((lot.amount, lot.cost), (tokens(100), Usd::whole(500)));
    }

    #[test]
    fn a_cost_is_rounded_up_and_an_affordable_amount_down() {
        // one base unit is worth 3.000001 micro-USD
        let one = take(Amount::new(1), Usd::whole(1), "3.000001").unwrap();
        assert_eq!((one.amount, one.cost), (Amount::new(1), Usd::new(4)));
        let paid = take(tokens(1), Usd::new(6), "3.000001").unwrap();
        assert_eq!((paid.amount, paid.cost), (Amount::new(1), Usd::new(4)));
    }

    #[test]
    fn the_last_taker_pays_what_is_owed_and_gets_the_smallest_amount_worth_it() {
        // $550 ÷ $7 = 78.571428571…
        let all = take(tokens(100), Usd::whole(1_000), "7").unwrap();
        assert_eq!((all.amount, all.cost), (Amount::new(78_571_429), Usd::whole(550)));
    }

    #[test]
    fn a_payment_of_exactly_what_is_owed_ends_the_auction() {
        // $550 buys 45.833333 at $12, worth $549.999996; what is owed is paid all the same
        let all = take(tokens(100), Usd::whole(550), "12").unwrap();
        assert_eq!((all.amount, all.cost), (Amount::new(45_833_334), Usd::whole(550)));
    }

    #[test]
    fn a_taker_never_gets_more_than_the_amount_that_was_asked_for() {
        // 1,833,333,331 · 0.3 = 549,999,999.3 micro-USD is rounded up to all that is owed, which is worth 3 units more
        let large = Auction { lot: tokens(2_000), ..auction() };
        let asked = Amount::new(1_833_333_331);
        let sale = plan(&large, price("0.3"), asked, Usd::whole(550)).unwrap();
        assert_eq!((sale.amount, sale.cost), (asked, Usd::whole(550)));
    }

    #[test]
    fn a_payment_goes_to_the_tab_first_and_the_reward_comes_out_of_the_penalty() {
        let most = take(tokens(60), Usd::whole(1_000), "7").unwrap();
        assert_eq!((most.recovered, most.penalty, most.reward), (Usd::whole(420), Usd::ZERO, Usd::ZERO));
        let all = take(tokens(100), Usd::whole(1_000), "7").unwrap();
        assert_eq!(
            (all.recovered, all.penalty, all.reward),
            (Usd::whole(500), Usd::whole(50), Usd::whole(7))
        );
    }

    #[test]
    fn a_take_that_would_leave_dust_is_cut_to_leave_it_whole() {
        // 60 · $8 = $480 would leave $70; ($550 − $100) ÷ $8 = 56.25 leaves $100
        let cut = take(tokens(60), Usd::whole(1_000), "8").unwrap();
        assert_eq!((cut.amount, cut.cost), (Amount::new(56_250_000), Usd::whole(450)));
        // ($550 − $100) ÷ $7 = 64.285714…: what is left is the dust and less than the value of one base unit
        let cut = take(tokens(70), Usd::whole(1_000), "7").unwrap();
        assert_eq!(cut.amount, Amount::new(64_285_714));
        assert_eq!(cut.cost, Usd::new(449_999_998));
    }

    #[test]
    fn a_take_may_leave_dust_when_it_empties_the_lot() {
        // $4.9 · 100 leaves $60 of $550 unpaid
        let lot = take(tokens(100), Usd::whole(1_000), "4.9").unwrap();
        assert_eq!((lot.amount, lot.cost), (tokens(100), Usd::whole(490)));
    }

    #[test]
    fn where_no_more_than_the_dust_is_owed_it_is_all_or_nothing() {
        let small = Auction { tab: Usd::whole(60), penalty: Usd::whole(40), ..auction() };
        let part = plan(&small, price("8"), tokens(10), Usd::whole(1_000));
        assert_eq!(
            part,
            Err(LiquidatorError::LeavesDust { left: Usd::whole(20), dust: Usd::whole(100) }.into())
        );
        assert_eq!(plan(&small, price("8"), tokens(100), Usd::whole(100)).unwrap().cost, Usd::whole(100));
    }

    #[test]
    fn nothing_for_nothing_is_refused() {
        assert_eq!(take(Amount::ZERO, Usd::whole(1), "8"), Err(Error::Zero { what: "amount".into() }));
        let poor = take(tokens(1), Usd::new(7), "8");
        assert_eq!(poor, Err(LiquidatorError::PaidTooLittle { paid: Usd::new(7), price: price("8") }.into()));
    }
}
