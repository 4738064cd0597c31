//! The built-in manifest on a chain of its own, its CW20 collateral replaced by the hostile one.

use std::panic::{catch_unwind, AssertUnwindSafe};

use cosmwasm_std::{coins, to_json_binary, Addr, BlockInfo, CosmosMsg, Empty, Timestamp, WasmMsg};
use cw20::{Cw20ExecuteMsg, MinterResponse};
use cw_multi_test::{
    no_init, App, AppBuilder, BankKeeper, BankSudo, ContractWrapper, Executor, MockApiBech32, SudoMsg,
};
use sdp_embedded::store::MemStore;
use sdp_embedded::Manifest;
use sdp_types::oracle::Submission;
use sdp_types::pool::Token;
use sdp_types::units::Price;
use sdp_types::{custody, lens, liquidator, market, oracle, orders, pool, reserve, spot, Error};
use serde::de::DeserializeOwned;
use serde::Serialize;
use serde_json::{json, Value};

use super::token::{self, TokenMsg};
use super::{execute, send, TOKEN, USD};

type Host = App<BankKeeper, MockApiBech32, MemStore>;

/// A contract of the chain.
#[derive(Clone, Copy)]
pub enum Party {
    /// See [`sdp_types::oracle`].
    Oracle,
    /// See [`sdp_types::pool`].
    Pool,
    /// See [`sdp_types::market`].
    Market,
    /// See [`sdp_types::liquidator`].
    Liquidator,
    /// The pool's dollar.
    Sdusd,
    /// The hostile collateral.
    Evil,
    /// See [`sdp_types::reserve`].
    Reserve,
    /// See [`sdp_types::spot`].
    Spot,
    /// See [`sdp_types::orders`].
    Orders,
    /// See [`sdp_types::custody`].
    Custody,
    /// See [`sdp_types::lens`].
    Lens,
}

/// The chain.
pub struct Hostile {
    app: Host,
    evil_code: u64,
    instantiations: Vec<(u64, &'static str, Value)>,
    manifest: Manifest,
    contracts: [Addr; 11],
    eth: Price,
}

/// The accounts whose wealth must not grow: the token itself, and its accomplices.
const ATTACKERS: [&str; 3] = ["mallory", "nora", "paula"];

impl Hostile {
    /// The whale stands behind everything in ATOM. In the hostile vault: mallory and the token itself can be seized,
    /// olga's position is in auction 1, nora asked for all and paula for a part of hers.
    pub fn new() -> Self {
        let mut chain = Self::deploy();
        chain.publish();
        let (pool, evil) = (chain.of(Party::Pool), chain.of(Party::Evil));
        chain.coins("whale", 1_000_000_000_000);
        let deposit = to_json_binary(&json!({"deposit": {"beneficiary": null}})).unwrap();
        let funds = coins(1_000_000_000_000, "uatom");
        let deposit = WasmMsg::Execute { contract_addr: pool.clone(), msg: deposit, funds };
        chain.execute("whale", deposit.into()).unwrap();
        let mint = json!({"mint": {"vault": 0, "amount": (1_500_000 * USD).to_string(), "recipient": null}});
        chain.execute("whale", execute(&pool, &mint)).unwrap();

        let deposit = send(&evil, &pool, 100 * TOKEN, &json!({"deposit": {"beneficiary": null}}));
        let mint = json!({"mint": {"vault": 1, "amount": (99_000 * USD).to_string(), "recipient": null}});
        let mint = execute(&pool, &mint);
        for name in ["mallory", "olga", "nora", "paula", "evil"] {
            let amount = (200 * TOKEN).into();
            let recipient = chain.at(name);
            let give = serde_json::to_value(TokenMsg::Mint { recipient, amount }).unwrap();
            chain.execute("faucet", execute(&evil, &give)).unwrap();
            chain.acts(name, &deposit);
            if !["nora", "paula"].contains(&name) {
                chain.acts(name, &mint);
            }
        }
        for name in ["mallory", "evil"] {
            let amount = (300_000 * USD).into();
            let sdusd = Cw20ExecuteMsg::Transfer { recipient: chain.at(name), amount };
            let sdusd = execute(&chain.of(Party::Sdusd), &serde_json::to_value(sdusd).unwrap());
            chain.execute("whale", sdusd).unwrap();
        }
        let margin = json!({"deposit": {"beneficiary": null, "account": 0}});
        chain.acts("evil", &send(&chain.of(Party::Sdusd), &chain.of(Party::Market), 20_000 * USD, &margin));
        // the hostile token is margin, too
        for name in ["mallory", "evil"] {
            chain.acts(name, &send(&evil, &chain.of(Party::Custody), 10 * TOKEN, &margin));
        }

        // an order of the token's own that is due from the next price on, and another one that it can place
        let orders = chain.of(Party::Orders);
        let allowed = json!({"expires_at": 4_000_000_000u64, "perps": [0], "most_notional": null});
        let delegate = json!({"set_delegate": {"account": 0, "delegate": orders, "delegation": allowed}});
        chain.acts("evil", &execute(&chain.of(Party::Market), &delegate));
        chain.acts("evil", &send(&chain.of(Party::Sdusd), &orders, 10 * USD, &json!({"deposit": {}})));
        chain.acts("evil", &execute(&orders, &super::conditional()));

        for (name, amount) in [("nora", 100 * TOKEN), ("paula", 50 * TOKEN)] {
            let request = json!({"request_exit": {"vault": 1, "amount": amount.to_string()}});
            chain.acts(name, &execute(&pool, &request));
        }
        // 35 % down, confirmed by a second median; two intervals later everybody may liquidate
        chain.eth = "1950".parse().unwrap();
        for _ in 0..14 {
            chain.waits(5);
            chain.publish();
        }
        let seize = json!({"liquidate_position": {"vault": 1, "owner": chain.at("olga")}});
        chain.execute("kim", execute(&chain.of(Party::Liquidator), &seize)).unwrap();
        // the hostile token passes for a dollar, too
        let swap = send(&evil, &chain.of(Party::Reserve), 50 * TOKEN, &json!({"swap_in": {}}));
        chain.acts("mallory", &swap);
        chain.assert_books("at first");
        chain
    }

