//! What a chain shows: its records as they are stored, under the model's names.

use std::collections::BTreeMap;

use cosmwasm_std::{Order as KeyOrder, Storage};
use cw_multi_test::MockApiBech32;
use sdp_book::state::{self as pool, Position};
use sdp_embedded::host::PREFIX;
use sdp_embedded::{Actions, Backing, Chain, Network, Recovering};
use sdp_liquidator::backstop::{Backstop, Depositor, Sums};
use sdp_perps::books::Books;
use sdp_perps::state::{self as market, Account, AccountKey, Order};
use sdp_reference::number::{debt, decimal, index, price, ratio, whole, Q};
use sdp_reference::{Observed, Trip};
use sdp_risk::measure::{Estimate, MEASURED_RHO_ONE};
use sdp_types::board::{Board, Covariance};
use sdp_types::bonded::{BondedResponse, TotalsResponse};
use sdp_types::book::{Book, Watch};
use sdp_types::exposure::Recoveries;
use sdp_types::liquidator::{AuctionResponse, NoteAuctionResponse};
use sdp_types::market::AccountResponse;
use sdp_types::oracle::{self, RestrictedFeed};
use sdp_types::product_sum::Stake;
use sdp_types::record::{end_of, key, key_of, tag, Record};
use sdp_types::SignedUsd;

use crate::convert::wide;
use crate::step::{Who, DOUBLES, MARKETS, PEOPLE, SYNTHETICS, TOKENS};

mod bonded;
mod conditional;
mod pledged;
mod traded;

use bonded::observe_desk;
use conditional::observe_orders;
use pledged::{ask_custody, observe_custody};
use traded::{ask_reserve, ask_spot, observe_reserve, observe_spot};

/// Typed, for whoever chooses the next step.
#[derive(Clone, Debug, Default)]
pub struct View {
    pub board: Board,
    pub book: Book,
    /// By vault.
    pub positions: Vec<(usize, Who, Position)>,
    /// By market.
    pub accounts: Vec<Vec<(Who, u16, Account)>>,
    /// Market, perpetual, number.
    pub orders: Vec<(usize, usize, u64, Order)>,
    /// Number of the next order, by market and perpetual.
    pub next_orders: Vec<Vec<u64>>,
    pub auctions: Vec<AuctionResponse>,
    pub note_auctions: Vec<NoteAuctionResponse>,
    /// Who has put sdUSD into the backstop.
    pub depositors: Vec<Backer>,
    /// Synthetic, number.
    pub spot_orders: Vec<(usize, u64, sdp_spot::state::Order)>,
    /// What lies behind the record of the synthetics.
    pub spot: sdp_spot::state::Own,
    /// Who can collect something.
    pub claims: Vec<(Who, u128)>,
    /// What the par reserve has.
    pub swaps: sdp_reserve::books::Books,
    /// Conditional orders by number: whose they are, which account.
    pub conditionals: Vec<Waits>,
    /// Number of the next one.
    pub next_conditional: u64,
    /// What lies in jars.
    pub jars: BTreeMap<Who, u128>,
    /// Accounts with tokens, and how much of each.
    pub pledges: Vec<(Who, u16, Vec<u128>)>,
    /// Sales of such tokens.
    pub sales: Vec<TokenSale>,
    /// Bonded markets, in the order in which they were opened, and the desk's sums.
    pub bonded: Vec<BondedResponse>,
    pub desk: Option<TotalsResponse>,
    /// By token and holder.
    pub balances: BTreeMap<(&'static str, &'static str), u128>,
}

/// A sale of an account's tokens.
#[derive(Clone, Copy, Debug)]
pub struct TokenSale {
    pub who: Who,
    pub account: u16,
    pub lot: u128,
    pub owed: u128,
    pub price: u128,
    pub start_price: u128,
    pub needs_redo: bool,
}

/// A conditional order.
#[derive(Clone, Debug)]
pub struct Waits {
    pub id: u64,
    pub who: Who,
    /// Number of the market's order, where it is committed.
    pub committed: Option<u64>,
}

/// A depositor of the backstop.
#[derive(Clone, Copy, Debug)]
pub struct Backer {
    pub who: Who,
    pub worth: u128,
    /// How much was asked for, and when.
    pub request: Option<(u128, u64)>,
    /// Whether there is collateral to claim.
    pub gains: bool,
}

