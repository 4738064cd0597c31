//! The synthetics alone: pool, oracle and a market of perpetuals are records that a test writes, tokens are a table. Three feeds at $100
//! with σ = 4 % a day; the synthetics are on feeds 0 (18 decimals, carries perpetual 0 of `market`) and 1 (6 decimals, carries none) with a
//! correlation of 0.5; the pool's collateral is $100M in feed 2, which moves with neither. 1/λ is $1M.
//!
//! After each message the books are added up.

use std::collections::BTreeMap;

use cosmwasm_std::testing::{message_info, mock_dependencies, mock_env, MockApi, MockQuerier, MockStorage};
use cosmwasm_std::{
    from_json, to_json_binary, Addr, Api, Binary, Checksum, CodeInfoResponse, ContractResult, CosmosMsg, Env,
    Order, OwnedDeps, Response, Storage, SystemError, SystemResult, Timestamp, WasmMsg, WasmQuery,
};
use cw20::Cw20ReceiveMsg;
use sdp_risk::funding::Sample;
use sdp_risk::published::Published;
use sdp_spot::contract;
use sdp_types::board::{Board, Covariance, Intervals, Quote, Slot, SlotQuote, Staleness};
use sdp_types::book::{Book, Listed, Listing, VaultState};
use sdp_types::events::FromEvent;
use sdp_types::exposure::{Exposure, FeedQuantity, FundingPolynomial};
use sdp_types::market;
use sdp_types::pool::MarketMsg;
use sdp_types::record::{canonical, key, tag, Record};
use sdp_types::regime::Regime;
use sdp_types::shares::ScaledBook;
use sdp_types::spot::{
    BuyExact, Carried, ClaimResponse, ExecuteMsg, Hook, InstantiateMsg, OrderResponse, Params, QueryMsg,
    SellExact, SyntheticConfig, SyntheticResponse, SyntheticStatus, TotalsResponse, TradePreview,
};
use sdp_types::token::TokenMsg;
use sdp_types::{Amount, Price, Ratio, Result, SignedRatio, SignedUsd, Size, Usd};
use serde::de::DeserializeOwned;

pub const SECONDS: u64 = 5;
/// A day.
pub const DAY: u64 = 86_400;

pub struct Stage {
    pub deps: OwnedDeps<MockStorage, MockApi, MockQuerier>,
    pub now: u64,
    pub board: Board,
    pub covariance: Covariance,
    pub listing: Listing,
    pub book: Book,
    /// The market of perpetuals.
    pub market: Published,
    /// Balances by token and holder.
    pub tokens: BTreeMap<(String, String), u128>,
}

pub fn params() -> Params {
    Params {
        fee: Ratio::bps(10),
        insurance_share: Ratio::percent(10),
        keeper_share: Ratio::percent(5),
        order_delay: SECONDS,
        order_expiry: 60,
        maximum_empty_intervals: 3,
        maximum_slippage: Ratio::percent(10),
        change_delay: 0,
    }
}

pub fn synthetic(feed: u16, symbol: &str, decimals: u8) -> SyntheticConfig {
    SyntheticConfig {
        name: format!("Synthetic {symbol}"),
        symbol: symbol.into(),
        decimals,
        feed,
        status: SyntheticStatus::Open,
        skew_cap: Usd::whole(10_000_000),
        trade_confidence: Ratio::percent(1),
        settle_confidence: Ratio::percent(1),
        premium_cap: Ratio::percent(1),
        minimum_notional: Usd::whole(10),
        funding: None,
    }
}

pub fn address(name: &str) -> Addr {
    MockApi::default().addr_make(name)
}

pub fn usd(dollars: u64) -> Usd {
    Usd::whole(dollars)
}

fn entry(feed: u16) -> FeedQuantity {
    FeedQuantity { feed, quantity: Size::ZERO }
}

pub fn market_params() -> market::FundingParams {
    market::FundingParams {
        proportional: "0.25".parse().unwrap(),
        velocity: "0".parse().unwrap(),
        integral_cap: "1".parse().unwrap(),
        rate_cap: "1".parse().unwrap(),
        decay_seconds: DAY,
        maximum_accrual: 365 * DAY,
    }
}

impl Stage {
    pub fn new() -> Self {
        Self::with(params())
    }