    fn deploy() -> Self {
        let mut manifest = Manifest::with_default_reserve().unwrap();
        manifest.spot = Some(crate::stage::spot());
        manifest.pool.minimum_stay = 0;
        manifest.pool.exit_delay = 60;
        let api = MockApiBech32::new("sdp");
        let mut app = AppBuilder::new().with_api(api).with_storage(MemStore::default()).build(no_init);
        let start = manifest.chain.start;
        app.set_block(BlockInfo {
            height: 1,
            time: Timestamp::from_seconds(start),
            chain_id: "sdp-hostile".into(),
        });
        macro_rules! code {
            ($contract:ident) => {
                ContractWrapper::new(
                    $contract::contract::execute,
                    $contract::contract::instantiate,
                    $contract::contract::query,
                )
            };
        }
        let oracle_code = app.store_code(Box::new(code!(sdp_oracle)));
        let pool_code = app.store_code(Box::new(code!(sdp_pool)));
        let market_code = app.store_code(Box::new(code!(sdp_market)));
        let liquidator_code =
            app.store_code(Box::new(code!(sdp_liquidator).with_reply(sdp_liquidator::contract::reply)));
        let sdusd_code_id = app.store_code(Box::new(code!(cw20_base)));
        let evil_code = app.store_code(token::code());
        let reserve_code = app.store_code(Box::new(code!(sdp_reserve)));
        let spot_code = app.store_code(Box::new(code!(sdp_spot)));
        let orders_code = app.store_code(Box::new(code!(sdp_orders).with_reply(sdp_orders::contract::reply)));
        let lens_code = app.store_code(Box::new(ContractWrapper::new(
            |_, _, _, Empty {}| Err(Error::NothingToDo { what: "lens".into() }),
            sdp_lens::contract::instantiate,
            sdp_lens::contract::query,
        )));
        let custody_code = app.store_code(Box::new(code!(sdp_custody)));
        let bonded_code = app.store_code(Box::new(code!(sdp_bonded)));
        let event_code = app.store_code(Box::new(code!(sdp_event)));

        let owner = app.api().addr_make("owner");
        let at = |app: &Host, name: &str| app.api().addr_make(name).into_string();
        let mut instantiations = Vec::new();
        let publishers = manifest.roles.publishers.iter().map(|name| at(&app, name)).collect();
        let terms = &manifest.oracle;
        let msg = oracle::InstantiateMsg {
            owner: owner.to_string(),
            guardian: None,
            publishers,
            quorum: manifest.roles.quorum,
            intervals: sdp_types::board::Intervals {
                seconds: terms.interval_seconds,
                slots: terms.ring_slots,
                grace: terms.grace_seconds,
            },
            staleness: sdp_types::board::Staleness {
                trade: terms.stale_for_trade,
                liquidate: terms.stale_for_liquidation,
                view: terms.stale_for_view,
            },
            gap: terms.gap_seconds,
            average_seconds: terms.average_seconds,
            change_delay: terms.change_delay,
            feeds: manifest.oracle_msg(&|name| Ok(at(&app, name))).unwrap().feeds,
            covariance: manifest.covariance(),
            measurement: terms.measurement,
            // prices jump here, and that is not what is looked at
            breaker: None,
        };
        instantiations.push((oracle_code, "oracle", serde_json::to_value(&msg).unwrap()));
        let oracle = make(&mut app, &owner, oracle_code, &msg, "oracle");
        let msg = cw20_base::msg::InstantiateMsg {
            name: "Evil ether".into(),
            symbol: "EVIL".into(),
            decimals: 18,
            initial_balances: vec![],
            mint: Some(MinterResponse { minter: at(&app, "faucet"), cap: None }),
            marketing: None,
        };
        let evil = make(&mut app, &owner, evil_code, &msg, "evil");
        let vault = |collateral: &sdp_embedded::manifest::Collateral| {
            collateral.config(&manifest, &|_| Ok(evil.to_string())).unwrap()
        };
        let msg = pool::InstantiateMsg {
            owner: owner.to_string(),
            guardian: None,
            oracle: oracle.to_string(),
            sdusd_code_id,
            sdusd_name: "sdUSD".into(),
            sdusd_symbol: "sdUSD".into(),
            params: manifest.pool_params(),
            vaults: manifest.collaterals.iter().map(vault).collect(),
        };
        instantiations.push((pool_code, "pool", serde_json::to_value(&msg).unwrap()));
        let pool = make(&mut app, &owner, pool_code, &msg, "pool");
        let msg = lens::InstantiateMsg { pool: pool.to_string() };
        let lens = make(&mut app, &owner, lens_code, &msg, "lens");
        let msg = liquidator::InstantiateMsg {
            owner: owner.to_string(),
            guardian: None,
            pool: pool.to_string(),
            params: manifest.liquidator_params(),
            auctions: manifest.collaterals.iter().map(|collateral| collateral.auction.params()).collect(),
            limits: manifest.collaterals.iter().map(|collateral| collateral.limits.limits()).collect(),
            notes: manifest.liquidator.notes.params(),
            note_code_id: sdusd_code_id,
            note_name: "Note".into(),
            note_symbol: "sdNOTE".into(),
        };
        instantiations.push((liquidator_code, "liquidator", serde_json::to_value(&msg).unwrap()));
        let liquidator = make(&mut app, &owner, liquidator_code, &msg, "liquidator");
        let entry = &manifest.markets[0];
        let msg = market::InstantiateMsg {
            owner: owner.to_string(),
            guardian: None,
            pool: pool.to_string(),
            liquidator: liquidator.to_string(),
            params: entry.params(),
            perps: entry.perps.iter().map(|perp| perp.config(&manifest).unwrap()).collect(),
        };
        instantiations.push((market_code, "market", serde_json::to_value(&msg).unwrap()));
        let market = make(&mut app, &owner, market_code, &msg, "market");
        let entry = manifest.custody.as_ref().unwrap();
        let token = entry.tokens.iter().find(|token| token.collateral == "ETH").unwrap();
        let msg = custody::InstantiateMsg {
            owner: owner.to_string(),
            guardian: None,
            market: market.to_string(),
            params: entry.params(),
            tokens: vec![token.config(&manifest, &|_| Ok(evil.to_string())).unwrap()],
        };
        instantiations.push((custody_code, "custody", serde_json::to_value(&msg).unwrap()));
        let custody = make(&mut app, &owner, custody_code, &msg, "custody");
        let entry = manifest.reserve.as_ref().unwrap();
        let token = entry.tokens[0].config(&manifest, &|_| Ok(evil.to_string())).unwrap();
        let token = reserve::TokenConfig { token: Token::Cw20(evil.to_string()), decimals: 18, ..token };
        let msg = reserve::InstantiateMsg {
            owner: owner.to_string(),
            guardian: None,
            pool: pool.to_string(),
            params: entry.params(),
            tokens: vec![token],
        };
        instantiations.push((reserve_code, "reserve", serde_json::to_value(&msg).unwrap()));
        let reserve = make(&mut app, &owner, reserve_code, &msg, "reserve");
        let address = |name: &str| {
            let found = [("pool", &pool), ("market", &market)].into_iter().find(|(known, _)| *known == name);
            Ok(found.map_or_else(|| at(&app, name), |(_, contract)| contract.to_string()))
        };
        let msg: spot::InstantiateMsg = manifest.spot_msg(&address, sdusd_code_id).unwrap().unwrap();
        let orders_msg = manifest.orders_msg("market", &address).unwrap();
        let msg = spot::InstantiateMsg { guardian: None, ..msg };
        instantiations.push((spot_code, "spot", serde_json::to_value(&msg).unwrap()));
        let spot = make(&mut app, &owner, spot_code, &msg, "spot");
        instantiations.push((orders_code, "orders", serde_json::to_value(&orders_msg).unwrap()));
        let orders = make(&mut app, &owner, orders_code, &orders_msg, "orders");
        let entry = crate::stage::bonded();
        let address = |name: &str| Ok(if name == "pool" { pool.to_string() } else { at(&app, name) });
        let msg = manifest.bonded_msg(&entry, &address).unwrap();
        instantiations.push((bonded_code, "bonded", serde_json::to_value(&msg).unwrap()));
        let msg = manifest.event_msg(&entry.events[0], &address).unwrap();
        instantiations.push((event_code, "event", serde_json::to_value(&msg).unwrap()));
        let line = manifest.markets[0].line.0;
        let spot_line = manifest.spot.as_ref().unwrap().line.0;
        let config: pool::ConfigResponse =
            app.wrap().query_wasm_smart(&pool, &pool::QueryMsg::Config {}).unwrap();
        let sdusd = Addr::unchecked(config.sdusd);
        let contracts = [
            oracle,
            pool.clone(),
            market.clone(),
            liquidator.clone(),
            sdusd,
            evil,
            reserve.clone(),
            spot.clone(),
            orders,
            custody.clone(),
            lens,
        ];
        let eth = "3000".parse().unwrap();
        let mut chain = Self { app, evil_code, instantiations, manifest, contracts, eth };
        // before it is listed, so at once
        let backed = crate::stage::configure(json!({"set_custody": {"custody": custody}}));
        chain.execute("owner", execute(market.as_str(), &backed)).unwrap();
        let liquidator = json!({"set_liquidator": {"liquidator": liquidator}});
        let listed = json!({"add_market": {"market": market, "line": line}});
        let reserve = json!({"add_market": {"market": reserve, "line": "0"}});
        let spot = json!({"add_market": {"market": spot, "line": spot_line}});
        for change in [liquidator, listed, reserve, spot] {
            let msg = crate::stage::configure(change);
            chain.execute("owner", execute(pool.as_str(), &msg)).unwrap();
        }
        chain.execute("owner", execute(pool.as_str(), &json!({"open": {}}))).unwrap();
        chain
    }

