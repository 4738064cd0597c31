//! Metrics of the pool: the lens's `health` and `solvency`, and the books.

use sdp_types::exposure::Recoveries;
use sdp_types::ledger::{Ledger, Losses};
use sdp_types::lens::{HealthResponse, SolvencyResponse};
use sdp_types::pool::AuditResponse;

use super::figures::Figures;
use super::metric::{flag, metrics, plain, ratio, signed_usd, usd, whole, Kind, Metric};
use crate::survey::Labels;

metrics! {
    /// Value of all collateral, USD.
    COLLATERAL = Gauge "sdp_pool_collateral_usd" [];
    /// What the providers owe, USD: what the markets have cost them, and all else, which is what they minted themselves and what it brought insurance, less what auctions have to bring. Both together are the debt.
    DEBT = Gauge "sdp_pool_debt_usd" ["source"];
    /// Collateral divided by debt; absent where nothing is owed.
    COLLATERAL_RATIO = Gauge "sdp_pool_collateral_ratio" [];
    /// Collateral less debt, USD.
    FREE = Gauge "sdp_pool_free_collateral_usd" [];
    /// Credit that the markets may still use, USD.
    LOCKED = Gauge "sdp_pool_locked_credit_usd" [];
    /// Debt divided by collateral; 0 where nothing is owed.
    UTILISATION = Gauge "sdp_pool_utilisation_ratio" [];
    /// sdUSD in circulation, USD.
    SUPPLY = Gauge "sdp_pool_supply_usd" [];
    /// The risk potential, USD.
    POTENTIAL = Gauge "sdp_pool_potential_usd" [];
    /// The insurance fund, USD.
    INSURANCE = Gauge "sdp_pool_insurance_usd" [];
    /// Of insurance's income, what recovery notes can be redeemed from, USD.
    SET_ASIDE = Gauge "sdp_pool_set_aside_usd" [];
    /// Losses that no layer has taken, USD.
    BAD_DEBT = Gauge "sdp_pool_bad_debt_usd" [];
    /// What each layer has taken of all losses so far, USD.
    LOSSES = Counter "sdp_pool_losses_usd" ["layer"];
    /// The part that is kept for bad debt: of a market's draw, and of what a provider takes out.
    HAIRCUT = Gauge "sdp_pool_haircut_ratio" ["of"];
    /// What auctions still have to bring by the pool's book, without penalties, USD.
    TAB = Gauge "sdp_pool_tab_usd" [];
    /// The same by the liquidator's record, USD.
    LIQUIDATOR_TAB = Gauge "sdp_liquidator_tab_usd" [];
    /// What takers paid against tabs, USD.
    RECOVERED = Counter "sdp_liquidator_recovered_usd" [];
    /// What takers paid against penalties, USD.
    PENALTIES = Counter "sdp_liquidator_penalties_usd" [];
    /// What auctions ended short, USD.
    SHORTFALLS = Counter "sdp_liquidator_shortfalls_usd" [];
    /// What keepers got out of penalties, USD.
    TIPS = Counter "sdp_liquidator_tips_usd" [];
    /// What recovery notes were sold for, USD.
    NOTES_PAID = Counter "sdp_notes_paid_usd" [];
    /// Claims of recovery notes that were sold, USD.
    NOTES_ISSUED = Counter "sdp_notes_issued_usd" [];
    /// Claims of recovery notes that were redeemed or burnt, USD.
    NOTES_REDEEMED = Counter "sdp_notes_redeemed_usd" [];
    /// What bidders for recovery notes have paid into auctions that still run, USD.
    NOTES_BIDS = Gauge "sdp_notes_bids_usd" [];
    /// Expected shortfall in a day (97.5 %), USD: of the markets, and of them with the collateral.
    EXPECTED_SHORTFALL = Gauge "sdp_pool_expected_shortfall_usd" ["of"];
    /// The most that the expected shortfall may be after what raises it, USD; absent without budgets.
    BUDGET = Gauge "sdp_pool_expected_shortfall_budget_usd" ["of"];
    /// What is allowed: 0 normal, 1 caution, 2 close-only, 3 emergency, 4 shut down.
    REGIME = Gauge "sdp_pool_regime" [];
    /// The depth that fills pay by, USD.
    DEPTH = Gauge "sdp_pool_impact_depth_usd" [];
    /// Insurance divided by the markets' expected shortfall; absent where that is 0.
    COVERAGE = Gauge "sdp_pool_insurance_coverage_ratio" [];
    /// Standard deviations from default within a year; absent where there is no finite number.
    DISTANCE = Gauge "sdp_pool_distance_to_default" [];
    /// Exposure of the pool to a feed, USD: positive is long.
    FEED_EXPOSURE = Gauge "sdp_feed_exposure_usd" ["feed"];
    /// Sum of the absolute exposures to all feeds, USD.
    GROSS = Gauge "sdp_pool_gross_exposure_usd" [];
    /// The largest absolute exposure divided by the gross one; 0 where there is none.
    CONCENTRATION = Gauge "sdp_pool_concentration_ratio" [];
    /// Sum of the absolute exposures of the pool through a market, USD.
    MARKET_GROSS = Gauge "sdp_market_gross_exposure_usd" ["market"];
    /// Sum of the exposures of the pool through a market, USD: positive where its traders are net short.
    MARKET_NET = Gauge "sdp_market_net_exposure_usd" ["market"];
    /// 1 where the market's record or its prices are not good now, so that positions only shrink, else 0.
    CLOSE_ONLY = Gauge "sdp_market_close_only" ["market"];
    /// Age of the oldest price in use, seconds of block time.
    OLDEST_PRICE = Gauge "sdp_oracle_oldest_price_age_seconds" [];
    /// Block time at which the figures of the pool hold, Unix seconds.
    AS_OF = Gauge "sdp_pool_as_of_timestamp_seconds" [];

    /// Value of all collateral as what is owed is a claim on it, USD.
    ASSETS = Gauge "sdp_solvency_assets_usd" [];
    /// What the collateral stands for: the providers' debt and bad debt less insurance, USD.
    CLAIMS = Gauge "sdp_solvency_debt_usd" [];
    /// What nobody pays: bad debt, and what the debt less insurance is above the assets, USD.
    SHORTFALL = Gauge "sdp_solvency_shortfall_usd" [];
    /// Volatility of the assets less what markets and collateral move them by, for a year.
    VOLATILITY = Gauge "sdp_solvency_volatility_ratio" [];
    /// Probability of default within a year, 0 to 1.
    DEFAULT_PROBABILITY = Gauge "sdp_solvency_default_probability_ratio" [];
    /// What sdUSD should yield a year for the risk of the collateral; absent where a claim on it is worth nothing.
    CREDIT_SPREAD = Gauge "sdp_solvency_credit_spread_ratio" [];
    /// What somebody outside should hold to take the pool's risk in a feed, whole units: of the markets, and of them with the collateral.
    HEDGE = Gauge "sdp_feed_hedge_units" ["feed", "of"];
    /// Claims of recovery notes that are neither redeemed nor burnt, USD.
    NOTES_OUTSTANDING = Gauge "sdp_notes_outstanding_usd" [];
    /// All claims that were sold divided by what was paid for them, less 1; absent where none were sold.
    NOTES_YIELD = Gauge "sdp_notes_yield_ratio" [];

    /// Left side of the ledger less its right side, and whatever is below the book, USD: not 0 is a bug.
    DIFFERENCE = Gauge "sdp_books_difference_usd" [];
    /// What the markets owe by their records less what the pool has accepted, USD; 0 right after a sync.
    PENDING = Gauge "sdp_books_pending_usd" [];
    /// Booked supply of sdUSD less the token's own, USD: what holders burnt themselves. Below 0 is a bug.
    UNBOOKED = Gauge "sdp_books_unbooked_usd" [];
    /// Every term of the ledger as stored, USD; the terms of both sides have the same sum.
    TERM = Gauge "sdp_books_term_usd" ["side", "term"];
}

