//! `sdp show`, `sdp health` and `sdp audit`: what there is, in human units.

use clap::Subcommand;
use sdp_network::contributions::Contributions;
use sdp_network::{
    Actions, Backing, ChainError, Closing, Network, Recovering, Swapping, Synthetics, TokenMargin,
};
use sdp_types::lens::{self, HealthResponse, SolvencyResponse};
use sdp_types::liquidator::AuctionResponse;
use sdp_types::market::{AccountResponse, OrderResponse, PerpResponse};
use sdp_types::oracle::{BoardResponse, RestrictedFeed};
use sdp_types::pool::{PositionResponse, VaultResponse};
use sdp_types::units::Usd;
use sdp_types::{market, oracle, pool, Size};
use serde::Serialize;

use crate::back;
use crate::balance;
use crate::custody;
use crate::failure::Failure;
use crate::limits;
use crate::notes;
use crate::output::{self, dollars, percent, price, short, signed, tokens, Format};
use crate::preview;
use crate::provide::number;
use crate::session::Session;
use crate::shut_down;
use crate::spot;
use crate::swap;

#[derive(Subcommand)]
pub enum Command {
    /// All prices on the oracle's board.
    Prices,
    /// All vaults.
    Vaults,
    /// A provider's positions in all vaults, and at which ratios they are kept.
    Position {
        /// Name of the provider.
        owner: String,
    },
    /// All positions of a vault.
    Positions {
        /// Name of the collateral.
        collateral: String,
    },
    /// All perpetuals of a market.
    Perps {
        /// Market contract.
        #[arg(default_value = "market")]
        market: String,
    },
    /// A trader's account.
    Account {
        /// Name of the trader.
        owner: String,
        /// Number of the account.
        #[arg(default_value_t = 0)]
        account: u16,
        /// Market contract.
        #[arg(long, default_value = "market")]
        market: String,
    },
    /// What an order would do if it filled now: what it costs, what margin it needs and why.
    Trade {
        /// Name of the trader.
        owner: String,
        /// Name of the perpetual, or symbol of its feed.
        perp: String,
        /// Whole units: positive buys, negative sells.
        #[arg(allow_hyphen_values = true, value_parser = number::<Size>)]
        size: Size,
        /// Number of the account.
        #[arg(long, default_value_t = 0)]
        account: u16,
    },
    /// Orders of a perpetual that wait.
    Orders {
        /// Name of the perpetual, or symbol of its feed.
        perp: String,
    },
    /// Running auctions.
    Auctions,
    /// The backstop, or a depositor of it.
    Backstop {
        /// Name of a depositor.
        owner: Option<String>,
    },
    /// Recovery notes: what was sold and is outstanding, and the auctions that run.
    Notes,
    /// Synthetics, who is owed what, and the sums of their books.
    Synthetics,
    /// The par reserve: what is there of each token, and what may be swapped now.
    Reserve,
    /// Margin in tokens: what there is, who has it and what is for sale; with a name, what backs an account.
    Custody {
        /// Name of a trader.
        owner: Option<String>,
        /// Number of the account.
        #[arg(long, default_value_t = 0)]
        account: u16,
    },
    /// What is left of a pool that was shut down; with a name, what is due to that holder of sdUSD.
    Estate {
        /// Name of a holder.
        holder: Option<String>,
    },
    /// How far the pool is from default, and what would hedge it.
    Solvency,
    /// Who contributes to the expected shortfall: markets and vaults, and the accounts of a market to its own.
    Contributions {
        /// Market contract whose accounts are shown.
        #[arg(default_value = "market")]
        market: String,
    },
    /// What is allowed with the pool, its markets and feeds, what the breakers measure, and from where on they trip.
    Regimes,
    /// Ceilings that follow what is used.
    Ceilings,
    /// What an account holds, and its dollars in the account book.
    Balance {
        /// Name of the account.
        account: String,
    },
    /// Addresses of contracts and accounts.
    Names,
}

