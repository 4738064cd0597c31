//! A chain and the model side by side: each step is done by both and everything is compared.

use sdp_embedded::actions::{Order, Take};
use sdp_embedded::{
    events, Actions, Answer, Audits, Backing, Chain, ChainError, Manifest, Recovering, Snapshot,
};
use sdp_reference::message::{
    Delegation, LiquidatorMessage, MarketMessage, Message, PoolMessage, Submission,
};
use sdp_reference::number::{price, ratio, whole, Q};
use sdp_reference::{Hints, Model, Regime as Told};
use sdp_types::events::{
    Absorbed, AccountBacked, AccountLiquidated, AuctionEnded, AuctionStarted, BondedClosed, BondedDrawn,
    Bought, ChangeApplied, ChangeQueued, ConditionalEnded, Deleveraged, Drawn, Exited, LossMet, NoteBid,
    NotesRedeemed, OrderFilled, PositionCut, Sold, TokenSaleEnded, TokensTaken,
};
use sdp_types::packed::Byte;
use sdp_types::regime::Regime;
use sdp_types::{liquidator, market, oracle, pool, Amount, Price, Ratio, Size, Usd};

use crate::convert::Live;
use crate::coverage::Coverage;
use crate::govern::{ceilinged, Change, Pending};
use crate::step::{Step, Who, DOLLAR_FEED, DOUBLES, LISTED, MARKETS, PUBLISHERS, TOKENS};
use crate::strange::STRANGE;
use crate::view::{observe, tripped, Names, View};

mod bonded;
mod conditional;
mod pledged;
mod swaps;
mod synthetics;

type Done = Result<Answer, ChainError>;

/// After so many messages queries are compared too.
const DERIVED_EVERY: u64 = 2;

/// Where both were.
#[derive(Clone)]
pub struct Place {
    snapshot: Snapshot,
    model: Model,
    live: Live,
    view: View,
}

pub struct Twin {
    pub chain: Chain,
    pub model: Model,
    pub live: Live,
    pub pending: Vec<Pending>,
    pub view: View,
    pub coverage: Coverage,
    names: Names,
    sent: u64,
}

/// What is asked of both, and what the model is told of it.
enum Ask {
    /// A message of the model.
    Model(Box<Message>),
    /// Nothing that the model knows changes; whether it has to be accepted.
    Nothing(bool),
}

impl Ask {
    fn of(message: Message) -> Self {
        Self::Model(Box::new(message))
    }
}

impl Twin {
    pub fn new() -> Self {
        let manifest = Manifest::parse(include_str!("manifest.toml")).unwrap();
        let mut chain = Chain::deploy(manifest).unwrap();
        for name in DOUBLES {
            bonded::add_double(&mut chain, name);
        }
        chain.audits = Audits::Deep;
        let names = Names::of(&chain);
        let live = Live::of(chain.manifest(), &|name| chain.address(name).into_string());
        let mut model = Model::new(live.config(chain.manifest()));
        model.pool.ceilings = live.ceilings(chain.manifest());
        let (view, _) = observe(&chain, &names, false);
        for ((token, who), amount) in &view.balances {
            model.endow(token, who, whole(*amount));
        }
        let (pending, coverage) = (Vec::new(), Coverage::default());
        Self { chain, model, live, pending, view, coverage, names, sent: 0 }
    }

    pub fn place(&self) -> Place {
        Place {
            snapshot: self.chain.snapshot(),
            model: self.model.clone(),
            live: self.live.clone(),
            view: self.view.clone(),
        }
    }

    pub fn go_to(&mut self, place: &Place) {
        self.chain.restore(&place.snapshot);
        self.model = place.model.clone();
        self.live = place.live.clone();
        self.view = place.view.clone();
        self.pending.clear();
    }

    pub fn now(&self) -> u64 {
        self.chain.now()
    }

    /// Whose address this is.
    pub fn name(&self, address: &str) -> Who {
        self.names.name(address)
    }

    /// The same by its canonical form.
    pub fn name_of_raw(&self, raw: &[u8]) -> Who {
        self.names.of_raw(raw)
    }

    fn address(&self, name: &str) -> String {
        self.chain.address(name).into_string()
    }

