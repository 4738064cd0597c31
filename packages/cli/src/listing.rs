//! `sdp list`: a perpetual on a feed, with defaults that follow from what the oracle has measured.

use std::path::PathBuf;

use sdp_network::{Actions, Network};
use sdp_risk::listing::{propose, Grounds, SKEW_RISK};
use sdp_types::market::{self, Change, PerpConfig, PerpResponse};
use sdp_types::oracle::{self, MeasurementResponse};
use sdp_types::ownership::Ownership;
use sdp_types::units::{Ratio, Usd};
use serde_json::{json, Value};

use crate::failure::Failure;
use crate::output::{self, dollars, percent, Format};
use crate::provide::{number, usd};
use crate::session::Session;

#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  sdp list SOL\n  sdp list SOL --from olga\n  sdp list SOL --proposal sol.json && \
    wasmd tx gov submit-proposal sol.json --from me"
)]
pub struct Args {
    /// Symbol of the feed.
    feed: String,
    /// Name of the perpetual; the feed's with -PERP by default.
    #[arg(long)]
    name: Option<String>,
    /// Market contract.
    #[arg(long, default_value = "market")]
    market: String,
    /// Part of the collateral that one day's expected shortfall of the skew cap may come to, 0.005 for 0.5 %.
    #[arg(long, value_name = "PART", value_parser = number::<Ratio>)]
    risk: Option<Ratio>,
    /// Least USD of an order; by default the most that another perpetual of the market asks.
    #[arg(long, value_name = "USD")]
    minimum: Option<String>,
    /// Send it as the market's owner; without this and without a file it is only shown.
    #[arg(long, value_name = "NAME", conflicts_with = "proposal")]
    from: Option<String>,
    /// Write a proposal for a chain whose governance owns the market, as `tx gov submit-proposal` takes it.
    #[arg(long, value_name = "FILE")]
    proposal: Option<PathBuf>,
    /// What the proposal puts down.
    #[arg(long, value_name = "COINS", default_value = "10000000stake", requires = "proposal")]
    deposit: String,
}

/// What is proposed, by what, and beside what.
struct Proposed {
    config: PerpConfig,
    grounds: Grounds,
    /// Seconds since the price of the feed's last sample was published; none: its volatility is still what its owner gave it.
    sampled: Option<u64>,
    others: Vec<PerpResponse>,
}

pub fn run(session: &Session, args: &Args) -> Result<(), Failure> {
    let mut open = session.open()?;
    let chain = open.network();
    let proposed = proposed(chain, args)?;
    let change = Change::AddPerp { config: proposed.config.clone() };
    let message = market::ExecuteMsg::Configure { change };
    if let Some(file) = &args.proposal {
        let text = serde_json::to_string_pretty(&proposal(chain, args, &proposed, &message)?);
        let text = text.map_err(Failure::setup)?;
        std::fs::write(file, text + "\n")
            .map_err(|error| Failure::setup(format!("{}: {error}", file.display())))?;
    }
    if let Some(from) = &args.from {
        let answer = chain.execute(from, &args.market, &message, &[])?;
        return session.tell(open, &answer);
    }
    match session.format() {
        Format::Json => say!("{}", serde_json::to_string(&message).map_err(Failure::setup)?),
        Format::Table => shown(&proposed),
    }
    Ok(())
}

