//! What a chain shows against what the model expects, by name.
//!
//! Stored amounts (all rebased after each message):
//!
//! | name | what |
//! |---|---|
//! | `pool.ledger.{vault_debt,tab,bad_debt,supply,reported,potential,insurance,set_aside}` | as stored, not synced |
//! | `pool.vault.N.{weight,debt,shares,amount,per_share,remainder,peak_current,peak_previous}` | as stored |
//! | `pool.vault.N.{minted,fee_index,fee_carried}` | of the stability fee, as stored |
//! | `pool.position.N.OWNER.{shares,debt,minted}` | debt at the stored `per_share` and `fee_index`, unrounded |
//! | `pool.market.N.{reported,drawn,fees,shortfalls}` | as last seen |
//! | `pool.{depth,supply_ceiling}`, `pool.vault.N.ceiling`, `pool.market.N.line` | as stored |
//! | `pool.…`, `pool.market.N.{low_current,low_previous,regime,asked_at,held_until}` | what breakers go by; 0 where nothing tripped |
//! | `pool.recoveries.{recovered,penalties,shortfalls,tips,notes_paid,notes_issued,notes_redeemed}` | as last seen |
//! | `pool.in_bad_debt` | 1 or 0, as markets see it |
//! | `pool.losses.{insurance,providers,notes,withdrawals}` | what each layer ever took |
//! | `pool.losses.{market.N,auctions,standing}.{insurance,providers}` | of them today, where anything was taken today, and `pool.losses.unmet` |
//! | `market.M.{held,drawn,fees,shortfalls,until}` | `until` is the funding polynomial's |
//! | `market.M.account.OWNER.N.{margin,locked}`, `….position.K.{size,cost}` | |
//! | `market.M.order.K.NUMBER.{increase,fee,locked,keeper_fee,limit}` | |
//! | `market.M.perp.K.{index,integral,raw,rate,growth,held}` | only where funding was sampled in this very second |
//! | `liquidator.{recovered,penalties,shortfalls,tips,notes_paid,notes_issued,notes_redeemed}` | |
//! | `liquidator.auction.N.{lot,tab,penalty,reward,start_price}` | |
//! | `liquidator.note_auction.N.{lot,claim,ends_at}`, `liquidator.note_auction.N.bidder.WHO` | 1 where he is |
//! | `liquidator.backstop.total`, `liquidator.backstop.N.{held,absorbed}` | `absorbed` is of today |
//! | `liquidator.backstop.OWNER.deposit`, `liquidator.backstop.OWNER.N.gains` | worth now, unrounded |
//! | `liquidator.backstop.OWNER.{asked,asked_at}`, `liquidator.flag.N.OWNER` | 1 where there is one |
//! | `spot.{held,drawn,fees,until}`, `spot.claim.WHO` | `until` is the funding polynomial's |
//! | `spot.synthetic.K.{supply,redemption,index}` | |
//! | `spot.order.K.NUMBER.{paid,tokens,bound,keeper_fee,reserved}` | `bound`: what it names beside what it has locked |
//! | `reserve.{held,drawn,fees,shortfalls}`, `reserve.token.N.{amount,mark}` | |
//! | `bonded.{held,drawn,fees}` | of the desk |
//! | `bonded.market.NAME.{bond,credit,paid_out,paid_in,claim,place,as_of,pushed_at,closing}`, `….opener.WHO`, `….pushed_{base,fees,positions}` | one bonded market |
//! | `bonded.market.NAME.{announced,announced_from,quarantine,quarantined_at,resolved_at}` | `quarantine`: number of the code |
//! | `orders.{held,next}`, `orders.jar.WHO` | of conditional orders |
//! | `orders.order.ID.{size,keeper_fee,reserved,good_till,since,sleeps,linked,committed}`, `orders.order.ID.owner.WHO` | `committed`: one more than the number of the market's order |
//! | `custody.holding.OWNER.N.TOKEN`, `custody.sale.OWNER.N.{token,reward,start_price,started_at}` | and `….{keeper,redoer}.WHO` |
//! | `bank.TOKEN.WHO` | balances |
//! | `oracle.{slot,hour}`, `oracle.feed.N.{time,price,variance,square,board,pricing,margin}` | only where there is a measurement |
//! | `oracle.pair.I.J.{measured,priced}` | likewise, J < I |
//! | `oracle.feed.N.average` | |
//! | `oracle.feed.N.{regime,deviation,since,asked_at,held_until}` | of a feed that is restricted; a regime is 0 to 3 |
//!
//! Derived numbers ([`Model::derived`]) are compared but never taken over.

