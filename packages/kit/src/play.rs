//! The chain, and the script on it.

use anyhow::{anyhow, Context, Result};
use cosmwasm_std::{Addr, Empty};
use cw_multi_test::Contract;
use sdp_embedded::{Actions, Audits, Bonding, Chain, ChainError, Manifest, Network, DESK};
use sdp_types::bonded::{BondedResponse, ConfigResponse, QueryMsg};
use sdp_types::exposure::Exposure;
use sdp_types::record::{key, tag, Record};
use sdp_types::units::{Amount, Price, SignedUsd, Usd};
use serde_json::{Map, Value};

use crate::check::Check;
use crate::report::Report;

/// What the market is called on the chain.
pub const MARKET: &str = "my market";
/// Who opens it.
const OPENER: &str = "opener";
/// Who has nothing to do with it.
const STRANGER: &str = "mallory";
/// Seconds after which no price is fresh for anything.
const WITHOUT_PRICES: u64 = 600;

/// Something that the script does.
enum Step {
    Sends { who: String, msg: Value },
    Pays { who: String, amount: Usd, hook: Value },
    Waits(u64),
    Price { feed: String, price: String },
}

impl Step {
    fn name(&self) -> String {
        let first = |msg: &Value| match msg {
            Value::Object(fields) => fields.keys().next().cloned().unwrap_or_default(),
            other => other.to_string(),
        };
        match self {
            Self::Sends { who, msg } => format!("`{}` of {who}", first(msg)),
            Self::Pays { who, amount, hook } => format!("`{}` of {who} with {amount}", first(hook)),
            Self::Waits(seconds) => format!("{seconds} s"),
            Self::Price { feed, price } => format!("{feed} at {price}"),
        }
    }
}

/// How a contract's first message is made, by the addresses of names.
type Makes = Box<dyn Fn(&dyn Fn(&str) -> String) -> Value>;

/// A market, and what is to be done with it.
pub struct Kit {
    market: Option<(Box<dyn Contract<Empty>>, Makes)>,
    bond: Usd,
    script: Vec<Step>,
}

impl Default for Kit {
    fn default() -> Self {
        Self::new()
    }
}

impl Kit {
    /// The built-in manifest with the default desk, a provider of 10 million USD behind it, and a bond of the minimum.
    pub fn new() -> Self {
        Self { market: None, bond: Usd::whole(25_000), script: Vec::new() }
    }

    /// The contract, and the message that makes it: `of` knows addresses by their names, `pool`, `bonded` (the desk), `oracle`, `sdusd`, and of
    /// everybody.
    #[must_use]
    pub fn market(
        mut self,
        code: Box<dyn Contract<Empty>>,
        msg: impl Fn(&dyn Fn(&str) -> String) -> Value + 'static,
    ) -> Self {
        self.market = Some((code, Box::new(msg)));
        self
    }

    /// Another bond, whole USD.
    #[must_use]
    pub fn bond(mut self, whole: u64) -> Self {
        self.bond = Usd::whole(whole);
        self
    }

    /// A message to the market. A text `"@bob"` in it becomes bob's address.
    #[must_use]
    pub fn sends(mut self, who: &str, msg: Value) -> Self {
        self.script.push(Step::Sends { who: who.into(), msg });
        self
    }

    /// sdUSD to the market, whole USD that the payer is given before, with this message in it.
    #[must_use]
    pub fn pays(mut self, who: &str, whole: u64, hook: Value) -> Self {
        self.script.push(Step::Pays { who: who.into(), amount: Usd::whole(whole), hook });
        self
    }

    /// Time passes, and all prices are published again at the end.
    #[must_use]
    pub fn waits(mut self, seconds: u64) -> Self {
        self.script.push(Step::Waits(seconds));
        self
    }

    /// A feed's new price.
    #[must_use]
    pub fn price(mut self, feed: &str, price: &str) -> Self {
        self.script.push(Step::Price { feed: feed.into(), price: price.into() });
        self
    }