/// The perpetual that follows from what the chain says.
fn proposed(chain: &dyn Network, args: &Args) -> Result<Proposed, Failure> {
    let measured: MeasurementResponse = chain.query("oracle", &oracle::QueryMsg::Measurement {})?;
    let feed = measured.feeds.into_iter().find(|feed| feed.symbol == args.feed).ok_or_else(|| {
        let reason = "the owner of the oracle registers it first, and what it moves has to be measured";
        Failure::setup(format!("no measured feed {}: {reason}", args.feed))
    })?;
    // nothing could be traded, and nobody knows what an order of the least size would be
    chain
        .board()?
        .last(feed.feed)
        .map_err(|error| Failure::setup(format!("feed {}: {error}", feed.symbol)))?;
    let others = chain.perps(&args.market)?;
    let config: market::ConfigResponse = chain.query(&args.market, &market::QueryMsg::Config {})?;
    let health = chain.health()?;
    if health.collateral.is_zero() {
        return Err(Failure::setup("the pool has no collateral that caps could follow from"));
    }
    let minimum = match &args.minimum {
        Some(text) => usd(text)?,
        None => others.iter().map(|other| other.config.minimum_notional).max().unwrap_or(Usd::whole(10)),
    };
    let grounds = Grounds {
        volatility: feed.volatility.max(feed.pricing).max(feed.margin),
        collateral: health.collateral,
        depth: health.impact_depth,
        fee: config.params.fee,
        risk: args.risk.unwrap_or(SKEW_RISK),
        minimum_notional: minimum,
    };
    let name = args.name.clone().unwrap_or_else(|| format!("{}-PERP", args.feed));
    let config = propose(&name, feed.feed, &grounds).map_err(Failure::setup)?;
    let sampled = (!feed.price.is_zero()).then_some(feed.age);
    Ok(Proposed { config, grounds, sampled, others })
}

/// A file for `tx gov submit-proposal`: one message, sent by the account that owns the market.
fn proposal(
    chain: &dyn Network,
    args: &Args,
    proposed: &Proposed,
    message: &market::ExecuteMsg,
) -> Result<Value, Failure> {
    let owner: Ownership = chain.query(&args.market, &market::QueryMsg::Ownership {})?;
    let sender = owner.owner.ok_or_else(|| Failure::setup(format!("{} has no owner", args.market)))?;
    let Proposed { config, grounds, .. } = proposed;
    let summary = format!(
        "{} with an initial margin of {} and a skew of at most {} USD, which follow from a volatility of {} a day and a collateral of {} USD",
        config.name,
        percent(Some(config.initial_margin)),
        dollars(config.skew_cap),
        percent(Some(grounds.volatility)),
        dollars(grounds.collateral),
    );
    Ok(json!({
        "messages": [{
            "@type": "/cosmwasm.wasm.v1.MsgExecuteContract",
            "sender": sender,
            "contract": chain.contract(&args.market)?,
            "msg": message,
            "funds": [],
        }],
        "metadata": "",
        "deposit": args.deposit,
        "title": format!("List {}", config.name),
        "summary": summary,
    }))
}

/// Each parameter beside those of the market's other perpetuals.
fn shown(proposed: &Proposed) {
    let Proposed { config, grounds, sampled, others } = proposed;
    let row = |name: &str, value: String| (name.to_string(), value);
    output::fields([
        row("volatility a day", percent(Some(grounds.volatility))),
        row(
            "last sample",
            sampled.map_or("none: the volatility is the oracle's prior".into(), |age| format!("{age} s ago")),
        ),
        row("collateral", dollars(grounds.collateral)),
        row("depth of the impact", dollars(grounds.depth)),
    ]);
    let all = || [config].into_iter().chain(others.iter().map(|other| &other.config));
    let mut header = vec!["parameter"];
    header.extend(all().map(|config| config.name.as_str()));
    let line = |name: &str, of: &dyn Fn(&PerpConfig) -> String| {
        [name.to_string()].into_iter().chain(all().map(of)).collect::<Vec<_>>()
    };
    let ratio = |name, of: fn(&PerpConfig) -> Ratio| line(name, &|config| percent(Some(of(config))));
    let amount = |name, of: fn(&PerpConfig) -> Usd| line(name, &|config| dollars(of(config)));
    say!("");
    output::table(
        &header,
        [
            ratio("initial margin", |config| config.initial_margin),
            ratio("maintenance margin", |config| config.maintenance_margin),
            amount("skew cap", |config| config.skew_cap),
            amount("open interest cap", |config| config.open_interest_cap),
            ratio("trade confidence", |config| config.trade_confidence),
            ratio("liquidate confidence", |config| config.liquidate_confidence),
            ratio("liquidation penalty", |config| config.liquidation_penalty),
            ratio("premium cap", |config| config.premium_cap),
            amount("least order", |config| config.minimum_notional),
        ],
    );
    say!("nothing is sent: --from OWNER sends it, --proposal FILE writes it for a vote");
}
