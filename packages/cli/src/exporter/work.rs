//! Metrics of what keepers have to do, and of what the guardian looks at: auctions, sales, bonded markets, who can be liquidated.

use std::collections::BTreeMap;

use sdp_types::liquidator::{AuctionResponse, ConfigResponse, TotalsResponse};
use sdp_types::pool::VaultResponse;

use super::figures::Figures;
use super::metric::{flag, metrics, signed_usd, tokens, usd, whole, Kind, Metric};
use crate::survey::{Bonded, Custody, Labels, People};

metrics! {
    /// Auctions of seized collateral that run.
    RUNNING = Gauge "sdp_auctions" ["collateral"];
    /// Of them, those that are too old or too cheap, and sell nothing before somebody resets them.
    NEED_REDO = Gauge "sdp_auctions_need_redo" ["collateral"];
    /// What is left to be sold, whole tokens.
    LOT = Gauge "sdp_auctions_lot_units" ["collateral"];
    /// What they still have to bring, penalties included, USD.
    OUTSTANDING = Gauge "sdp_auctions_outstanding_usd" ["collateral"];
    /// Most that they may have to bring, USD; absent for a collateral without a hole of its own.
    HOLE = Gauge "sdp_auctions_hole_usd" ["collateral"];
    /// Time since the oldest of them was started or reset, seconds of block time; absent where none runs.
    OLDEST = Gauge "sdp_auctions_oldest_age_seconds" ["collateral"];
    /// What auctions of all collaterals still have to bring, penalties included, USD.
    ALL_OUTSTANDING = Gauge "sdp_liquidator_outstanding_usd" [];
    /// Most that they may have to bring together, USD.
    ALL_HOLE = Gauge "sdp_liquidator_hole_usd" [];
    /// What is stopped: 0 nothing, 1 seizures, 2 resets too, 3 takes too.
    STOP_LEVEL = Gauge "sdp_liquidator_stop_level" [];

    /// Value of a token that is margin, USD.
    CUSTODY_VALUE = Gauge "sdp_custody_value_usd" ["token"];
    /// 1 where its price is fresh and certain enough to count for what increases risk, else 0.
    CUSTODY_FRESH = Gauge "sdp_custody_fresh" ["token"];
    /// Sales of a token that is margin that run.
    SALES = Gauge "sdp_custody_sales" ["token"];
    /// Of them, those that sell nothing before somebody resets them.
    SALES_NEED_REDO = Gauge "sdp_custody_sales_need_redo" ["token"];
    /// What the accounts whose tokens are sold owe, USD.
    SALES_OWED = Gauge "sdp_custody_sales_owed_usd" ["token"];

    /// How many bonded markets there are.
    BONDED = Gauge "sdp_bonded_markets" [];
    /// 1 where nothing of a bonded market is believed, else 0.
    QUARANTINED = Gauge "sdp_bonded_quarantined" ["market"];
    /// Bond of a bonded market, USD.
    BOND = Gauge "sdp_bonded_bond_usd" ["market"];
    /// Most that it may have cost, USD.
    BONDED_CREDIT = Gauge "sdp_bonded_credit_usd" ["market"];
    /// What it has cost, USD.
    BONDED_COST = Gauge "sdp_bonded_cost_usd" ["market"];
    /// Credit of all bonded markets together, USD.
    ALL_CREDIT = Gauge "sdp_bonded_credit_sum_usd" [];
    /// Most that it may be now, USD.
    CREDIT_CAP = Gauge "sdp_bonded_credit_cap_usd" [];
    /// What all of them have cost the providers, USD.
    BONDED_USED = Gauge "sdp_bonded_used_usd" [];

    /// Block time at which accounts and positions were counted, Unix seconds; absent where they are not counted.
    COUNTED = Gauge "sdp_people_counted_timestamp_seconds" [];
    /// How many accounts traders have.
    ACCOUNTS = Gauge "sdp_accounts" ["market"];
    /// Of them, those that can be liquidated.
    ACCOUNTS_DUE = Gauge "sdp_accounts_liquidatable" ["market"];
    /// How many positions providers have.
    POSITIONS = Gauge "sdp_positions" ["collateral"];
    /// Of them, those that are below the liquidation ratio.
    POSITIONS_DUE = Gauge "sdp_positions_liquidatable" ["collateral"];
}

