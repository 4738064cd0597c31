//! A liquidator with the world around it: a pool that seizes what the test says, a board, a book, and everybody's
//! balances, moved by the messages that the contract sends.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use cosmwasm_std::testing::{message_info, mock_dependencies, mock_env, MockApi, MockQuerier, MockStorage};
use cosmwasm_std::{
    coins, from_json, to_json_binary, Addr, Api, BankMsg, Binary, CosmosMsg, DepsMut, Env, MsgResponse,
    Order, OwnedDeps, QuerierWrapper, Reply, ReplyOn, Response, Storage, SubMsg, SubMsgResponse,
    SubMsgResult, WasmMsg,
};
use cw20::Cw20ExecuteMsg;
use sdp_liquidator::contract;
use sdp_types::board::{Board, Quote, Staleness};
use sdp_types::book::{Listed, VaultState};
use sdp_types::events::{AuctionStarted, ChangeQueued};
use sdp_types::exposure::Recoveries;
use sdp_types::liquidator::{
    AuctionResponse, BackstopAccountResponse, BackstopResponse, Change, ExecuteMsg, Hook, InstantiateMsg,
    MigrateMsg, NoteAuctionResponse, NotesResponse, QueryMsg, QuoteResponse, TotalsResponse,
};
use sdp_types::pool::Seizure;
use sdp_types::record::{key, tag, Record};
use sdp_types::shares::ScaledBook;
use sdp_types::{Amount, Error, Ratio, Result, Usd};
use serde::de::DeserializeOwned;

use crate::counting::{Accesses, Counting};
pub use crate::world::*;

/// Balances by token (denom or contract) and holder.
type Balances = BTreeMap<(String, String), u128>;

/// All keys and values of a storage.
type Stored = Vec<(Vec<u8>, Vec<u8>)>;

/// The contract and its world.
pub struct Desk {
    deps: OwnedDeps<MockStorage, MockApi, MockQuerier>,
    env: Env,
    /// What other contracts answer; can be changed at any time.
    pub world: Rc<RefCell<World>>,
    balances: Balances,
    burnt: u128,
}

impl Desk {
    /// Ready: prices fresh at $10, one listed market.
    pub fn new() -> Self {
        let mut desk = Self::bare();
        desk.instantiate(instantiation()).unwrap();
        desk.board("10");
        desk
    }

    /// Before its instantiation.
    pub fn bare() -> Self {
        let world = Rc::new(RefCell::new(World::default()));
        world.borrow_mut().listing.markets.push(Listed {
            address: MockApi::default().addr_canonicalize(addr("market").as_str()).unwrap(),
            line: Default::default(),
            regime: Default::default(),
            bonded: false,
        });
        let mut deps = mock_dependencies();
        let answers = world.clone();
        deps.querier.update_wasm(move |query| answers.borrow().answer(query));
        Self { deps, env: mock_env(), world, balances: Balances::new(), burnt: 0 }
    }

    /// Instantiates it.
    pub fn instantiate(&mut self, msg: InstantiateMsg) -> Result<Response> {
        contract::instantiate(self.deps.as_mut(), self.env.clone(), message_info(&addr("olga"), &[]), msg)
    }

    /// Block time, seconds.
    pub fn now(&self) -> u64 {
        self.env.block.time.seconds()
    }

    /// Time passes.
    pub fn later(&mut self, seconds: u64) -> &mut Self {
        self.env.block.time = self.env.block.time.plus_seconds(seconds);
        self
    }

    /// The oracle publishes a price of feed 0 now, good for 60 s.
    pub fn board(&mut self, text: &str) -> &mut Self {
        let quote = Quote { price: price(text), confidence: Ratio::ZERO, publish_time: self.now() };
        let staleness = Staleness { trade: 15, liquidate: 60, view: 300 };
        self.world.borrow_mut().board = Board { staleness, quotes: vec![quote], ..Board::default() };
        self
    }

    /// A message: the books are checked after it, and a refusal must have written nothing.
    pub fn attempts(&mut self, who: &str, msg: ExecuteMsg) -> Result<Response> {
        let before = self.stored();
        let result = self.tries(who, msg);
        if let Ok(response) = &result {
            self.deliver(response);
        }
        self.checked(result, &before)
    }