use std::collections::BTreeMap;

use num_traits::Zero;

use crate::model::Model;
use crate::number::{ratio_step, show, Q};
use crate::pool::{Recoveries, Source, Watch};
use crate::span::Span;

/// Numbers that a chain shows, by name, in the units of [`crate::number`].
pub type Observed = BTreeMap<String, Q>;

/// A number that is not where it should be.
#[derive(Clone, Debug)]
pub struct Mismatch {
    /// Its name.
    pub name: String,
    /// Where it should be; none where there should be nothing.
    pub expected: Option<Span>,
    /// What the chain shows; none where it shows nothing.
    pub observed: Option<Q>,
}

impl core::fmt::Display for Mismatch {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let expected = self.expected.as_ref().map_or_else(|| "nothing".into(), |span| format!("{span:?}"));
        let observed = self.observed.as_ref().map_or_else(|| "nothing".into(), show);
        write!(f, "{}: expected {expected}, observed {observed}", self.name)
    }
}

fn visit_watch(of: &str, watch: &mut Watch, f: &mut dyn FnMut(String, &mut Span)) {
    f(format!("{of}.low_current"), &mut watch.lows.current);
    f(format!("{of}.low_previous"), &mut watch.lows.previous);
    for (what, value) in [
        ("regime", watch.trip.regime as u64),
        ("asked_at", watch.trip.asked_at),
        ("held_until", watch.trip.held_until),
    ] {
        f(format!("{of}.{what}"), &mut Span::whole(value));
    }
}

fn visit_counters(of: &str, counters: &mut Recoveries, f: &mut dyn FnMut(String, &mut Span)) {
    f(format!("{of}.recovered"), &mut counters.recovered);
    f(format!("{of}.penalties"), &mut counters.penalties);
    f(format!("{of}.shortfalls"), &mut counters.shortfalls);
    f(format!("{of}.tips"), &mut counters.tips);
    f(format!("{of}.notes_paid"), &mut counters.notes_paid);
    f(format!("{of}.notes_issued"), &mut counters.notes_issued);
    f(format!("{of}.notes_redeemed"), &mut counters.notes_redeemed);
}

impl Model {
    /// Visits every stored amount with its name.
    fn visit(&mut self, now: u64, f: &mut dyn FnMut(String, &mut Span)) {
        self.oracle.visit(f);
        self.visit_pool(now, f);
        self.visit_markets(now, f);
        for (number, auction) in &mut self.liquidator.auctions {
            let name = |what: &str| format!("liquidator.auction.{number}.{what}");
            f(name("lot"), &mut auction.lot);
            f(name("tab"), &mut auction.tab);
            f(name("penalty"), &mut auction.penalty);
            f(name("reward"), &mut auction.reward);
            f(name("start_price"), &mut auction.start_price);
        }
        self.visit_backstop(now, f);
        for (number, auction) in &mut self.liquidator.note_auctions {
            let name = |what: &str| format!("liquidator.note_auction.{number}.{what}");
            f(name("lot"), &mut auction.lot);
            f(name("claim"), &mut auction.claim);
            f(name("ends_at"), &mut Span::whole(auction.ends_at));
            if let Some(bidder) = &auction.bidder {
                f(name(&format!("bidder.{bidder}")), &mut Span::whole(1));
            }
        }
        self.visit_spot(f);
        self.visit_reserve(f);
        self.visit_desk(f);
        if let Some(orders) = &mut self.orders {
            orders.visit(f);
        }
        self.visit_custody(f);
        visit_counters("liquidator", &mut self.liquidator.counters, f);
        for ((token, who), balance) in &mut self.bank.balances {
            f(format!("bank.{token}.{who}"), balance);
        }
    }

