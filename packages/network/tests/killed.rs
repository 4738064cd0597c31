//! A deployment that was killed while one of its transactions was still on its way, and is started again before that one is
//! in a block.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a chain made of maps")]

use std::collections::BTreeMap;

use cosmwasm_std::{from_json, to_json_binary, Addr, Binary};
use sdp_network::deploy::{deploy, Progress, Step};
use sdp_network::error::Result;
use sdp_network::{
    AccountBook, Answer, Block, ChainError, Code, Deployment, Info, Kind, Manifest, Message, Names, Network,
    New, Stored, FAUCET,
};
use sdp_types::pool::{self, Change};
use sdp_types::units::Amount;
use sdp_types::{lens, liquidator};
use sdp_types::{SignedUsd, Usd};

/// A transaction.
#[derive(Clone)]
enum Tx {
    Store(Code),
    Make { creator: Addr, admin: Addr, new: New },
    Send(Vec<Message>),
}

/// A chain that knows of contracts what a deployment looks at.
#[derive(Clone, Default, PartialEq, Debug)]
struct State {
    /// Checksums; the number of the first is 1.
    codes: Vec<String>,
    contracts: BTreeMap<Addr, (u64, Addr, Option<Addr>)>,
    config: Option<pool::ConfigResponse>,
    markets: Vec<pool::MarketResponse>,
    ceilings: Vec<pool::CeilingResponse>,
    coins: BTreeMap<(Addr, String), u128>,
    height: u64,
}

/// One node of it.
struct Node {
    manifest: Manifest,
    names: Names,
    book: AccountBook,
    state: State,
    /// Taken by the node, and in the next block.
    on_its_way: Option<Tx>,
    /// How many transactions are sent before one is that the sender does not live to see in a block.
    lives_for: usize,
    /// Whether it tells what is on its way.
    tells: bool,
}

impl Node {
    fn new(lives_for: usize, tells: bool) -> Self {
        let (names, book, state) = (Names::default(), AccountBook::default(), State::default());
        Self { manifest: manifest(), names, book, state, on_its_way: None, lives_for, tells }
    }

    /// What another process sees.
    fn restarted(self) -> Self {
        Self { names: Names::default(), lives_for: usize::MAX, ..self }
    }

    fn transact(&mut self, tx: Tx) -> Result<Answer> {
        self.land();
        let Some(lives_for) = self.lives_for.checked_sub(1) else {
            self.on_its_way = Some(tx);
            return Err(ChainError::setup("killed"));
        };
        self.lives_for = lives_for;
        self.state.execute(&self.manifest, tx)?;
        Ok(Answer { height: self.state.height, ..Answer::default() })
    }

    /// What is on its way gets into a block.
    fn land(&mut self) {
        if let Some(tx) = self.on_its_way.take() {
            self.state.execute(&self.manifest, tx).unwrap();
        }
    }
}

impl State {
    /// All of it, or an error and nothing: as a real chain words it, or the pool.
    fn execute(&mut self, manifest: &Manifest, tx: Tx) -> Result<()> {
        self.height += 1;
        match tx {
            Tx::Store(code) => self.codes.push(checksum(code)),
            Tx::Make { creator, admin, new } => {
                let address = address_of(&creator, &new);
                if self.contracts.contains_key(&address) {
                    let text = "contract address already exists, try a different combination of creator, checksum and salt: duplicate";
                    return Err(ChainError::refused(text));
                }
                self.contracts.insert(address.clone(), (new.code.id, creator, Some(admin)));
                if new.code.checksum == checksum(Code::Pool) {
                    let msg: pool::InstantiateMsg = from_json(&new.msg).unwrap();
                    let sdusd = Addr::unchecked(format!("sdusd of {address}"));
                    self.contracts.insert(sdusd.clone(), (msg.sdusd_code_id, address.clone(), None));
                    self.config = Some(pool::ConfigResponse {
                        guardian: msg.guardian,
                        oracle: msg.oracle,
                        sdusd: sdusd.into_string(),
                        liquidator: None,
                        open: false,
                        params: manifest.pool_params(),
                    });
                }
                if new.code.checksum == checksum(Code::Liquidator) {
                    let msg: liquidator::InstantiateMsg = from_json(&new.msg).unwrap();
                    self.contracts.insert(note_of(&address), (msg.note_code_id, address, None));
                }
            }
            Tx::Send(messages) => {
                for message in messages {
                    match message {
                        Message::Execute { msg, .. } => self.configure(from_json(&msg).unwrap())?,
                        Message::Send { to, coins } => {
                            for coin in coins {
                                let held = self.coins.entry((to.clone(), coin.denom)).or_default();
                                *held += coin.amount.u128();
                            }
                        }
                    }
                }
            }
        }
        Ok(())
    }