    /// Plays it all, looks after each step, and says what was found. An error where the kit itself or the first message fails, or the books of
    /// the pool don't balance.
    pub fn play(self) -> Result<Report> {
        let mut report =
            Report { made: Check::ALL.iter().map(|check| (*check, 0)).collect(), failed: vec![] };
        let (code, makes) = self.market.ok_or_else(|| anyhow!("no market: call `market` first"))?;
        let mut chain = stage()?;
        let msg = makes(&|name| chain.address(name).into_string());
        chain.add_contract(MARKET, code, &msg).context("the market can't be made")?;
        chain.transfer("whale", "sdusd", OPENER, Amount::new(self.bond.raw()))?;
        chain.bond_market(OPENER, MARKET, self.bond).context("the market can't be bonded")?;

        let begun = chain.snapshot();
        let records = Play::new(&mut chain, &mut report, &self.script)?.all()?;
        // once more, with sdUSD that somebody just transfers to it: what it owes must not follow its balance
        chain.restore(&begun);
        chain.transfer("whale", "sdusd", MARKET, Amount::new(123_456_789))?;
        let again = silently(&mut chain, &self.script)?;
        for ((step, first), then) in self.script.iter().zip(&records).zip(&again) {
            let same = first == then;
            let why = || "it owes something else once somebody has transferred sdUSD to it".to_string();
            report.note(Check::Moves, &step.name(), if same { Ok(()) } else { Err(why()) });
        }
        Ok(report)
    }
}

fn stage() -> Result<Chain> {
    let mut manifest = Manifest::with_default_desk()?;
    manifest.pool.breakers = None;
    let mut chain = Chain::deploy(manifest)?;
    chain.audits = Audits::Books;
    chain.publish_first_prices()?;
    chain.give("whale", "ATOM", Amount::new(1_000_000_000_000))?;
    chain.deposit("whale", "ATOM", Amount::new(1_000_000_000_000), None)?;
    chain.mint("whale", "ATOM", Usd::whole(3_000_000))?;
    chain.introduce(STRANGER);
    Ok(chain)
}

/// `"@bob"` as bob's address.
fn addressed(chain: &mut Chain, value: &Value) -> Value {
    match value {
        Value::String(text) => match text.strip_prefix('@') {
            Some(name) => Value::String(chain.introduce(name).into_string()),
            None => value.clone(),
        },
        Value::Array(items) => items.iter().map(|item| addressed(chain, item)).collect(),
        Value::Object(fields) => {
            let fields = fields.iter().map(|(name, field)| (name.clone(), addressed(chain, field)));
            Value::Object(fields.collect::<Map<_, _>>())
        }
        other => other.clone(),
    }
}

/// Does a step as somebody; what the market or the desk refuses is inside.
fn does(chain: &mut Chain, step: &Step, who: Option<&str>) -> Result<Result<(), ChainError>> {
    Ok(match step {
        Step::Sends { who: own, msg } => {
            let msg = addressed(chain, msg);
            chain.execute(who.unwrap_or(own), MARKET, &msg, &[]).map(drop)
        }
        Step::Pays { who: own, amount, hook } => {
            let (who, amount) = (who.unwrap_or(own), Amount::new(amount.raw()));
            chain.transfer("whale", "sdusd", who, amount)?;
            let hook = addressed(chain, hook);
            chain.send_tokens(who, "sdusd", MARKET, amount, &hook).map(drop)
        }
        Step::Waits(seconds) => {
            chain.advance(*seconds);
            chain.republish()?;
            Ok(())
        }
        Step::Price { feed, price } => {
            let (feed, price): (_, Price) = (chain.manifest().feed_id(feed)?, price.parse()?);
            chain.publish_surely(&[(feed, price, None)])?;
            Ok(())
        }
    })
}

/// What the market shows after each step, without the time of it.
fn silently(chain: &mut Chain, script: &[Step]) -> Result<Vec<Option<Exposure>>> {
    let mut records = Vec::new();
    for step in script {
        let _ = does(chain, step, None)?;
        records.push(shown(chain)?.1.map(timeless));
    }
    Ok(records)
}

fn timeless(exposure: Exposure) -> Exposure {
    Exposure { as_of: 0, ..exposure }
}