    pub fn with(params: Params) -> Self {
        let deps = mock_dependencies();
        let now = 1_000_000;
        let quote = Quote { price: "100".parse().unwrap(), confidence: Ratio::ZERO, publish_time: now };
        let board = Board {
            staleness: Staleness { trade: 60, liquidate: 60, view: 60 },
            intervals: Intervals { seconds: 5, slots: 64, grace: 5 },
            gap: 60,
            quotes: vec![quote; 3],
            ..Board::default()
        };
        let vault = VaultState {
            feed: 2,
            decimals: 6,
            weight: usd(100_000_000),
            debt: SignedUsd::ZERO,
            book: ScaledBook { amount: Amount::new(1_000_000_000_000), ..ScaledBook::default() },
            distribution: Default::default(),
            peak: Default::default(),
            minted: Default::default(),
        };
        let listed = |address: &Addr| Listed {
            address: deps.api.addr_canonicalize(address.as_str()).unwrap(),
            line: SignedUsd::new(1_000_000_000_000),
            regime: Regime::Normal,
            bonded: false,
        };
        let markets = vec![listed(&address("market")), listed(&mock_env().contract.address)];
        let mut stage = Self {
            now,
            board,
            covariance: Covariance {
                sigmas: vec![40_000_000; 3],
                correlations: vec![5_000, 0, 0],
                margins: vec![],
            },
            listing: Listing { impact_depth: usd(1_000_000), markets, ..Listing::default() },
            book: Book { vaults: vec![vault], ..Book::default() },
            market: Published {
                exposure: Exposure {
                    as_of: now,
                    quantities: vec![entry(0)],
                    funding: FundingPolynomial { lasts: 365 * DAY, ..Default::default() },
                    ..Exposure::default()
                },
                samples: vec![Sample::default()],
                scaled: 0,
            },
            tokens: BTreeMap::new(),
            deps,
        };
        stage.show();
        let funding = Some(Carried { market: address("market").into_string(), perp: 0 });
        let message = InstantiateMsg {
            owner: address("olga").into_string(),
            guardian: Some(address("gus").into_string()),
            pool: address("pool").into_string(),
            token_code_id: 6,
            params,
            synthetics: vec![
                SyntheticConfig { funding, ..synthetic(0, "sBTC", 18) },
                synthetic(1, "sETH", 6),
            ],
        };
        let info = message_info(&address("olga"), &[]);
        let env = stage.env();
        let made = contract::instantiate(stage.deps.as_mut(), env, info, message).unwrap();
        assert_eq!(made.messages.len(), 2);
        stage
    }

    pub fn env(&self) -> Env {
        let mut env = mock_env();
        env.block.time = Timestamp::from_seconds(self.now);
        env
    }

    /// Lets the contract see what the test has written; prices are of now, and of every interval that is over or has begun.
    pub fn show(&mut self) {
        for quote in &mut self.board.quotes {
            quote.publish_time = self.now;
        }
        self.show_as_it_is();
    }