/// Answers in JSON as they are, or as the table that `show` prints.
pub fn put<T: Serialize>(session: &Session, answer: &T, show: impl FnOnce()) -> Result<(), Failure> {
    match session.format() {
        Format::Json => say!("{}", serde_json::to_string(answer).map_err(Failure::setup)?),
        Format::Table => show(),
    }
    Ok(())
}

pub fn run(session: &Session, command: Command) -> Result<(), Failure> {
    let mut open = session.open()?;
    let chain: &dyn Network = open.network();
    match command {
        Command::Prices => {
            let board: BoardResponse = chain.query("oracle", &oracle::QueryMsg::Board {})?;
            put(session, &board, || prices(&board))
        }
        Command::Vaults => {
            let vaults: Vec<VaultResponse> = chain.query("pool", &pool::QueryMsg::Vaults {})?;
            put(session, &vaults, || self::vaults(chain, &vaults))
        }
        Command::Position { owner } => {
            let names: Vec<_> = chain.manifest().collaterals.iter().map(|entry| entry.name.clone()).collect();
            let found = names.iter().map(|collateral| chain.position(&owner, collateral));
            let found = found.filter(|position| !matches!(position, Err(error) if error.says("E0302")));
            let found = found.collect::<Result<Vec<_>, ChainError>>()?;
            let (kept, means) = balance::kept(chain, &owner, &found)?;
            put(session, &found, || {
                positions(chain, &found);
                balance::shown(&kept, &means);
            })
        }
        Command::Positions { collateral } => {
            let found = chain.positions(chain.vault(&collateral)?)?;
            put(session, &found, || positions(chain, &found))
        }
        Command::Perps { market } => {
            let perps = chain.perps(&market)?;
            let totals = chain.market_totals(&market)?;
            put(session, &perps, || self::perps(&perps, &totals))
        }
        Command::Account { owner, account, market } => {
            let perps = chain.perps(&market)?;
            let found = chain.account(&owner, &market, account)?;
            put(session, &found, || self::account(&perps, &found))
        }
        Command::Trade { owner, perp, size, account } => {
            let (market, perp) = chain.perp(&perp)?;
            let perps = chain.perps(&market)?;
            let found = chain.preview_trade(&owner, &market, account, perp, size)?;
            put(session, &found, || preview::trade(&perps, &found))
        }
        Command::Orders { perp } => {
            let (market, number) = chain.perp(&perp)?;
            let found = chain.orders(&market, number)?;
            put(session, &found, || orders(chain, &found))
        }
        Command::Auctions => {
            let found = chain.auctions()?;
            put(session, &found, || auctions(chain, &found))
        }
        Command::Backstop { owner: None } => {
            let found = chain.backstop()?;
            put(session, &found, || back::backstop(chain, &found))
        }
        Command::Backstop { owner: Some(owner) } => {
            let found = chain.backstop_account(&owner)?;
            put(session, &found, || back::account(chain, &found))
        }
        Command::Notes => {
            let (found, auctions) = (chain.notes()?, chain.note_auctions()?);
            let all = serde_json::json!({ "notes": found, "auctions": auctions });
            put(session, &all, || notes::notes(chain, &found, &auctions))
        }
        Command::Synthetics => {
            let (found, claims) = (chain.synthetics()?, chain.synthetic_claims()?);
            let totals = chain.synthetic_totals()?;
            let all = serde_json::json!({ "synthetics": found, "claims": claims, "totals": totals });
            put(session, &all, || spot::synthetics(chain, &found, &claims, &totals))
        }
        Command::Reserve => {
            let (totals, found) = (chain.reserve_totals()?, chain.reserve_tokens()?);
            let all = serde_json::json!({ "totals": totals, "tokens": found });
            put(session, &all, || swap::reserve(chain, &totals, &found))
        }
        Command::Custody { owner: Some(owner), account } => {
            let found = chain.token_margin(&owner, account)?;
            put(session, &found, || custody::account(chain, &found))
        }
        Command::Custody { owner: None, .. } => {
            let (tokens, accounts) = (chain.custody_tokens()?, chain.token_margins()?);
            let sales = chain.token_sales()?;
            let all = serde_json::json!({ "tokens": tokens, "accounts": accounts, "sales": sales });
            put(session, &all, || custody::custody(chain, &tokens, &accounts, &sales))
        }
        Command::Estate { holder: None } => {
            let found = chain.estate()?;
            put(session, &found, || shut_down::estate(chain, found.as_ref()))
        }
        Command::Estate { holder: Some(holder) } => {
            let found = chain.redeemed(&holder)?;
            put(session, &found, || shut_down::redeemed(chain, &found))
        }
        Command::Solvency => {
            let found: SolvencyResponse = chain.query("lens", &lens::QueryMsg::Solvency {})?;
            put(session, &found, || solvency(chain, &found))
        }
        Command::Contributions { market } => {
            let of_pool: lens::ContributionsResponse =
                chain.query("lens", &lens::QueryMsg::Contributions {})?;
            let of_market = chain.contributions(&market)?;
            let found = serde_json::json!({ "pool": of_pool, "market": of_market });
            put(session, &found, || contributions(chain, &of_pool, &of_market))
        }
        Command::Regimes => {
            let found = chain.regimes()?;
            let feeds: Vec<RestrictedFeed> = chain.query("oracle", &oracle::QueryMsg::Regimes {})?;
            let config: pool::ConfigResponse = chain.query("pool", &pool::QueryMsg::Config {})?;
            let now = chain.now()?;
            let pool::RegimesResponse { pool, measures, markets } = &found;
            let all =
                serde_json::json!({ "pool": pool, "measures": measures, "markets": markets, "feeds": feeds });
            let breakers = config.params.breakers;
            put(session, &all, || limits::regimes(chain, breakers.as_ref(), &found, &feeds, now))
        }
        Command::Ceilings => {
            let found = chain.ceilings()?;
            let (regimes, now) = (chain.regimes()?, chain.now()?);
            put(session, &found, || limits::ceilings(chain, &found, &regimes, now))
        }
        Command::Balance { account } => balance(session, chain, &account),
        Command::Names => {
            let accounts = chain.names().accounts().iter().map(|(name, address)| (name, address.clone()));
            let contracts = chain.names().contracts().iter().map(|(name, address)| (name, address.clone()));
            let all: Vec<_> = contracts.chain(accounts).collect();
            put(session, &all.iter().cloned().collect::<std::collections::BTreeMap<_, _>>(), || {
                let rows = all.iter().map(|(name, address)| vec![(*name).to_string(), address.to_string()]);
                output::table(&["name", "address"], rows);
            })
        }
    }
}