    fn visit_backstop(&mut self, now: u64, f: &mut dyn FnMut(String, &mut Span)) {
        let backstop = &mut self.liquidator.backstop;
        f("liquidator.backstop.total".into(), &mut backstop.total);
        for (n, (held, day, absorbed)) in backstop.vaults.iter_mut().enumerate() {
            f(format!("liquidator.backstop.{n}.held"), held);
            if *day == now / 86_400 {
                f(format!("liquidator.backstop.{n}.absorbed"), absorbed);
            }
        }
        for (owner, depositor) in &mut backstop.depositors {
            f(format!("liquidator.backstop.{owner}.deposit"), &mut depositor.deposit);
            for (n, gains) in depositor.gains.iter_mut().enumerate() {
                f(format!("liquidator.backstop.{owner}.{n}.gains"), gains);
            }
            if let Some((asked, asked_at)) = &depositor.request {
                f(format!("liquidator.backstop.{owner}.asked"), &mut Span::exact(asked.clone()));
                f(format!("liquidator.backstop.{owner}.asked_at"), &mut Span::whole(*asked_at));
            }
        }
        for (n, owner) in &backstop.flags {
            f(format!("liquidator.flag.{n}.{owner}"), &mut Span::whole(1));
        }
    }

    fn visit_pool(&mut self, now: u64, f: &mut dyn FnMut(String, &mut Span)) {
        let ledger = &mut self.pool.ledger;
        f("pool.ledger.vault_debt".into(), &mut ledger.vault_debt);
        f("pool.ledger.tab".into(), &mut ledger.tab);
        f("pool.ledger.bad_debt".into(), &mut ledger.bad_debt);
        f("pool.ledger.supply".into(), &mut ledger.supply);
        f("pool.ledger.reported".into(), &mut ledger.reported);
        f("pool.ledger.potential".into(), &mut ledger.potential);
        f("pool.ledger.insurance".into(), &mut ledger.insurance);
        f("pool.ledger.set_aside".into(), &mut ledger.set_aside);
        f("pool.depth".into(), &mut self.pool.depth);
        f("pool.supply_ceiling".into(), &mut self.pool.supply_ceiling);
        visit_watch("pool", &mut self.pool.watch, f);
        for (n, vault) in self.pool.vaults.iter_mut().enumerate() {
            let name = |what: &str| format!("pool.vault.{n}.{what}");
            f(name("ceiling"), &mut vault.ceiling);
            f(name("weight"), &mut vault.weight);
            f(name("debt"), &mut vault.debt);
            f(name("shares"), &mut vault.shares);
            f(name("amount"), &mut vault.amount);
            f(name("product"), &mut vault.product);
            f(name("per_share"), &mut vault.per_share);
            f(name("remainder"), &mut vault.remainder);
            f(name("minted"), &mut vault.minted);
            f(name("fee_index"), &mut vault.fee_index);
            f(name("fee_carried"), &mut vault.fee_carried);
            f(name("peak_current"), &mut vault.peak.current);
            f(name("peak_previous"), &mut vault.peak.previous);
        }
        for ((n, owner), position) in &mut self.pool.positions {
            f(format!("pool.position.{n}.{owner}.shares"), &mut position.shares);
            f(format!("pool.position.{n}.{owner}.debt"), &mut position.debt);
            f(format!("pool.position.{n}.{owner}.minted"), &mut position.minted);
        }
        for (n, listed) in self.pool.markets.iter_mut().enumerate() {
            let name = |what: &str| format!("pool.market.{n}.{what}");
            f(name("reported"), &mut listed.reported);
            f(name("drawn"), &mut listed.drawn);
            f(name("fees"), &mut listed.fees);
            f(name("shortfalls"), &mut listed.shortfalls);
            f(name("line"), &mut listed.line);
            visit_watch(&format!("pool.market.{n}"), &mut listed.watch, f);
        }
        visit_counters("pool.recoveries", &mut self.pool.recoveries, f);
        f("pool.in_bad_debt".into(), &mut self.pool.in_bad_debt);
        let losses = &mut self.pool.losses;
        f("pool.losses.insurance".into(), &mut losses.insurance);
        f("pool.losses.providers".into(), &mut losses.providers);
        f("pool.losses.notes".into(), &mut losses.notes);
        f("pool.losses.withdrawals".into(), &mut losses.withdrawals);
        if losses.day == now / 86_400 {
            f("pool.losses.unmet".into(), &mut losses.unmet);
            for (source, taken) in &mut losses.today {
                let source = match source {
                    Source::Market(n) => format!("market.{n}"),
                    Source::Auctions => "auctions".into(),
                    Source::Standing => "standing".into(),
                };
                f(format!("pool.losses.{source}.insurance"), &mut taken.insurance);
                f(format!("pool.losses.{source}.providers"), &mut taken.providers);
            }
        }
    }