/// Names of addresses.
pub struct Names {
    api: MockApiBech32,
    of: BTreeMap<String, &'static str>,
    of_raw: BTreeMap<Vec<u8>, &'static str>,
}

/// Contracts that hold tokens.
const HOLDERS: [&str; 9] =
    ["pool", "liquidator", "market", "second", "spot", "reserve", "orders", "custody", "bonded"];

impl Names {
    pub fn of(chain: &Chain) -> Self {
        use cosmwasm_std::Api;
        let api = MockApiBech32::new(PREFIX);
        let all = PEOPLE.into_iter().chain(HOLDERS).chain(DOUBLES);
        let all = all.map(|name| (chain.address(name).into_string(), name));
        let of: BTreeMap<_, _> = all.collect();
        let raw = |(address, name): (&String, &&'static str)| {
            (api.addr_canonicalize(address).unwrap().to_vec(), *name)
        };
        let of_raw = of.iter().map(raw).collect();
        Self { api, of, of_raw }
    }

    pub fn name(&self, address: &str) -> &'static str {
        self.of.get(address).copied().unwrap_or("nobody")
    }

    pub fn of_raw(&self, raw: &[u8]) -> &'static str {
        self.of_raw.get(raw).copied().unwrap_or("nobody")
    }

    fn owner(&self, key: &AccountKey) -> &'static str {
        self.of_raw.get(&key.owner).copied().unwrap_or("nobody")
    }
}

/// Everything, by name.
pub fn observe(chain: &Chain, names: &Names, derived: bool) -> (View, Observed) {
    let mut view = View { board: chain.board().unwrap(), ..View::default() };
    let mut all = Observed::new();
    observe_oracle(chain, &mut all);
    observe_pool(chain, names, &mut view, &mut all);
    for m in 0..MARKETS.len() {
        observe_market(chain, names, m, &mut view, &mut all);
        if derived {
            ask_market(chain, names, m, &mut all);
        }
    }
    if derived {
        ask_pool(chain, names, &mut all);
    }
    observe_liquidator(chain, &mut view, &mut all);
    observe_backstop(chain, names, &mut view, &mut all);
    observe_notes(chain, names, &mut view, &mut all);
    observe_spot(chain, names, &mut view, &mut all);
    observe_reserve(chain, &mut view, &mut all);
    observe_orders(chain, names, &mut view, &mut all);
    observe_custody(chain, names, &mut view, &mut all);
    observe_desk(chain, names, &mut view, &mut all);
    if derived {
        ask_custody(chain, names, &view, &mut all);
        ask_spot(chain, &mut all);
        ask_reserve(chain, &mut all);
    }
    for token in TOKENS.into_iter().chain(SYNTHETICS).chain(["sdusd", "sdnote"]) {
        for who in PEOPLE.into_iter().chain(HOLDERS).chain(DOUBLES) {
            let amount = chain.balance(who, token).unwrap().raw();
            if amount > 0 {
                view.balances.insert((token, who), amount);
                all.insert(format!("bank.{token}.{who}"), whole(amount));
            }
        }
    }
    (view, all)
}

