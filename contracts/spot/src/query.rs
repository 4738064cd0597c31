//! Answers: at the board's last prices. Previews run the code of the messages.

use cosmwasm_std::{to_json_binary, Binary, CanonicalAddr, Deps, Env};

use sdp_trading::Outside;
use sdp_types::board::Quote;
use sdp_types::contract::page;
use sdp_types::error::SpotError;
use sdp_types::math::Wide;
use sdp_types::ownership;
use sdp_types::record::canonical;
use sdp_types::regime::Regime;
use sdp_types::spot::{
    BuyExact, ClaimResponse, ConfigResponse, OrderResponse, QueryMsg, SellExact, SyntheticResponse,
    TotalsResponse, TradePreview, REDEMPTION_ONE,
};
use sdp_types::units::{MAX_AMOUNT, MAX_USD};
use sdp_types::{ensure, Amount, Error, Price, Result, Rounding};

use crate::books::Books;
use crate::commit::{plan, Request, Wanted};
use crate::core::desk::{Desk, Index, Trade};
use crate::core::quantity::quantity;
use crate::settle::shares;
use crate::state::{self, Terms, CHANGES, GUARDIAN, TOKEN_CODE};

/// Dispatch.
pub fn query(deps: Deps<'_>, env: &Env, message: QueryMsg) -> Result<Binary> {
    let answer = match message {
        QueryMsg::Config {} => to_json_binary(&config(deps)?),
        QueryMsg::Synthetics {} => {
            let view = View::load(deps, env)?;
            let all = (0..).take(view.terms.links.len()).map(|number| view.synthetic(number));
            to_json_binary(&all.collect::<Result<Vec<_>>>()?)
        }
        QueryMsg::Orders { synthetic, start_after, limit } => {
            to_json_binary(&orders(deps, synthetic, start_after, limit)?)
        }
        QueryMsg::Claim { owner } => {
            let checked = deps.api.addr_validate(&owner)?;
            let amount = state::claim(deps.storage, &canonical(deps.api, &checked)?)?;
            to_json_binary(&ClaimResponse { owner, amount })
        }
        QueryMsg::Claims { start_after, limit } => to_json_binary(&claims(deps, start_after, limit)?),
        QueryMsg::PreviewBuy { synthetic, usd, exact } => {
            ensure(!usd.is_zero() && usd <= MAX_USD, || Error::out_of_range("usd", usd, 1, MAX_USD))?;
            to_json_binary(&View::load(deps, env)?.preview(synthetic, Wanted::Buy { paid: usd, exact })?)
        }
        QueryMsg::PreviewSell { synthetic, amount, exact } => {
            let holds = !amount.is_zero() && amount <= MAX_AMOUNT;
            ensure(holds, || Error::out_of_range("amount", amount, 1, MAX_AMOUNT))?;
            to_json_binary(&View::load(deps, env)?.preview(synthetic, Wanted::Sell { amount, exact })?)
        }
        QueryMsg::Totals {} => to_json_binary(&View::load(deps, env)?.totals()?),
        QueryMsg::Changes {} => to_json_binary(&CHANGES.pending(deps.storage)?),
        QueryMsg::Ownership {} => to_json_binary(&ownership::shown(deps.storage)?),
    };
    Ok(answer?)
}

fn config(deps: Deps<'_>) -> Result<ConfigResponse> {
    let terms = state::terms(deps.storage)?;
    Ok(ConfigResponse {
        guardian: GUARDIAN.load(deps.storage)?.map(String::from),
        pool: deps.api.addr_humanize(&terms.pool)?.into(),
        oracle: deps.api.addr_humanize(&terms.oracle)?.into(),
        sdusd: deps.api.addr_humanize(&terms.sdusd)?.into(),
        token_code_id: TOKEN_CODE.load(deps.storage)?,
        params: terms.params,
    })
}

fn orders(
    deps: Deps<'_>,
    synthetic: u16,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> Result<Vec<OrderResponse>> {
    let from = start_after.map_or(0, |after| after.saturating_add(1));
    let name = |address: &CanonicalAddr| Ok::<_, Error>(deps.api.addr_humanize(address)?.into_string());
    let found = state::orders(deps.storage, synthetic, from, page(limit))?;
    let found = found.into_iter().map(|(number, order)| {
        Ok(OrderResponse {
            synthetic,
            order: number,
            owner: name(&order.owner)?,
            recipient: name(&order.recipient)?,
            interval: order.interval,
            last_interval: order.last_interval(),
            reserved: order.reserved,
            keeper_fee: order.keeper_fee,
            kind: order.kind,
        })
    });
    found.collect()
}

fn claims(deps: Deps<'_>, start_after: Option<String>, limit: Option<u32>) -> Result<Vec<ClaimResponse>> {
    let after = start_after.map(|after| canonical(deps.api, &deps.api.addr_validate(&after)?)).transpose()?;
    let found = state::claims(deps.storage, deps.api, after.as_ref(), page(limit))?;
    Ok(found.into_iter().map(|(owner, amount)| ClaimResponse { owner: owner.into(), amount }).collect())
}

/// What answers are made of.
struct View<'a> {
    deps: Deps<'a>,
    env: &'a Env,
    terms: Terms,
    outside: Outside,
    books: Books,
}