    fn visit_markets(&mut self, now: u64, f: &mut dyn FnMut(String, &mut Span)) {
        for (m, market) in self.markets.iter_mut().enumerate() {
            let name = |what: &str| format!("market.{m}.{what}");
            f(name("held"), &mut market.held);
            f(name("drawn"), &mut market.drawn);
            f(name("fees"), &mut market.fees);
            f(name("shortfalls"), &mut market.shortfalls);
            f(name("until"), &mut market.until);
            for ((perp, short), index) in &mut market.scaled {
                let side = if *short { "short_index" } else { "long_index" };
                f(format!("market.{m}.perp.{perp}.{side}"), index);
            }
            for ((owner, n), account) in &mut market.accounts {
                let name = |what: &str| format!("market.{m}.account.{owner}.{n}.{what}");
                f(name("margin"), &mut account.margin);
                f(name("locked"), &mut account.locked);
                for (perp, held) in &mut account.positions {
                    f(name(&format!("position.{perp}.size")), &mut held.size);
                    f(name(&format!("position.{perp}.cost")), &mut held.cost);
                }
            }
            let sampled = market.sampled_at == now;
            for (k, perp) in market.perps.iter_mut().enumerate() {
                for order in &mut perp.orders {
                    let name = |what: &str| format!("market.{m}.order.{k}.{}.{what}", order.number);
                    let mut increase = Span::exact(order.increase.clone());
                    f(name("increase"), &mut increase);
                    f(name("fee"), &mut order.fee);
                    f(name("locked"), &mut order.locked);
                    f(name("keeper_fee"), &mut order.keeper_fee);
                    if let Some(limit) = &mut order.limit {
                        f(name("limit"), limit);
                    }
                }
                if sampled {
                    let name = |what: &str| format!("market.{m}.perp.{k}.{what}");
                    f(name("index"), &mut perp.funding.index);
                    f(name("integral"), &mut perp.funding.integral);
                    f(name("raw"), &mut perp.funding.raw);
                    f(name("rate"), &mut perp.funding.rate);
                    f(name("growth"), &mut perp.funding.growth);
                    f(name("held"), &mut perp.funding.held);
                }
            }
        }
    }

    fn visit_spot(&mut self, f: &mut dyn FnMut(String, &mut Span)) {
        let Some(spot) = &mut self.spot else { return };
        f("spot.held".into(), &mut spot.held);
        f("spot.drawn".into(), &mut spot.drawn);
        f("spot.fees".into(), &mut spot.fees);
        f("spot.until".into(), &mut spot.until);
        for (who, claim) in &mut spot.claims {
            f(format!("spot.claim.{who}"), claim);
        }
        for (k, own) in spot.synthetics.iter_mut().enumerate() {
            f(format!("spot.synthetic.{k}.supply"), &mut own.supply);
            f(format!("spot.synthetic.{k}.redemption"), &mut own.redemption);
            f(format!("spot.synthetic.{k}.index"), &mut own.index);
            for order in &mut own.orders {
                let name = |what: &str| format!("spot.order.{k}.{}.{what}", order.number);
                let kind = &order.kind;
                f(name("paid"), &mut Span::exact(kind.paid()));
                f(name("tokens"), &mut Span::exact(kind.tokens()));
                f(name("bound"), &mut Span::exact(kind.bound()));
                f(name("keeper_fee"), &mut order.keeper_fee);
                f(name("reserved"), &mut order.reserved);
            }
        }
    }

    fn visit_reserve(&mut self, f: &mut dyn FnMut(String, &mut Span)) {
        let Some(reserve) = &mut self.reserve else { return };
        f("reserve.held".into(), &mut reserve.held);
        f("reserve.drawn".into(), &mut reserve.drawn);
        f("reserve.fees".into(), &mut reserve.fees);
        f("reserve.shortfalls".into(), &mut reserve.shortfalls);
        for (n, stock) in reserve.stocks.iter_mut().enumerate() {
            f(format!("reserve.token.{n}.amount"), &mut stock.amount);
            f(format!("reserve.token.{n}.mark"), &mut stock.mark);
        }
    }

    /// Stored amounts that the chain has to show now.
    pub fn stored(&self, now: u64) -> BTreeMap<String, Span> {
        let mut stored = BTreeMap::new();
        self.clone().visit(now, &mut |name, span| {
            stored.insert(name, span.clone());
        });
        stored
    }