pub fn name(chain: &dyn Network, address: &str) -> String {
    chain.name_of(address).unwrap_or(address).to_string()
}

fn prices(board: &BoardResponse) {
    let rows = board.prices.iter().map(|entry| {
        vec![
            entry.symbol.clone(),
            price(entry.quote.price),
            percent(Some(entry.quote.confidence)),
            price(entry.average),
            format!("{} s", entry.age),
            entry.regime.to_string(),
            if entry.pulled { "pulled" } else { "pushed" }.into(),
        ]
    });
    output::table(&["feed", "price", "confidence", "average", "age", "regime", "source"], rows);
}

fn vaults(chain: &dyn Network, vaults: &[VaultResponse]) {
    let rows = vaults.iter().map(|vault| {
        let name = chain.manifest().collaterals.get(usize::from(vault.vault));
        vec![
            name.map(|entry| entry.name.clone()).unwrap_or_default(),
            tokens(vault.collateral, vault.config.decimals),
            dollars(vault.value),
            signed(vault.debt),
            percent(Some(vault.config.issuance_ratio)),
            percent(Some(vault.config.liquidation_ratio)),
            percent(Some(vault.config.stability_fee)),
            if vault.fresh { "fresh" } else { "stale" }.into(),
        ]
    });
    let header = ["collateral", "amount", "value", "debt", "issuance", "liquidation", "fee a year", "price"];
    output::table(&header, rows);
}