fn observe_oracle(chain: &Chain, all: &mut Observed) {
    let storage = chain.storage(&chain.contract("oracle").unwrap());
    let board = Board::load(&*storage, &key(tag::BOARD)).unwrap();
    for (n, average) in board.averages.iter().enumerate() {
        all.insert(format!("oracle.feed.{n}.average"), price(average.raw()));
    }
    let trips: Vec<RestrictedFeed> = chain.query("oracle", &oracle::QueryMsg::Regimes {}).unwrap();
    // what others read of it, and nothing that they do not see
    let seen: Vec<_> = trips.iter().map(|trip| (trip.feed, trip.regime)).collect();
    let read: Vec<_> = board.restricted.iter().map(|entry| (entry.feed, entry.regime)).collect();
    assert_eq!(seen, read);
    for trip in trips {
        for (what, value) in [
            ("regime", whole(trip.regime as u8)),
            ("deviation", ratio(trip.measure.raw())),
            ("since", whole(trip.since)),
            ("asked_at", whole(trip.asked_at)),
            ("held_until", whole(trip.held_until)),
        ] {
            all.insert(format!("oracle.feed.{}.{what}", trip.feed), value);
        }
    }
    let Some(estimate) = Estimate::may_load(&*storage, &key(tag::ESTIMATE)).unwrap() else { return };
    let priced = Covariance::load(&*storage, &key(tag::COVARIANCE)).unwrap();
    all.insert("oracle.slot".into(), whole(board.sampled));
    all.insert("oracle.hour".into(), whole(board.stepped));
    let mut pairs = priced.correlations.iter().zip(estimate.correlations());
    for n in 0..estimate.len() {
        let (variance, square) = estimate.squares(n).unwrap();
        let (last, time) = estimate.last(n).unwrap_or_default();
        for (what, value) in [
            ("time", whole(time)),
            ("price", price(last.raw())),
            ("variance", decimal(variance, 18)),
            ("square", decimal(square, 12)),
            ("board", decimal(board.volatilities[n], 5)),
            ("pricing", decimal(priced.sigmas[n], 9)),
            ("margin", decimal(priced.margins[n], 9)),
        ] {
            all.insert(format!("oracle.feed.{n}.{what}"), value);
        }
        for (other, (priced, measured)) in (0..n).zip(&mut pairs) {
            let name = |what: &str| format!("oracle.pair.{n}.{other}.{what}");
            all.insert(name("priced"), decimal(*priced, 4));
            all.insert(name("measured"), whole(*measured) / whole(MEASURED_RHO_ONE));
        }
    }
}

fn observe_pool(chain: &Chain, names: &Names, view: &mut View, all: &mut Observed) {
    let storage = chain.storage(&chain.contract("pool").unwrap());
    let book = pool::book(&*storage).unwrap();
    let mut put = |name: String, value: Q| {
        all.insert(name, value);
    };
    let ledger = &book.ledger;
    for (what, value) in [
        ("vault_debt", whole(ledger.vault_debt.raw())),
        ("tab", whole(ledger.tab.raw())),
        ("bad_debt", whole(ledger.bad_debt.raw())),
        ("supply", whole(ledger.supply.raw())),
        ("reported", whole(ledger.reported.raw())),
        ("potential", whole(ledger.potential.raw())),
        ("insurance", whole(ledger.insurance.raw())),
        ("set_aside", whole(ledger.set_aside.raw())),
    ] {
        put(format!("pool.ledger.{what}"), value);
    }
    let listing = pool::listing(&*storage).unwrap();
    put("pool.depth".into(), whole(listing.impact_depth.raw()));
    put("pool.supply_ceiling".into(), whole(pool::terms(&*storage).unwrap().params.supply_ceiling.raw()));
    observe_watch("pool", &book.watch, &mut put);
    for (n, vault) in book.vaults.iter().enumerate() {
        let ceiling = pool::vault(&*storage, u8::try_from(n).unwrap()).unwrap().debt_ceiling;
        put(format!("pool.vault.{n}.ceiling"), whole(ceiling.raw()));
        let per_share = vault.distribution.value_per_share;
        for (what, value) in [
            ("weight", whole(vault.weight.raw())),
            ("debt", whole(vault.debt.raw())),
            ("shares", whole(vault.book.shares.raw())),
            ("amount", whole(vault.book.amount.raw())),
            ("product", debt(wide(vault.book.product))),
            ("per_share", debt(wide(per_share))),
            ("remainder", debt(wide(vault.distribution.remainder))),
            ("minted", whole(vault.minted.total.raw())),
            ("fee_index", debt(wide(vault.minted.index))),
            ("fee_carried", debt(wide(vault.minted.carried))),
            ("peak_current", debt(wide(vault.peak.current))),
            ("peak_previous", debt(wide(vault.peak.previous))),
        ] {
            put(format!("pool.vault.{n}.{what}"), value);
        }
        let number = u8::try_from(n).unwrap();
        for (owner, position) in pool::positions(&*storage, &names.api, number, None, 100).unwrap() {
            let owner = names.name(owner.as_str());
            let shares = whole(position.shares.raw());
            let accrued = debt(wide(per_share)) - debt(wide(position.index));
            let (minted, fee) = (whole(position.minted.raw()), debt(wide(vault.minted.index)));
            let fee = fee - debt(wide(position.fee_index));
            put(
                format!("pool.position.{n}.{owner}.debt"),
                debt(wide(position.principal)) + accrued * &shares + fee * &minted,
            );
            put(format!("pool.position.{n}.{owner}.minted"), minted);
            put(format!("pool.position.{n}.{owner}.shares"), shares);
            view.positions.push((n, owner, position));
        }
    }
    for (n, listed) in book.markets.iter().enumerate() {
        put(format!("pool.market.{n}.reported"), whole(listed.reported.raw()));
        put(format!("pool.market.{n}.drawn"), whole(listed.drawn.raw()));
        put(format!("pool.market.{n}.fees"), whole(listed.fees.raw()));
        put(format!("pool.market.{n}.shortfalls"), whole(listed.shortfalls.raw()));
        put(format!("pool.market.{n}.line"), whole(listing.markets[n].line.raw()));
        assert_eq!(listing.markets[n].regime, sdp_types::regime::regime(&listed.watch.trip));
        observe_watch(&format!("pool.market.{n}"), &listed.watch, &mut put);
    }
    put("pool.in_bad_debt".into(), whole(u8::from(listing.bad_debt)));
    let losses = pool::waterfall(&*storage).unwrap();
    for (what, value) in [
        ("insurance", losses.totals.insurance),
        ("providers", losses.totals.providers),
        ("notes", losses.totals.notes),
        ("withdrawals", losses.totals.withdrawals),
    ] {
        put(format!("pool.losses.{what}"), whole(value.raw()));
    }
    if losses.day == chain.now() / 86_400 {
        put("pool.losses.unmet".into(), whole(losses.unmet.raw()));
    }
    let today = losses.today.iter().filter(|_| losses.day == chain.now() / 86_400);
    for (n, taken) in today.enumerate() {
        let source = match n {
            0 => "standing".to_string(),
            1 => "auctions".to_string(),
            market => format!("market.{}", market - 2),
        };
        put(format!("pool.losses.{source}.insurance"), whole(taken.insurance.raw()));
        put(format!("pool.losses.{source}.providers"), whole(taken.providers.raw()));
    }
    counters("pool.recoveries", &book.recoveries, all);
    view.book = book;
}

