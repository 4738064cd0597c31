//! A small deployment for the unit tests: round numbers, three feeds, no confidence band unless a test sets one.

use crate::config::{
    AuctionConfig, Config, Curve, FeedConfig, LimitsConfig, LiquidatorConfig, MarketConfig, MarketParams,
    NotesConfig, OracleConfig, PerpConfig, PerpStatus, PoolConfig, VaultConfig,
};
use crate::message::{Message, PoolMessage, Submission};
use crate::model::{Hints, Model, Outcome};
use crate::number::{fraction, ten, whole, Q};

pub(crate) fn usd(n: i64) -> Q {
    whole(n) * ten(6)
}

/// Collateral is feed 0, the perpetuals are feeds 1 and 2 with σ 4 % and ρ ½.
pub(crate) fn config() -> Config {
    let feed = FeedConfig { deviation_band: whole(10), maximum_confidence: fraction(1, 10), source: None };
    let vault = VaultConfig {
        token: "atom".into(),
        decimals: 6,
        feed: 0,
        issuance_ratio: whole(3),
        liquidation_ratio: whole(2),
        liquidation_penalty: fraction(1, 10),
        stability_fee: whole(0),
        maximum_confidence: fraction(1, 100),
        minimum_deposit: usd(10),
        minimum_debt: usd(10),
        deposit_cap: ten(18),
        debt_ceiling: ten(18),
    };
    let perp = |feed| PerpConfig {
        feed,
        status: PerpStatus::Open,
        initial_margin: fraction(1, 10),
        maintenance_margin: fraction(1, 20),
        skew_cap: usd(1_000_000),
        open_interest_cap: usd(1_000_000),
        trade_confidence: fraction(1, 100),
        liquidate_confidence: fraction(1, 100),
        liquidation_penalty: fraction(1, 100),
        premium_cap: fraction(1, 100),
        minimum_notional: usd(10),
    };
    let params = MarketParams {
        proportional: fraction(1, 4),
        velocity: whole(9),
        integral_cap: fraction(3, 100),
        rate_cap: fraction(4, 100),
        decay_seconds: 86_400,
        maximum_accrual: 86_400,
        fee: fraction(1, 1_000),
        insurance_share: fraction(1, 10),
        keeper_share: fraction(1, 20),
        order_delay: 5,
        order_expiry: 60,
        maximum_empty_intervals: 3,
        maximum_slippage: fraction(1, 10),
        profit_haircut: fraction(1, 2),
        maximum_offset: fraction(1, 2),
        fee_response: whole(1),
        funding_response: whole(1),
        credit_response: whole(1),
        shortfall_premium: whole(0),
        leverage_premium: whole(0),
        deleveraging: None,
        schedule: None,
        liquidation_target: fraction(3, 2),
        liquidation_reward: usd(2),
        liquidation_reward_share: fraction(1, 10),
    };
    let auction = AuctionConfig {
        buffer: fraction(11, 10),
        curve: Curve::Stair(20, fraction(99, 100)),
        cusp: fraction(11, 20),
        tail: 1_500,
        tip: usd(5),
        chip: fraction(1, 1_000),
        dust: usd(10),
    };
    let half = fraction(1, 2);
    Config {
        oracle: OracleConfig {
            quorum: 1,
            publishers: vec!["publisher".into()],
            seconds: 5,
            slots: 64,
            grace: 5,
            trade: 15,
            liquidate: 60,
            gap: 60,
            feeds: vec![feed.clone(), feed.clone(), feed],
            sigmas: vec![fraction(6, 100), fraction(4, 100), fraction(4, 100)],
            correlations: vec![
                vec![whole(1), half.clone(), half.clone()],
                vec![half.clone(), whole(1), half.clone()],
                vec![half.clone(), half, whole(1)],
            ],
            measurement: None,
            average_seconds: 300,
            owner: "owner".into(),
            guardian: None,
            breaker: None,
        },
        pool: PoolConfig {
            impact_depth: usd(1_000_000),
            supply_ceiling: usd(1_000_000_000),
            exit_delay: 100,
            exit_window: 50,
            minimum_stay: 0,
            risk: None,
            breakers: None,
            least_depth: None,
            losses: None,
            note_share: fraction(1, 2),
            vaults: vec![vault],
        },
        markets: vec![MarketConfig {
            name: "market".into(),
            line: usd(1_000),
            params,
            perps: vec![perp(1), perp(2)],
        }],
        liquidator: LiquidatorConfig {
            hole: usd(1_000_000),
            stop_level: 0,
            withdrawal_delay: 60,
            withdrawal_window: 30,
            auctions: vec![auction],
            limits: vec![LimitsConfig {
                hole: usd(500_000),
                discount: fraction(1, 10),
                daily: fraction(1, 100),
            }],
            notes: NotesConfig {
                lot: usd(1_000),
                start: whole(2),
                step: fraction(1, 20),
                bid_seconds: 3_600,
                auction_seconds: 86_400,
                raise: fraction(3, 2),
                ceiling: usd(10_000),
            },
        },
        spot: None,
        reserve: None,
        desk: None,
        orders: None,
        custody: None,
    }
}

