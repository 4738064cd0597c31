//! Loops of fills and liquidations, across accounts and feeds, through a synthetic and beyond π_max: nobody who begins and ends without
//! positions has more than he began with, less his fees; and how a trade is cut into orders changes nothing.

use sdp_embedded::actions::Order;
use sdp_embedded::decimal::Dollars;
use sdp_embedded::{events, Actions, Answer, Audits, ChainError, Manifest, Snapshot, Synthetics, World};
use sdp_types::events::{AccountLiquidated, Bought, FromEvent, OrderFilled, OrderRefused, PositionCut, Sold};
use sdp_types::market::{AccountResponse, PerpResponse};
use sdp_types::spot::{BuyExact, SellExact};
use sdp_types::units::{Amount, Price, Rate, Ratio, Size, Usd};

use crate::random::Random;

/// Of BTC, ETH and SOL.
const PRICES: [i128; 3] = [60_000, 3_000, 150];
/// Volatilities in thousandths a day.
const SIGMAS: [i128; 3] = [35, 45, 60];

/// Φ of net trades in thousandths of a unit, micro-USD, rounded up: xᵀΣx ÷ (2·612,500 USD), ρ = 0.8.
fn potential(net: [i128; 3]) -> i128 {
    let mut sum = 0;
    for (i, a) in net.iter().enumerate() {
        for (j, b) in net.iter().enumerate() {
            let rho = if i == j { 10 } else { 8 };
            // milli-units · USD are milli-USD
            sum += a * PRICES[i] * SIGMAS[i] * b * PRICES[j] * SIGMAS[j] * rho;
        }
    }
    // (10⁻³ USD)² · (10⁻³)² · 10⁻¹, in micro-USD
    let (numerator, divisor) = (sum, 2 * 612_500 * 10_000_000);
    numerator.div_euclid(divisor) + i128::from(numerator.rem_euclid(divisor) > 0)
}

fn trading(change: impl FnOnce(&mut Manifest), traders: &[&str], margin: u64) -> World {
    let mut world = World::with(|manifest| {
        // by which a fee depends on what its payer has traded before
        manifest.markets[0].fees = None;
        change(manifest);
    });
    world.lp("whale").deposits(1_000_000, "ATOM").mints(3_000_000);
    for trader in traders {
        world.sells_sdusd("whale", trader, margin);
        world.trader(trader).funds_margin(margin);
    }
    world.audits = Audits::Off;
    world
}

fn no_funding(manifest: &mut Manifest) {
    let funding = &mut manifest.markets[0].funding;
    (funding.proportional, funding.velocity) = (Rate::ZERO, Rate::ZERO);
}

fn told<E: FromEvent>(answers: &[Answer]) -> Vec<E> {
    answers.iter().flat_map(|answer| events::<E>(answer).unwrap()).collect()
}

/// The next interval gets its prices, and all orders are settled by `keeper`, the perpetuals in this order.
fn fill(world: &mut World, keeper: &str, perps: [u16; 3]) -> Vec<Answer> {
    let interval = 5;
    let wait = interval - world.now() % interval;
    world.waits(wait);
    world.refreshes();
    world.waits(interval);
    world.refreshes();
    let mut answers = Vec::new();
    for perp in perps {
        loop {
            match world.settle(keeper, "market", perp, 100) {
                Ok(answer) => answers.push(answer),
                Err(error) if error.says("E0420") => break,
                Err(error) => panic!("{error}"),
            }
        }
    }
    answers
}

/// Cuts a trade into parts that differ.
fn cut(total: i128, parts: i128, random: &mut Random) -> Vec<i128> {
    let mut left = total;
    let mut cuts = Vec::new();
    for n in (1..parts).rev() {
        let mean = left / (n + 1);
        let part =
            mean / 2 + i128::from(random.below(u64::try_from(mean.abs().max(1)).unwrap())) * mean.signum();
        cuts.push(part);
        left -= part;
    }
    cuts.push(left);
    cuts
}