/// A regime as the model has it: all zeros where nothing has tripped.
pub fn tripped(trip: &Option<sdp_types::regime::Trip>) -> Trip {
    trip.map_or_else(Trip::default, |trip| Trip {
        regime: sdp_reference::Regime::of(trip.regime as u8),
        asked_at: trip.asked_at,
        held_until: trip.held_until,
        reason: trip.reason as u8,
    })
}

fn observe_watch(of: &str, watch: &Watch, put: &mut impl FnMut(String, Q)) {
    put(format!("{of}.low_current"), whole(wide(watch.lows.current)));
    put(format!("{of}.low_previous"), whole(wide(watch.lows.previous)));
    let Trip { regime, asked_at, held_until, .. } = tripped(&watch.trip);
    put(format!("{of}.regime"), whole(regime as u8));
    put(format!("{of}.asked_at"), whole(asked_at));
    put(format!("{of}.held_until"), whole(held_until));
}

fn counters(of: &str, record: &Recoveries, all: &mut Observed) {
    for (what, value) in [
        ("recovered", record.recovered),
        ("penalties", record.penalties),
        ("shortfalls", record.shortfalls),
        ("tips", record.tips),
        ("notes_paid", record.notes_paid),
        ("notes_issued", record.notes_issued),
        ("notes_redeemed", record.notes_redeemed),
    ] {
        all.insert(format!("{of}.{what}"), whole(value.raw()));
    }
}