pub(crate) fn model() -> Model {
    Model::new(config())
}

/// A model with a clock, and messages that read like a story.
pub(crate) struct Story {
    pub(crate) model: Model,
    pub(crate) now: u64,
}

impl Story {
    /// At 1,000,000 s; every feed at 100 USD; the providers' collateral is 6-decimals ATOM.
    pub(crate) fn new() -> Self {
        let mut model = model();
        for who in ["anna", "bert"] {
            model.endow("atom", who, usd(1_000_000));
        }
        let mut story = Self { model, now: 1_000_000 };
        story.prices(&[100, 100, 100]);
        story
    }

    /// Anna has borrowed 20,000 USD on 1,000 ATOM, bert 30,000 USD on 10,000.
    pub(crate) fn provided() -> Self {
        let mut story = Self::new();
        for (who, amount, debt) in [("anna", 1_000, 20_000), ("bert", 10_000, 30_000)] {
            let deposit = PoolMessage::Deposit { vault: 0, amount: usd(amount), beneficiary: None };
            story.accepted(who, Message::Pool(deposit));
            let mint = PoolMessage::Mint { vault: 0, amount: usd(debt), recipient: None, owner: None };
            story.accepted(who, Message::Pool(mint));
        }
        story
    }

    pub(crate) fn prices(&mut self, prices: &[i64]) {
        let entry = |(feed, price): (usize, &i64)| Submission {
            feed,
            price: usd(*price),
            confidence: whole(0),
            publish_time: self.now,
        };
        let prices = prices.iter().enumerate().map(entry).collect();
        self.accepted("publisher", Message::Publish(prices));
    }

    /// One feed's next price, a second later.
    pub(crate) fn prices_of(&mut self, feed: usize, price: i64) {
        self.wait(1);
        let entry = Submission { feed, price: usd(price), confidence: whole(0), publish_time: self.now };
        self.accepted("publisher", Message::Publish(vec![entry]));
    }

    pub(crate) fn wait(&mut self, seconds: u64) {
        self.now += seconds;
    }

    pub(crate) fn outcome(&self, who: &str, message: &Message) -> Outcome {
        self.model.apply(self.now, who, message, &Hints::default())
    }

    pub(crate) fn accepted(&mut self, who: &str, message: Message) {
        let outcome = self.outcome(who, &message);
        assert!(!outcome.trial.must_refuse(), "{message:?}: {:?}", outcome.trial.codes());
        self.model = outcome.next;
        // as a chain would show it: with as few decimals as the span allows
        let show = |span: crate::span::Span| {
            let decimals = [0, 12, 18, 27].into_iter().map(|n| (span.high() * ten(n)).floor() / ten(n));
            decimals.into_iter().find(|value| span.holds(value)).unwrap_or_else(|| span.middle())
        };
        let shown = self.model.stored(self.now).into_iter().map(|(name, span)| (name, show(span)));
        let shown = shown.collect();
        self.model.rebase(self.now, &shown);
    }

    pub(crate) fn refused(&self, who: &str, message: Message) -> Vec<&'static str> {
        let outcome = self.outcome(who, &message);
        assert!(outcome.trial.must_refuse(), "{message:?} was accepted");
        outcome.trial.codes()
    }
}