    fn checked(&self, result: Result<Response>, before: &Stored) -> Result<Response> {
        if let Err(error) = &result {
            assert_eq!(&self.stored(), before, "{error} left something behind");
        }
        self.audit();
        result
    }

    /// A message that has to go through.
    pub fn does(&mut self, who: &str, msg: ExecuteMsg) -> Response {
        self.attempts(who, msg).unwrap()
    }

    /// A message that has to be refused.
    pub fn is_refused(&mut self, who: &str, msg: ExecuteMsg) -> Error {
        self.attempts(who, msg).unwrap_err()
    }

    /// A message, without its consequences.
    pub fn tries(&mut self, who: &str, msg: ExecuteMsg) -> Result<Response> {
        contract::execute(self.deps.as_mut(), self.env.clone(), message_info(&addr(who), &[]), msg)
    }

    /// A message with coins.
    pub fn tries_with_coins(&mut self, who: &str, msg: ExecuteMsg) -> Result<Response> {
        let info = message_info(&addr(who), &coins(5, "uatom"));
        contract::execute(self.deps.as_mut(), self.env.clone(), info, msg)
    }

    /// `kira` has `olaf`'s position seized; the pool answers with this. Returns the auction's number.
    pub fn seizes(&mut self, vault: u8, seizure: Seizure) -> u64 {
        let told = self.seize(vault, seizure).unwrap();
        self.audit();
        event::<AuctionStarted>(&told).auction
    }

    /// The same, where the reply may be refused.
    pub fn seize(&mut self, vault: u8, seizure: Seizure) -> Result<Response> {
        let owner = addr("olaf").into();
        let before = self.stored();
        let asked = self.tries("kira", ExecuteMsg::LiquidatePosition { vault, owner })?;
        assert_eq!(self.stored(), before, "nothing is written before the pool answers");
        let [SubMsg { id, payload, .. }] = asked.messages.as_slice() else {
            panic!("one message: {asked:?}")
        };
        let answer = execute_response(&to_json_binary(&seizure).unwrap());
        let told = self.replies(*id, payload.clone(), answer)?;
        self.credit(&seizure.token.to_string(), &addr("liquidator"), seizure.lot.raw());
        self.deliver(&told);
        Ok(told)
    }

    /// A reply with this answer, already in protobuf.
    pub fn replies(&mut self, id: u64, payload: Binary, answer: Vec<u8>) -> Result<Response> {
        let type_url = "/cosmwasm.wasm.v1.MsgExecuteContractResponse".to_string();
        #[allow(deprecated)]
        let response = SubMsgResponse {
            events: vec![],
            data: None,
            msg_responses: vec![MsgResponse { type_url, value: answer.into() }],
        };
        let reply = Reply { id, payload, gas_used: 0, result: SubMsgResult::Ok(response) };
        contract::reply(self.deps.as_mut(), self.env.clone(), reply)
    }

    /// Somebody sends sdUSD with a take; it comes back where that is refused.
    pub fn pays(&mut self, payer: &str, payment: Usd, take: &Hook) -> Result<Response> {
        let (sdusd, desk) = (addr("sdusd"), addr("liquidator"));
        self.credit(sdusd.as_str(), &desk, payment.raw());
        let before = self.stored();
        let result = self.tries("sdusd", hook(payer, payment, take));
        match &result {
            Ok(response) => self.deliver(response),
            Err(_) if payment.is_zero() => {}
            Err(_) => self.pay(sdusd.as_str(), &addr(payer), payment.raw()),
        }
        self.checked(result, &before)
    }

    /// Such a take that has to go through.
    pub fn takes(&mut self, payer: &str, payment: Usd, take: Hook) -> Response {
        self.pays(payer, payment, &take).unwrap()
    }

    /// Such a take that has to be refused.
    pub fn refuses_take(&mut self, payer: &str, payment: Usd, take: Hook) -> Error {
        self.pays(payer, payment, &take).unwrap_err()
    }