    /// Both do one step; what does not agree is the error.
    #[allow(clippy::too_many_lines)]
    pub fn run(&mut self, step: &Step) -> Result<(), String> {
        let kind = step.kind();
        let owned = |who: Option<Who>| who.map(str::to_string);
        match *step {
            Step::Wait(seconds) => {
                self.chain.advance(seconds);
                Ok(())
            }
            Step::Prices { by, prices, confidences, ppm, age } => {
                let feeds: Vec<_> = (0..).zip(prices).zip(confidences).collect();
                self.publish(kind, by, &feeds, ppm, age)
            }
            Step::Dollar { by, price, confidence } => {
                self.publish(kind, by, &[((DOLLAR_FEED, price), confidence)], 0, 0)
            }
            Step::Pull { who, feeds } => {
                let told = feeds.iter().map(|feed| usize::from(*feed)).collect();
                self.send(kind, who, Ask::of(Message::Pull(told)), |chain| chain.pull(who, feeds))
            }
            Step::Buy { .. }
            | Step::Sell { .. }
            | Step::SettleSynthetic { .. }
            | Step::CancelSynthetic { .. }
            | Step::Collect { .. }
            | Step::SweepSynthetic { .. }
            | Step::PokeSynthetics { .. }
            | Step::BurnSynthetic { .. } => self.trade_synthetics(step),
            Step::SwapIn { .. } | Step::SwapOut { .. } | Step::Revalue { .. } | Step::SweepReserve { .. } => {
                self.swap(step)
            }
            Step::Pledge { .. }
            | Step::Unpledge { .. }
            | Step::SellTokens { .. }
            | Step::RedoSale { .. }
            | Step::StopSale { .. }
            | Step::TakeTokens { .. } => self.pledge(step),
            Step::Bond { .. }
            | Step::TopUp { .. }
            | Step::PayIn { .. }
            | Step::Act { .. }
            | Step::Mark { .. }
            | Step::Quarantine { .. }
            | Step::Resolve { .. }
            | Step::CloseBonded { .. }
            | Step::Graduate { .. }
            | Step::Approve { .. }
            | Step::SweepDesk { .. } => self.at_the_desk(step),
            Step::FillJar { .. }
            | Step::DrawJar { .. }
            | Step::Place { .. }
            | Step::Bracket { .. }
            | Step::CancelOrders { .. }
            | Step::Arm { .. }
            | Step::SweepOrders { .. } => self.order_conditionally(step),
            Step::Deposit { who, vault, amount, owner } => {
                let message =
                    PoolMessage::Deposit { vault, amount: whole(amount), beneficiary: owned(owner) };
                self.send(kind, who, Ask::of(Message::Pool(message)), |chain| {
                    chain.deposit(who, TOKENS[vault], Amount::new(amount), owner)
                })
            }
            Step::AddYield { who, vault, amount } => {
                let message = Message::Pool(PoolMessage::AddYield { vault, amount: whole(amount) });
                self.send(kind, who, Ask::of(message), |chain| {
                    chain.add_yield(who, TOKENS[vault], Amount::new(amount))
                })
            }
            Step::Offer { who, vault, to, amount } => {
                let message = PoolMessage::OfferPosition { vault, to: owned(to), amount: amount.map(whole) };
                self.send(kind, who, Ask::of(Message::Pool(message)), |chain| {
                    chain.offer_position(who, TOKENS[vault], to, amount.map(Amount::new))
                })
            }
            Step::Accept { who, vault, owner } => {
                let message = Message::Pool(PoolMessage::AcceptPosition { vault, owner: owner.into() });
                self.send(kind, who, Ask::of(message), |chain| {
                    chain.accept_position(who, TOKENS[vault], owner)
                })
            }
            Step::Mint { who, vault, amount, to } => {
                let message =
                    PoolMessage::Mint { vault, amount: whole(amount), recipient: owned(to), owner: None };
                let recipient = to.map(|to| self.address(to));
                let msg = pool::ExecuteMsg::Mint {
                    vault: small(vault),
                    amount: Usd::new(amount),
                    recipient,
                    owner: None,
                };
                self.send(kind, who, Ask::of(Message::Pool(message)), |chain| {
                    chain.execute(who, "pool", &msg, &[])
                })
            }
            Step::MintFor { who, vault, amount, owner, to } => {
                let (recipient, of) = (owned(to), Some(owner.into()));
                let message = PoolMessage::Mint { vault, amount: whole(amount), recipient, owner: of };
                let (recipient, owner) = (to.map(|to| self.address(to)), Some(self.address(owner)));
                let (vault, amount) = (small(vault), Usd::new(amount));
                let msg = pool::ExecuteMsg::Mint { vault, amount, recipient, owner };
                self.send(kind, who, Ask::of(Message::Pool(message)), |chain| {
                    chain.execute(who, "pool", &msg, &[])
                })
            }
            Step::SetMinter { who, minter } => {
                let message = Message::Pool(PoolMessage::SetMinter { minter: owned(minter) });
                let msg = pool::ExecuteMsg::SetMinter { minter: minter.map(|minter| self.address(minter)) };
                self.send(kind, who, Ask::of(message), |chain| chain.execute(who, "pool", &msg, &[]))
            }
            Step::Burn { who, vault, amount, owner } => {
                let message = PoolMessage::Burn { vault, owner: owned(owner), amount: whole(amount) };
                self.send(kind, who, Ask::of(Message::Pool(message)), |chain| {
                    chain.burn(who, TOKENS[vault], Usd::new(amount), owner)
                })
            }
            Step::Insure { who, amount } => {
                let message = Message::Pool(PoolMessage::Insure { amount: whole(amount) });
                self.send(kind, who, Ask::of(message), |chain| chain.insure(who, Usd::new(amount)))
            }
            Step::RequestExit { who, vault, amount, accepted } => {
                let message =
                    PoolMessage::RequestExit { vault, amount: whole(amount), accepted: ratio(accepted) };
                let accepted = (accepted > 0).then(|| Ratio::new(accepted));
                self.send(kind, who, Ask::of(Message::Pool(message)), |chain| {
                    chain.request_exit_with(who, TOKENS[vault], Amount::new(amount), accepted)
                })
            }
            Step::CancelExit { who, vault } => {
                let message = Message::Pool(PoolMessage::CancelExit { vault });
                self.send(kind, who, Ask::of(message), |chain| chain.cancel_exit(who, TOKENS[vault]))
            }
            Step::ExecuteExit { who, vault, owner } => {
                let message = Message::Pool(PoolMessage::ExecuteExit { vault, owner: owner.into() });
                self.send(kind, who, Ask::of(message), |chain| chain.execute_exit(who, TOKENS[vault], owner))
            }
            Step::Sync { who } => {
                self.send(kind, who, Ask::of(Message::Pool(PoolMessage::Sync)), |chain| chain.sync(who))
            }
            Step::Sweep { who } => {
                self.send(kind, who, Ask::of(Message::Pool(PoolMessage::Sweep)), |chain| {
                    chain.execute(who, "pool", &pool::ExecuteMsg::Sweep {}, &[])
                })
            }
            Step::AdjustCeiling { who, of } => {
                let message = Message::Pool(PoolMessage::AdjustCeiling { of });
                let msg = pool::ExecuteMsg::AdjustCeiling { of: ceilinged(of, &self.chain) };
                self.send(kind, who, Ask::of(message), |chain| chain.execute(who, "pool", &msg, &[]))
            }
            Step::AdjustDepth { who } => {
                self.send(kind, who, Ask::of(Message::Pool(PoolMessage::AdjustDepth)), |chain| {
                    chain.execute(who, "pool", &pool::ExecuteMsg::AdjustDepth {}, &[])
                })
            }
            Step::Trip { who, market, regime } => {
                let may = ["olga", "gina"].contains(&who);
                let message = Ask::of(Message::Pool(PoolMessage::Trip { market, regime: Told::of(regime) }));
                let ask = if may { message } else { Ask::Nothing(false) };
                let market = market.map(|n| self.address(LISTED[n]));
                let msg = pool::ExecuteMsg::Trip { market, regime: Regime::ALL[usize::from(regime)] };
                self.send(kind, who, ask, |chain| chain.execute(who, "pool", &msg, &[]))
            }
            Step::Reset { who, market } => {
                let message = Ask::of(Message::Pool(PoolMessage::Reset { market }));
                let ask = if who == "olga" { message } else { Ask::Nothing(false) };
                let msg = pool::ExecuteMsg::Reset { market: market.map(|n| self.address(LISTED[n])) };
                self.send(kind, who, ask, |chain| chain.execute(who, "pool", &msg, &[]))
            }
            Step::Transfer { who, token, to, amount } => {
                let message = Message::Transfer { token: token.into(), to: to.into(), amount: whole(amount) };
                self.send(kind, who, Ask::of(message), |chain| {
                    chain.transfer(who, token, to, Amount::new(amount))
                })
            }
            Step::BurnOwn { who, amount } => {
                let burn = cw20::Cw20ExecuteMsg::Burn { amount: amount.into() };
                let message = Message::BurnOwn { token: "sdusd".into(), amount: whole(amount) };
                self.send(kind, who, Ask::of(message), |chain| chain.execute(who, "sdusd", &burn, &[]))
            }
            Step::BurnNotes { who, amount } => {
                let burn = cw20::Cw20ExecuteMsg::Burn { amount: amount.into() };
                let message = Message::BurnOwn { token: "sdnote".into(), amount: whole(amount) };
                self.send(kind, who, Ask::of(message), |chain| chain.execute(who, "sdnote", &burn, &[]))
            }
            Step::StartNotes { who } => {
                let message = Message::Liquidator(LiquidatorMessage::StartNotes);
                self.send(kind, who, Ask::of(message), |chain| chain.start_note_auction(who))
            }
            Step::RestartNotes { who, auction } => {
                let message = Message::Liquidator(LiquidatorMessage::RestartNotes { auction });
                self.send(kind, who, Ask::of(message), |chain| chain.restart_note_auction(who, auction))
            }
            Step::Bid { who, auction, payment, claim } => {
                let (paid, asked) = (whole(payment), whole(claim));
                let message = LiquidatorMessage::Bid { auction, payment: paid, claim: asked };
                self.send(kind, who, Ask::of(Message::Liquidator(message)), |chain| {
                    chain.bid(who, auction, Usd::new(payment), Usd::new(claim))
                })
            }
            Step::SettleNotes { who, auction } => {
                let message = Message::Liquidator(LiquidatorMessage::SettleNotes { auction });
                self.send(kind, who, Ask::of(message), |chain| chain.settle_note_auction(who, auction))
            }
            Step::RedeemNotes { who, notes, least, to } => {
                let message = LiquidatorMessage::RedeemNotes {
                    notes: whole(notes),
                    least: least.map(whole),
                    recipient: owned(to),
                };
                let recipient = to.map(|to| self.address(to));
                let hook = liquidator::Hook::Redeem { least: least.map(Usd::new), recipient };
                self.send(kind, who, Ask::of(Message::Liquidator(message)), |chain| {
                    chain.send_tokens(who, "sdnote", "liquidator", Amount::new(notes), &hook)
                })
            }
            Step::DepositMargin { who, market, account, amount, owner } => {
                let message =
                    MarketMessage::Deposit { beneficiary: owned(owner), account, amount: whole(amount) };
                self.send(kind, who, Ask::of(Message::Market(market, message)), |chain| {
                    chain.deposit_margin(who, MARKETS[market], account, Usd::new(amount), owner)
                })
            }
            Step::Withdraw { who, market, account, amount, to, accepted } => {
                let (recipient, most) = (owned(to), ratio(accepted));
                let message =
                    MarketMessage::Withdraw { account, amount: whole(amount), recipient, accepted: most };
                let (recipient, amount) = (to.map(|to| self.address(to)), Usd::new(amount));
                let accepted_haircut = (accepted > 0).then(|| Ratio::new(accepted));
                let msg =
                    market::ExecuteMsg::Withdraw { account, amount, recipient, into: None, accepted_haircut };
                self.send(kind, who, Ask::of(Message::Market(market, message)), |chain| {
                    chain.execute(who, MARKETS[market], &msg, &[])
                })
            }
            Step::Commit { who, market, account, perp, size, limit, expires_in } => {
                let message = MarketMessage::Commit {
                    account,
                    perp,
                    size: ratio(size),
                    limit: limit.map(price),
                    expires_in,
                };
                let limit_price = limit.map(Price::new);
                let order =
                    Order { account, size: Size::new(size), limit_price, expires_in, ..Order::default() };
                self.send(kind, who, Ask::of(Message::Market(market, message)), |chain| {
                    chain.commit(who, MARKETS[market], short(perp), &order)
                })
            }
            Step::CommitFor { who, owner, market, account, perp, size, reduce_only } => {
                let message = MarketMessage::CommitFor {
                    owner: owner.into(),
                    account,
                    perp,
                    size: ratio(size),
                    limit: None,
                    expires_in: None,
                    reduce_only,
                };
                let owner = (who != owner).then(|| owner.into());
                let size = Size::new(size);
                let order = Order { owner, account, size, reduce_only, ..Order::default() };
                self.send(kind, who, Ask::of(Message::Market(market, message)), |chain| {
                    chain.commit(who, MARKETS[market], short(perp), &order)
                })
            }
            Step::SetDelegate { who, market, account, delegate, allowed } => {
                let now = self.now();
                let delegation = allowed.map(|allowed| Delegation {
                    expires_at: now + allowed.seconds,
                    perps: allowed.perp.map(|perp| vec![perp.into()]),
                    most: allowed.most.map(whole),
                    may_take: allowed.may_take,
                });
                let (delegate_name, delegate) = (delegate, delegate.to_string());
                let message = MarketMessage::SetDelegate { account, delegate, delegation };
                let delegation = allowed.map(|allowed| market::Delegation {
                    expires_at: now + allowed.seconds,
                    perps: allowed.perp.map(|perp| vec![perp]),
                    most_notional: allowed.most.map(Usd::new),
                    may_take: allowed.may_take,
                });
                self.send(kind, who, Ask::of(Message::Market(market, message)), |chain| {
                    chain.set_delegate(who, MARKETS[market], account, delegate_name, delegation)
                })
            }
            Step::TakeAccount { who, market, owner, account, into } => {
                let message = MarketMessage::TakeAccount { owner: owner.into(), account, into };
                self.send(kind, who, Ask::of(Message::Market(market, message)), |chain| {
                    chain.take_account(who, MARKETS[market], owner, account, into)
                })
            }
            Step::TransferMargin { who, market, from, into, amount } => {
                let message = MarketMessage::Transfer { from, into, amount: whole(amount) };
                self.send(kind, who, Ask::of(Message::Market(market, message)), |chain| {
                    chain.transfer_margin(who, MARKETS[market], from, into, Usd::new(amount))
                })
            }
            Step::SetReferrer { who, market, account, referrer } => {
                let message = MarketMessage::SetReferrer { account, referrer: owned(referrer) };
                self.send(kind, who, Ask::of(Message::Market(market, message)), |chain| {
                    chain.set_referrer(who, MARKETS[market], account, referrer)
                })
            }
            Step::Cancel { who, market, perp, order } => {
                let message = Message::Market(market, MarketMessage::Cancel { perp, order });
                self.send(kind, who, Ask::of(message), |chain| {
                    chain.cancel(who, MARKETS[market], short(perp), order)
                })
            }
            Step::Settle { who, market, perp, limit } => {
                let message = Message::Market(market, MarketMessage::Settle { perp, limit });
                self.send(kind, who, Ask::of(message), |chain| {
                    chain.settle(who, MARKETS[market], short(perp), limit)
                })
            }
            Step::Poke { who, market } => {
                let message = Message::Market(market, MarketMessage::Poke);
                self.send(kind, who, Ask::of(message), |chain| chain.poke(who, MARKETS[market]))
            }
            Step::Liquidate { who, market, accounts } => {
                let accounts: Vec<_> = accounts.into_iter().flatten().collect();
                let named = accounts.iter().map(|(owner, n)| (owner.to_string(), *n)).collect();
                let message = LiquidatorMessage::LiquidateAccounts { market, accounts: named };
                self.send(kind, who, Ask::of(Message::Liquidator(message)), |chain| {
                    chain.liquidate_accounts(who, MARKETS[market], &accounts)
                })
            }
            Step::Seize { who, vault, owner } => {
                let message = LiquidatorMessage::LiquidatePosition { vault, owner: owner.into() };
                self.send(kind, who, Ask::of(Message::Liquidator(message)), |chain| {
                    chain.liquidate_position(who, TOKENS[vault], owner)
                })
            }
            Step::Redo { who, auction } => {
                let message = Message::Liquidator(LiquidatorMessage::Redo { auction });
                self.send(kind, who, Ask::of(message), |chain| chain.redo(who, auction))
            }
            Step::Take { who, auction, payment, amount, max_price, to } => {
                let message = LiquidatorMessage::Take {
                    auction,
                    payment: whole(payment),
                    amount: whole(amount),
                    maximum_price: price(max_price),
                    recipient: owned(to),
                };
                let take = Take {
                    auction,
                    payment: Usd::new(payment),
                    amount: Amount::new(amount),
                    max_price: Price::new(max_price),
                    recipient: owned(to),
                };
                self.send(kind, who, Ask::of(Message::Liquidator(message)), |chain| chain.take(who, &take))
            }
            Step::Back { who, amount, owner } => {
                let message = LiquidatorMessage::Back { amount: whole(amount), owner: owned(owner) };
                self.send(kind, who, Ask::of(Message::Liquidator(message)), |chain| {
                    chain.back(who, Usd::new(amount), owner)
                })
            }
            Step::Claim { who, vault, to } => {
                let message = LiquidatorMessage::Claim { vault, recipient: owned(to) };
                let recipient = to.map(|to| self.address(to));
                let msg = liquidator::ExecuteMsg::Claim { vault: vault.map(small), recipient };
                self.send(kind, who, Ask::of(Message::Liquidator(message)), |chain| {
                    chain.execute(who, "liquidator", &msg, &[])
                })
            }
            Step::RequestWithdrawal { who, amount } => {
                let message = LiquidatorMessage::RequestWithdrawal { amount: whole(amount) };
                self.send(kind, who, Ask::of(Message::Liquidator(message)), |chain| {
                    chain.request_withdrawal(who, Usd::new(amount))
                })
            }
            Step::WithdrawBacking { who } => {
                let message = Message::Liquidator(LiquidatorMessage::WithdrawBacking);
                self.send(kind, who, Ask::of(message), |chain| chain.withdraw_backing(who))
            }
            Step::Flag { who, vault, owner } => {
                let message = LiquidatorMessage::Flag { vault, owner: owner.into() };
                self.send(kind, who, Ask::of(Message::Liquidator(message)), |chain| {
                    chain.flag(who, TOKENS[vault], owner)
                })
            }
            Step::Configure { who, tweak } => {
                self.configure(kind, who, Change::of(tweak, &self.live, &self.chain))
            }
            Step::Enact { who, contract, id } => self.enact(kind, who, contract, id),
            Step::CancelChange { who, contract, id } => {
                let msg = pool::ExecuteMsg::CancelChange { id };
                let waits = self.pending.iter().position(|p| p.contract == contract && p.id == id);
                let ask = match (contract, waits) {
                    ("pool", Some(_)) if who == "olga" => Ask::of(Message::Pool(PoolMessage::Sync)),
                    _ => Ask::Nothing(waits.is_some() && who == "olga"),
                };
                let accepted = matches!(ask, Ask::Model(_) | Ask::Nothing(true));
                self.send(kind, who, ask, |chain| chain.execute(who, contract, &msg, &[]))?;
                if let (true, Some(at)) = (accepted, waits) {
                    self.pending.remove(at);
                }
                Ok(())
            }
            Step::Restrict { who, feed, regime } => {
                let msg =
                    oracle::ExecuteMsg::Trip { feed: short(feed), regime: Regime::ALL[usize::from(regime)] };
                self.send(kind, who, Ask::of(Message::Trip { feed, regime: Told::of(regime) }), |chain| {
                    chain.execute(who, "oracle", &msg, &[])
                })
            }
            Step::Release { who, feed } => {
                let msg = oracle::ExecuteMsg::Reset { feed: short(feed) };
                self.send(kind, who, Ask::of(Message::Reset { feed }), |chain| {
                    chain.execute(who, "oracle", &msg, &[])
                })
            }
            Step::Strange(n) => self.strange(kind, n),
        }
    }