/// The bytes under the market's key, and the record that they begin with.
fn shown(chain: &Chain) -> Result<(Vec<u8>, Option<Exposure>)> {
    let market: Addr = chain.contract(MARKET)?;
    let bytes: Vec<u8> = chain.raw(&market, &key(tag::EXPOSURE))?.unwrap_or_default();
    let record = Exposure::decode_first(&bytes).ok().map(|(exposure, _)| exposure);
    Ok((bytes, record))
}

/// A script that is being played.
struct Play<'a> {
    chain: &'a mut Chain,
    report: &'a mut Report,
    script: &'a [Step],
    /// What it showed, and how it stood at the desk, after the last step.
    last: Option<Exposure>,
    stood: BondedResponse,
}

impl<'a> Play<'a> {
    fn new(chain: &'a mut Chain, report: &'a mut Report, script: &'a [Step]) -> Result<Self> {
        let (last, stood) = (shown(chain)?.1, chain.bonded_market(MARKET)?);
        Ok(Self { chain, report, script, last, stood })
    }

    fn note(&mut self, check: Check, after: &str, holds: bool, why: impl FnOnce() -> String) {
        self.report.note(check, after, if holds { Ok(()) } else { Err(why()) });
    }

    fn all(mut self) -> Result<Vec<Option<Exposure>>> {
        self.look("the beginning")?;
        let mut records = Vec::new();
        for step in self.script {
            let name = step.name();
            if let Step::Sends { .. } | Step::Pays { .. } = step {
                self.by_a_stranger(step, &name)?;
                self.without_prices(step, &name)?;
            }
            let done = does(self.chain, step, None)?;
            self.note(Check::Script, &name, done.is_ok(), || {
                done.as_ref().err().map(ToString::to_string).unwrap_or_default()
            });
            self.look(&name)?;
            records.push(self.last.clone().map(timeless));
        }
        self.closes()?;
        Ok(records)
    }

    /// Nothing is owed: the opener begins to close it, a stranger completes that after the delay, and the opener has what is left of the bond.
    fn closes(&mut self) -> Result<()> {
        let owes = self.last.as_ref().is_none_or(|record| !record.is_flat()) || !self.stood.claim.is_zero();
        if owes || self.stood.quarantine.is_some() {
            return Ok(());
        }
        let before = self.chain.snapshot();
        let had = self.chain.balance(OPENER, "sdusd")?;
        let config: ConfigResponse = self.chain.query(DESK, &QueryMsg::Config {})?;
        let done = self.chain.close_market(OPENER, MARKET).and_then(|_| {
            self.chain.advance(config.params.close_delay);
            self.chain.close_market(STRANGER, MARKET)
        });
        let refund = self.chain.balance(OPENER, "sdusd")?.raw().saturating_sub(had.raw());
        let complaint = match done {
            Err(error) => Some(error.to_string()),
            Ok(_) if refund == self.stood.refund.raw() => None,
            Ok(_) => Some(format!("its opener got {refund} micro-USD, not {}", self.stood.refund.raw())),
        };
        self.note(Check::Closes, "the end", complaint.is_none(), || complaint.unwrap_or_default());
        self.chain.restore(&before);
        Ok(())
    }

    /// Somebody who has nothing to do with it sends the message first: he is not richer after it.
    fn by_a_stranger(&mut self, step: &Step, name: &str) -> Result<()> {
        let before = self.chain.snapshot();
        let had = self.chain.balance(STRANGER, "sdusd")?;
        let done = does(self.chain, step, Some(STRANGER))?;
        let has = self.chain.balance(STRANGER, "sdusd")?;
        // what he was given to pay with is his if it is refused
        let given = match (step, &done) {
            (Step::Pays { amount, .. }, Err(_)) => amount.raw(),
            _ => 0,
        };
        let most = had.raw().saturating_add(given);
        self.note(Check::Strangers, name, has.raw() <= most, || {
            format!("{STRANGER} got {} micro-USD", has.raw().saturating_sub(most))
        });
        self.chain.restore(&before);
        Ok(())
    }