fn positions(chain: &dyn Network, positions: &[PositionResponse]) {
    let rows = positions.iter().map(|position| {
        let entry = chain.manifest().collaterals.get(usize::from(position.vault));
        let decimals = entry.map_or(0, |entry| entry.decimals);
        let exit = position.exit.as_ref().map(|exit| tokens(exit.amount, decimals));
        vec![
            name(chain, &position.owner),
            entry.map(|entry| entry.name.clone()).unwrap_or_default(),
            tokens(position.collateral, decimals),
            dollars(position.value),
            signed(position.debt),
            dollars(position.minted),
            percent(position.ratio),
            exit.unwrap_or_else(|| "–".into()),
        ]
    });
    output::table(&["owner", "collateral", "amount", "value", "debt", "minted", "ratio", "leaving"], rows);
}

fn perps(perps: &[PerpResponse], totals: &market::TotalsResponse) {
    let rows = perps.iter().map(|perp| {
        vec![
            perp.config.name.clone(),
            price(perp.index),
            perp.long.to_string(),
            perp.short.to_string(),
            perp.skew.to_string(),
            format!("{} / {}", percent(Some(perp.long_index)), percent(Some(perp.short_index))),
            short(perp.premium),
            short(perp.funding_rate),
            percent(Some(perp.initial_margin)),
            percent(Some(perp.maintenance_margin)),
            format!("{:?}{}", perp.config.status, if perp.tradable { "" } else { ", no fresh price" }),
        ]
    });
    let header = [
        "perpetual",
        "index",
        "long",
        "short",
        "skew",
        "left of longs / shorts",
        "premium",
        "funding a day",
        "initial",
        "maintenance",
        "status",
    ];
    output::table(&header, rows);
    let part = percent(totals.winners_part);
    say!("winners have won {} on paper, {part} of the credit line", dollars(totals.winners_pnl));
}

fn account(perps: &[PerpResponse], account: &AccountResponse) {
    let ours = |number: u16| perps.iter().find(|perp| perp.perp == number);
    let row = |name: &str, value: String| (name.to_string(), value);
    output::fields([
        row("margin", signed(account.margin)),
        row("locked by orders", dollars(account.locked)),
        row("tokens count for", account.tokens.map_or("–".into(), dollars)),
        row("equity", signed(account.equity)),
        row("initial margin", dollars(account.initial_margin)),
        row("maintenance margin", dollars(account.maintenance_margin)),
        row("can be taken out", dollars(account.withdrawable)),
        row("leverage", account.leverage.map_or("–".into(), short)),
        row("traded lately", dollars(account.volume)),
        row("discount of fees", percent(Some(account.fee_discount))),
        row("can be liquidated", if account.liquidatable { "yes" } else { "no" }.into()),
    ]);
    if account.positions.is_empty() {
        return;
    }
    let rows = account.positions.iter().map(|position| {
        vec![
            ours(position.perp).map(|perp| perp.config.name.clone()).unwrap_or_default(),
            position.size.to_string(),
            dollars(position.notional),
            signed(position.pnl),
            price(position.break_even),
            position.liquidation_price.map_or("–".into(), price),
        ]
    });
    output::table(&["position", "size", "notional", "profit", "break-even", "liquidation"], rows);
}

fn orders(chain: &dyn Network, orders: &[OrderResponse]) {
    let rows = orders.iter().map(|order| {
        vec![
            order.order.to_string(),
            format!("{}/{}", name(chain, &order.owner), order.account),
            order.size.to_string(),
            order.limit_price.map_or("–".into(), price),
            format!("{}–{}", order.interval, order.last_interval),
            dollars(order.locked),
        ]
    });
    output::table(&["order", "account", "size", "limit", "intervals", "locked"], rows);
}