/// Auctions by collateral: all vaults, whether auctions run or not.
pub fn auctions(
    found: &[AuctionResponse],
    vaults: &[VaultResponse],
    (labels, now): (&Labels, u64),
    figures: &mut Figures,
) {
    for vault in vaults {
        let name = labels.vault(vault.vault);
        let name = [name.as_str()];
        let own: Vec<_> = found.iter().filter(|auction| auction.vault == vault.vault).collect();
        let lots = own.iter().map(|auction| auction.lot);
        let lot = lots.fold(sdp_types::Amount::ZERO, |sum, lot| sum.plus(lot).unwrap_or(sum));
        let oldest = own.iter().map(|auction| now.saturating_sub(auction.started_at)).max();
        figures.put(&RUNNING, &name, whole(own.len()));
        figures.put(&NEED_REDO, &name, whole(own.iter().filter(|auction| auction.needs_redo).count()));
        figures.put(&LOT, &name, tokens(lot, vault.config.decimals));
        figures.maybe(&OLDEST, &name, oldest.map(whole));
    }
}

/// What auctions have to bring; by collateral as far as there ever were any.
pub fn totals(found: &TotalsResponse, labels: &Labels, figures: &mut Figures) {
    figures.put(&ALL_OUTSTANDING, &[], usd(found.outstanding));
    for (vault, outstanding) in (0u8..).zip(&found.outstanding_by_vault) {
        figures.put(&OUTSTANDING, &[&labels.vault(vault)], usd(*outstanding));
    }
}

/// What they may have to bring.
pub fn limits(found: &ConfigResponse, labels: &Labels, figures: &mut Figures) {
    figures.put(&ALL_HOLE, &[], usd(found.params.hole));
    figures.put(&STOP_LEVEL, &[], whole(found.params.stop_level));
    for (vault, limits) in (0u8..).zip(&found.limits) {
        figures.put(&HOLE, &[&labels.vault(vault)], usd(limits.hole));
    }
}

/// Tokens that are margin, and their sales.
pub fn custody(found: &Custody, labels: &Labels, figures: &mut Figures) {
    for token in found.tokens.iter().flatten() {
        let name = labels.token(token.token).0;
        figures.put(&CUSTODY_VALUE, &[&name], usd(token.value));
        figures.put(&CUSTODY_FRESH, &[&name], flag(token.fresh));
        let Ok(sales) = &found.sales else { continue };
        let own = || sales.iter().filter(|sale| sale.token == token.token);
        let owed = own().fold(sdp_types::Usd::ZERO, |sum, sale| sum.plus(sale.owed).unwrap_or(sum));
        figures.put(&SALES, &[&name], whole(own().count()));
        figures.put(&SALES_NEED_REDO, &[&name], whole(own().filter(|sale| sale.needs_redo).count()));
        figures.put(&SALES_OWED, &[&name], usd(owed));
    }
}

/// Bonded markets.
pub fn bonded(found: &Bonded, labels: &Labels, figures: &mut Figures) {
    if let Ok(markets) = &found.markets {
        figures.put(&BONDED, &[], whole(markets.len()));
        for market in markets {
            let name = labels.name(&market.market);
            figures.put(&QUARANTINED, &[&name], flag(market.quarantine.is_some()));
            figures.put(&BOND, &[&name], usd(market.bond));
            figures.put(&BONDED_CREDIT, &[&name], usd(market.credit));
            figures.put(&BONDED_COST, &[&name], signed_usd(market.cost));
        }
    }
    if let Ok(totals) = &found.totals {
        figures.put(&ALL_CREDIT, &[], usd(totals.credit));
        figures.put(&CREDIT_CAP, &[], usd(totals.cap));
        figures.put(&BONDED_USED, &[], signed_usd(totals.used));
    }
}

/// How many there are, and how many wait for a liquidation. Of a market or vault that refused to say, nothing.
pub fn people(found: &People, vaults: &[VaultResponse], figures: &mut Figures) {
    figures.put(&COUNTED, &[], whole(found.block.time));
    for (market, accounts) in &found.accounts {
        let Ok(accounts) = accounts else { continue };
        let due = accounts.iter().filter(|account| account.liquidatable).count();
        figures.put(&ACCOUNTS, &[market], whole(accounts.len()));
        figures.put(&ACCOUNTS_DUE, &[market], whole(due));
    }
    let required: BTreeMap<_, _> =
        vaults.iter().map(|vault| (vault.vault, vault.config.liquidation_ratio)).collect();
    for (collateral, positions) in &found.positions {
        let Ok(positions) = positions else { continue };
        let below = positions.iter().filter(|position| {
            let required = required.get(&position.vault);
            position.ratio.zip(required).is_some_and(|(ratio, required)| ratio < *required)
        });
        figures.put(&POSITIONS_DUE, &[collateral], whole(below.count()));
        figures.put(&POSITIONS, &[collateral], whole(positions.len()));
    }
}