fn observe_market(chain: &Chain, names: &Names, m: usize, view: &mut View, all: &mut Observed) {
    let storage = chain.storage(&chain.contract(MARKETS[m]).unwrap());
    let mut put = |name: String, value: Q| {
        all.insert(format!("market.{m}.{name}"), value);
    };
    let published = market::published(&*storage).unwrap();
    let terms = market::terms(&*storage).unwrap();
    let market::Published { exposure, samples, .. } = published.clone();
    let params = terms.params.funding;
    put("held".into(), whole(market::held(&*storage).unwrap().raw()));
    put("drawn".into(), whole(exposure.drawn.raw()));
    put("fees".into(), whole(exposure.fees.raw()));
    put("shortfalls".into(), whole(exposure.shortfalls.raw()));
    put("until".into(), whole(exposure.as_of + exposure.funding.lasts));
    let queues = market::queues(&*storage).unwrap();
    view.next_orders.push(queues.queues.iter().map(|queue| queue.next()).collect());
    let mut accounts = Vec::new();
    for key in market::accounts(&*storage, None, 1_000).unwrap() {
        let account = touched(Books::load(&*storage, &terms).unwrap(), &*storage, &key);
        let owner = names.owner(&key);
        let prefix = format!("account.{owner}.{}", key.number);
        put(format!("{prefix}.margin"), whole(account.margin.raw()));
        put(format!("{prefix}.locked"), whole(account.locked.raw()));
        put(format!("{prefix}.backed"), whole(u8::from(account.backed)));
        for position in &account.positions {
            put(format!("{prefix}.position.{}.size", position.perp), ratio(position.size.raw()));
            put(format!("{prefix}.position.{}.cost", position.perp), whole(position.cost.raw()));
        }
        accounts.push((owner, key.number, account));
    }
    for k in 0..samples.len() {
        let sides = market::sides(&*storage, u16::try_from(k).unwrap()).unwrap();
        for (what, side) in [("long_index", sides.long), ("short_index", sides.short)] {
            if let Some(scaling) = side.scaling {
                put(format!("perp.{k}.{what}"), decimal(scaling.now.index, 12));
            }
        }
    }
    for (k, sample) in samples.iter().enumerate() {
        if exposure.as_of == chain.now() {
            let state = sample.state(&params).unwrap();
            put(format!("perp.{k}.index"), index(state.index));
            put(format!("perp.{k}.integral"), ratio(state.integral.raw()));
            put(format!("perp.{k}.raw"), ratio(state.raw.raw()));
            put(format!("perp.{k}.rate"), ratio(state.rate.raw()));
            put(format!("perp.{k}.growth"), ratio(state.drift.raw()));
            put(format!("perp.{k}.held"), whole(u8::from(state.held)));
        }
        let perp = u16::try_from(k).unwrap();
        for (number, order) in market::orders(&*storage, perp, 0, 1_000).unwrap() {
            put(format!("order.{k}.{number}.increase"), ratio(order.increase().raw()));
            put(format!("order.{k}.{number}.fee"), decimal(order.fee, 6));
            put(format!("order.{k}.{number}.locked"), whole(order.locked.raw()));
            put(format!("order.{k}.{number}.keeper_fee"), whole(order.keeper_fee.raw()));
            put(format!("order.{k}.{number}.interval"), whole(order.interval));
            put(format!("order.{k}.{number}.last"), whole(order.last_interval()));
            if let Some(limit) = order.limit {
                put(format!("order.{k}.{number}.limit"), price(limit.raw()));
            }
            view.orders.push((m, k, number, order));
        }
    }
    view.accounts.push(accounts);
}

/// An account as all deleveraging so far has left it, positions as they are.
fn touched(mut books: Books, storage: &dyn cosmwasm_std::Storage, key: &AccountKey) -> Account {
    let mut account = books.account(storage, key).unwrap().clone();
    for position in &mut account.positions {
        *position = books.position(storage, key, position.perp).unwrap();
    }
    account
}