fn auctions(chain: &dyn Network, auctions: &[AuctionResponse]) {
    let rows = auctions.iter().map(|auction| {
        vec![
            auction.auction.to_string(),
            name(chain, &auction.owner),
            tokens(auction.lot, auction.decimals),
            dollars(auction.tab),
            dollars(auction.penalty),
            price(auction.price),
            if auction.needs_redo { "redo" } else { "runs" }.into(),
        ]
    });
    output::table(&["auction", "owner", "lot", "to bring", "penalty", "price", "state"], rows);
}

fn symbol(chain: &dyn Network, feed: u16) -> String {
    chain.manifest().feeds.get(usize::from(feed)).map(|feed| feed.symbol.clone()).unwrap_or_default()
}

fn solvency(chain: &dyn Network, found: &SolvencyResponse) {
    let row = |name: &str, value: String| (name.to_string(), value);
    let rows = [
        row("assets", dollars(found.assets)),
        row("debt, insurance taken off", signed(found.debt)),
        row("shortfall", dollars(found.shortfall)),
        row("insurance", dollars(found.insurance)),
        row("volatility a year", percent(Some(found.volatility))),
        row("distance to default", found.distance_to_default.map_or("–".into(), short)),
        row("default within a year", percent(Some(found.default_probability))),
        row("fair spread of sdUSD a year", percent(found.credit_spread)),
    ];
    output::fields(rows.into_iter().chain(notes::solvency(found)));
    let rows = found.hedges.iter().map(|hedge| {
        vec![symbol(chain, hedge.feed), hedge.markets.to_string(), hedge.with_collateral.to_string()]
    });
    output::table(&["feed", "hedge of the markets", "with collateral"], rows);
}

fn contributions(chain: &dyn Network, of_pool: &lens::ContributionsResponse, of_market: &Contributions) {
    let markets = of_pool.markets.iter().map(|part| (name(chain, &part.market), part.contribution));
    let collaterals = chain.manifest().collaterals.iter().map(|entry| entry.name.clone());
    let parts = markets.chain(collaterals.zip(of_pool.vaults.iter().copied()));
    let rows = parts.map(|(who, part)| vec![who, signed(part)]);
    let total = vec!["together".to_string(), dollars(of_pool.expected_shortfall)];
    output::table(&["of the pool", "expected shortfall, a day"], rows.chain([total]));
    say!("");
    let rows = of_market.accounts.iter().map(|part| {
        vec![format!("{}/{}", name(chain, &part.owner), part.account), signed(part.contribution)]
    });
    let total = vec!["together".to_string(), dollars(of_market.expected_shortfall)];
    output::table(&["of the market", "expected shortfall, a day"], rows.chain([total]));
}

fn balance(session: &Session, chain: &dyn Network, account: &str) -> Result<(), Failure> {
    let mut rows = vec![("sdusd".to_string(), chain.balance(account, "sdusd")?, 6)];
    let notes = chain.balance(account, "sdnote")?;
    if !notes.is_zero() {
        rows.push(("sdnote".into(), notes, 6));
    }
    for entry in chain.manifest().synthetics() {
        rows.push((entry.symbol.clone(), chain.balance(account, &entry.symbol)?, entry.decimals));
    }
    for entry in &chain.manifest().collaterals {
        rows.push((entry.name.clone(), chain.balance(account, &entry.name)?, entry.decimals));
    }
    let cash = chain.book().cash(account);
    let held: std::collections::BTreeMap<_, _> =
        rows.iter().map(|(token, amount, _)| (token, amount)).collect();
    put(session, &serde_json::json!({ "held": held, "cash": cash }), || {
        let held = rows.iter().map(|(token, amount, decimals)| (token.clone(), tokens(*amount, *decimals)));
        output::fields(held.chain([("dollars".to_string(), signed(cash))]));
    })
}

/// A shortfall beside what it may be.
fn of_budget(shortfall: Usd, budget: Option<Usd>) -> String {
    match budget {
        Some(budget) => format!("{} of {}", dollars(shortfall), dollars(budget)),
        None => dollars(shortfall),
    }
}