    fn publish(
        &mut self,
        kind: &'static str,
        by: u8,
        prices: &[((usize, u128), u128)],
        ppm: u128,
        age: u64,
    ) -> Result<(), String> {
        let publish_time = self.now() - age;
        let publishers = PUBLISHERS.into_iter().enumerate().filter(|(n, _)| by & (1 << n) != 0);
        for (higher, (_, who)) in (0u128..).zip(publishers) {
            let (mut told, mut sent) = (Vec::new(), Vec::new());
            for ((feed, raw), confidence) in prices.iter().copied() {
                if raw == 0 {
                    continue;
                }
                let raw = raw + raw / 1_000_000 * ppm * higher;
                let feed_number = short(feed);
                let (raw_price, band) = (Price::new(raw), Ratio::new(confidence));
                sent.push(oracle::Submission {
                    feed: feed_number,
                    price: raw_price,
                    confidence: band,
                    publish_time,
                });
                told.push(Submission {
                    feed,
                    price: price(raw),
                    confidence: ratio(confidence),
                    publish_time,
                });
            }
            let msg = oracle::ExecuteMsg::Publish { prices: sent };
            self.send(kind, who, Ask::of(Message::Publish(told)), |chain| {
                chain.execute(who, "oracle", &msg, &[])
            })?;
        }
        Ok(())
    }