/// What queries answer about a market now.
fn ask_market(chain: &Chain, names: &Names, m: usize, all: &mut Observed) {
    let totals = chain.market_totals(MARKETS[m]).unwrap();
    let perps = chain.perps(MARKETS[m]).unwrap();
    let accounts: Vec<AccountResponse> = chain.market_accounts(MARKETS[m]).unwrap();
    let mut put = |name: String, value: Q| {
        all.insert(format!("market.{m}.{name}"), value);
    };
    put("margin".into(), whole(totals.margin.raw()));
    put("cost".into(), whole(totals.cost.raw()));
    put("reported".into(), whole(totals.reported.raw()));
    put("open_positions".into(), whole(totals.exposure.open_positions));
    for (k, perp) in perps.iter().enumerate() {
        for (what, value) in [
            ("long", ratio(perp.long.raw())),
            ("short", ratio(perp.short.raw())),
            ("skew", ratio(perp.skew.raw())),
            ("pending_long", ratio(perp.pending_long.raw())),
            ("pending_short", ratio(perp.pending_short.raw())),
            ("index_now", index(wide(perp.funding_index))),
            ("rate_now", ratio(perp.funding_rate.raw())),
            ("integral_now", ratio(perp.funding_integral.raw())),
            ("premium_now", ratio(perp.premium.raw())),
            ("initial_margin", ratio(perp.initial_margin.raw())),
            ("maintenance_margin", ratio(perp.maintenance_margin.raw())),
        ] {
            put(format!("perp.{k}.{what}"), value);
        }
    }
    for account in &accounts {
        let prefix = format!("account.{}.{}", names.name(&account.owner), account.account);
        for (what, value) in [
            ("equity", account.equity),
            ("for_opening", account.equity_for_opening),
            ("initial", SignedUsd::new(account.initial_margin.raw().try_into().unwrap())),
            ("maintenance", SignedUsd::new(account.maintenance_margin.raw().try_into().unwrap())),
        ] {
            put(format!("{prefix}.{what}"), whole(value.raw()));
        }
        put(format!("{prefix}.orders"), whole(account.orders));
        put(format!("{prefix}.generation"), whole(account.generation));
        put(format!("{prefix}.volume"), whole(account.volume.raw()));
        put(format!("{prefix}.discount"), ratio(account.fee_discount.raw()));
    }
}

/// What queries answer about the pool as of a sync now.
fn ask_pool(chain: &Chain, names: &Names, all: &mut Observed) {
    for n in 0..TOKENS.len() {
        for position in chain.positions(u8::try_from(n).unwrap()).unwrap() {
            let prefix = format!("live.pool.position.{n}.{}", names.name(&position.owner));
            all.insert(format!("{prefix}.debt"), debt(wide(position.debt_exact)));
            all.insert(format!("{prefix}.debt_for_issuance"), whole(position.debt_for_issuance.raw()));
        }
    }
    let markets: Vec<sdp_types::pool::MarketResponse> =
        chain.query("lens", &sdp_types::lens::QueryMsg::Markets {}).unwrap();
    let health = chain.health().unwrap();
    for (what, value) in
        [("insurance", health.insurance), ("set_aside", health.set_aside), ("bad_debt", health.bad_debt)]
    {
        all.insert(format!("live.pool.{what}"), whole(value.raw()));
    }
    for (n, market) in markets.iter().enumerate() {
        all.insert(format!("live.pool.market.{n}.used"), whole(market.used.raw()));
    }
}

fn observe_liquidator(chain: &Chain, view: &mut View, all: &mut Observed) {
    let storage = chain.storage(&chain.contract("liquidator").unwrap());
    counters("liquidator", &Recoveries::load(&*storage, &key(tag::RECOVERIES)).unwrap(), all);
    view.auctions = chain.auctions().unwrap();
    for auction in &view.auctions {
        let prefix = format!("liquidator.auction.{}", auction.auction);
        all.insert(format!("{prefix}.lot"), whole(auction.lot.raw()));
        all.insert(format!("{prefix}.tab"), whole(auction.tab.raw()));
        all.insert(format!("{prefix}.penalty"), whole(auction.penalty.raw()));
        all.insert(format!("{prefix}.reward"), whole(auction.reward.raw()));
        all.insert(format!("{prefix}.start_price"), price(auction.start_price.raw()));
    }
}

/// Auctions of notes and what is told of all of them.
fn observe_notes(chain: &Chain, names: &Names, view: &mut View, all: &mut Observed) {
    view.note_auctions = chain.note_auctions().unwrap();
    for auction in &view.note_auctions {
        let prefix = format!("liquidator.note_auction.{}", auction.auction);
        all.insert(format!("{prefix}.lot"), whole(auction.lot.raw()));
        all.insert(format!("{prefix}.claim"), whole(auction.claim.raw()));
        all.insert(format!("{prefix}.most"), whole(auction.most.raw()));
        all.insert(format!("{prefix}.ends_at"), whole(auction.ends_at));
        if let Some(bidder) = &auction.bidder {
            all.insert(format!("{prefix}.bidder.{}", names.name(bidder)), whole(1));
        }
    }
    let told = chain.notes().unwrap();
    for (what, value) in [
        ("outstanding", told.outstanding.raw()),
        ("running", told.running.into()),
        ("lots", told.lots.raw()),
        ("claims", told.claims.raw()),
        ("escrow", told.escrow.raw()),
    ] {
        all.insert(format!("liquidator.notes.{what}"), whole(value));
    }
}