/// Everything that `health` says. A field more does not compile before it has a metric.
pub fn health(found: &HealthResponse, labels: &Labels, figures: &mut Figures) {
    let HealthResponse {
        collateral,
        debt,
        debt_from_markets,
        collateral_ratio,
        free_collateral,
        locked_credit,
        utilisation,
        supply,
        potential,
        insurance,
        set_aside,
        bad_debt,
        losses,
        draw_haircut,
        exit_haircut,
        tab,
        recoveries,
        expected_shortfall,
        expected_shortfall_with_collateral,
        markets_budget,
        total_budget,
        regime,
        impact_depth,
        insurance_coverage,
        distance_to_default,
        exposures,
        gross_exposure,
        concentration,
        markets,
        oldest_price,
        close_only,
        as_of,
    } = found;
    figures.put(&COLLATERAL, &[], usd(*collateral));
    let rest = debt.minus(*debt_from_markets).ok();
    figures.put(&DEBT, &["markets"], signed_usd(*debt_from_markets));
    figures.maybe(&DEBT, &["minting"], rest.map(signed_usd));
    figures.maybe(&COLLATERAL_RATIO, &[], collateral_ratio.map(ratio));
    figures.put(&FREE, &[], signed_usd(*free_collateral));
    figures.put(&LOCKED, &[], usd(*locked_credit));
    figures.put(&UTILISATION, &[], ratio(*utilisation));
    figures.put(&SUPPLY, &[], usd(*supply));
    figures.put(&POTENTIAL, &[], usd(*potential));
    figures.put(&INSURANCE, &[], usd(*insurance));
    figures.put(&SET_ASIDE, &[], usd(*set_aside));
    figures.put(&BAD_DEBT, &[], usd(*bad_debt));
    let Losses { insurance, providers, notes, withdrawals } = *losses;
    for (layer, amount) in
        [("insurance", insurance), ("providers", providers), ("notes", notes), ("withdrawals", withdrawals)]
    {
        figures.put(&LOSSES, &[layer], usd(amount));
    }
    figures.put(&HAIRCUT, &["draws"], ratio(*draw_haircut));
    figures.put(&HAIRCUT, &["exits"], ratio(*exit_haircut));
    figures.put(&TAB, &[], usd(*tab));
    self::recoveries(recoveries, figures);
    figures.put(&EXPECTED_SHORTFALL, &["markets"], usd(*expected_shortfall));
    figures.put(&EXPECTED_SHORTFALL, &["with_collateral"], usd(*expected_shortfall_with_collateral));
    figures.maybe(&BUDGET, &["markets"], markets_budget.map(usd));
    figures.maybe(&BUDGET, &["with_collateral"], total_budget.map(usd));
    figures.put(&REGIME, &[], whole(*regime as u8));
    figures.put(&DEPTH, &[], usd(*impact_depth));
    figures.maybe(&COVERAGE, &[], insurance_coverage.map(ratio));
    figures.maybe(&DISTANCE, &[], distance_to_default.map(plain));
    for entry in exposures {
        figures.put(&FEED_EXPOSURE, &[&labels.feed(entry.feed)], signed_usd(entry.exposure));
    }
    figures.put(&GROSS, &[], usd(*gross_exposure));
    figures.put(&CONCENTRATION, &[], ratio(*concentration));
    for entry in markets {
        let name = labels.name(&entry.market);
        figures.put(&MARKET_GROSS, &[&name], usd(entry.gross));
        figures.put(&MARKET_NET, &[&name], signed_usd(entry.net));
        figures.put(&CLOSE_ONLY, &[&name], flag(close_only.contains(&entry.market)));
    }
    figures.put(&OLDEST_PRICE, &[], whole(*oldest_price));
    figures.put(&AS_OF, &[], whole(*as_of));
}