    fn configure(&mut self, kind: &'static str, who: Who, change: Change) -> Result<(), String> {
        // the owner's are valid; what the guardian may have is in the answer
        let fits = change.fits(&self.live);
        let contract = change.contract();
        let before = self.chain.snapshot();
        let asked = change.ask(&mut self.chain, who);
        let done = match asked {
            Err(error) => {
                self.coverage.count(kind, Some(error.code.as_deref().unwrap_or("none")));
                let expected = match who {
                    "olga" => !fits,
                    "gina" => error.code.as_deref() == Some("E0102") || !fits,
                    _ => error.code.as_deref() == Some("E0103"),
                };
                return if expected && !error.is_bug() {
                    Ok(())
                } else {
                    Err(format!("{change:?}: {error}"))
                };
            }
            Ok(done) => done,
        };
        let queued: Vec<ChangeQueued> = events(&done).unwrap();
        let applied: Vec<ChangeApplied> = events(&done).unwrap();
        // done again beside the model
        self.chain.restore(&before);
        let pool = Message::Pool(PoolMessage::Sync);
        let again = |chain: &mut Chain| change.ask(chain, who);
        match (queued.first(), applied.first()) {
            (Some(queued), None) if who == "olga" => {
                let ask = if contract == "pool" { Ask::of(pool) } else { Ask::Nothing(true) };
                let (id, ready_at) = (queued.id, queued.ready_at);
                self.pending.push(Pending { contract, id, ready_at, change: change.clone() });
                self.send(kind, who, ask, again)
            }
            (None, Some(_)) => {
                let message = change.apply(&mut self.live, &self.chain);
                self.send(kind, who, Ask::of(message), again)
            }
            _ => Err(format!("{change:?} of {who}: {queued:?} {applied:?}")),
        }
    }