    /// Somebody puts sdUSD into the backstop.
    pub fn backs(&mut self, who: &str, usd: u64) -> &mut Self {
        self.takes(who, Usd::whole(usd), Hook::Backstop { beneficiary: None });
        self
    }

    /// The pool has so much collateral, USD, in vault 0; nothing in vault 1.
    pub fn weighs(&mut self, usd: u64) -> &mut Self {
        let vault = |weight, amount: u128| VaultState {
            feed: 0,
            decimals: 6,
            weight,
            debt: Default::default(),
            book: ScaledBook { amount: Amount::new(amount), ..ScaledBook::default() },
            distribution: Default::default(),
            peak: Default::default(),
            minted: Default::default(),
        };
        self.world.borrow_mut().book.vaults = vec![vault(Usd::whole(usd), 1), vault(Usd::ZERO, 0)];
        self
    }

    /// Somebody sends recovery notes; they come back where that is refused.
    pub fn sends_notes(&mut self, holder: &str, amount: u128, msg: &Hook) -> Result<Response> {
        let token = note();
        let had = self.balances.get_mut(&(token.to_string(), addr(holder).into())).expect("holds notes");
        *had -= amount;
        self.credit(token.as_str(), &addr("liquidator"), amount);
        let before = self.stored();
        let info = message_info(&token, &[]);
        let ExecuteMsg::Receive(received) = hook(holder, Usd::new(amount), msg) else { unreachable!() };
        let received = ExecuteMsg::Receive(received);
        let result = contract::execute(self.deps.as_mut(), self.env.clone(), info, received);
        match &result {
            Ok(response) => self.deliver(response),
            Err(_) if amount == 0 => {}
            Err(_) => self.pay(token.as_str(), &addr(holder), amount),
        }
        self.checked(result, &before)
    }

    /// Recovery notes.
    pub fn notes(&self) -> NotesResponse {
        self.asks(QueryMsg::Notes {})
    }

    /// Running auctions of them.
    pub fn note_auctions(&self) -> Vec<NoteAuctionResponse> {
        self.asks(QueryMsg::NoteAuctions { start_after: None, limit: None })
    }

    /// The pool has booked so much bad debt and insurance, whole USD.
    pub fn owes(&mut self, bad_debt: u64, insurance: u64) -> &mut Self {
        let mut world = self.world.borrow_mut();
        world.book.ledger.bad_debt = Usd::whole(bad_debt);
        world.book.ledger.insurance = Usd::whole(insurance);
        drop(world);
        self
    }

    /// The backstop.
    pub fn backstop(&self) -> BackstopResponse {
        self.asks(QueryMsg::Backstop {})
    }

    /// A depositor of the backstop.
    pub fn backstop_account(&self, who: &str) -> BackstopAccountResponse {
        self.asks(QueryMsg::BackstopAccount { owner: addr(who).into() })
    }

    /// A message on a copy of the storage, and how often it accesses it.
    pub fn counts(&mut self, who: &str, msg: ExecuteMsg) -> (Result<Response>, Accesses) {
        let mut storage = Counting::default();
        self.stored().iter().for_each(|(key, value)| storage.inner.set(key, value));
        let querier = QuerierWrapper::new(&self.deps.querier);
        let deps = DepsMut { storage: &mut storage, api: &self.deps.api, querier };
        let result = contract::execute(deps, self.env.clone(), message_info(&addr(who), &[]), msg);
        (result, storage.accesses)
    }

    /// `finn` flash-takes for the contract `cora`, and these payments come while it runs. All is undone if it fails.
    pub fn flashes(&mut self, flash: ExecuteMsg, payments: &[(&str, u64, u64)]) -> Result<Response> {
        let (stored, balances, burnt) = (self.stored(), self.balances.clone(), self.burnt);
        let result = self.flash(flash, payments);
        if result.is_err() {
            for (key, _) in self.stored() {
                self.deps.storage.remove(&key);
            }
            stored.iter().for_each(|(key, value)| self.deps.storage.set(key, value));
            (self.balances, self.burnt) = (balances, burnt);
        }
        self.audit();
        result
    }