    /// A contract's address.
    pub fn of(&self, party: Party) -> String {
        self.contracts[party as usize].to_string()
    }

    /// An account's address; `evil` is the token.
    pub fn at(&self, name: &str) -> String {
        match name {
            "evil" => self.of(Party::Evil),
            _ => self.app.api().addr_make(name).into_string(),
        }
    }

    /// One message. A panic is a panic of the test.
    pub fn execute(&mut self, sender: &str, msg: CosmosMsg) -> Result<(), String> {
        let sender = self.app.api().addr_make(sender);
        let done = catch_unwind(AssertUnwindSafe(|| self.app.execute(sender, msg)));
        match done {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(error.root_cause().to_string()),
            Err(_) => panic!("a contract panicked"),
        }
    }

    /// The code and the message that each contract was made with.
    pub fn instantiations(&self) -> &[(u64, &'static str, Value)] {
        &self.instantiations
    }

    /// A further contract. A panic is a panic of the test.
    pub fn instantiate(&mut self, code: u64, msg: &Value) -> Result<(), String> {
        let owner = self.app.api().addr_make("owner");
        let made = catch_unwind(AssertUnwindSafe(|| {
            self.app.instantiate_contract(code, owner, msg, &[], "another", None)
        }));
        match made {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(error.root_cause().to_string()),
            Err(_) => panic!("a contract panicked: {msg}"),
        }
    }

    /// A CW20 that nobody listed, of which `mallory` has as much as she wants.
    pub fn strange_token(&mut self) -> String {
        let (code, owner) = (self.evil_code, self.app.api().addr_make("owner"));
        let msg = cw20_base::msg::InstantiateMsg {
            name: "Fake dollar".into(),
            symbol: "sdUSD".into(),
            decimals: 6,
            initial_balances: vec![cw20::Cw20Coin { address: self.at("mallory"), amount: u128::MAX.into() }],
            mint: None,
            marketing: None,
        };
        make(&mut self.app, &owner, code, &msg, "strange").into_string()
    }

    /// A message that the token sends, wrapped for whoever tells it to.
    pub fn by_the_token(&self, msg: &CosmosMsg) -> CosmosMsg {
        execute(&self.of(Party::Evil), &serde_json::to_value(TokenMsg::Act { msg: msg.clone() }).unwrap())
    }

    fn acts(&mut self, name: &str, msg: &CosmosMsg) {
        let msg = if name == "evil" { self.by_the_token(msg) } else { msg.clone() };
        self.execute(name, msg).unwrap_or_else(|error| panic!("{name}: {error}"));
    }

    /// Tells the token what to send from inside.
    pub fn arm(&mut self, msgs: Vec<CosmosMsg>, before_hook: bool) {
        let msg = serde_json::to_value(TokenMsg::Arm { msgs, before_hook }).unwrap();
        self.execute("mallory", execute(&self.of(Party::Evil), &msg)).unwrap();
    }

    /// How many messages the token has not sent yet.
    pub fn still_armed(&self) -> usize {
        let raw = self.app.wrap().query_wasm_raw(self.of(Party::Evil), token::ARMED).unwrap();
        let (msgs, _): (Vec<CosmosMsg>, bool) = cosmwasm_std::from_json(raw.unwrap()).unwrap();
        msgs.len()
    }

    fn waits(&mut self, seconds: u64) {
        self.app.update_block(|block| {
            block.height += 1;
            block.time = block.time.plus_seconds(seconds);
        });
    }

    fn publish(&mut self) {
        let publish_time = self.app.block_info().time.seconds();
        let price = |feed: &sdp_embedded::manifest::Feed| match feed.symbol.as_str() {
            "ETH" => self.eth,
            _ => feed.price.unwrap(),
        };
        let feeds = (0..).zip(&self.manifest.feeds);
        let prices = feeds.map(|(id, feed)| Submission {
            feed: id,
            price: price(feed),
            confidence: feed.confidence,
            publish_time,
        });
        let msg = oracle::ExecuteMsg::Publish { prices: prices.collect() };
        let msg = execute(&self.of(Party::Oracle), &serde_json::to_value(msg).unwrap());
        for publisher in ["publisher-1", "publisher-2"] {
            self.execute(publisher, msg.clone()).unwrap();
        }
    }

    fn coins(&mut self, name: &str, amount: u128) {
        let to_address = self.at(name);
        let amount = coins(amount, "uatom");
        self.app.sudo(SudoMsg::Bank(BankSudo::Mint { to_address, amount })).unwrap();
    }

    /// All that is stored.
    pub fn snapshot(&self) -> MemStore {
        self.app.storage().clone()
    }

    /// Back to it; time has not moved.
    pub fn restore(&mut self, snapshot: &MemStore) {
        *self.app.storage_mut() = snapshot.clone();
    }

    fn ask<T: DeserializeOwned>(&self, party: Party, msg: &impl Serialize) -> T {
        self.app.wrap().query_wasm_smart(self.of(party), msg).unwrap()
    }

    fn balance(&self, party: Party, address: &str) -> u128 {
        let answer: cw20::BalanceResponse = self.ask(party, &json!({"balance": {"address": address}}));
        answer.balance.u128()
    }

    /// sdUSD, tokens and positions of the attackers, in micro-USD at the present price.
    pub fn attackers_wealth(&self) -> i128 {
        let worth = |amount: u128| {
            let amount = sdp_types::Amount::new(amount);
            i128::try_from(self.eth.value_of(amount, 18, sdp_types::Rounding::Down).unwrap().raw()).unwrap()
        };
        let mut wealth = 0;
        for name in ATTACKERS.iter().chain(&["evil"]) {
            let address = self.at(name);
            wealth += i128::try_from(self.balance(Party::Sdusd, &address)).unwrap();
            wealth += worth(self.balance(Party::Evil, &address));
            let position = pool::QueryMsg::Position { vault: 1, owner: address.clone() };
            let position = self
                .app
                .wrap()
                .query_wasm_smart::<pool::PositionResponse>(self.of(Party::Pool), &position)
                .ok();
            if let Some(position) = position {
                wealth += worth(position.collateral.raw()) - position.debt.raw();
            }
            let claim = spot::QueryMsg::Claim { owner: address.clone() };
            let claim: spot::ClaimResponse = self.ask(Party::Spot, &claim);
            wealth += i128::try_from(claim.amount.raw()).unwrap();
            let jar = orders::QueryMsg::Jar { owner: address.clone() };
            let jar: sdp_types::Usd = self.ask(Party::Orders, &jar);
            wealth += i128::try_from(jar.raw()).unwrap();
            let (market, owner) = (self.of(Party::Market), address.clone());
            let account = lens::QueryMsg::Account { market, owner, account: 0 };
            let account: market::AccountResponse = self.ask(Party::Lens, &account);
            wealth += account.equity.raw();
            // tokens as what they are worth, not as what they count for
            let id = market::AccountId { owner: address, account: 0 };
            let backed: custody::BackedAccountResponse =
                self.ask(Party::Custody, &custody::QueryMsg::Account(id));
            wealth -= i128::try_from(backed.counted.raw()).unwrap();
            wealth += backed.tokens.iter().map(|token| worth(token.amount.raw())).sum::<i128>();
        }
        wealth
    }

    /// The pool's audit is 0, and every contract holds what its book says.
    pub fn assert_books(&self, case: &str) {
        let audit: pool::AuditResponse = self.ask(Party::Pool, &pool::QueryMsg::Audit {});
        assert!(audit.difference.is_zero(), "{case}: {audit:?}");
        assert!(audit.unbooked.raw() >= 0, "{case}: {audit:?}");
        for check in &audit.collateral {
            assert!(check.balance >= check.booked, "{case}: {check:?}");
        }
        let totals = lens::QueryMsg::Totals { market: self.of(Party::Market) };
        let totals: market::TotalsResponse = self.ask(Party::Lens, &totals);
        assert!(self.balance(Party::Sdusd, &self.of(Party::Market)) >= totals.held.raw(), "{case}");
        let totals: liquidator::TotalsResponse =
            self.ask(Party::Liquidator, &liquidator::QueryMsg::Totals {});
        for (token, lot) in &totals.lots {
            assert!(matches!(token, Token::Cw20(_)), "{case}");
            assert!(self.balance(Party::Evil, &self.of(Party::Liquidator)) >= lot.raw(), "{case}");
        }
        let auctions = liquidator::QueryMsg::Auctions { start_after: None, limit: Some(100) };
        let auctions: Vec<liquidator::AuctionResponse> = self.ask(Party::Liquidator, &auctions);
        let tabs: u128 = auctions.iter().map(|auction| auction.tab.raw()).sum();
        assert_eq!(tabs, totals.recoveries.tab.raw(), "{case}");
        let totals: spot::TotalsResponse = self.ask(Party::Spot, &spot::QueryMsg::Totals {});
        assert!(self.balance(Party::Sdusd, &self.of(Party::Spot)) >= totals.held.raw(), "{case}");
        let totals: orders::TotalsResponse = self.ask(Party::Orders, &orders::QueryMsg::Totals {});
        assert!(self.balance(Party::Sdusd, &self.of(Party::Orders)) >= totals.held.raw(), "{case}");
        let totals: reserve::TotalsResponse = self.ask(Party::Reserve, &reserve::QueryMsg::Totals {});
        assert!(self.balance(Party::Sdusd, &self.of(Party::Reserve)) >= totals.held.raw(), "{case}");
        let tokens: Vec<reserve::TokenResponse> = self.ask(Party::Reserve, &reserve::QueryMsg::Tokens {});
        assert!(self.balance(Party::Evil, &self.of(Party::Reserve)) >= tokens[0].held.raw(), "{case}");
        let tokens: Vec<custody::TokenResponse> = self.ask(Party::Custody, &custody::QueryMsg::Tokens {});
        assert!(tokens[0].balance >= tokens[0].held, "{case}");
        let all = custody::QueryMsg::Accounts { start_after: None, limit: Some(100) };
        let all: Vec<custody::HoldingResponse> = self.ask(Party::Custody, &all);
        let sum: u128 = all.iter().flat_map(|account| &account.amounts).map(|amount| amount.raw()).sum();
        assert_eq!(sum, tokens[0].held.raw(), "{case}");
    }
}

fn make(app: &mut Host, owner: &Addr, code: u64, msg: &impl Serialize, label: &str) -> Addr {
    app.instantiate_contract(code, owner.clone(), msg, &[], label, None).unwrap()
}