    fn configure(&mut self, msg: pool::ExecuteMsg) -> Result<()> {
        let config = self.config.as_mut().unwrap();
        match msg {
            pool::ExecuteMsg::Open {} if config.open => return Err(sdp_types::Error::AlreadyOpen {}.into()),
            pool::ExecuteMsg::Open {} => config.open = true,
            pool::ExecuteMsg::Configure { change: Change::SetLiquidator { liquidator } } => {
                config.liquidator = Some(liquidator);
            }
            pool::ExecuteMsg::Configure { change: Change::AddMarket { market, line, .. } } => {
                if self.markets.iter().any(|listed| listed.market == market) {
                    let what = "market".to_string();
                    return Err(sdp_types::Error::Duplicate { what, key: market }.into());
                }
                self.markets.push(pool::MarketResponse {
                    market,
                    line: line.signed()?,
                    regime: Default::default(),
                    reported: SignedUsd::ZERO,
                    used: SignedUsd::ZERO,
                    accepted: false,
                    accepted_at: 0,
                    drawn: Usd::ZERO,
                    fees: Usd::ZERO,
                    shortfalls: Usd::ZERO,
                });
            }
            pool::ExecuteMsg::Configure { change: Change::SetCeiling { of, ceiling } } => {
                self.ceilings.retain(|set| set.of != of);
                self.ceilings.push(pool::CeilingResponse {
                    of,
                    ceiling: ceiling.unwrap(),
                    line: SignedUsd::ZERO,
                    used: SignedUsd::ZERO,
                    target: SignedUsd::ZERO,
                    rises_from: 0,
                });
            }
            other => panic!("no deployment sends {other:?}"),
        }
        Ok(())
    }
}

fn checksum(code: Code) -> String {
    format!("checksum of {code}")
}

fn address_of(creator: &Addr, new: &New) -> Addr {
    Addr::unchecked(format!("{} by {creator} as {}", new.code.checksum, new.label))
}

