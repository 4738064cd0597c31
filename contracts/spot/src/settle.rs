//! Settling orders: each fills at the price of its interval, whoever settles it and whenever.

use cosmwasm_std::{CanonicalAddr, CosmosMsg, DepsMut, Env, Event, MessageInfo, Response};

use sdp_risk::potential;
use sdp_trading::orders::{Slots, Turn};
use sdp_trading::Outside;
use sdp_types::board::{Quote, Slot};
use sdp_types::error::SpotError;
use sdp_types::events::{Bought, Sold, SpotRefused};
use sdp_types::record::canonical;
use sdp_types::regime::Regime;
use sdp_types::spot::{OrderKind, SyntheticConfig, SyntheticStatus, MAX_BATCH};
use sdp_types::token::TokenMsg;
use sdp_types::{ensure, Amount, Error, Price, Ratio, Result, Rounding, Usd};

use crate::books::Books;
use crate::core::desk::{size_for, Desk, Index, Issued, Trade};
use crate::core::quantity::tokens;
use crate::state::{self, Order, Terms};

struct Batch<'a> {
    deps: DepsMut<'a>,
    terms: Terms,
    outside: Outside,
    keeper: CanonicalAddr,
    synthetic: u16,
    config: SyntheticConfig,
    slots: Slots,
}

/// What the tokens of a batch do once its books are saved.
#[derive(Clone, Debug, Default)]
struct Moves {
    minted: Vec<(CanonicalAddr, Amount)>,
    burnt: Amount,
    returned: Vec<(CanonicalAddr, Amount)>,
}

impl Moves {
    fn back(&mut self, owner: &CanonicalAddr, amount: Amount) {
        if !amount.is_zero() {
            self.returned.push((owner.clone(), amount));
        }
    }
}

/// `Settle`.
pub fn settle(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    synthetic: u16,
    limit: u32,
) -> Result<Response> {
    ensure((1..=MAX_BATCH).contains(&limit), || Error::out_of_range("limit", limit, 1, MAX_BATCH))?;
    let terms = state::terms(deps.storage)?;
    let own = state::synthetic(deps.storage, synthetic)?;
    let outside = Outside::read(deps.as_ref(), env, terms.home())?;
    let keeper = canonical(deps.api, &info.sender)?;
    let mut books = Books::load(deps.storage)?;
    let mut batch =
        Batch { deps, terms, outside, keeper, synthetic, config: own.config, slots: Slots::default() };
    let mut moves = Moves::default();
    books.touch(batch.deps.as_ref(), &batch.terms, &batch.outside.board, batch.outside.now)?;

    let (mut events, mut done) = (Vec::new(), Vec::new());
    for _ in 0..limit {
        let issue = *books.issue(synthetic)?;
        if issue.head >= issue.next {
            break;
        }
        // a cancelled order leaves a hole
        if let Some(order) = state::order(batch.deps.storage, synthetic, issue.head)? {
            let Some(told) = batch.item(&mut books, &mut moves, issue.head, &order)? else { break };
            events.push(told);
        }
        books.issue(synthetic)?.head += 1;
        done.push(issue.head);
    }
    ensure(!done.is_empty(), || Error::NothingToDo { what: "settle".into() })?;
    // what has filled carries funding from now on
    events.push(books.touch(batch.deps.as_ref(), &batch.terms, &batch.outside.board, batch.outside.now)?);

    let Batch { deps, terms, .. } = batch;
    for number in done {
        state::remove_order(deps.storage, synthetic, number);
    }
    let mut messages = books.save(deps.storage, deps.api, &terms)?;
    messages.extend(moves.messages(&deps, &deps.api.addr_humanize(&own.token)?)?);
    Ok(Response::new().add_messages(messages).add_events(events))
}

impl Moves {
    fn messages(self, deps: &DepsMut<'_>, token: &cosmwasm_std::Addr) -> Result<Vec<CosmosMsg>> {
        let mut messages = Vec::new();
        for (recipient, amount) in self.minted {
            let recipient = deps.api.addr_humanize(&recipient)?.into_string();
            messages.push(TokenMsg::Mint { recipient, amount: amount.raw().into() }.to(token)?);
        }
        for (recipient, amount) in self.returned {
            let recipient = deps.api.addr_humanize(&recipient)?.into_string();
            messages.push(TokenMsg::Transfer { recipient, amount: amount.raw().into() }.to(token)?);
        }
        if !self.burnt.is_zero() {
            messages.push(TokenMsg::Burn { amount: self.burnt.raw().into() }.to(token)?);
        }
        Ok(messages)
    }
}

