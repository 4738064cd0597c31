//! Who holds synthetics, and what for.

use sdp_types::Amount;

/// What somebody does with a synthetic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plan {
    /// Buys once and holds.
    Hold,
    /// Sells when it has fallen far enough, and buys back when it has risen again.
    Sell,
    /// Holds, and is short the same quantity of the perpetual: has the dollar's price, and what funding and premia are worth to both.
    Hedge,
}

impl Plan {
    /// All of them, as tables list them.
    pub const ALL: [Self; 3] = [Self::Hold, Self::Sell, Self::Hedge];

    /// The group's name.
    pub fn group(self) -> &'static str {
        match self {
            Self::Hold => "Hold through",
            Self::Sell => "Sell, buy back",
            Self::Hedge => "Hedge by perpetual",
        }
    }

    /// Beginning of its people's names.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Hold => "holder",
            Self::Sell => "seller",
            Self::Hedge => "hedged",
        }
    }

    /// Part of the stake that buys tokens; of what is left, if anything, comes margin.
    pub fn tokens_part(self) -> f64 {
        match self {
            Self::Hold | Self::Sell => 1.0,
            Self::Hedge => 0.55,
        }
    }
}

/// Somebody with one synthetic.
#[derive(Debug, Clone)]
pub struct Holder {
    /// In the address book.
    pub name: String,
    /// On the chain.
    pub address: String,
    /// What for.
    pub plan: Plan,
    /// Number of the synthetic, and of the perpetual on the same feed.
    pub synthetic: usize,
    /// What he begins with, USD.
    pub stake: f64,
    /// Whether he comes with USDC, through the par reserve, or buys sdUSD from who offers it.
    pub dollars: bool,
    /// Bar of the first order.
    pub joins: usize,
    /// Sells when it has fallen by this part from its highest since he bought.
    pub fall: f64,
    /// Buys back when it has risen by this part from its lowest since he sold.
    pub rise: f64,
    /// As last seen.
    pub seen: Held,
    /// Whether he wants to hold it now.
    pub wants: bool,
    /// The highest price since he wanted it, or the lowest since he no longer does.
    pub extreme: f64,
}

/// What somebody has.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Held {
    /// Tokens, base units.
    pub tokens: Amount,
    /// What they are owed, whole units of the asset.
    pub quantity: f64,
    /// sdUSD in the wallet, USD.
    pub cash: f64,
    /// Of the account in the market, USD.
    pub equity: f64,
    /// Units of the perpetual, signed.
    pub position: f64,
    /// Orders for synthetics and perpetuals that wait.
    pub orders: u32,
}

/// What somebody does now.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Move {
    /// Nothing.
    Stay,
    /// Spends all sdUSD on tokens.
    Buy,
    /// Sells all tokens.
    Sell,
    /// Changes the position in the perpetual by so many units.
    Hedge(f64),
}

/// What is off by less than this part is left alone.
const TOLERANCE: f64 = 0.05;

impl Holder {
    /// What to do at a bar after joining, once the price is known.
    pub fn moves(&mut self, price: f64) -> Move {
        self.makes_up_his_mind(price);
        if self.seen.orders > 0 || price <= 0.0 {
            return Move::Stay;
        }
        let holds = !self.seen.tokens.is_zero();
        if self.wants != holds {
            return if self.wants { Move::Buy } else { Move::Sell };
        }
        let missing = -self.seen.quantity - self.seen.position;
        if self.plan == Plan::Hedge && missing.abs() > TOLERANCE * self.seen.quantity {
            return Move::Hedge(missing);
        }
        Move::Stay
    }

    fn makes_up_his_mind(&mut self, price: f64) {
        if self.extreme == 0.0 {
            (self.wants, self.extreme) = (true, price);
        }
        if self.plan != Plan::Sell {
            return;
        }
        self.extreme = if self.wants { self.extreme.max(price) } else { self.extreme.min(price) };
        let turns = if self.wants {
            price < self.extreme * (1.0 - self.fall)
        } else {
            price > self.extreme * (1.0 + self.rise)
        };
        if turns {
            (self.wants, self.extreme) = (!self.wants, price);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holder(plan: Plan) -> Holder {
        Holder {
            name: "x".into(),
            address: "x".into(),
            plan,
            synthetic: 0,
            stake: 1_000.0,
            dollars: false,
            joins: 1,
            fall: 0.1,
            rise: 0.2,
            seen: Held::default(),
            wants: false,
            extreme: 0.0,
        }
    }

    fn holding(quantity: f64) -> Held {
        Held { tokens: Amount::new(1), quantity, ..Held::default() }
    }

    #[test]
    fn who_holds_through_buys_once_and_never_sells() {
        let mut one = holder(Plan::Hold);
        assert_eq!(one.moves(100.0), Move::Buy);
        one.seen = holding(5.0);
        assert!([100.0, 10.0, 1_000.0].into_iter().all(|price| one.moves(price) == Move::Stay));
        // a buy that was refused is tried again
        one.seen = Held::default();
        assert_eq!(one.moves(100.0), Move::Buy);
    }

    #[test]
    fn who_sells_does_so_after_a_fall_from_the_top_and_buys_back_after_a_rise_from_the_bottom() {
        let mut one = holder(Plan::Sell);
        assert_eq!(one.moves(100.0), Move::Buy);
        one.seen = holding(5.0);
        assert_eq!((one.moves(120.0), one.moves(108.5)), (Move::Stay, Move::Stay));
        assert_eq!(one.moves(107.9), Move::Sell);
        one.seen = Held { orders: 1, ..holding(5.0) };
        assert_eq!(one.moves(90.0), Move::Stay);
        one.seen = Held::default();
        assert_eq!((one.moves(80.0), one.moves(95.9)), (Move::Stay, Move::Stay));
        assert_eq!(one.moves(96.1), Move::Buy);
    }

    #[test]
    fn who_hedges_is_short_what_the_tokens_are_owed() {
        let mut one = holder(Plan::Hedge);
        one.moves(100.0);
        one.seen = holding(5.0);
        assert_eq!(one.moves(100.0), Move::Hedge(-5.0));
        one.seen.position = -4.9;
        assert_eq!(one.moves(100.0), Move::Stay);
        // a liquidation took some of it
        one.seen.position = -3.0;
        assert_eq!(one.moves(100.0), Move::Hedge(-2.0));
    }
}