#[test]
fn the_same_net_trade_in_one_seven_or_a_hundred_orders_in_any_order_costs_the_same() {
    // thousandths of a unit: long BTC, short ETH, long SOL
    let net = [20_000, -300_000, 2_000_000];
    let base = trading(no_funding, &["eve", "ivan"], 400_000);
    let start = base.snapshot();
    let mut world = base;
    let mut random = Random::new(7);
    let expected = potential(net);
    assert!(expected > 500_000_000, "{expected}");
    let mut costs = Vec::new();
    for parts in [1, 7, 100] {
        for _ in 0..4 {
            world.restore(&start);
            let mut orders: Vec<(u16, i128)> = Vec::new();
            for (perp, total) in (0..).zip(net) {
                orders.extend(cut(total, parts, &mut random).into_iter().map(|part| (perp, part)));
            }
            random.shuffle(&mut orders);
            let mut answers = Vec::new();
            // several intervals, in each the perpetuals in another order
            for chunk in orders.chunks(14) {
                for (perp, milli) in chunk {
                    let size = Size::new(milli * 1_000_000_000_000_000);
                    let trader = *random.of(&["eve", "ivan"]);
                    let order = Order { size, ..Order::default() };
                    world.commit(trader, "market", *perp, &order).unwrap();
                }
                let mut perps = [0, 1, 2];
                random.shuffle(&mut perps);
                answers.extend(fill(&mut world, "kim", perps));
            }
            assert!(told::<OrderRefused>(&answers).is_empty());
            let fills = told::<OrderFilled>(&answers);
            assert_eq!(fills.len(), orders.len());
            let premium: i128 = fills.iter().map(|fill| fill.premium.raw()).sum();
            let per_order = i128::try_from(orders.len()).unwrap();
            assert!((premium - expected).abs() <= per_order, "{parts}: {premium} {expected}");
            let wealth: i128 = ["eve", "ivan"].iter().map(|name| equity(&world, name)).sum();
            // what insurance gets for the leverage of the one and the other depends on who has which
            let insured: i128 = fills.iter().map(|fill| i128::try_from(fill.insurance.raw()).unwrap()).sum();
            costs.push((per_order, 800_000_000_000 - wealth - insured));
            assert!(world.deep_audit().unwrap().is_empty());
        }
    }
    // the whole cost, fees and spread included: at most 3 roundings an order (premium, fee, cost)
    let (_, least) = costs[0];
    for (orders, cost) in &costs {
        assert!((cost - least).abs() <= 3 * orders, "{orders}: {cost} {least}");
    }
}

fn equity(world: &World, name: &str) -> i128 {
    world.account(name, "market", 0).unwrap().equity.raw()
}

// the search

const ATTACKERS: [&str; 3] = ["eve", "ivan", "judy"];
const MARGIN: u64 = 60_000;

/// One thing that an attacker does.
#[derive(Clone, Copy, Debug)]
enum Act {
    /// Commits an order of so many percent of the cap, or as much of it as is taken.
    Order { account: usize, perp: u16, percent: i64 },
    /// Commits an order against a whole position.
    Close { account: usize, perp: u16 },
    /// Settles all orders.
    Fill,
    /// Prices become as uncertain as they may be for marks, or certain again.
    Doubt(bool),
    /// Everybody who can be is liquidated; the keeper is one of the attackers.
    Liquidate,
    /// Moves margin from an account to another, as much as is free.
    Shift { from: usize, to: usize },
    /// An hour passes, poked in between or not.
    Hour { poked: bool },
    /// So many percent of the margin that is free buys synthetic BTC.
    Buy { account: usize, percent: u128 },
    /// So many percent of the tokens are sold.
    Sell { account: usize, percent: u128 },
    /// A price moves by so many hundredths of a percent.
    Move { perp: u16, bps: i64 },
}

/// Which acts a search may use.
#[derive(Clone, Copy)]
struct Game {
    hours: bool,
    moves: bool,
    /// Whether somebody else has positions, which the attackers can trade against.
    others: bool,
    /// Whether there is a synthetic.
    synthetic: bool,
}