    fn flash(&mut self, flash: ExecuteMsg, payments: &[(&str, u64, u64)]) -> Result<Response> {
        let started = self.tries("finn", flash)?;
        self.deliver(&started);
        for (payer, auction, usd) in payments {
            let payment = Usd::whole(*usd);
            self.credit(addr("sdusd").as_str(), &addr("liquidator"), payment.raw());
            let paid = self.tries("sdusd", hook(payer, payment, &Hook::Pay { auction: *auction }))?;
            self.deliver(&paid);
        }
        let called = started.messages.iter().find(|sent| sent.reply_on != ReplyOn::Never).unwrap();
        let finished = self.replies(called.id, called.payload.clone(), vec![])?;
        self.deliver(&finished);
        Ok(finished)
    }

    /// What a take would buy and cost.
    pub fn quote(&self, auction: u64, amount: Amount) -> Result<QuoteResponse> {
        Ok(from_json(self.asks_or_not(QueryMsg::Quote { auction, amount })?).unwrap())
    }

    /// Owner changes something and time passes until it is so.
    pub fn changes(&mut self, change: Change) -> &mut Self {
        let told = self.does("olga", ExecuteMsg::Configure { change });
        let queued = find::<ChangeQueued>(&told.events);
        if let Some(queued) = queued {
            self.later(DELAY).does("zoe", ExecuteMsg::Enact { id: queued.id });
        }
        self
    }

    /// An answer to a query.
    pub fn asks<T: DeserializeOwned>(&self, msg: QueryMsg) -> T {
        from_json(self.asks_or_not(msg).unwrap()).unwrap()
    }

    /// An answer or its refusal.
    pub fn asks_or_not(&self, msg: QueryMsg) -> Result<Binary> {
        contract::query(self.deps.as_ref(), self.env.clone(), msg)
    }

    /// Migrates it.
    pub fn migrates(&mut self) -> Result<Response> {
        contract::migrate(self.deps.as_mut(), self.env.clone(), MigrateMsg {})
    }

    /// Its storage.
    pub fn storage(&mut self) -> &mut MockStorage {
        &mut self.deps.storage
    }

    /// How much somebody has of a token.
    pub fn balance(&self, token: &str, who: &str) -> u128 {
        self.balances.get(&(token.to_string(), addr(who).into())).copied().unwrap_or_default()
    }

    /// sdUSD of somebody.
    pub fn sdusd(&self, who: &str) -> u128 {
        self.balance(addr("sdusd").as_str(), who)
    }

    /// All sdUSD that the contract has burnt.
    pub fn burnt(&self) -> u128 {
        self.burnt
    }

    /// The sums as the query shows them.
    pub fn totals(&self) -> TotalsResponse {
        self.asks(QueryMsg::Totals {})
    }

    /// All running auctions.
    pub fn auctions(&self) -> Vec<AuctionResponse> {
        let mut all: Vec<AuctionResponse> = vec![];
        loop {
            let start_after = all.last().map(|auction| auction.auction);
            let page: Vec<_> = self.asks(QueryMsg::Auctions { start_after, limit: Some(100) });
            if page.is_empty() {
                return all;
            }
            all.extend(page);
        }
    }

    fn stored(&self) -> Stored {
        self.deps.storage.range(None, None, Order::Ascending).collect()
    }