fn recoveries(found: &Recoveries, figures: &mut Figures) {
    let Recoveries {
        tab,
        recovered,
        penalties,
        shortfalls,
        tips,
        notes_paid,
        notes_issued,
        notes_redeemed,
        bids,
    } = *found;
    figures.put(&LIQUIDATOR_TAB, &[], usd(tab));
    figures.put(&RECOVERED, &[], usd(recovered));
    figures.put(&PENALTIES, &[], usd(penalties));
    figures.put(&SHORTFALLS, &[], usd(shortfalls));
    figures.put(&TIPS, &[], usd(tips));
    figures.put(&NOTES_PAID, &[], usd(notes_paid));
    figures.put(&NOTES_ISSUED, &[], usd(notes_issued));
    figures.put(&NOTES_REDEEMED, &[], usd(notes_redeemed));
    figures.put(&NOTES_BIDS, &[], usd(bids));
}

/// What `solvency` says beyond `health`.
pub fn solvency(found: &SolvencyResponse, labels: &Labels, figures: &mut Figures) {
    let SolvencyResponse {
        assets,
        debt,
        shortfall,
        insurance: _, // sdp_pool_insurance_usd
        volatility,
        distance_to_default: _, // sdp_pool_distance_to_default
        default_probability,
        credit_spread,
        hedges,
        notes_paid: _, // sdp_notes_paid_usd
        notes_outstanding,
        set_aside: _, // sdp_pool_set_aside_usd
        note_yield,
    } = found;
    figures.put(&ASSETS, &[], usd(*assets));
    figures.put(&CLAIMS, &[], signed_usd(*debt));
    figures.put(&SHORTFALL, &[], usd(*shortfall));
    figures.put(&VOLATILITY, &[], ratio(*volatility));
    figures.put(&DEFAULT_PROBABILITY, &[], ratio(*default_probability));
    figures.maybe(&CREDIT_SPREAD, &[], credit_spread.map(ratio));
    for hedge in hedges {
        let feed = labels.feed(hedge.feed);
        figures.put(&HEDGE, &[&feed, "markets"], plain(hedge.markets));
        figures.put(&HEDGE, &[&feed, "with_collateral"], plain(hedge.with_collateral));
    }
    figures.put(&NOTES_OUTSTANDING, &[], usd(*notes_outstanding));
    figures.maybe(&NOTES_YIELD, &[], note_yield.map(plain));
}

/// Whether the books balance, and every term of them.
pub fn books(found: &AuditResponse, figures: &mut Figures) {
    figures.put(&DIFFERENCE, &[], signed_usd(found.difference));
    figures.put(&PENDING, &[], signed_usd(found.pending));
    figures.put(&UNBOOKED, &[], signed_usd(found.unbooked));
    let Ledger { vault_debt, tab, bad_debt, estate, supply, reported, potential, insurance, set_aside } =
        found.ledger;
    figures.put(&TERM, &["left", "vault_debt"], signed_usd(vault_debt));
    figures.put(&TERM, &["left", "tab"], usd(tab));
    figures.put(&TERM, &["left", "bad_debt"], usd(bad_debt));
    figures.put(&TERM, &["left", "estate"], signed_usd(estate));
    figures.put(&TERM, &["right", "supply"], usd(supply));
    figures.put(&TERM, &["right", "reported"], signed_usd(reported));
    figures.put(&TERM, &["right", "potential"], usd(potential));
    figures.put(&TERM, &["right", "insurance"], usd(insurance));
    figures.put(&TERM, &["right", "set_aside"], usd(set_aside));
}