/// Depositors with the fractions that a query leaves out: what they have is compared before it is rounded.
fn observe_backstop(chain: &Chain, names: &Names, view: &mut View, all: &mut Observed) {
    let storage = chain.storage(&chain.contract("liquidator").unwrap());
    let backstop = Backstop::may_load(&*storage, &key(tag::BACKSTOP)).unwrap().unwrap_or_default();
    let shown = chain.backstop().unwrap();
    all.insert("liquidator.backstop.total".into(), whole(backstop.deposits.total.raw()));
    for vault in &shown.vaults {
        let prefix = format!("liquidator.backstop.{}", vault.vault);
        all.insert(format!("{prefix}.held"), whole(vault.held.raw()));
        all.insert(format!("{prefix}.absorbed"), whole(vault.absorbed.raw()));
        if let Some(owner) = &vault.flagged {
            all.insert(format!("liquidator.flag.{}.{}", vault.vault, names.name(owner)), whole(1));
        }
    }
    let prefix = key(tag::BACKSTOP_ACCOUNT);
    for (key, bytes) in storage.range(Some(&prefix), Some(&end_of(&prefix)), KeyOrder::Ascending) {
        let owner = names.of_raw.get(&key[1..]).copied().unwrap_or("nobody");
        let depositor = Depositor::decode(&bytes).unwrap();
        let prefix = format!("liquidator.backstop.{owner}");
        all.insert(format!("{prefix}.deposit"), worth(&depositor.stake, &backstop));
        let mut claimable = false;
        for n in 0..backstop.vaults.len() {
            let gains = depositor.gains.get(n).copied().unwrap_or_default();
            let earned = earned(&depositor.stake, n, &backstop, &*storage);
            let gains = whole(gains.raw()) + earned;
            claimable |= gains >= whole(1);
            all.insert(format!("{prefix}.{n}.gains"), gains);
        }
        let request = depositor.request.map(|request| (request.amount.raw(), request.requested_at));
        if let Some((asked, asked_at)) = request {
            all.insert(format!("{prefix}.asked"), whole(asked));
            all.insert(format!("{prefix}.asked_at"), whole(asked_at));
        }
        let amount = depositor.stake.worth(&backstop.deposits).unwrap().raw();
        view.depositors.push(Backer { who: owner, worth: amount, request, gains: claimable });
    }
}

fn steps(scales: u32) -> Q {
    num_traits::pow(whole(1_000_000_000u64), scales as usize)
}

fn worth(stake: &Stake, backstop: &Backstop) -> Q {
    let now = &backstop.deposits;
    if stake.amount.is_zero() || stake.epoch != now.epoch {
        return whole(0);
    }
    whole(stake.amount.raw()) * whole(now.product) / whole(stake.product) / steps(now.scale - stake.scale)
}

fn earned(stake: &Stake, vault: usize, backstop: &Backstop, storage: &dyn Storage) -> Q {
    if stake.amount.is_zero() {
        return whole(0);
    }
    let sum = |sums: &[sdp_types::math::Wide]| whole(wide(sums.get(vault).copied().unwrap_or_default()));
    let mut grown = -sum(&stake.sums);
    for scales in 0..4 {
        let (epoch, scale) = (stake.epoch, stake.scale + scales);
        let present = (epoch, scale) == (backstop.deposits.epoch, backstop.deposits.scale);
        let key = key_of(tag::BACKSTOP_SUMS, &[&epoch.to_be_bytes(), &scale.to_be_bytes()]);
        let past = || Sums::may_load(storage, &key).unwrap().map_or(vec![], |sums| sums.0);
        let sums = if present { backstop.sums() } else { past() };
        grown += (sum(&sums) / steps(scales)).floor();
        if present {
            break;
        }
    }
    whole(stake.amount.raw()) * grown / whole(stake.product)
}