    fn enact(&mut self, kind: &'static str, who: Who, contract: &'static str, id: u64) -> Result<(), String> {
        let waits = self.pending.iter().position(|p| p.contract == contract && p.id == id);
        let ready = waits.filter(|at| {
            let pending = &self.pending[*at];
            self.chain.now() >= pending.ready_at && pending.change.fits(&self.live)
        });
        let msg = pool::ExecuteMsg::Enact { id };
        let Some(at) = ready else {
            return self
                .send(kind, who, Ask::Nothing(false), |chain| chain.execute(who, contract, &msg, &[]));
        };
        let pending = self.pending.remove(at);
        let message = pending.change.apply(&mut self.live, &self.chain);
        self.send(kind, who, Ask::of(message), |chain| chain.execute(who, contract, &msg, &[]))
    }

    /// The chain first, then the model with what the chain told; then everything is compared.
    fn send(
        &mut self,
        kind: &'static str,
        who: Who,
        ask: Ask,
        act: impl FnOnce(&mut Chain) -> Done,
    ) -> Result<(), String> {
        let now = self.now();
        let done = act(&mut self.chain);
        self.count(kind, &done);
        if let Err(error) = &done {
            if error.is_bug() || error.kind == sdp_embedded::Kind::Setup {
                return Err(error.to_string());
            }
        }
        let (outcome, must_refuse, may_refuse) = match ask {
            Ask::Nothing(accepted) => {
                let next = self.model.clone();
                (sdp_reference::Outcome { trial: Default::default(), next }, !accepted, !accepted)
            }
            Ask::Model(message) => {
                let hints = self.hints(&message, &done);
                let outcome = self.model.apply(now, who, &message, &hints);
                let (must, may) = (outcome.trial.must_refuse(), outcome.trial.may_refuse());
                (outcome, must, may)
            }
        };
        if may_refuse && !must_refuse {
            self.coverage.unsure[usize::from(done.is_err())] += 1;
        }
        let broken = || {
            let tests = outcome.trial.tests.iter().filter(|test| test.holds != sdp_reference::Holds::Yes);
            tests.map(|test| format!("{test:?}")).collect::<Vec<_>>().join("; ")
        };
        match &done {
            Err(error) if !may_refuse => {
                let sides =
                    outcome.trial.tests.iter().filter(|test| Some(test.code) == error.code.as_deref());
                let sides: Vec<_> = sides.map(|test| format!("{test:?}")).collect();
                return Err(format!("has to be accepted, but {error} (the model: {})", sides.join("; ")));
            }
            Ok(_) if must_refuse => return Err(format!("has to be refused, but was accepted: {}", broken())),
            Err(error) => return reasonable(error, &outcome.trial.codes()),
            Ok(_) => {}
        }
        self.sent += 1;
        let (view, observed) = observe(&self.chain, &self.names, self.sent % DERIVED_EVERY == 0);
        let mut next = outcome.next;
        let mismatches = next.check(now, &observed);
        if !mismatches.is_empty() {
            let lines: Vec<_> = mismatches.iter().map(ToString::to_string).collect();
            return Err(lines.join("\n"));
        }
        next.rebase(now, &observed);
        self.model = next;
        self.live.follow(&*self.chain.storage(&self.chain.address("pool")));
        self.view = view;
        Ok(())
    }

