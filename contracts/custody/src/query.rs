//! Answers, at the board's prices.

use cosmwasm_std::{to_json_binary, Binary, Deps, Env};
use sdp_perps::state::AccountKey;
use sdp_risk::auction::Standing;
use sdp_types::board::{Board, Use};
use sdp_types::contract::page;
use sdp_types::custody::{
    BackedAccountResponse, ConfigResponse, HoldingResponse, QueryMsg, SaleResponse, TokenHolding,
    TokenResponse,
};
use sdp_types::market::AccountId;
use sdp_types::ownership;
use sdp_types::{Result, Rounding};

use crate::account::{key_of, Seen};
use crate::sale::{holding, Sale};
use crate::sell::{running, sellable};
use crate::state::{self, CHANGES, GUARDIAN, HOME, PARAMS};

/// One question.
pub fn answer(deps: Deps<'_>, env: &Env, msg: QueryMsg) -> Result<Binary> {
    let named = |id: Option<AccountId>| id.map(|id| key_of(deps.api, &id)).transpose();
    let answer = match msg {
        QueryMsg::Config {} => to_json_binary(&config(deps)?),
        QueryMsg::Tokens {} => to_json_binary(&tokens(deps, env)?),
        QueryMsg::Account(id) => to_json_binary(&account(deps, env, &id)?),
        QueryMsg::Accounts { start_after, limit } => {
            let found = state::backings(deps.storage, named(start_after)?.as_ref(), page(limit))?;
            let shown = found.into_iter().map(|(key, backing)| {
                let (owner, account) = (key.owner(deps.api)?, key.number);
                Ok(HoldingResponse { owner, account, amounts: backing.amounts })
            });
            to_json_binary(&shown.collect::<Result<Vec<_>>>()?)
        }
        QueryMsg::Sale(id) => {
            let key = key_of(deps.api, &id)?;
            to_json_binary(&shown(deps, env, &key, running(deps, &id, &key)?)?)
        }
        QueryMsg::Sales { start_after, limit } => {
            let found = state::sales(deps.storage, named(start_after)?.as_ref(), page(limit))?;
            let found = found.into_iter().map(|(key, sale)| shown(deps, env, &key, sale));
            to_json_binary(&found.collect::<Result<Vec<_>>>()?)
        }
        QueryMsg::Changes {} => to_json_binary(&CHANGES.pending(deps.storage)?),
        QueryMsg::Ownership {} => to_json_binary(&ownership::shown(deps.storage)?),
    };
    Ok(answer?)
}

fn config(deps: Deps<'_>) -> Result<ConfigResponse> {
    let home = HOME.load(deps.storage)?;
    Ok(ConfigResponse {
        guardian: GUARDIAN.load(deps.storage)?.map(String::from),
        market: home.market.into(),
        oracle: home.oracle.into(),
        sdusd: home.sdusd.into(),
        params: PARAMS.load(deps.storage)?,
    })
}

fn tokens(deps: Deps<'_>, env: &Env) -> Result<Vec<TokenResponse>> {
    let board = Board::of(&deps.querier, &HOME.load(deps.storage)?.oracle)?;
    let haircuts = state::haircuts(deps.storage)?;
    let stocks = (0u8..).zip(state::stocks(deps.storage)?);
    let shown = stocks.map(|(token, stock)| {
        let config = state::config(&haircuts, token, &stock)?;
        let terms = &config.terms;
        let price = board.last(terms.feed).map(|quote| quote.price).unwrap_or_default();
        let now = env.block.time.seconds();
        let fresh = board.certain(terms.feed, Use::Liquidate, now, terms.confidence).is_ok();
        let value = price.value_of(stock.held, terms.decimals, Rounding::Up)?;
        let balance = stock.token.balance(&deps.querier, &env.contract.address)?;
        Ok(TokenResponse { token, price, fresh, held: stock.held, value, balance, config })
    });
    shown.collect()
}

fn account(deps: Deps<'_>, env: &Env, id: &AccountId) -> Result<BackedAccountResponse> {
    let key = key_of(deps.api, id)?;
    let seen = Seen::load(deps, env, &HOME.load(deps.storage)?, &key, true)?;
    let (haircuts, backing) = (state::haircuts(deps.storage)?, state::backing(deps.storage, &key)?);
    let mut tokens = Vec::new();
    for (token, terms) in (0u8..).zip(&haircuts.tokens) {
        let amount = backing.of(token);
        if !amount.is_zero() {
            let (value, counted, haircut) = holding(terms, amount, &seen.board, seen.now)?;
            tokens.push(TokenHolding { token, amount, value, counted, haircut: haircut.unwrap_or_default() });
        }
    }
    let (counted, valuation) = (seen.counted(), &seen.valuation);
    let required = valuation.initial.plus(seen.account.locked)?;
    Ok(BackedAccountResponse {
        owner: id.owner.clone(),
        account: id.account,
        tokens,
        counted: counted.for_maintenance,
        counted_for_opening: counted.for_opening,
        margin: seen.account.margin,
        equity: valuation.equity,
        free: valuation.safe.minus(required.signed()?)?.positive_part().min(counted.for_opening),
        not_sold: sellable(deps, env, id, &key).err().map(|error| error.to_string()),
    })
}

fn shown(deps: Deps<'_>, env: &Env, key: &AccountKey, sale: Sale) -> Result<SaleResponse> {
    let seen = Seen::load(deps, env, &HOME.load(deps.storage)?, key, true)?;
    let Standing { age, price, needs_redo } = sale.asking.standing(seen.now)?;
    let owed = seen.owed();
    Ok(SaleResponse {
        owner: key.owner(deps.api)?,
        account: key.number,
        token: sale.token,
        lot: state::backing(deps.storage, key)?.of(sale.token),
        owed,
        penalty: owed.scale(sale.penalty, Rounding::Up)?,
        reward: sale.reward,
        price,
        age,
        needs_redo,
        keeper: sale.keeper.into(),
    })
}