/// The pool at a glance.
pub fn health(session: &Session) -> Result<(), Failure> {
    let mut open = session.open()?;
    let chain: &dyn Network = open.network();
    let health: HealthResponse = chain.health()?;
    put(session, &health, || {
        let row = |name: &str, value: String| (name.to_string(), value);
        let mut rows = vec![
            row("regime", limits::named(health.regime)),
            row("collateral", dollars(health.collateral)),
            row("debt", signed(health.debt)),
            row("  because of the markets", signed(health.debt_from_markets)),
            row("collateral ratio", percent(health.collateral_ratio)),
            row("free collateral", signed(health.free_collateral)),
            row("locked credit", dollars(health.locked_credit)),
            row("sdUSD in circulation", dollars(health.supply)),
            row("risk potential", dollars(health.potential)),
            row("insurance", dollars(health.insurance)),
            row("bad debt", dollars(health.bad_debt)),
            row("  kept of draws", percent(Some(health.draw_haircut))),
            row("  charged to exits", percent(Some(health.exit_haircut))),
            row("losses met by insurance", dollars(health.losses.insurance)),
            row("  by providers", dollars(health.losses.providers)),
            row("  by buyers of recovery notes", dollars(health.losses.notes)),
            row("  by withdrawals", dollars(health.losses.withdrawals)),
            row("auctions have to bring", dollars(health.tab)),
            row("utilisation", percent(Some(health.utilisation))),
            row("expected shortfall, a day", of_budget(health.expected_shortfall, health.markets_budget)),
            row(
                "  with the collateral",
                of_budget(health.expected_shortfall_with_collateral, health.total_budget),
            ),
            row("  insured", percent(health.insurance_coverage)),
            row("distance to default", health.distance_to_default.map_or("–".into(), short)),
            row("gross exposure", dollars(health.gross_exposure)),
            row("  of it in the largest feed", percent(Some(health.concentration))),
            row("impact depth", dollars(health.impact_depth)),
            row("oldest price", format!("{} s", health.oldest_price)),
        ];
        if !health.set_aside.is_zero() {
            let after = rows.iter().position(|(name, _)| name == "insurance").map_or(rows.len(), |at| at + 1);
            rows.insert(after, row("  set aside for recovery notes", dollars(health.set_aside)));
        }
        output::fields(rows);
        if !health.close_only.is_empty() {
            let names: Vec<_> = health.close_only.iter().map(|market| name(chain, market)).collect();
            say!("close-only: {}", names.join(", "));
        }
        let rows = health.exposures.iter();
        let rows = rows.map(|entry| vec![symbol(chain, entry.feed), signed(entry.exposure)]);
        output::table(&["feed", "exposure of the pool"], rows);
        let rows = health.markets.iter();
        let rows =
            rows.map(|entry| vec![name(chain, &entry.market), dollars(entry.gross), signed(entry.net)]);
        output::table(&["market", "gross", "net"], rows);
    })
}

/// Checks that the books balance.
pub fn audit(session: &Session) -> Result<(), Failure> {
    let mut open = session.open()?;
    let audit = open.network().audit()?;
    let found = open.deep_audit()?;
    let ledger = &audit.ledger;
    put(session, &audit, || {
        let row = |name: &str, value: String| (name.to_string(), value);
        output::fields([
            row("vaults' debt", signed(ledger.vault_debt)),
            row("+ tab in liquidation", dollars(ledger.tab)),
            row("+ bad debt", dollars(ledger.bad_debt)),
            row("= sdUSD", dollars(ledger.supply)),
            row("+ markets' reported debt", signed(ledger.reported)),
            row("+ risk potential", dollars(ledger.potential)),
            row("+ insurance", dollars(ledger.insurance)),
            row("+ set aside for recovery notes", dollars(ledger.set_aside)),
            row("difference", signed(audit.difference)),
            row("not accepted yet", signed(audit.pending)),
        ]);
    })?;
    if found.is_empty() {
        return Ok(());
    }
    Err(Failure::Bug(format!("the books don't balance: {}", found.join("; "))))
}