    fn count(&mut self, kind: &'static str, done: &Done) {
        match done {
            Err(error) => self.coverage.count(kind, Some(error.code.as_deref().unwrap_or("none"))),
            Ok(response) => {
                self.coverage.count(kind, None);
                for event in &response.events {
                    let Some(name) = event.ty.strip_prefix("wasm-") else { continue };
                    let code = event.attributes.iter().find(|attribute| attribute.key == "code");
                    let code = code.map_or_else(String::new, |code| format!(".{}", code.value));
                    self.coverage.event(format!("{name}{code}"));
                }
                for short in events::<AccountLiquidated>(response).unwrap() {
                    if !short.shortfall.is_zero() {
                        self.coverage.event("account_liquidated with shortfall".into());
                    }
                    if short.positions_left > 0 {
                        self.coverage.event("account_liquidated in part".into());
                    }
                }
                for ended in events::<AuctionEnded>(response).unwrap() {
                    if !ended.shortfall.is_zero() {
                        self.coverage.event("auction_ended with shortfall".into());
                    }
                }
                for met in events::<LossMet>(response).unwrap() {
                    if !met.unmet.is_zero() {
                        self.coverage.event("loss_met by nobody".into());
                    }
                    if !met.providers.is_zero() {
                        self.coverage.event("loss_met by providers".into());
                    }
                }
                for ended in events::<ConditionalEnded>(response).unwrap() {
                    self.coverage.event(format!("conditional_ended {}", ended.outcome));
                }
                for backed in events::<AccountBacked>(response).unwrap() {
                    if !backed.shortfall.is_zero() {
                        self.coverage.event("account_backed with shortfall".into());
                    }
                }
                for ended in events::<TokenSaleEnded>(response).unwrap() {
                    let owed = if ended.owed.is_zero() { "with all paid" } else { "with something owed" };
                    self.coverage.event(format!("token_sale_ended {owed}"));
                }
                for bid in events::<NoteBid>(response).unwrap() {
                    let before = self.view.note_auctions.iter().find(|found| found.auction == bid.auction);
                    if before.is_some_and(|found| found.bidder.is_some()) {
                        self.coverage.event("note_bid below another".into());
                    }
                }
                for drawn in events::<BondedDrawn>(response).unwrap() {
                    if !drawn.drawn.is_zero() {
                        self.coverage.event("bonded_drawn from the pool".into());
                    }
                }
                for closed in events::<BondedClosed>(response).unwrap() {
                    let end = if closed.forfeited.is_zero() { "with its bond" } else { "without its bond" };
                    self.coverage.event(format!("bonded_closed {end}"));
                }
                for redeemed in events::<NotesRedeemed>(response).unwrap() {
                    let part = if redeemed.paid < redeemed.notes { "in part" } else { "in full" };
                    self.coverage.event(format!("notes_redeemed {part}"));
                }
                for drawn in events::<Drawn>(response).unwrap() {
                    if !drawn.forfeited.is_zero() {
                        self.coverage.event("drawn in proportion".into());
                    }
                }
                for exited in events::<Exited>(response).unwrap() {
                    if !exited.charged.is_zero() {
                        self.coverage.event("exited in proportion".into());
                    }
                    if !exited.minted.is_zero() {
                        self.coverage.event("exited with profit".into());
                    }
                }
            }
        }
    }