impl Game {
    fn act(self, random: &mut Random) -> Act {
        let account = usize::try_from(random.below(3)).unwrap();
        let perp = u16::try_from(random.below(3)).unwrap();
        loop {
            return match random.below(if self.synthetic { 20 } else { 16 }) {
                0..=4 => {
                    let magnitude = *random.of(&[1, 5, 20, 50, 100]);
                    let percent = if random.below(2) == 0 { magnitude } else { -magnitude };
                    Act::Order { account, perp, percent }
                }
                5 | 6 => Act::Close { account, perp },
                7..=9 => Act::Fill,
                10 => Act::Doubt(random.below(2) == 0),
                11 | 12 => Act::Liquidate,
                13 => Act::Shift { from: account, to: (account + 1) % 3 },
                14 if self.hours => Act::Hour { poked: random.below(2) == 0 },
                15 if self.moves => {
                    let bps = *random.of(&[10, 20, 40, -10, -20, -40]);
                    Act::Move { perp, bps }
                }
                16 | 17 if self.synthetic => Act::Buy { account, percent: *random.of(&[5, 30, 100]) },
                18 | 19 if self.synthetic => Act::Sell { account, percent: *random.of(&[30, 100]) },
                _ => continue,
            };
        }
    }
}

/// What a sequence came to.
#[derive(Clone, Copy, Debug, Default)]
struct Outcome {
    /// Wealth at the end less wealth at the beginning.
    gain: i128,
    /// Fees that left the attackers: fills' less the keeper's part, penalties less rewards.
    fees: i128,
    /// What the prices' moves earned on what was held, and what they changed in Φ.
    moved: i128,
    /// What was paid because fills are at the worse side of the index.
    spread: i128,
    /// How often a premium stood beyond its cap after fills.
    beyond: usize,
    fills: usize,
    /// Of them, of the synthetic.
    synthetic: usize,
    liquidations: usize,
}

impl Outcome {
    /// What was gained beyond all that is paid for: must not be positive.
    fn excess(&self) -> i128 {
        self.gain + self.fees - self.moved
    }

    /// The same with what the spread cost: what the search makes large, to find premia that somebody else paid.
    fn leak(&self) -> i128 {
        self.excess() + self.spread
    }
}

struct Run<'w> {
    world: &'w mut World,
    prices: [Price; 3],
    doubt: bool,
    outcome: Outcome,
}

