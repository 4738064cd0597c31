//! What HTTP asks for, and what it gets: JSON in the contracts' own units.

use std::convert::Infallible;
use std::path::Path;

use axum::extract::{Path as InPath, Query, State};
use axum::http::{header, HeaderValue, StatusCode};
use axum::response::sse::{self, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use cosmwasm_std::{from_json, to_json_binary, Addr, Binary, Coin, HexBinary};
use sdp_network::error::Result;
use sdp_network::{Actions, Answer, Block, ChainError, Kind, Message, Network};
use sdp_types::Price;
use serde::{Deserialize, Serialize};
use serde_json::{json, Value};
use tokio_stream::wrappers::BroadcastStream;
use tokio_stream::{Stream, StreamExt};
use tower_http::compression::CompressionLayer;
use tower_http::services::ServeDir;

use super::clock::{Handle, Present};
use super::config::Page;

/// Transactions that are told at once.
const MOST: usize = 100;
/// Longest skip: a year.
const LONGEST_SKIP: u64 = 366 * 86_400;

/// All routes; those of the embedded chain where there is one.
pub fn routes(page: Page, chain: Option<Handle>, dashboard: &Path) -> Router {
    let config = move || async move { Json(page) };
    let pages = Router::new().route("/config.json", get(config));
    let files = ServeDir::new(dashboard);
    let all = match chain {
        Some(handle) => pages.merge(embedded().with_state(handle)),
        None => pages,
    };
    all.fallback_service(files).layer(CompressionLayer::new().gzip(true))
}

fn embedded() -> Router<Handle> {
    Router::new()
        .route("/api/block", get(block))
        .route("/api/query", post(query))
        .route("/api/raw", post(raw))
        .route("/api/balance", post(balance))
        .route("/api/broadcast", post(broadcast))
        .route("/api/address/{name}", get(address))
        .route("/api/events", get(events))
        .route("/api/history", get(history))
        .route("/api/stream", get(stream))
        .route("/api/give", post(give))
        .route("/api/price", post(price))
        .route("/api/skip", post(skip))
}

/// Serves until the runtime ends.
pub async fn serve(listener: tokio::net::TcpListener, routes: Router) {
    if let Err(error) = axum::serve(listener, routes).await {
        eprintln!("error: {error}");
    }
}

/// A refusal as JSON.
struct Refusal(ChainError);

impl From<ChainError> for Refusal {
    fn from(error: ChainError) -> Self {
        Self(error)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Self(error) = self;
        let kind = match error.kind {
            Kind::Refused => "refused",
            Kind::Setup => "setup",
            Kind::Panicked | Kind::Unbalanced(_) => "panicked",
        };
        let body = json!({ "error": { "kind": kind, "code": error.code, "text": error.text } });
        (StatusCode::BAD_REQUEST, Json(body)).into_response()
    }
}

type Answered<T> = core::result::Result<Json<T>, Refusal>;

/// An answer and the block that it is of.
#[derive(Serialize)]
struct Of<T> {
    #[serde(flatten)]
    what: T,
    #[serde(flatten)]
    block: Block,
}

async fn ask<T: Send + 'static>(
    handle: &Handle,
    job: impl FnOnce(&mut Present<'_>) -> Result<T> + Send + 'static,
) -> Answered<Of<T>> {
    let job = |present: &mut Present<'_>| Ok(Of { what: job(present)?, block: present.chain.block()? });
    Ok(Json(handle.ask(job).await?))
}

async fn block(State(handle): State<Handle>) -> Answered<Block> {
    Ok(Json(handle.ask(|present| present.chain.block()).await?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    contract: String,
    query: Value,
    #[serde(default)]
    height: Option<u64>,
}

#[derive(Serialize)]
struct Data<T> {
    data: T,
}

async fn query(State(handle): State<Handle>, Json(question): Json<Question>) -> Answered<Of<Data<Value>>> {
    ask(&handle, move |present| {
        let contract = contract(present, &question.contract);
        let answer = present.chain.ask(&contract, &to_json_binary(&question.query)?, question.height)?;
        Ok(Data { data: from_json(answer)? })
    })
    .await
}

/// By name or by address.
fn contract(present: &Present<'_>, name: &str) -> Addr {
    present.chain.address(name)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Key {
    contract: String,
    key: String,
}

async fn raw(State(handle): State<Handle>, Json(key): Json<Key>) -> Answered<Of<Data<Option<Binary>>>> {
    ask(&handle, move |present| {
        let bytes = HexBinary::from_hex(&key.key)?;
        let found = present.chain.raw(&contract(present, &key.contract), &bytes)?;
        Ok(Data { data: found.map(Binary::from) })
    })
    .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Holding {
    address: String,
    denom: String,
}

#[derive(Serialize)]
struct Amount {
    amount: String,
}

async fn balance(State(handle): State<Handle>, Json(of): Json<Holding>) -> Answered<Of<Amount>> {
    ask(&handle, move |present| {
        let coins = present.chain.coins(&present.chain.address(&of.address), &of.denom)?;
        Ok(Amount { amount: coins.to_string() })
    })
    .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Transaction {
    sender: String,
    messages: Vec<Call>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Call {
    contract: String,
    msg: Value,
    #[serde(default)]
    funds: Vec<Fund>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fund {
    denom: String,
    amount: String,
}

#[derive(Serialize)]
struct Outcome {
    events: Vec<cosmwasm_std::Event>,
    gas_used: Option<u64>,
    #[serde(flatten)]
    block: Block,
}

fn not_an_amount(text: &str) -> ChainError {
    ChainError::setup(format!("`{text}` is no amount"))
}

async fn broadcast(State(handle): State<Handle>, Json(tx): Json<Transaction>) -> Answered<Outcome> {
    let sent = handle.ask(move |present| {
        let message = |call: &Call| {
            let coin = |fund: &Fund| {
                Ok(Coin {
                    denom: fund.denom.clone(),
                    amount: fund.amount.parse().map_err(|_| not_an_amount(&fund.amount))?,
                })
            };
            let funds = call.funds.iter().map(coin).collect::<Result<Vec<_>>>()?;
            Message::execute(contract(present, &call.contract), &call.msg, &funds)
        };
        let messages = tx.messages.iter().map(message).collect::<Result<Vec<_>>>()?;
        present.clock.send(present.chain, &tx.sender, &messages)
    });
    let answer: Answer = sent.await?;
    let (block, events) = (answer.block(), answer.told().cloned().collect());
    Ok(Json(Outcome { events, gas_used: answer.gas_used, block }))
}

async fn address(State(handle): State<Handle>, InPath(name): InPath<String>) -> Answered<Value> {
    let address = handle.ask(move |present| Ok(present.chain.introduce(&name))).await?;
    Ok(Json(json!({ "address": address })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Since {
    #[serde(default)]
    address: Option<String>,
    #[serde(default)]
    since: u64,
}

async fn events(State(handle): State<Handle>, Query(of): Query<Since>) -> Answered<Value> {
    let found = handle.ask(move |present| {
        let address = of.address.as_deref().map(|name| present.chain.address(name).into_string());
        Ok(present.clock.transactions(address.as_deref(), of.since, MOST))
    });
    Ok(Json(json!({ "transactions": found.await? })))
}

async fn history(State(handle): State<Handle>) -> Answered<Value> {
    let samples = handle.ask(|present| Ok(present.clock.history.samples().to_vec())).await?;
    Ok(Json(json!({ "samples": samples })))
}

async fn stream(State(handle): State<Handle>) -> Response {
    let stream = Sse::new(told(&handle)).keep_alive(sse::KeepAlive::default());
    let mut response = stream.into_response();
    // compressed, it would wait for more
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-transform, no-cache"));
    response
}

/// Every block from now on. Who is too slow misses some, and hears of the next.
fn told(handle: &Handle) -> impl Stream<Item = core::result::Result<sse::Event, Infallible>> {
    let blocks = BroadcastStream::new(handle.blocks()).filter_map(core::result::Result::ok);
    let event = |block: Block| sse::Event::default().event("block").json_data(block).ok();
    blocks.filter_map(event).map(Ok)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Gift {
    account: String,
    token: String,
    amount: String,
}

async fn give(State(handle): State<Handle>, Json(gift): Json<Gift>) -> Answered<Block> {
    let given = handle.ask(move |present| {
        let (_, collateral) = present.chain.manifest().collateral(&gift.token).map_err(ChainError::setup)?;
        let amount = sdp_network::decimal::amount(gift.amount.as_str(), collateral.decimals)
            .map_err(ChainError::setup)?;
        present.chain.give(&gift.account, &gift.token, amount).map(|answer| answer.block())
    });
    Ok(Json(given.await?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Quote {
    feed: String,
    price: Price,
}

async fn price(State(handle): State<Handle>, Json(quote): Json<Quote>) -> Answered<Block> {
    let told = handle.ask(move |present| {
        let feed = present.chain.manifest().feed_id(&quote.feed).map_err(ChainError::setup)?;
        present.clock.prices.insert(feed, quote.price);
        present.chain.publish_surely(&[(feed, quote.price, None)]).map(|answer| answer.block())
    });
    Ok(Json(told.await?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Skip {
    seconds: u64,
}

async fn skip(State(handle): State<Handle>, Json(by): Json<Skip>) -> Answered<Block> {
    let skipped = handle.ask(move |present| {
        if by.seconds > LONGEST_SKIP {
            return Err(ChainError::setup(format!("{} seconds are more than a year", by.seconds)));
        }
        present.clock.skip(present.chain, by.seconds)
    });
    Ok(Json(skipped.await?))
}