    fn hints(&self, message: &Message, done: &Done) -> Hints {
        let mut hints = Hints::default();
        let Ok(response) = done else { return hints };
        let m = match message {
            Message::Market(m, _) => *m,
            Message::Liquidator(LiquidatorMessage::LiquidateAccounts { market, .. }) => *market,
            _ => 0,
        };
        let name = |address: &str| self.names.name(address).to_string();
        let book = sdp_book::state::book(&*self.chain.storage(&self.chain.address("pool"))).unwrap();
        let watches = std::iter::once(&book.watch).chain(book.markets.iter().map(|market| &market.watch));
        hints.regimes = Some(watches.map(|watch| tripped(&watch.trip)).collect());
        for filled in events::<OrderFilled>(response).unwrap() {
            hints.filled.insert((m, filled.perp.into(), filled.order));
            if !filled.shortfall.is_zero() {
                hints.lacking.insert((m, (name(&filled.owner), filled.account)));
            }
        }
        for told in events::<AccountLiquidated>(response).unwrap() {
            hints.liquidated.insert((m, (name(&told.owner), told.account)));
            if !told.shortfall.is_zero() {
                hints.lacking.insert((m, (name(&told.owner), told.account)));
            }
        }
        for cut in events::<PositionCut>(response).unwrap() {
            let size: Q = ratio(cut.size.raw());
            let key = (m, (name(&cut.owner), cut.account), cut.perp.into());
            hints.cuts.entry(key).or_default().push(size);
        }
        for told in events::<Deleveraged>(response).unwrap() {
            let side = (told.perp.into(), told.side == "short");
            hints.deleveraged.insert((m, side), ratio(told.factor.raw()));
        }
        for told in events::<Bought>(response).unwrap() {
            hints.traded.insert((told.synthetic.into(), told.order), whole(told.amount.raw()));
        }
        for told in events::<Sold>(response).unwrap() {
            hints.traded.insert((told.synthetic.into(), told.order), whole(told.amount.raw()));
        }
        hints.sale_ended = !events::<TokenSaleEnded>(response).unwrap().is_empty();
        hints.sold_out = events::<TokensTaken>(response).unwrap().iter().any(|taken| {
            let owner = self.names.name(&taken.owner);
            let sale = self.view.sales.iter().find(|sale| (sale.who, sale.account) == (owner, taken.account));
            sale.is_some_and(|sale| sale.lot == taken.amount.raw())
        });
        hints.quarantined = bonded::quarantined(response);
        hints.fates = conditional::fates(message, response);
        for ended in events::<AuctionEnded>(response).unwrap() {
            hints.ended.insert(ended.auction);
        }
        if !events::<Absorbed>(response).unwrap().is_empty() {
            hints.absorbed = Some(events::<AuctionStarted>(response).unwrap().is_empty());
        }
        for exited in events::<Exited>(response).unwrap() {
            let left: Result<pool::PositionResponse, _> = self.chain.query(
                "pool",
                &pool::QueryMsg::Position { vault: exited.vault, owner: exited.owner.clone() },
            );
            if left.map_or(true, |position| position.shares.is_zero()) {
                hints.left.insert((exited.vault.into(), name(&exited.owner)));
            }
        }
        hints
    }