impl Run<'_> {
    fn account(&self, n: usize) -> AccountResponse {
        self.world.account(ATTACKERS[n], "market", 0).unwrap()
    }

    fn wealth(&self) -> i128 {
        let held = |name: &str| i128::try_from(self.world.balance(name, "sdusd").unwrap().raw()).unwrap();
        let claims = if self.synthetics() { self.world.synthetic_claims().unwrap() } else { vec![] };
        let claimed = |name: &str| {
            let own = claims.iter().find(|claim| claim.owner == self.world.address(name).as_str());
            own.map_or(0, |claim| i128::try_from(claim.amount.raw()).unwrap())
        };
        ATTACKERS.iter().map(|name| held(name) + equity(self.world, name) + claimed(name)).sum()
    }

    fn synthetics(&self) -> bool {
        self.world.manifest().spot.is_some()
    }

    fn settle_synthetic(&mut self) {
        while let Ok(answer) = self.world.settle_synthetic(ATTACKERS[0], 0, 100) {
            let bought = events::<Bought>(&answer).unwrap().into_iter();
            let bought = bought.map(|told| (told.fee, told.keeper_fee, told.quantity, told.price));
            let sold = events::<Sold>(&answer).unwrap().into_iter();
            let sold = sold.map(|told| (told.fee, told.keeper_fee, told.quantity, told.price));
            for (fee, keeper_fee, quantity, price) in bought.chain(sold) {
                self.outcome.fees += i128::try_from(fee.raw() - keeper_fee.raw()).unwrap();
                self.pays_spread(0, quantity, price);
                self.outcome.fills += 1;
                self.outcome.synthetic += 1;
            }
        }
    }

    fn sell(&mut self, account: usize, percent: u128) {
        let held = self.world.balance(ATTACKERS[account], "sBTC").unwrap().raw() * percent / 100;
        if held > 0 {
            let exact = SellExact::In { least: Some(Usd::ZERO) };
            self.world.sell_synthetic(ATTACKERS[account], 0, Amount::new(held), exact).unwrap();
        }
    }

    fn publish(&mut self) {
        let confidences = if self.doubt { ["0.01", "0.013", "0.017"] } else { ["0.0005", "0.0005", "0.001"] };
        let mut prices: Vec<_> = (0..)
            .zip(self.prices)
            .zip(confidences)
            .map(|((feed, price), confidence)| (feed, price, Some(confidence.parse().unwrap())))
            .collect();
        prices.push((3, "10".parse().unwrap(), None));
        self.world.publish(&prices).unwrap();
    }

    fn ticks(&mut self) {
        let wait = 5 - self.world.now() % 5;
        self.world.waits(wait);
        self.publish();
    }

    fn order(&mut self, account: usize, perp: u16, size: Size) -> Result<(), ChainError> {
        let order = Order { size, ..Order::default() };
        let done = self.world.commit(ATTACKERS[account], "market", perp, &order).map(drop);
        assert!(!done.as_ref().is_err_and(ChainError::is_bug), "{done:?}");
        done
    }

    fn settle(&mut self) {
        self.ticks();
        self.ticks();
        for perp in 0..3 {
            while let Ok(answer) = self.world.settle(ATTACKERS[0], "market", perp, 100) {
                for fill in events::<OrderFilled>(&answer).unwrap() {
                    let fee = fill.fee.raw() - fill.keeper_fee.raw();
                    self.outcome.fees += i128::try_from(fee).unwrap();
                    self.pays_spread(fill.perp, fill.size, fill.price);
                    self.outcome.fills += 1;
                }
            }
        }
        if self.synthetics() {
            self.settle_synthetic();
        }
    }

    fn look_for_premia(&mut self) {
        let perps = self.world.perps("market").unwrap();
        let above = |perp: &&PerpResponse| perp.premium.abs() > perp.config.premium_cap;
        self.outcome.beyond += perps.iter().filter(above).count();
    }

    fn pays_spread(&mut self, perp: u16, size: Size, price: Price) {
        let off = price.raw().abs_diff(self.prices[usize::from(perp)].raw());
        let paid = Price::new(off).value(size, sdp_types::Rounding::Down).unwrap();
        self.outcome.spread += paid.raw().abs();
    }

    fn liquidate(&mut self) {
        let all = ATTACKERS.map(|name| (name, 0));
        let answer = self.world.liquidate_accounts(ATTACKERS[1], "market", &all).unwrap();
        for told in events::<PositionCut>(&answer).unwrap() {
            self.pays_spread(told.perp, told.size, told.price);
        }
        for told in events::<AccountLiquidated>(&answer).unwrap() {
            let kept = i128::try_from(told.penalty.raw() - told.reward.raw()).unwrap();
            self.outcome.fees += kept;
            self.outcome.liquidations += 1;
        }
    }

    /// What the attackers hold together in thousandths of nothing: whole sizes by perpetual.
    fn held(&self) -> [i128; 3] {
        let mut held = [0; 3];
        for n in 0..3 {
            for position in self.account(n).positions {
                held[usize::from(position.perp)] += position.size.raw();
            }
        }
        held
    }

    fn potential(&mut self) -> i128 {
        self.world.sync("kim").unwrap();
        i128::try_from(self.world.audit().unwrap().ledger.potential.raw()).unwrap()
    }

    fn moves(&mut self, perp: u16, bps: i64) {
        // what waits has its own price; then the move itself, and who falls below maintenance is liquidated at once
        self.settle();
        let place = usize::from(perp);
        let (before, stood) = (self.prices[place], self.potential());
        let factor = u128::try_from(10_000 + bps).unwrap();
        let now = Price::new(before.raw() / 10_000 * factor);
        self.prices[place] = now;
        self.ticks();
        let step = i128::try_from(now.raw()).unwrap() - i128::try_from(before.raw()).unwrap();
        // sizes and prices have 18 decimals each
        let size = self.held()[place] / 1_000_000_000;
        self.outcome.moved += size * (step / 1_000_000_000) / 1_000_000_000_000 + 1;
        self.outcome.moved += self.potential() - stood + 1;
        self.liquidate();
    }

    fn act(&mut self, act: Act) {
        match act {
            Act::Order { account, perp, percent } => {
                let cap = i128::from([50, 660, 6_600][usize::from(perp)]) * 1_000_000_000_000_000_000;
                let mut size = cap / 100 * i128::from(percent);
                for _ in 0..24 {
                    if self.order(account, perp, Size::new(size)).is_ok() {
                        break;
                    }
                    size = size / 8 * 7;
                }
            }
            Act::Close { account, perp } => {
                let positions = self.account(account).positions;
                if let Some(position) = positions.iter().find(|position| position.perp == perp) {
                    let _ = self.order(account, perp, position.size.negate().unwrap());
                }
            }
            Act::Fill => {
                self.settle();
                self.look_for_premia();
            }
            Act::Doubt(doubt) => {
                self.doubt = doubt;
                self.ticks();
            }
            Act::Liquidate => {
                self.liquidate();
                self.look_for_premia();
            }
            Act::Shift { from, to } => {
                let free = self.account(from).withdrawable;
                if !free.is_zero() {
                    self.world.withdraw_margin(ATTACKERS[from], "market", 0, free).unwrap();
                }
                let held = self.world.balance(ATTACKERS[from], "sdusd").unwrap();
                if !held.is_zero() {
                    let (amount, to) = (Usd::new(held.raw()), ATTACKERS[to]);
                    self.world.deposit_margin(ATTACKERS[from], "market", 0, amount, Some(to)).unwrap();
                }
            }
            Act::Hour { poked } => {
                for _ in 0..60 {
                    self.world.waits(60);
                    self.publish();
                    if poked && self.world.now() % 600 < 60 {
                        self.world.poke("kim", "market").unwrap();
                    }
                }
                self.world.poke("kim", "market").unwrap();
            }
            Act::Buy { account, percent } => {
                let name = ATTACKERS[account];
                let free = Usd::new(self.account(account).withdrawable.raw() * percent / 100);
                if free > Usd::whole(10) && self.world.withdraw_margin(name, "market", 0, free).is_ok() {
                    let paid = Usd::new(self.world.balance(name, "sdusd").unwrap().raw());
                    let exact = BuyExact::In { least: Some(Amount::new(1)) };
                    let bought = self.world.buy_synthetic(name, 0, paid, exact);
                    assert!(!bought.as_ref().is_err_and(ChainError::is_bug), "{bought:?}");
                }
            }
            Act::Sell { account, percent } => self.sell(account, percent),
            Act::Move { perp, bps } => self.moves(perp, bps),
        }
    }

    /// Everything is closed at certain prices, by orders.
    fn close_all(&mut self) {
        self.doubt = false;
        for _ in 0..4 {
            self.settle();
            for account in 0..3 {
                if self.synthetics() {
                    self.sell(account, 100);
                }
                for position in self.account(account).positions {
                    self.order(account, position.perp, position.size.negate().unwrap()).unwrap();
                }
            }
        }
        assert!((0..3).all(|n| self.account(n).positions.is_empty()));
        if self.synthetics() {
            assert!(self.world.synthetics().unwrap().iter().all(|one| one.supply.is_zero()));
        }
    }
}