impl<'a> View<'a> {
    fn load(deps: Deps<'a>, env: &'a Env) -> Result<Self> {
        let terms = state::terms(deps.storage)?;
        let outside = Outside::read(deps, env, terms.home())?;
        Ok(Self { deps, env, terms, outside, books: Books::load(deps.storage)? })
    }

    fn synthetic(&self, number: u16) -> Result<SyntheticResponse> {
        let own = state::synthetic(self.deps.storage, number)?;
        let unknown = SpotError::UnknownSynthetic { synthetic: number.into() };
        let issue = *self.books.own.issues.get(usize::from(number)).ok_or(unknown)?;
        let quantities = self.books.quantities(&self.terms)?;
        let quantity = quantities.get(usize::from(number)).map(|entry| entry.quantity).unwrap_or_default();
        let index = self.outside.last(own.config.feed);
        let price = Rounding::Down.mul_div(index.raw(), issue.redemption, REDEMPTION_ONE)?;
        let owed = quantity.abs().value(index, Rounding::Up)?;
        Ok(SyntheticResponse {
            synthetic: number,
            token: self.deps.api.addr_humanize(&own.token)?.into(),
            supply: issue.supply,
            redemption: issue.redemption.into(),
            quantity,
            funding_index: Wide::from(issue.index),
            index,
            price: Price::new(price),
            premium: self.outside.marginal_premium(&quantities, own.config.feed)?,
            room: own.config.skew_cap.saturating_minus(owed),
            reserved: issue.reserved,
            locked: issue.locked,
            next_settled: issue.head,
            next_order: issue.next,
            frozen: issue.frozen,
            config: own.config,
        })
    }

    fn totals(&self) -> Result<TotalsResponse> {
        let (books, outside) = (&self.books, &self.outside);
        let price = |feed| outside.board.last(feed).map(|quote| quote.price);
        Ok(TotalsResponse {
            held: books.own.held,
            locked: books.own.locked,
            claims: books.own.claims,
            frozen: books.frozen()?,
            reported: books.exposure.reported(outside.now, |feed, _| price(feed))?,
            exposure: books.exposure.clone(),
        })
    }

    /// A fill at the board's price as if it were its interval's, with the funding until now.
    fn preview(mut self, synthetic: u16, wanted: Wanted) -> Result<TradePreview> {
        let owner = canonical(self.deps.api, &self.env.contract.address)?;
        let request = Request { synthetic, owner: owner.clone(), recipient: owner, wanted, expires_in: None };
        let planned = plan(self.deps, self.env, &self.books, &self.terms, &request);
        self.books.touch(self.deps, &self.terms, &self.outside.board, self.outside.now)?;
        let (config, outside) = (state::synthetic(self.deps.storage, synthetic)?.config, &self.outside);
        let Quote { price, confidence, .. } = outside.board.last(config.feed)?;
        let (quantities, issued) =
            (self.books.quantities(&self.terms)?, self.books.issued(&self.terms, synthetic)?);
        let fee = self.terms.params.fee;
        let buys = matches!(request.wanted, Wanted::Buy { .. });
        let fee = if buys && outside.regime(config.feed) >= Regime::Caution { fee.plus(fee)? } else { fee };
        let (index, last) = (Index { price, confidence }, |feed| outside.last(feed));
        let desk = Desk::open(outside, &quantities, &last, (config.feed, index), fee, issued)?;
        let trade = match request.wanted {
            Wanted::Buy { paid, exact: BuyExact::In { .. } } => desk.buy_for(paid, Amount::ZERO),
            Wanted::Buy { exact: BuyExact::Out { amount }, .. } => desk.buy(amount),
            Wanted::Sell { amount, exact: SellExact::In { .. } } => desk.sell(amount),
            Wanted::Sell { amount, exact: SellExact::Out { usd } } => desk.sell_for(usd, amount),
        }?;
        let Trade { amount, price, value, premium, fee, usd, .. } = trade;
        let params = &self.terms.params;
        let (keeper_fee, insurance_fee) = shares(fee, (params.keeper_share, params.insurance_share))?;
        let mut after = quantities;
        if let Some(entry) = after.get_mut(usize::from(synthetic)) {
            let supply =
                if buys { issued.supply.plus(amount)? } else { issued.supply.saturating_minus(amount) };
            entry.quantity = quantity(supply, issued.redemption, issued.decimals)?;
        }
        Ok(TradePreview {
            price,
            amount,
            quantity: trade.quantity,
            value,
            premium,
            fee,
            keeper_fee,
            insurance_fee,
            usd: usd.positive_part(),
            premium_after: outside.marginal_premium(&after, config.feed)?,
            refused: planned.err().map(|error| error.to_string()),
        })
    }
}