    /// A message that has to be refused with a certain code, whatever the state.
    fn strange(&mut self, kind: &'static str, n: usize) -> Result<(), String> {
        let (code, act) = STRANGE[n];
        let done = act(&mut self.chain);
        let found = done.as_ref().err().and_then(|error| error.code.clone());
        self.coverage.count(kind, found.as_deref().or(Some("accepted")));
        if found.as_deref() == Some(code) {
            Ok(())
        } else {
            Err(format!("strange message {n} has to be refused with {code}, but {done:?}"))
        }
    }
}

/// A refusal without a code is the bank's or a token's, for want of funds; numbers that overflow and records that can't be
/// read are never the reason.
fn reasonable(error: &ChainError, expected: &[&str]) -> Result<(), String> {
    let fits = match error.code.as_deref() {
        None => expected.contains(&sdp_reference::NO_FUNDS) || error.text.contains("Cannot Sub"),
        Some(code) => {
            expected.contains(&code) || !["E0001", "E0002", "E0003", "E0006", "E0008"].contains(&code)
        }
    };
    if fits {
        Ok(())
    } else {
        Err(format!("refused, but not for its reason: {error}; expected {expected:?}"))
    }
}

fn short(n: usize) -> u16 {
    u16::try_from(n).unwrap()
}

fn small(n: usize) -> u8 {
    u8::try_from(n).unwrap()
}