fn play(world: &mut World, start: &Snapshot, acts: &[Act]) -> Outcome {
    world.restore(start);
    let prices = PRICES.map(|price| Price::new(u128::try_from(price).unwrap() * 1_000_000_000_000_000_000));
    let mut run = Run { world, prices, doubt: false, outcome: Outcome::default() };
    let before = run.wealth();
    for act in acts {
        run.act(*act);
    }
    run.close_all();
    run.outcome.gain = run.wealth() - before;
    let outcome = run.outcome;
    assert!(world.audit_books().unwrap().is_empty(), "{acts:?}");
    outcome
}

/// Random sequences, then the best of them changed again and again where a change makes it better.
fn search(change: impl FnOnce(&mut Manifest), game: Game, seed: u64, tries: u64) {
    let mut world = trading(change, &ATTACKERS, MARGIN);
    if game.others {
        world.sells_sdusd("whale", "bob", 500_000);
        world.trader("bob").funds_margin(500_000).buys("5", "BTC").sells("40", "ETH");
        world.fills();
    }
    let wait = 5 - world.now() % 5;
    world.waits(wait);
    world.refreshes();
    let start = world.snapshot();
    let mut random = Random::new(seed);
    let (mut best, mut best_acts) = (i128::MIN, Vec::new());
    let (mut fills, mut liquidations, mut beyond, mut best_outcome) = (0, 0, 0, Outcome::default());
    let mut synthetic = 0;
    for n in 0..tries {
        let mut acts: Vec<Act> = best_acts.clone();
        if n < tries / 2 || best_acts.is_empty() {
            acts = (0..16).map(|_| game.act(&mut random)).collect();
        } else {
            for _ in 0..=random.below(3) {
                let place = usize::try_from(random.below(acts.len() as u64)).unwrap();
                match random.below(3) {
                    0 => acts[place] = game.act(&mut random),
                    1 => acts.insert(place, game.act(&mut random)),
                    _ if acts.len() > 4 => drop(acts.remove(place)),
                    _ => {}
                }
            }
        }
        let outcome = play(&mut world, &start, &acts);
        assert!(outcome.excess() <= 0, "{outcome:?} after {acts:?}");
        // and fills alone to the last premium: what is gained beyond the spread would be one that somebody else paid
        assert!(outcome.leak() <= 0 || outcome.liquidations > 0, "{outcome:?} after {acts:?}");
        beyond += outcome.beyond;
        fills += outcome.fills;
        synthetic += outcome.synthetic;
        liquidations += outcome.liquidations;
        // sequences that do nothing are no start
        if outcome.leak() > best && outcome.fills > 4 && outcome.liquidations > 0 {
            (best, best_acts) = (outcome.leak(), acts);
            best_outcome = outcome;
        }
    }
    println!(
        "best of {tries}: {best} micro-USD ({best_outcome:?}); {fills} fills, {beyond} times beyond a premium cap, \
         {liquidations} liquidations"
    );
    assert!((synthetic > 200) == game.synthetic, "{synthetic}");
    assert!(fills > 1_000 && beyond > 10 && liquidations > 50, "{fills} fills, {beyond}, {liquidations}");
}