    /// Numbers that follow from the stored ones, at `now` and the board's last prices:
    ///
    /// - `market.M.{margin,cost,reported,open_positions}`, `market.M.perp.K.{long,short,skew,pending_long,pending_short}`,
    ///   `market.M.perp.K.{index_now,premium_now,initial_margin,maintenance_margin}`,
    /// - `market.M.account.OWNER.N.{equity,for_opening,initial,maintenance,orders,generation,backed}` of accounts with prices,
    /// - `market.M.order.K.NUMBER.{interval,last}`,
    /// - `spot.{locked,claims,reported}`, `spot.synthetic.K.{quantity,reserved,locked,premium}`, `spot.order.K.NUMBER.{interval,last}`,
    /// - `reserve.{value,reported}`,
    /// - `bonded.{base,used,results,bonds,credit,cap,owing}`, `bonded.market.NAME.{cost,refund}`,
    /// - `custody.held.TOKEN`, `custody.account.OWNER.N.{opening,maintenance}`, `custody.sale.OWNER.N.{price,owed}`,
    /// - `liquidator.notes.{outstanding,running,lots,claims,escrow}`, `liquidator.note_auction.N.most`,
    /// - after a sync now: `live.pool.{reported,potential,vault_debt,insurance,set_aside,bad_debt,free,locked}`,
    ///   `live.pool.position.N.OWNER.{debt,debt_for_issuance}`, `live.pool.market.N.used`.
    pub fn derived(&self, now: u64) -> BTreeMap<String, Span> {
        let mut all = BTreeMap::new();
        for m in 0..self.markets.len() {
            self.derive_market(m, now, &mut all);
        }
        self.derive_spot(now, &mut all);
        self.derive_custody(now, &mut all);
        self.derive_desk(&mut all);
        if let Some(reserve) = &self.reserve {
            all.insert("reserve.value".into(), reserve.value());
            all.insert("reserve.reported".into(), self.reported_by_reserve());
        }
        let (lots, claims, escrow) = self.notes_on_auction();
        let running = Span::whole(self.liquidator.note_auctions.len());
        let outstanding = self.notes_outstanding();
        for (what, span) in [
            ("outstanding", outstanding),
            ("running", running),
            ("lots", lots),
            ("claims", claims),
            ("escrow", escrow),
        ] {
            all.insert(format!("liquidator.notes.{what}"), span);
        }
        for (number, auction) in &self.liquidator.note_auctions {
            all.insert(format!("liquidator.note_auction.{number}.most"), auction.most());
        }
        let mut synced = self.clone();
        synced.sync(now);
        let ledger = &synced.pool.ledger;
        for (what, span) in [
            ("reported", ledger.reported.clone()),
            ("potential", ledger.potential.clone()),
            ("vault_debt", ledger.vault_debt.clone()),
            ("insurance", ledger.insurance.clone()),
            ("set_aside", ledger.set_aside.clone()),
            ("bad_debt", ledger.bad_debt.clone()),
            ("free", synced.free_collateral(now)),
            ("locked", synced.locked_credit(now)),
        ] {
            all.insert(format!("live.pool.{what}"), span);
        }
        for ((n, owner), position) in &synced.pool.positions {
            let name = |what: &str| format!("live.pool.position.{n}.{owner}.{what}");
            all.insert(name("debt"), position.debt.clone());
            all.insert(name("debt_for_issuance"), synced.debt_for_issuance(*n, position, now));
        }
        for n in 0..synced.pool.markets.len() {
            all.insert(format!("live.pool.market.{n}.used"), synced.used_credit(n, now));
        }
        all
    }

    fn derive_spot(&self, now: u64, all: &mut BTreeMap<String, Span>) {
        let Some(spot) = &self.spot else { return };
        all.insert("spot.locked".into(), spot.locked());
        all.insert("spot.claims".into(), spot.claimed());
        all.insert("spot.reported".into(), self.reported(self.place_of_spot(), now));
        let exposures = self.exposures_now();
        for (k, own) in spot.synthetics.iter().enumerate() {
            let name = |what: &str| format!("spot.synthetic.{k}.{what}");
            let premium = self.marginal_premium(&exposures, own.config.feed).either(&ratio_step());
            all.insert(name("quantity"), own.quantity());
            all.insert(name("reserved"), own.reserved());
            all.insert(name("locked"), own.locked());
            all.insert(name("premium"), premium);
            for order in &own.orders {
                let name = |what: &str| format!("spot.order.{k}.{}.{what}", order.number);
                all.insert(name("interval"), Span::whole(order.interval));
                all.insert(name("last"), Span::whole(order.last));
            }
        }
    }

