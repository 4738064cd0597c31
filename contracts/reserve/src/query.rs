//! What can be asked.

use cosmwasm_std::{to_json_binary, Binary, Deps, Env};

use sdp_types::board::Board;
use sdp_types::ownership;
use sdp_types::reserve::{ConfigResponse, InPreview, OutPreview, QueryMsg, TokenResponse, TotalsResponse};
use sdp_types::{Amount, Error, Ratio, Result, Usd};

use crate::desk::Desk;
use crate::state::{self, CHANGES, GUARDIAN};
use crate::{swap_in, swap_out};

/// The answer.
pub fn answer(deps: Deps<'_>, env: &Env, msg: QueryMsg) -> Result<Binary> {
    let answer = match msg {
        QueryMsg::Config {} => to_json_binary(&config(deps)?),
        QueryMsg::Tokens {} => to_json_binary(&tokens(deps, env)?),
        QueryMsg::Totals {} => to_json_binary(&totals(deps, env)?),
        QueryMsg::PreviewIn { token, amount } => to_json_binary(&preview_in(deps, env, token, amount)?),
        QueryMsg::PreviewOut { token, amount } => to_json_binary(&preview_out(deps, env, token, amount)?),
        QueryMsg::Changes {} => to_json_binary(&CHANGES.pending(deps.storage)?),
        QueryMsg::Ownership {} => to_json_binary(&ownership::shown(deps.storage)?),
    };
    Ok(answer?)
}

fn config(deps: Deps<'_>) -> Result<ConfigResponse> {
    let terms = state::terms(deps.storage)?;
    Ok(ConfigResponse {
        guardian: GUARDIAN.load(deps.storage)?.map(Into::into),
        pool: deps.api.addr_humanize(&terms.pool)?.into(),
        oracle: deps.api.addr_humanize(&terms.oracle)?.into(),
        sdusd: deps.api.addr_humanize(&terms.sdusd)?.into(),
        params: terms.params,
    })
}

fn totals(deps: Deps<'_>, env: &Env) -> Result<TotalsResponse> {
    let desk = Desk::load(deps, env)?;
    let value = desk.value()?;
    Ok(TotalsResponse { value, held: desk.books.held.sdusd, exposure: desk.books.exposure })
}

fn tokens(deps: Deps<'_>, env: &Env) -> Result<Vec<TokenResponse>> {
    let desk = Desk::load(deps, env)?;
    let board = desk.board(deps)?;
    let left = desk.most_value(desk.supply(deps)?)?.saturating_minus(desk.value()?);
    let numbers = (0u8..).take(desk.terms.tokens.len());
    numbers.map(|number| token(&desk, &board, number, left)).collect()
}

fn token(desk: &Desk, board: &Board, number: u8, left: Usd) -> Result<TokenResponse> {
    let (config, stock) = desk.token(number)?;
    let (value, there) = (stock.value(&config)?, stock.par(&config)?);
    let shut = desk.is_shut();
    let (room_out, marginal_fee) = if shut {
        (value, Ratio::ZERO)
    } else {
        let fee = config.fee_out.of(there, config.ceiling, there)?;
        (there.plus(fee)?, config.fee_out.marginal(there, config.ceiling)?)
    };
    let code = |refused: Option<Error>| refused.map(|error| error.code().to_string());
    // each on a copy: a token is valued again before it is swapped
    let refuses_in = desk.clone().lets_in(number, &config, board).err();
    let refuses_out = if shut { None } else { desk.clone().lets_out(number, &config, board).err() };
    Ok(TokenResponse {
        token: number,
        held: stock.amount,
        mark: stock.mark,
        value,
        price: board.last(config.feed).ok().map(|quote| quote.price),
        room_in: config.ceiling.saturating_minus(value).min(left),
        room_out,
        marginal_fee,
        refuses_in: code(refuses_in),
        refuses_out: code(refuses_out),
        config,
    })
}

fn preview_in(deps: Deps<'_>, env: &Env, token: u8, amount: Amount) -> Result<InPreview> {
    let plan = swap_in::plan(deps, &mut Desk::load(deps, env)?, token, amount)?;
    Ok(InPreview { paid: plan.paid, fee: plan.split.fee, drawn: plan.split.drawn })
}

fn preview_out(deps: Deps<'_>, env: &Env, token: u8, amount: Usd) -> Result<OutPreview> {
    let wish = swap_out::Wish { token, paid: amount, accepted_haircut: None };
    let plan = swap_out::plan(deps, &mut Desk::load(deps, env)?, &wish)?;
    Ok(OutPreview { amount: plan.amount, fee: plan.fee, kept: plan.kept, haircut: plan.haircut })
}