impl Batch<'_> {
    /// Fills or refuses an order, or voids it; none where it has to wait.
    fn item(
        &mut self,
        books: &mut Books,
        moves: &mut Moves,
        number: u64,
        order: &Order,
    ) -> Result<Option<Event>> {
        if books.is_shut_down() {
            return self
                .refuse(books, moves, number, order, &SpotError::WrongPhase { shut_down: true }.into())
                .map(Some);
        }
        let furthest = order.interval.saturating_add(self.terms.params.maximum_empty_intervals.into());
        let intervals = (order.interval, order.last_interval().min(furthest));
        let wanted = (self.config.feed, self.config.settle_confidence);
        let error = match self.slots.turn(&self.deps.querier, &self.outside, wanted, intervals)? {
            Turn::Wait => return Ok(None),
            Turn::Void => Error::OrderExpired { order: number, interval: order.last_interval() },
            Turn::Fill(slot, quote) => {
                let mut copies = (books.clone(), moves.clone());
                match self.fill(&mut copies.0, &mut copies.1, number, order, &slot, quote) {
                    Ok(told) => {
                        (*books, *moves) = copies;
                        return Ok(Some(told));
                    }
                    Err(error) => error,
                }
            }
        };
        self.refuse(books, moves, number, order, &error).map(Some)
    }

    /// Fills an order on copies; an error refuses it.
    #[inline(never)]
    fn fill(
        &self,
        books: &mut Books,
        moves: &mut Moves,
        number: u64,
        order: &Order,
        slot: &Slot,
        quote: Quote,
    ) -> Result<Event> {
        books.release(self.synthetic, order)?;
        let quantities = books.quantities(&self.terms)?;
        let index = Index { price: quote.price, confidence: quote.confidence };
        let issued = books.issued(&self.terms, self.synthetic)?;
        let outside = &self.outside;
        let price = |feed| outside.in_slot(slot, feed);
        let desk = Desk::open(outside, &quantities, &price, (self.config.feed, index), order.fee, issued)?;
        match order.kind {
            OrderKind::BuyFor { paid, least } => {
                let trade = desk.buy_for(paid, least)?;
                self.bought(books, moves, (number, order), &desk, trade)
            }
            OrderKind::BuyExactly { paid, amount } => {
                let trade = desk.buy_exactly(amount, paid)?;
                self.bought(books, moves, (number, order), &desk, trade)
            }
            OrderKind::SellAll { amount, least } => {
                let trade = desk.sell_all(amount, least)?;
                self.sold(books, moves, (number, order), trade)
            }
            OrderKind::SellFor { amount, usd } => {
                let trade = desk.sell_for(usd, amount)?;
                self.sold(books, moves, (number, order), trade)
            }
        }
    }

    fn bought(
        &self,
        books: &mut Books,
        moves: &mut Moves,
        (number, order): (u64, &Order),
        desk: &Desk<'_>,
        trade: Trade,
    ) -> Result<Event> {
        let (storage, synthetic) = (&*self.deps.storage, self.synthetic);
        let open = self.config.status == SyntheticStatus::Open;
        ensure(open, || SpotError::NotBuyable { synthetic: synthetic.into() }.into())?;
        self.allowed(desk, &trade)?;
        let cost = trade.usd.positive_part();
        let refund = order.paid().minus(cost)?;
        let issue = books.issue(synthetic)?;
        issue.supply = issue.supply.plus(trade.amount)?;
        let keeper_fee = self.share_fee(books, trade.fee)?;
        books.pay(storage, &order.owner, refund, !self.outside.bad_debt)?;
        moves.minted.push((order.recipient.clone(), trade.amount));
        Ok(Bought {
            synthetic,
            order: number,
            owner: self.name(&order.owner)?,
            recipient: self.name(&order.recipient)?,
            amount: trade.amount,
            quantity: trade.quantity,
            price: trade.price,
            premium: trade.premium,
            fee: trade.fee,
            keeper_fee,
            cost,
            refund,
        }
        .into())
    }

    fn sold(
        &self,
        books: &mut Books,
        moves: &mut Moves,
        (number, order): (u64, &Order),
        trade: Trade,
    ) -> Result<Event> {
        let (storage, synthetic) = (&*self.deps.storage, self.synthetic);
        let proceeds = trade.usd.positive_part();
        let returned = order.tokens().minus(trade.amount)?;
        let issue = books.issue(synthetic)?;
        issue.supply = issue.supply.minus(trade.amount)?;
        let keeper_fee = self.share_fee(books, trade.fee)?;
        books.pay(storage, &order.recipient, proceeds, !self.outside.bad_debt)?;
        moves.burnt = moves.burnt.plus(trade.amount)?;
        moves.back(&order.owner, returned);
        Ok(Sold {
            synthetic,
            order: number,
            owner: self.name(&order.owner)?,
            recipient: self.name(&order.recipient)?,
            amount: trade.amount,
            quantity: trade.quantity,
            price: trade.price,
            premium: trade.premium,
            fee: trade.fee,
            keeper_fee,
            proceeds,
            returned,
        }
        .into())
    }

    /// What a buy may do in the present regime: anything while nothing is restricted; under close-only what lowers both the risk potential
    /// and the markets' expected shortfall. `E0328`.
    fn allowed(&self, desk: &Desk<'_>, trade: &Trade) -> Result<()> {
        let (outside, feed) = (&self.outside, self.config.feed);
        let regime = outside.regime(feed);
        if regime < Regime::CloseOnly {
            return Ok(());
        }
        let (before, after) = (desk.before(), desk.after(trade.quantity)?);
        let less = potential::premium(before, &after, &outside.covariance, outside.depth)?.is_negative()
            && outside.shortfall(&after)? < outside.shortfall(before)?;
        ensure(regime == Regime::CloseOnly && less, || outside.restricted(feed))
    }

    /// Fee of a fill: insurance's part goes to the counter, the keeper's into its claim, the providers' is simply not owed.
    fn share_fee(&self, books: &mut Books, fee: Usd) -> Result<Usd> {
        let params = &self.terms.params;
        let (keeper, insurance) = shares(fee, (params.keeper_share, params.insurance_share))?;
        books.credit(&*self.deps.storage, &self.keeper, keeper)?;
        books.exposure.fees = books.exposure.fees.plus(insurance)?;
        Ok(keeper)
    }

    /// Refunds an order less the keeper's fee. A sale has locked no sdUSD: for the fee it gives tokens that are worth as much at the last
    /// price's lower edge, where there is one.
    fn refuse(
        &self,
        books: &mut Books,
        moves: &mut Moves,
        number: u64,
        order: &Order,
        error: &Error,
    ) -> Result<Event> {
        let storage = &*self.deps.storage;
        let issued = books.issued(&self.terms, self.synthetic)?;
        let shut_down = books.is_shut_down();
        books.release(self.synthetic, order)?;
        let (mut keeper_fee, mut burnt) = (order.keeper_fee, Amount::ZERO);
        if order.paid().is_zero() {
            let given = if shut_down { None } else { self.tokens_for(keeper_fee, issued) };
            let given = given.filter(|given| *given <= order.tokens());
            keeper_fee = if given.is_some() { keeper_fee } else { Usd::ZERO };
            burnt = given.unwrap_or_default();
            let issue = books.issue(self.synthetic)?;
            issue.supply = issue.supply.minus(burnt)?;
            moves.burnt = moves.burnt.plus(burnt)?;
            moves.back(&order.owner, order.tokens().minus(burnt)?);
        } else {
            let refund = order.paid().minus(keeper_fee)?;
            books.pay(storage, &order.owner, refund, !self.outside.bad_debt)?;
        }
        books.credit(storage, &self.keeper, keeper_fee)?;
        Ok(SpotRefused {
            synthetic: self.synthetic,
            order: number,
            owner: self.name(&order.owner)?,
            code: error.code().into(),
            reason: error.to_string(),
            keeper_fee,
            burnt,
        }
        .into())
    }

    /// Tokens that are worth so much at the last price's lower edge, rounded up; none without a price.
    fn tokens_for(&self, usd: Usd, issued: Issued) -> Option<Amount> {
        let quote = self.outside.board.last(self.config.feed).ok()?;
        let low = quote.price.low(quote.confidence).ok().filter(|low| *low > Price::ZERO)?;
        tokens(size_for(usd, low).ok()?, issued.redemption, issued.decimals, Rounding::Up).ok()
    }

    fn name(&self, address: &CanonicalAddr) -> Result<String> {
        Ok(self.deps.api.addr_humanize(address)?.into_string())
    }
}

/// Parts of a fee, rounded down: the keeper's and insurance's.
pub fn shares(fee: Usd, (keeper, insurance): (Ratio, Ratio)) -> Result<(Usd, Usd)> {
    Ok((fee.scale(keeper, Rounding::Down)?, fee.scale(insurance, Rounding::Down)?))
}