/// Synthetic BTC, beside no other.
fn with_synthetic(manifest: &mut Manifest) {
    let mut spot = crate::stage::spot();
    spot.synthetics.truncate(1);
    spot.synthetics[0].settle_confidence = "0.02".parse().unwrap();
    spot.synthetics[0].premium_cap = "0.018".parse().unwrap();
    manifest.spot = Some(spot);
}

/// Margins so tight that doubt about prices and the premium alone bring accounts below maintenance, π_max where it may
/// just be, and a twelfth of the depth, so that premia reach it.
fn tight(manifest: &mut Manifest) {
    manifest.pool.impact_depth = Dollars(Usd::whole(50_000));
    manifest.pool.least_depth = Some(Dollars(Usd::whole(25_000)));
    manifest.markets[0].maximum_offset = Ratio::percent(20);
    let margins = [
        ("0.04375", "0.035", "0.018", "0.01"),
        ("0.05625", "0.045", "0.023", "0.013"),
        ("0.075", "0.06", "0.032", "0.017"),
    ];
    for (perp, (initial, maintenance, premium, doubt)) in manifest.markets[0].perps.iter_mut().zip(margins) {
        let ratio = |text: &str| text.parse::<Ratio>().unwrap();
        perp.initial_margin = ratio(initial);
        perp.maintenance_margin = ratio(maintenance);
        perp.premium_cap = ratio(premium);
        perp.liquidate_confidence = ratio(doubt);
    }
}

#[test]
fn no_loop_of_fills_and_liquidations_at_held_prices_profits_after_fees() {
    search(
        |manifest| {
            tight(manifest);
            no_funding(manifest);
        },
        Game { hours: false, moves: false, others: false, synthetic: false },
        1,
        800,
    );
}

#[test]
fn no_loop_against_somebody_elses_positions_profits_after_fees() {
    search(
        |manifest| {
            tight(manifest);
            no_funding(manifest);
        },
        Game { hours: false, moves: false, others: true, synthetic: false },
        4,
        500,
    );
}

#[test]
fn no_loop_with_funding_profits_after_fees() {
    search(tight, Game { hours: true, moves: false, others: false, synthetic: false }, 2, 300);
}

#[test]
fn no_loop_while_prices_move_earns_more_than_the_moves_themselves() {
    search(
        |manifest| {
            tight(manifest);
            no_funding(manifest);
        },
        Game { hours: false, moves: true, others: false, synthetic: false },
        3,
        500,
    );
}

#[test]
fn no_loop_through_a_synthetic_profits_after_fees() {
    search(
        |manifest| {
            tight(manifest);
            no_funding(manifest);
            with_synthetic(manifest);
        },
        Game { hours: false, moves: false, others: false, synthetic: true },
        5,
        500,
    );
}