    fn derive_market(&self, m: usize, now: u64, all: &mut BTreeMap<String, Span>) {
        let market = &self.markets[m];
        let exposures = self.exposures_now();
        let name = |what: &str| format!("market.{m}.{what}");
        let accounts = market.accounts.values();
        // beside its positions a scaled side has less than a unit of each
        let rounded = Span::between(Q::zero(), market.all_rounded());
        let margins: Span = accounts.clone().map(|account| account.margin.clone()).sum();
        all.insert(name("margin"), margins + &rounded);
        let costs = accounts.flat_map(|account| account.positions.values()).map(|held| held.cost.clone());
        all.insert(name("cost"), costs.sum::<Span>() - &rounded);
        all.insert(name("reported"), self.reported(m, now));
        all.insert(name("open_positions"), Span::whole(market.open_positions()));
        for (k, perp) in market.perps.iter().enumerate() {
            let name = |what: &str| format!("market.{m}.perp.{k}.{what}");
            let step = ratio_step();
            for (what, span) in [
                ("long", market.side(k, 1)),
                ("short", market.side(k, -1)),
                ("skew", market.skew_of(k)),
                ("pending_long", perp.pending(1)),
                ("pending_short", perp.pending(-1)),
                ("index_now", self.funding_index(m, k, now)),
                ("rate_now", self.funding_rate(m, k, now)),
                ("integral_now", self.funding_integral(m, k, now)),
                ("premium_now", self.marginal_premium(&exposures, perp.config.feed).either(&step)),
                ("initial_margin", self.initial_rate(m, k).either(&step)),
                ("maintenance_margin", self.maintenance_rate(m, k).either(&step)),
            ] {
                all.insert(name(what), span);
            }
            for order in &perp.orders {
                let name = |what: &str| format!("market.{m}.order.{k}.{}.{what}", order.number);
                all.insert(name("interval"), Span::whole(order.interval));
                all.insert(name("last"), Span::whole(order.last));
            }
        }
        for (key, account) in &market.accounts {
            let name = |what: &str| format!("market.{m}.account.{}.{}.{what}", key.0, key.1);
            all.insert(name("orders"), Span::whole(market.orders_of(key)));
            all.insert(name("generation"), Span::whole(account.generation));
            all.insert(name("backed"), Span::whole(u8::from(account.is_backed())));
            all.insert(name("volume"), self.volume(m, account, now));
            all.insert(name("discount"), Span::exact(self.discount(m, account, now)));
            if let Some(standing) = self.standing(m, account, now) {
                all.insert(name("equity"), standing.equity);
                all.insert(name("for_opening"), standing.for_opening);
                all.insert(name("initial"), standing.initial);
                all.insert(name("maintenance"), standing.maintenance);
            }
        }
    }

    /// Every stored amount against the chain's, both ways: what is missing or too much is a mismatch unless it is 0. Of
    /// the derived numbers only those are compared that the chain shows.
    pub fn check(&self, now: u64, observed: &Observed) -> Vec<Mismatch> {
        let (stored, derived) = (self.stored(now), self.derived(now));
        let mut mismatches = Vec::new();
        for (name, span) in &stored {
            let value = observed.get(name);
            if !span.holds(value.unwrap_or(&Q::zero())) {
                let expected = Some(span.clone());
                mismatches.push(Mismatch { name: name.clone(), expected, observed: value.cloned() });
            }
        }
        for (name, value) in observed {
            let wrong = match derived.get(name) {
                Some(span) => !span.holds(value),
                None => !stored.contains_key(name) && !value.is_zero(),
            };
            if wrong {
                let expected = derived.get(name).cloned();
                mismatches.push(Mismatch { name: name.clone(), expected, observed: Some(value.clone()) });
            }
        }
        mismatches.extend(identities(self, observed));
        mismatches
    }

    /// Goes on from what the chain shows.
    pub fn rebase(&mut self, now: u64, observed: &Observed) {
        let mut taken = |name: String, span: &mut Span| {
            *span = Span::exact(observed.get(&name).cloned().unwrap_or_else(Q::zero));
        };
        self.visit(now, &mut taken);
    }
}