    /// What the contract has burnt, what it holds and what it says is one and the same.
    fn audit(&self) {
        let TotalsResponse { recoveries, outstanding, outstanding_by_vault, running, lots } = self.totals();
        let raw = self.deps.storage.get(&key(tag::RECOVERIES)).unwrap();
        assert_eq!(Recoveries::decode(&raw).unwrap(), recoveries, "the pool reads what the query shows");
        let burnt = recoveries.recovered.plus(recoveries.penalties).unwrap().minus(recoveries.tips).unwrap();
        let burnt = burnt.plus(recoveries.notes_paid).unwrap();
        assert_eq!(burnt, Usd::new(self.burnt), "burnt = recovered + penalties − tips + notes");
        let (backstop, notes) = (self.backstop(), self.notes());
        assert_eq!(recoveries.bids, notes.escrow);
        let booked = backstop.total.plus(notes.escrow).unwrap().raw();
        assert_eq!(self.sdusd("liquidator"), booked, "no sdUSD stays but the backstop's and the bidders'");
        assert!(notes.outstanding.raw() >= self.world.borrow().notes, "each note is a claim");
        let accounts: Vec<_> = ["bea", "ben", "bob", "olaf"].map(|who| self.backstop_account(who)).into();
        let deposited: u128 = accounts.iter().map(|account| account.amount.raw()).sum();
        assert!(deposited <= backstop.total.raw(), "what depositors have is there");

        let auctions = self.auctions();
        let sum = |of: fn(&AuctionResponse) -> u128| auctions.iter().map(of).sum::<u128>();
        assert_eq!(running, auctions.len() as u64);
        assert_eq!(recoveries.tab.raw(), sum(|auction| auction.tab.raw()));
        assert_eq!(outstanding.raw(), sum(|auction| auction.tab.raw() + auction.penalty.raw()));
        for (vault, outstanding) in (0u8..).zip(outstanding_by_vault) {
            let of_vault = auctions.iter().filter(|auction| auction.vault == vault);
            let owed: u128 = of_vault.map(|auction| auction.tab.raw() + auction.penalty.raw()).sum();
            assert_eq!(outstanding.raw(), owed, "vault {vault}");
        }
        for (vault, token) in [atom(), wrapped()].into_iter().enumerate() {
            let told = lots.iter().find(|(held, _)| *held == token).map_or(0, |(_, amount)| amount.raw());
            let of_auctions = auctions.iter().filter(|auction| auction.token == token);
            assert_eq!(told, of_auctions.map(|auction| auction.lot.raw()).sum::<u128>(), "lots");
            let gains = backstop.vaults[vault].held.raw();
            let earned = accounts.iter().filter_map(|account| account.gains.get(vault));
            assert!(earned.map(|gains| gains.raw()).sum::<u128>() <= gains, "gains");
            assert_eq!(told + gains, self.balance(&token.to_string(), "liquidator"), "collateral held");
        }
    }

    fn deliver(&mut self, response: &Response) {
        for sent in &response.messages {
            match &sent.msg {
                CosmosMsg::Bank(BankMsg::Send { to_address, amount }) => {
                    let to = Addr::unchecked(to_address);
                    amount.iter().for_each(|coin| self.pay(&coin.denom, &to, coin.amount.u128()));
                }
                CosmosMsg::Wasm(WasmMsg::Execute { contract_addr, msg, .. }) => self.cw20(contract_addr, msg),
                other => panic!("nobody takes {other:?}"),
            }
        }
    }

    fn cw20(&mut self, contract: &str, msg: &Binary) {
        match from_json(msg) {
            Ok(Cw20ExecuteMsg::Transfer { recipient, amount }) => {
                self.pay(contract, &Addr::unchecked(recipient), amount.u128());
            }
            Ok(Cw20ExecuteMsg::Mint { recipient, amount }) => {
                assert_eq!(contract, note().as_str(), "only notes are made");
                self.credit(contract, &Addr::unchecked(recipient), amount.u128());
                self.world.borrow_mut().notes += amount.u128();
            }
            Ok(Cw20ExecuteMsg::Burn { amount }) if contract == note().as_str() => {
                self.pay(contract, &addr("nowhere"), amount.u128());
                self.world.borrow_mut().notes -= amount.u128();
            }
            Ok(Cw20ExecuteMsg::Burn { amount }) => {
                assert_eq!(contract, addr("sdusd").as_str(), "only sdUSD is burnt");
                self.pay(contract, &addr("nowhere"), amount.u128());
                self.burnt += amount.u128();
            }
            other => assert_ne!(contract, addr("sdusd").as_str(), "{other:?}"),
        }
    }

    fn pay(&mut self, token: &str, to: &Addr, amount: u128) {
        assert!(amount > 0, "an empty transfer");
        let from = (token.to_string(), addr("liquidator").into());
        let held = self.balances.entry(from).or_default();
        *held = held.checked_sub(amount).expect("the contract holds what it sends");
        self.credit(token, to, amount);
    }

    fn credit(&mut self, token: &str, to: &Addr, amount: u128) {
        *self.balances.entry((token.to_string(), to.to_string())).or_default() += amount;
    }
}