impl Network for Node {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }
    fn names(&self) -> &Names {
        &self.names
    }
    fn names_mut(&mut self) -> &mut Names {
        &mut self.names
    }
    fn book(&self) -> &AccountBook {
        &self.book
    }
    fn book_mut(&mut self) -> &mut AccountBook {
        &mut self.book
    }
    fn chain_id(&self) -> String {
        "slow-1".into()
    }
    fn derive(&self, name: &str) -> Result<Addr> {
        Ok(Addr::unchecked(format!("address of {name}")))
    }
    fn block(&self) -> Result<Block> {
        Ok(Block { height: self.state.height, time: self.state.height })
    }
    fn wait_until(&mut self, _time: u64) -> Result<Block> {
        self.block()
    }
    fn wait_for_sent(&mut self, _sender: &str) -> Result<()> {
        if self.tells {
            self.land();
        }
        Ok(())
    }
    fn send(&mut self, _sender: &str, messages: &[Message]) -> Result<Answer> {
        self.transact(Tx::Send(messages.to_vec()))
    }
    fn preview(&mut self, _sender: &str, _messages: &[Message]) -> Result<Answer> {
        Err(ChainError::setup("no deployment previews"))
    }
    fn give_coins(&mut self, account: &str, denom: &str, amount: Amount) -> Result<Answer> {
        let to = self.introduce(account)?;
        let coins = vec![cosmwasm_std::Coin::new(amount.raw(), denom)];
        self.send(FAUCET, &[Message::Send { to, coins }])
    }
    fn build(&self, code: Code) -> Result<Option<String>> {
        Ok(Some(checksum(code)))
    }
    fn store(&mut self, _sender: &str, code: Code) -> Result<(Stored, Answer)> {
        let known = |state: &State| state.codes.iter().position(|known| *known == checksum(code));
        let stored = |at: usize| Stored { id: at as u64 + 1, checksum: checksum(code) };
        match known(&self.state) {
            Some(at) => Ok((stored(at), Answer::default())),
            None => {
                let answer = self.transact(Tx::Store(code))?;
                Ok((stored(self.state.codes.len() - 1), answer))
            }
        }
    }
    fn made(&self, creator: &str, new: &New) -> Result<Option<Addr>> {
        let address = address_of(&self.address(creator)?, new);
        Ok(self.state.contracts.contains_key(&address).then_some(address))
    }
    fn instantiate(&mut self, creator: &str, new: &New) -> Result<(Addr, Answer)> {
        let creator = self.introduce(creator)?;
        let admin = self.introduce(new.admin.as_deref().unwrap())?;
        let address = address_of(&creator, new);
        let answer = self.transact(Tx::Make { creator, admin, new: new.clone() })?;
        Ok((address, answer))
    }
    fn migrate(&mut self, _sender: &str, _contract: &Addr, _code: u64, _msg: &Binary) -> Result<Answer> {
        Err(ChainError::setup("no deployment migrates"))
    }
    fn info(&self, contract: &Addr) -> Result<Option<Info>> {
        let Some((id, creator, admin)) = self.state.contracts.get(contract).cloned() else { return Ok(None) };
        let checksum = self.state.codes[usize::try_from(id).unwrap() - 1].clone();
        Ok(Some(Info { code: Stored { id, checksum }, creator, admin }))
    }
    fn ask(&self, contract: &Addr, question: &Binary, _height: Option<u64>) -> Result<Binary> {
        if let Ok(liquidator::QueryMsg::Notes {}) = from_json(question) {
            return Ok(to_json_binary(&liquidator::NotesResponse {
                token: note_of(contract).into_string(),
                params: self.manifest.liquidator.notes.params(),
                paid: Usd::ZERO,
                issued: Usd::ZERO,
                outstanding: Usd::ZERO,
                running: 0,
                lots: Usd::ZERO,
                claims: Usd::ZERO,
                escrow: Usd::ZERO,
            })?);
        }
        match from_json(question) {
            Ok(lens::QueryMsg::Markets {}) => return Ok(to_json_binary(&self.state.markets)?),
            Ok(lens::QueryMsg::Ceilings {}) => return Ok(to_json_binary(&self.state.ceilings)?),
            _ => {}
        }
        Ok(match from_json(question)? {
            pool::QueryMsg::Config {} => to_json_binary(self.state.config.as_ref().unwrap())?,
            other => panic!("no deployment asks {other:?}"),
        })
    }
    fn raw(&self, _contract: &Addr, _key: &[u8]) -> Result<Option<Vec<u8>>> {
        Ok(None)
    }
    fn coins(&self, address: &Addr, denom: &str) -> Result<Amount> {
        let held = self.state.coins.get(&(address.clone(), denom.to_string()));
        Ok(Amount::new(held.copied().unwrap_or_default()))
    }
}

/// The token that a liquidator makes.
fn note_of(liquidator: &Addr) -> Addr {
    Addr::unchecked(format!("sdnote of {liquidator}"))
}

/// Coins and a CW20, two markets, and an account that holds both kinds.
fn manifest() -> Manifest {
    let text = format!("{}\n[accounts.anna]\nATOM = \"1.5\"\nETH = \"0.25\"\n", Manifest::BUILT_IN);
    let mut manifest = Manifest::parse(&text).unwrap();
    // this sham of a chain knows no market that could be told of one
    manifest.custody = None;
    let mut second = manifest.markets[0].clone();
    second.name = "second".into();
    manifest.markets.push(second);
    manifest
}

fn run(node: &mut Node, record: &mut Deployment) -> Result<Vec<(Step, Progress)>> {
    let mut told = Vec::new();
    deploy(node, record, &mut |_, step, progress| {
        told.push((step.clone(), progress.clone()));
        Ok(())
    })?;
    Ok(told)
}