    /// The same with prices as old as they are.
    pub fn show_as_it_is(&mut self) {
        let (pool, oracle, market) = (address("pool"), address("oracle"), address("market"));
        let mut raw = BTreeMap::new();
        let mut put = |contract: &Addr, key: &[u8], bytes: Vec<u8>| {
            raw.insert((contract.to_string(), key.to_vec()), bytes);
        };
        put(&oracle, &key(tag::BOARD), self.board.encode().unwrap());
        put(&oracle, &key(tag::COVARIANCE), self.covariance.encode().unwrap());
        put(&pool, &key(tag::LISTING), self.listing.encode().unwrap());
        put(&pool, &key(tag::BOOK), self.book.encode().unwrap());
        let api = MockApi::default();
        let of = |name| canonical(&api, &address(name)).unwrap();
        let terms = market::Terms {
            pool: of("pool"),
            oracle: of("oracle"),
            sdusd: of("sdusd"),
            liquidator: of("liquidator"),
            params: market::Params {
                funding: market_params(),
                fee: Ratio::ZERO,
                insurance_share: Ratio::ZERO,
                keeper_share: Ratio::ZERO,
                order_delay: 0,
                order_expiry: 0,
                maximum_empty_intervals: 0,
                maximum_slippage: Ratio::ZERO,
                profit_haircut: Ratio::ZERO,
                maximum_offset: Ratio::ZERO,
                responses: market::Responses { fee: Ratio::ONE, funding: Ratio::ONE, credit: Ratio::ONE },
                insurance: market::InsurancePremium { shortfall: Ratio::ZERO, leverage: Ratio::ZERO },
                deleveraging: None,
                fees: None,
                liquidation: market::Liquidation {
                    target: Ratio::ONE,
                    reward: Usd::ZERO,
                    reward_share: Ratio::ZERO,
                },
                change_delay: 0,
            },
            premium_caps: vec![],
            custody: None,
        };
        put(&market, &key(tag::TERMS), terms.encode().unwrap());
        put(&market, &key(tag::EXPOSURE), self.market.encode().unwrap());
        let quotes: Vec<_> =
            (0..).zip(&self.board.quotes).map(|(feed, quote)| SlotQuote { feed, quote: *quote }).collect();
        let last = self.board.intervals.of(self.now);
        for interval in last - 20..=last {
            let slot = Slot { interval, quotes: quotes.clone() };
            put(&oracle, &Slot::key(&self.board.intervals, interval), slot.encode().unwrap());
        }
        let config = format!(r#"{{"oracle":"{oracle}","sdusd":"{}"}}"#, address("sdusd"));
        let config = Binary::from(config.into_bytes());
        let tokens = self.tokens.clone();
        self.deps.querier.update_wasm(move |query| match query {
            WasmQuery::Raw { contract_addr, key } => {
                let found = raw.get(&(contract_addr.clone(), key.to_vec())).cloned().unwrap_or_default();
                SystemResult::Ok(ContractResult::Ok(Binary::from(found)))
            }
            WasmQuery::Smart { contract_addr, .. } if *contract_addr == address("pool").as_str() => {
                SystemResult::Ok(ContractResult::Ok(config.clone()))
            }
            WasmQuery::Smart { contract_addr, msg } => {
                let of_token = tokens.iter().filter(|((token, _), _)| token == contract_addr);
                let own = mock_env().contract.address.into_string();
                let answer = if String::from_utf8_lossy(msg).contains("balance") {
                    let held = of_token.filter(|((_, holder), _)| *holder == own).map(|(_, held)| held);
                    format!(r#"{{"balance":"{}"}}"#, held.sum::<u128>())
                } else {
                    format!(r#"{{"total_supply":"{}"}}"#, of_token.map(|(_, held)| held).sum::<u128>())
                };
                SystemResult::Ok(ContractResult::Ok(Binary::from(answer.into_bytes())))
            }
            WasmQuery::CodeInfo { code_id } => {
                let info = CodeInfoResponse::new(*code_id, address("olga"), Checksum::generate(b"cw20-base"));
                SystemResult::Ok(ContractResult::Ok(to_json_binary(&info).unwrap()))
            }
            _ => SystemResult::Err(SystemError::Unknown {}),
        });
    }

    pub fn passes(&mut self, seconds: u64) {
        self.now += seconds;
        self.show();
    }

    pub fn price(&mut self, feed: usize, price: &str) {
        self.board.quotes[feed].price = price.parse::<Price>().unwrap();
        self.show();
    }

    pub fn confidence(&mut self, bps: u64) {
        for quote in &mut self.board.quotes {
            quote.confidence = Ratio::bps(bps);
        }
        self.show();
    }

    pub fn regime(&mut self, regime: Regime) {
        self.listing.regime = regime;
        self.show();
    }

    /// What traders of the market are net long in feed 0.
    pub fn perpetuals(&mut self, skew: &str) {
        self.market.exposure.quantities[0].quantity = skew.parse().unwrap();
        self.show();
    }

    /// The market samples its funding: from now on longs pay p·π a day.
    pub fn samples(&mut self, premium: &str) {
        let elapsed = self.market.elapsed(self.now);
        let before = self.market.samples[0].state(&market_params()).unwrap();
        let premium: SignedRatio = premium.parse().unwrap();
        let price = self.board.quotes[0].price;
        self.market.samples[0] =
            sdp_risk::funding::restart(&before, elapsed, premium, price, &market_params()).unwrap();
        self.market.exposure.as_of = self.now;
        self.show();
    }

    /// Funding index of perpetual 0 now.
    pub fn funding_index(&self) -> i128 {
        let state = self.market.samples[0].state(&market_params()).unwrap();
        state.index_after(self.market.elapsed(self.now)).unwrap()
    }

    pub fn execute(&mut self, who: &Addr, message: ExecuteMsg) -> Result<Response> {
        let (env, info) = (self.env(), message_info(who, &[]));
        // as on a chain: what is refused has changed nothing
        let before = copy_of(&self.deps.storage);
        match contract::execute(self.deps.as_mut(), env, info, message) {
            Ok(response) => {
                self.moves(&response);
                self.audit();
                Ok(response)
            }
            Err(error) => {
                self.deps.storage = before;
                Err(error)
            }
        }
    }

    /// What the messages do to the tokens.
    fn moves(&mut self, response: &Response) {
        let own = mock_env().contract.address.into_string();
        for message in &response.messages {
            let CosmosMsg::Wasm(WasmMsg::Execute { contract_addr, msg, .. }) = &message.msg else { continue };
            if *contract_addr == address("pool").as_str() {
                let MarketMsg::Draw { amount, recipient, .. } = from_json(msg).unwrap();
                *self.balance(address("sdusd").as_str(), &recipient) += amount.raw();
                continue;
            }
            match from_json(msg).unwrap() {
                TokenMsg::Mint { recipient, amount } => {
                    *self.balance(contract_addr, &recipient) += amount.u128();
                }
                TokenMsg::Burn { amount } => *self.balance(contract_addr, &own) -= amount.u128(),
                TokenMsg::Transfer { recipient, amount } => {
                    *self.balance(contract_addr, &own) -= amount.u128();
                    *self.balance(contract_addr, &recipient) += amount.u128();
                }
            }
        }
        self.show_as_it_is();
    }

    fn balance(&mut self, token: &str, holder: &str) -> &mut u128 {
        self.tokens.entry((token.into(), holder.into())).or_default()
    }

    /// Every claim, order and token added up, and compared with what is booked.
    pub fn audit(&self) {
        let totals = self.totals();
        let own = mock_env().contract.address.into_string();
        let held =
            |token: &str| self.tokens.get(&(token.to_string(), own.clone())).copied().unwrap_or_default();
        let claims: Vec<ClaimResponse> = self.query(QueryMsg::Claims { start_after: None, limit: Some(100) });
        let claims = claims.iter().map(|claim| claim.amount.raw()).sum::<u128>();
        assert_eq!(totals.claims.raw(), claims);
        assert!(held(address("sdusd").as_str()) >= totals.held.raw());
        let base = i128::try_from(claims + totals.locked.raw() + totals.frozen.raw()).unwrap();
        assert_eq!(totals.exposure.base.raw(), base - i128::try_from(totals.held.raw()).unwrap());
        let (mut locked, mut frozen, mut open) = (0, 0, 0);
        for (issue, entry) in self.synthetics().iter().zip(&totals.exposure.quantities) {
            let question =
                QueryMsg::Orders { synthetic: issue.synthetic, start_after: None, limit: Some(100) };
            let orders: Vec<OrderResponse> = self.query(question);
            let (mut tokens, mut reserved) = (0, 0);
            for order in &orders {
                let (paid, amount) = locks(&order.kind);
                locked += paid;
                tokens += amount;
                reserved += order.reserved.raw();
            }
            assert_eq!((issue.locked.raw(), issue.reserved.raw()), (tokens, reserved));
            let there = self.tokens.iter().filter(|((token, _), _)| *token == issue.token);
            assert!(issue.supply.raw() >= there.map(|(_, held)| held).sum::<u128>());
            assert!(held(&issue.token) >= tokens);
            assert_eq!((issue.config.feed, issue.quantity), (entry.feed, entry.quantity));
            frozen += issue.frozen.unwrap_or_default().raw();
            open += u64::from(!issue.supply.is_zero());
        }
        assert_eq!((totals.locked.raw(), totals.frozen.raw()), (locked, frozen));
        assert_eq!(totals.exposure.open_positions, open);
    }

    /// Gives somebody tokens out of nothing: sdUSD.
    pub fn gives(&mut self, who: &str, dollars: u64) {
        *self.balance(address("sdusd").as_str(), address(who).as_str()) += usd(dollars).raw();
    }

    /// Sends tokens of somebody with a hook, as a CW20 does.
    pub fn sends(&mut self, who: &str, token: &str, amount: u128, hook: &Hook) -> Result<Response> {
        let (from, own) = (address(who).into_string(), mock_env().contract.address.into_string());
        let before = self.tokens.clone();
        *self.balance(token, &from) -= amount;
        *self.balance(token, &own) += amount;
        let message =
            Cw20ReceiveMsg { sender: from, amount: amount.into(), msg: to_json_binary(hook).unwrap() };
        let done = self.execute(&Addr::unchecked(token), ExecuteMsg::Receive(message));
        if done.is_err() {
            self.tokens = before;
        }
        done
    }

    /// Commits a buy with sdUSD that comes from outside.
    pub fn buys(&mut self, who: &str, synthetic: u16, paid: Usd, exact: BuyExact) -> Result<Response> {
        *self.balance(address("sdusd").as_str(), address(who).as_str()) += paid.raw();
        let hook = Hook::Buy { synthetic, exact, expires_in: None, recipient: None };
        self.sends(who, address("sdusd").as_str(), paid.raw(), &hook)
    }

    pub fn sells(&mut self, who: &str, synthetic: u16, amount: u128, exact: SellExact) -> Result<Response> {
        let token = self.token(synthetic);
        let hook = Hook::Sell { synthetic, exact, expires_in: None, recipient: None };
        self.sends(who, &token, amount, &hook)
    }

    /// Two intervals pass, and `kim` settles.
    pub fn settles(&mut self, synthetic: u16) -> Response {
        self.passes(2 * SECONDS);
        self.settles_now(synthetic).unwrap()
    }

    pub fn settles_now(&mut self, synthetic: u16) -> Result<Response> {
        self.execute(&address("kim"), ExecuteMsg::Settle { synthetic, limit: 100 })
    }

    /// Buys for so much, and settles.
    pub fn bought(&mut self, who: &str, synthetic: u16, dollars: u64) -> Response {
        self.buys(who, synthetic, usd(dollars), BuyExact::In { least: None }).unwrap();
        self.settles(synthetic)
    }

    /// Buys exactly so many base units, and settles.
    pub fn bought_exactly(&mut self, who: &str, synthetic: u16, amount: u128, dollars: u64) -> Response {
        let exact = BuyExact::Out { amount: Amount::new(amount) };
        self.buys(who, synthetic, usd(dollars), exact).unwrap();
        self.settles(synthetic)
    }

    /// Sells so many base units, and settles.
    pub fn sold(&mut self, who: &str, synthetic: u16, amount: u128) -> Response {
        self.sells(who, synthetic, amount, SellExact::In { least: None }).unwrap();
        self.settles(synthetic)
    }

    pub fn pokes(&mut self) {
        self.execute(&address("kim"), ExecuteMsg::Poke {}).unwrap();
    }

    pub fn collects(&mut self, who: &str, amount: Option<Usd>) -> Result<Response> {
        let message = ExecuteMsg::Collect { amount, recipient: None, accepted_haircut: None };
        self.execute(&address(who), message)
    }

    /// What somebody has of a token.
    pub fn has(&self, who: &str, token: &str) -> u128 {
        self.tokens.get(&(token.to_string(), address(who).into_string())).copied().unwrap_or_default()
    }

    /// sdUSD of somebody.
    pub fn cash(&self, who: &str) -> u128 {
        self.has(who, address("sdusd").as_str())
    }

    /// Tokens of a synthetic that somebody has.
    pub fn holds(&self, who: &str, synthetic: u16) -> u128 {
        self.has(who, &self.token(synthetic))
    }

    pub fn token(&self, synthetic: u16) -> String {
        self.synthetics()[usize::from(synthetic)].token.clone()
    }

    pub fn query<T: DeserializeOwned>(&self, message: QueryMsg) -> T {
        from_json(contract::query(self.deps.as_ref(), self.env(), message).unwrap()).unwrap()
    }

    pub fn synthetics(&self) -> Vec<SyntheticResponse> {
        self.query(QueryMsg::Synthetics {})
    }

    pub fn totals(&self) -> TotalsResponse {
        self.query(QueryMsg::Totals {})
    }

    pub fn claim(&self, who: &str) -> u128 {
        let claim: ClaimResponse = self.query(QueryMsg::Claim { owner: address(who).into_string() });
        claim.amount.raw()
    }

    pub fn previews_buy(&self, synthetic: u16, dollars: u64) -> TradePreview {
        let exact = BuyExact::In { least: None };
        self.query(QueryMsg::PreviewBuy { synthetic, usd: usd(dollars), exact })
    }
}

/// sdUSD and tokens that an order has locked.
fn locks(kind: &sdp_types::spot::OrderKind) -> (u128, u128) {
    use sdp_types::spot::OrderKind::{BuyExactly, BuyFor, SellAll, SellFor};
    match kind {
        BuyFor { paid, .. } | BuyExactly { paid, .. } => (paid.raw(), 0),
        SellAll { amount, .. } | SellFor { amount, .. } => (0, amount.raw()),
    }
}

/// A storage as it is.
fn copy_of(storage: &MockStorage) -> MockStorage {
    let mut copy = MockStorage::new();
    for (key, value) in storage.range(None, None, Order::Ascending) {
        copy.set(&key, &value);
    }
    copy
}

/// The event of this kind that a message told.
pub fn told<T: FromEvent>(response: &Response) -> T {
    response.events.iter().find_map(T::from_event).unwrap().unwrap()
}

/// All of them.
pub fn all_told<T: FromEvent>(response: &Response) -> Vec<T> {
    response.events.iter().filter_map(T::from_event).map(std::result::Result::unwrap).collect()
}