/// What has to hold between the observed numbers alone, to the last digit: both sides of the ledger are equal, vaults'
/// debts add up to its left side, and each vault's debt is its positions' unrounded debts and its remainder, less fees that it carries.
fn identities(model: &Model, observed: &Observed) -> Vec<Mismatch> {
    let get = |name: &str| observed.get(name).cloned().unwrap_or_else(Q::zero);
    let ledger = |what: &str| get(&format!("pool.ledger.{what}"));
    let left = ledger("vault_debt") + ledger("tab") + ledger("bad_debt");
    let right = ledger("supply") + ledger("reported") + ledger("potential") + ledger("insurance");
    let right = right + ledger("set_aside");
    let mut broken = Vec::new();
    let mut equal = |name: String, expected: Q, observed: Q| {
        if expected != observed {
            let expected = Some(Span::exact(expected));
            broken.push(Mismatch { name, expected, observed: Some(observed) });
        }
    };
    equal("identity.ledger".into(), right, left);
    let mut debts = Q::zero();
    for n in 0..model.pool.vaults.len() {
        let debt = get(&format!("pool.vault.{n}.debt"));
        let prefix = format!("pool.position.{n}.");
        let positions: Q = observed
            .range(prefix.clone()..)
            .take_while(|(name, _)| name.starts_with(&prefix))
            .filter(|(name, _)| name.ends_with(".debt"))
            .map(|(_, value)| value.clone())
            .sum();
        let remainder = get(&format!("pool.vault.{n}.remainder"));
        let carried = get(&format!("pool.vault.{n}.fee_carried"));
        equal(format!("identity.vault.{n}"), positions + remainder - carried, debt.clone());
        debts += debt;
    }
    equal("identity.vaults".into(), debts, ledger("vault_debt"));
    let markets = (0..model.pool.markets.len()).map(|n| get(&format!("pool.market.{n}.reported"))).sum();
    equal("identity.reported".into(), markets, ledger("reported"));
    broken
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{usd, Story};
    use crate::message::{Message, PoolMessage};
    use crate::number::whole;

    fn shown(story: &Story) -> Observed {
        story.model.stored(story.now).into_iter().map(|(name, span)| (name, span.middle())).collect()
    }

    fn story() -> Story {
        let mut story = Story::new();
        let deposit = PoolMessage::Deposit { vault: 0, amount: usd(1_000), beneficiary: None };
        story.accepted("anna", Message::Pool(deposit));
        story.accepted(
            "anna",
            Message::Pool(PoolMessage::Mint { vault: 0, amount: usd(100), recipient: None, owner: None }),
        );
        story
    }

    #[test]
    fn a_chain_that_shows_what_is_expected_has_no_mismatch() {
        let story = story();
        let mismatches = story.model.check(story.now, &shown(&story));
        assert!(mismatches.is_empty(), "{mismatches:?}");
    }

    #[test]
    fn a_micro_usd_too_much_is_found_by_name_and_by_the_identities() {
        let story = story();
        let mut observed = shown(&story);
        *observed.get_mut("pool.ledger.supply").unwrap() += whole(1);
        let found = story.model.check(story.now, &observed);
        let names: Vec<&str> = found.iter().map(|mismatch| mismatch.name.as_str()).collect();
        assert_eq!(names, ["pool.ledger.supply", "identity.ledger"]);
    }

    #[test]
    fn what_is_missing_and_what_nobody_expects_are_mismatches() {
        let story = story();
        let mut observed = shown(&story);
        observed.remove("bank.sdusd.anna");
        observed.insert("bank.sdusd.eve".into(), whole(1));
        observed.insert("bank.sdusd.fred".into(), whole(0));
        let found = story.model.check(story.now, &observed);
        let names: Vec<&str> = found.iter().map(|mismatch| mismatch.name.as_str()).collect();
        assert_eq!(names, ["bank.sdusd.anna", "bank.sdusd.eve"]);
        assert_eq!(found[0].to_string(), "bank.sdusd.anna: expected 100000000, observed nothing");
    }

    #[test]
    fn a_rebased_model_goes_on_from_what_the_chain_shows() {
        let mut story = story();
        let mut observed = shown(&story);
        observed.insert("pool.ledger.insurance".into(), whole(7));
        story.model.rebase(story.now, &observed);
        assert_eq!(story.model.pool.ledger.insurance, Span::whole(7));
    }
}