    /// The message while no price is fresh: refused or taken, and the record as good as before.
    fn without_prices(&mut self, step: &Step, name: &str) -> Result<()> {
        let before = self.chain.snapshot();
        self.chain.advance(WITHOUT_PRICES);
        let done = does(self.chain, step, None)?;
        let broke = done.as_ref().err().filter(|error| error.is_bug()).map(ToString::to_string);
        let quarantined = self.chain.bonded_market(MARKET)?.quarantine;
        let good = shown(self.chain)?.1.is_some() || self.last.is_none();
        let complaint = broke
            .or_else(|| quarantined.map(|quarantine| format!("quarantined for {}", quarantine.code)))
            .or_else(|| (!good).then(|| "its record can't be read any more".into()));
        // one that was in quarantine before is told of elsewhere
        let holds = complaint.is_none() || self.stood.quarantine.is_some();
        self.note(Check::MissingPrices, name, holds, || complaint.unwrap_or_default());
        self.chain.restore(&before);
        Ok(())
    }

    /// Everything that can be seen from outside.
    fn look(&mut self, after: &str) -> Result<()> {
        let (bytes, record) = shown(self.chain)?;
        let desk = self.chain.bonded_market(MARKET)?;
        let checked = self.chain.check_market(MARKET)?;
        self.note(Check::Decodes, after, record.is_some(), || {
            format!("{} bytes under the key 0x90 that begin with no exposure record", bytes.len())
        });
        let length = checked.record_bytes;
        self.note(Check::Short, after, length <= 256, || format!("{length} bytes"));
        let Some(record) = record else {
            (self.last, self.stood) = (None, desk);
            return Ok(());
        };

        let before = self.last.clone();
        let changed = before.clone().map(timeless) != Some(timeless(record.clone()));
        let now = self.chain.now();
        self.note(Check::OfNow, after, !changed || record.as_of == now, || {
            format!(
                "it changed, and says that it is of {}, {} s ago",
                record.as_of,
                now.saturating_sub(record.as_of)
            )
        });
        // before the first change there is nothing to push
        let same = desk.record.as_ref() == Some(&record) || (desk.record.is_none() && !changed);
        self.note(Check::Pushed, after, same, || match &desk.record {
            None => "it has pushed nothing".into(),
            Some(pushed) => format!("it shows base {}, and pushed base {}", record.base, pushed.base),
        });
        let fees = before.map(|before| before.fees).unwrap_or_default();
        let clean = record.drawn.is_zero() && record.shortfalls.is_zero() && record.fees >= fees;
        self.note(Check::Counters, after, clean, || {
            let Exposure { drawn, shortfalls, fees: now, .. } = &record;
            format!("drawn {drawn}, shortfalls {shortfalls}, fees {now} after {fees}")
        });
        let refused = checked.refuses.clone();
        let believed = desk.quarantine.is_none() && refused.is_none();
        self.note(Check::WithinCredit, after, believed, || match (&desk.quarantine, refused) {
            (Some(quarantine), _) => format!("it is in quarantine for {}", quarantine.code),
            (None, refused) => refused.unwrap_or_default(),
        });

        let drawn = desk.paid_out.saturating_minus(self.stood.paid_out);
        let fell = drawn.is_zero() || desk.cost <= self.stood.cost;
        let cost = (self.stood.cost, desk.cost);
        self.note(Check::Moves, after, fell, || {
            format!(
                "it drew {drawn}, and its cost went from {} to {}: push what is owed after a draw first",
                cost.0, cost.1
            )
        });
        let holds = self.chain.balance(MARKET, "sdusd")?;
        if let Some(least) = surplus(&record) {
            self.note(Check::Holds, after, least <= holds.raw(), || {
                format!("by its record it holds at least {least}, and has {}", holds.raw())
            });
        }
        (self.last, self.stood) = (Some(record), desk);
        Ok(())
    }
}

/// What a record without quantities says that the market holds at least: what it owes is not below 0, so that is what is above.
fn surplus(record: &Exposure) -> Option<u128> {
    let holds = || if record.base < SignedUsd::ZERO { record.base.abs().raw() } else { 0 };
    record.is_flat().then(holds)
}