/// The whole of it, never killed.
fn whole() -> State {
    let mut node = Node::new(usize::MAX, true);
    let mut record = Deployment::new("slow-1", manifest()).unwrap();
    run(&mut node, &mut record).unwrap();
    node.state
}

/// Killed while the transaction of this step was on its way, and started again with what was recorded before it.
fn killed_at(step: usize, tells: bool) -> (Node, Deployment, Vec<(Step, Progress)>) {
    let mut node = Node::new(step, tells);
    let mut record = Deployment::new("slow-1", manifest()).unwrap();
    assert!(run(&mut node, &mut record).unwrap_err().says("killed"));
    assert_eq!(record.steps.len(), step);
    let mut node = node.restarted();
    let told = run(&mut node, &mut record).unwrap();
    assert!(record.is_complete());
    (node, record, told)
}

#[test]
fn what_was_on_its_way_is_waited_for_and_nothing_is_done_twice() {
    let whole = whole();
    for (at, step) in Step::all(&manifest()).iter().enumerate() {
        let (node, _, told) = killed_at(at, true);
        assert_eq!(node.state, whole, "killed at {step:?}");
        let sent = told
            .iter()
            .filter(|(_, progress)| matches!(progress, Progress::Done(answer) if answer.height > 0));
        assert_eq!(sent.count(), told.len() - at - 1, "killed at {step:?}");
    }
}

#[test]
fn what_lands_between_the_look_and_the_deed_is_found_after_the_refusal() {
    let whole = whole();
    for (at, step) in Step::all(&manifest()).iter().enumerate() {
        // nothing of it is refused: a code twice is told apart by its bytes only, coins not at all
        if matches!(step, Step::Store(_) | Step::Give { .. }) {
            continue;
        }
        let (node, _, told) = killed_at(at, false);
        // the height counts the refused one too
        assert_eq!(
            State { height: 0, ..node.state },
            State { height: 0, ..whole.clone() },
            "killed at {step:?}"
        );
        let (found, progress) = &told[at];
        // who may seize can be said twice, and how a ceiling follows
        let twice = matches!(step, Step::SetLiquidator | Step::SetCeiling(_));
        assert_eq!((found, *progress == Progress::There), (step, !twice), "killed at {step:?}");
    }
}

/// Codes that the manifest needs, in the order in which they are stored.
fn stores() -> Vec<Code> {
    let stored = |step| if let Step::Store(code) = step { Some(code) } else { None };
    Step::all(&manifest()).into_iter().filter_map(stored).collect()
}

#[test]
fn a_code_that_was_stored_twice_is_as_good_by_either_number() {
    let stores = stores();
    for (at, code) in stores.iter().enumerate() {
        let (mut node, mut record, _) = killed_at(at, false);
        assert_eq!(node.state.codes.len(), stores.len() + 1);
        assert_eq!(record.codes[code].id, at as u64 + 2);
        let state = node.state.clone();
        let again = run(&mut node, &mut record).unwrap();
        assert!(again.iter().all(|(_, progress)| *progress == Progress::There), "{again:?}");
        // without its record, where codes are looked for by their bytes: the first is found, contracts run the second
        let mut lost = Deployment::new("slow-1", manifest()).unwrap();
        for _ in 0..2 {
            run(&mut node, &mut lost).unwrap();
            assert_eq!(node.state, state);
        }
        assert_eq!(lost.contracts, record.contracts);
    }
}

#[test]
fn a_contract_with_another_admin_at_the_address_is_not_taken_for_ours() {
    let oracle = stores().len() + 1; // behind the codes and the token
    let mut node = Node::new(oracle, false);
    let mut record = Deployment::new("slow-1", manifest()).unwrap();
    run(&mut node, &mut record).unwrap_err();
    let Some(Tx::Make { admin, .. }) = &mut node.on_its_way else { panic!("it makes the oracle") };
    *admin = Addr::unchecked("address of mallory");
    let error = run(&mut node.restarted(), &mut record).unwrap_err();
    assert_eq!(error.kind, Kind::Setup);
    assert_eq!(error.text, "oracle may be migrated by address of mallory, not by address of owner");
}
