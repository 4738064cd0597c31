//! Losses: what insurance and providers take of them in a day, and withdrawals in proportion while something is left.

use crate::common::*;
use cosmwasm_std::Response;
use sdp_types::events::{Drawn, Exited, LossMet};
use sdp_types::exposure::Recoveries;
use sdp_types::ledger::Losses;
use sdp_types::pool::*;
use sdp_types::units::DAY;
use sdp_types::{Amount, Error, Ratio, SignedUsd, Usd};

/// A quarter of the fund, 2 % of the collateral.
fn pool(markets: &[&str]) -> Pool {
    let mut pool = Pool::with_markets(markets);
    pool.adopts(Params { losses: Some(LossLimits::default()), ..params() });
    pool
}

fn insure(pool: &mut Pool, market: &str, dollars: u64) {
    let base = pool.book().markets.iter().map(|m| m.reported.raw()).sum::<i128>();
    pool.market(market, "0", base - i128::from(dollars) * 1_000_000, |e| {
        e.fees = e.fees.plus(usd(dollars)).unwrap();
    });
    pool.sync();
}

/// An account of a market closes `dollars` below zero; what each layer took, in whole USD.
fn falls_short(pool: &mut Pool, market: &str, place: usize, dollars: u64) -> Vec<(String, u64, u64, u64)> {
    let base = pool.book().markets[place].reported.raw();
    pool.market(market, "0", base + i128::from(dollars) * 1_000_000, |e| {
        e.shortfalls = e.shortfalls.plus(usd(dollars)).unwrap();
    });
    met(&pool.sync())
}

fn met(response: &Response) -> Vec<(String, u64, u64, u64)> {
    let whole = |amount: Usd| {
        assert_eq!(amount.raw() % 1_000_000, 0, "{amount}");
        u64::try_from(amount.raw() / 1_000_000).unwrap()
    };
    let all = all_told::<LossMet>(&response.events).into_iter();
    all.map(|m| (m.source, whole(m.insurance), whole(m.providers), whole(m.unmet))).collect()
}

fn of(market: &str, insurance: u64, providers: u64, unmet: u64) -> (String, u64, u64, u64) {
    (addr(market).into(), insurance, providers, unmet)
}

#[test]
fn a_day_of_one_market_costs_insurance_a_quarter_and_providers_two_percent() {
    let mut pool = pool(&["perps", "other"]);
    pool.deposit("anna", 20_000).unwrap();
    insure(&mut pool, "perps", 1_000);
    // W = 20,000 · 10 = 200,000: insurance 250, providers 4,000, and 750 is left of a loss of 5,000
    assert_eq!(falls_short(&mut pool, "perps", 0, 5_000), [of("perps", 250, 4_000, 750)]);
    // a second look changes nothing, and more of it today is nobody's
    let book = pool.book();
    pool.sync();
    assert_eq!(pool.book(), book);
    let base = pool.book().markets[0].reported.raw();
    pool.market("perps", "0", base + 100_000_000, |e| e.shortfalls = usd(5_100));
    let all = all_told::<LossMet>(&pool.sync().events);
    assert_eq!((all[0].insurance, all[0].providers, all[0].unmet), (Usd::ZERO, Usd::ZERO, usd(100)));
    assert_eq!((all.len(), pool.health().bad_debt), (1, usd(850)));
    // another market has limits of its own: 25 % of the 750 that are left
    let base = pool.book().markets[1].reported.raw();
    pool.market("other", "0", base + 200_000_000, |e| e.shortfalls = usd(200));
    let all = all_told::<LossMet>(&pool.sync().events);
    assert_eq!((all[0].insurance.raw(), all[0].providers.raw()), (187_500_000, 12_500_000));
    let totals = Losses {
        insurance: Usd::new(437_500_000),
        providers: Usd::new(4_012_500_000),
        notes: Usd::ZERO,
        withdrawals: Usd::ZERO,
    };
    assert_eq!(pool.health().losses, totals);
    // all that was lost is with a layer or stands: 5,300
    assert_eq!(totals.insurance.raw() + totals.providers.raw() + pool.health().bad_debt.raw(), 5_300_000_000);
}

#[test]
fn a_loss_costs_insurance_the_same_in_one_piece_or_in_many() {
    let paid = |pieces: &[u64]| {
        let mut pool = pool(&["perps"]);
        insure(&mut pool, "perps", 1_000);
        for piece in pieces {
            falls_short(&mut pool, "perps", 0, *piece);
        }
        (1_000_000_000 - pool.health().insurance.raw(), pool.health().bad_debt.raw())
    };
    assert_eq!(paid(&[200]), (200_000_000, 0));
    assert_eq!(paid(&[50, 150]), paid(&[200]));
    assert_eq!(paid(&[100, 60, 39, 1]), paid(&[200]));
}

#[test]
fn the_next_day_has_limits_of_its_own_and_what_stood_is_never_the_providers() {
    let mut pool = pool(&["perps"]);
    pool.deposit("anna", 20_000).unwrap();
    insure(&mut pool, "perps", 1_000);
    assert_eq!(falls_short(&mut pool, "perps", 0, 5_000), [of("perps", 250, 4_000, 750)]);
    pool.later(DAY);
    // 750 is in the fund: 25 % of it for what stood
    let all = all_told::<LossMet>(&pool.sync().events);
    assert_eq!(all.len(), 1);
    assert_eq!((all[0].insurance.raw(), all[0].providers.raw()), (187_500_000, 0));
    // the market's day is new: 25 % of 562.5, and 2 % of the collateral again
    let base = pool.book().markets[0].reported.raw();
    pool.market("perps", "0", base + 5_000_000_000, |e| e.shortfalls = usd(10_000));
    let all = all_told::<LossMet>(&pool.sync().events);
    assert_eq!((all[0].insurance.raw(), all[0].providers.raw()), (140_625_000, 4_000_000_000));
    assert_eq!(pool.position("anna").debt, signed(8_000));
}

#[test]
fn several_losses_of_one_moment_are_met_in_order_of_listing_and_auctions_last() {
    let mut pool = pool(&["perps", "other"]);
    pool.deposit("anna", 20_000).unwrap();
    pool.deposit("bert", 50).unwrap();
    pool.mint("bert", 150).unwrap();
    pool.price(0, "5");
    pool.seize("bert", usd(1_000), usd(1)).unwrap();
    insure(&mut pool, "perps", 1_000);
    pool.market("perps", "0", -1_000_000_000 + 100_000_000, |e| e.shortfalls = usd(100));
    pool.market("other", "0", 100_000_000, |e| e.shortfalls = usd(100));
    pool.recoveries(Recoveries { shortfalls: usd(150), ..Recoveries::default() });
    // caps 250, 25 % of 900, 25 % of 800
    let expected = [of("perps", 100, 0, 0), of("other", 100, 0, 0), ("auctions".into(), 150, 0, 0)];
    assert_eq!(met(&pool.sync()), expected);
    assert_eq!(pool.health().insurance, usd(650));
}

/// $300 of bad debt, 600 and 900 owed to the traders of two markets, and two providers with 10,000 ATOM and a debt of $600 each.
fn in_bad_debt() -> Pool {
    let mut pool = pool(&["perps", "other"]);
    for market in ["perps", "other"] {
        pool.configure("owner", Change::SetLine { market: addr(market).into(), line: usd(2_000) }).unwrap();
    }
    pool.market("perps", "0", 300_000_000, |e| e.shortfalls = usd(300));
    pool.sync();
    // with nobody to owe it, what traders have won would be bad debt too: providers come first
    pool.deposit("anna", 10_000).unwrap();
    pool.deposit("bert", 10_000).unwrap();
    pool.market("perps", "0", 600_000_000, |_| {});
    pool.market("other", "0", 900_000_000, |_| {});
    pool.sync();
    assert_eq!(pool.health().bad_debt, usd(300));
    pool
}

fn draws(pool: &mut Pool, market: &str, dollars: u64, accepted: Option<Ratio>) -> Result<Response, Error> {
    let place = usize::from(market == "other");
    let (state, drawn) = (pool.book().markets[place].reported.raw(), pool.book().markets[place].drawn);
    pool.market(market, "0", state - i128::from(dollars) * 1_000_000, |e| {
        e.drawn = drawn.plus(usd(dollars)).unwrap();
    });
    let recipient = addr("tom").into();
    pool.run(market, ExecuteMsg::Draw { amount: usd(dollars), recipient, accepted_haircut: accepted })
}

#[test]
fn everybody_who_draws_loses_the_same_part_in_whatever_order() {
    // 300 of 1,500 is 20 %
    for order in [[("perps", 600), ("other", 900)], [("other", 900), ("perps", 600)]] {
        let mut pool = in_bad_debt();
        assert_eq!(pool.health().draw_haircut, pct(20));
        for (market, all) in order {
            let half = all / 2;
            for amount in [half, all - half] {
                let told: Drawn = told(&draws(&mut pool, market, amount, Some(pct(20))).unwrap());
                assert_eq!(told.forfeited, Usd::new(u128::from(amount) * 200_000));
                assert_eq!(told.amount, usd(amount));
            }
        }
        let health = pool.health();
        assert_eq!(
            (health.bad_debt, health.draw_haircut, health.supply),
            (Usd::ZERO, Ratio::ZERO, usd(1_200))
        );
        assert_eq!(health.losses.withdrawals, usd(300));
        // and who draws from now on loses nothing
        pool.market("perps", "0", 1_000_000, |_| {});
        pool.sync();
        assert_eq!(told::<Drawn>(&draws(&mut pool, "perps", 1, None).unwrap()).forfeited, Usd::ZERO);
    }
}

#[test]
fn a_haircut_that_was_not_accepted_refuses_the_draw_with_its_rate() {
    let mut pool = in_bad_debt();
    let record = pool.deps.querier.records.clone();
    for accepted in [None, Some(pct(19))] {
        let error = draws(&mut pool, "perps", 10, accepted).unwrap_err();
        assert_eq!(error, Error::Haircut { rate: pct(20), accepted: accepted.unwrap_or_default() });
        pool.deps.querier.records.clone_from(&record);
    }
}

#[test]
fn of_more_bad_debt_than_there_are_claims_nothing_is_paid() {
    let mut pool = pool(&["perps"]);
    pool.market("perps", "0", 300_000_000, |e| e.shortfalls = usd(300));
    pool.sync();
    pool.deposit("anna", 10_000).unwrap();
    pool.market("perps", "0", 100_000_000, |_| {});
    pool.sync();
    assert_eq!(pool.health().draw_haircut, Ratio::ONE);
    let response = draws(&mut pool, "perps", 100, Some(Ratio::ONE)).unwrap();
    assert_eq!(told::<Drawn>(&response).forfeited, usd(100));
    assert!(response.messages.is_empty());
    assert_eq!((pool.health().bad_debt, pool.health().supply), (usd(200), Usd::ZERO));
}

#[test]
fn nobody_mints_while_there_is_bad_debt() {
    let mut pool = in_bad_debt();
    assert_eq!(pool.mint("anna", 100).unwrap_err(), Error::BadDebtStands { bad_debt: usd(300) });
    let limit = pool.maximum_mint("anna");
    assert_eq!((limit.amount, limit.bound_by.as_str()), (Usd::ZERO, "E0342 BadDebtStands"));
    draws(&mut pool, "perps", 600, Some(Ratio::ONE)).unwrap();
    draws(&mut pool, "other", 900, Some(Ratio::ONE)).unwrap();
    pool.mint("anna", 100).unwrap();
}

fn leaves(pool: &mut Pool, owner: &str, atoms: u64, accepted: Option<Ratio>) -> Result<Response, Error> {
    let amount = Amount::new(u128::from(atoms) * 1_000_000);
    pool.run(owner, ExecuteMsg::RequestExit { vault: 0, amount, accepted_haircut: accepted })?;
    pool.later(DELAY + 5);
    let interval = intervals().first_from(pool.now() - 5);
    pool.slot(interval, 0, "10", Ratio::ZERO);
    pool.execute_exit(owner)
}

#[test]
fn a_provider_who_leaves_takes_the_same_part_of_bad_debt_whenever() {
    let mut pool = in_bad_debt();
    pool.prices[0].1 = Ratio::ZERO;
    pool.publish();
    pool.later(STAY);
    // 200,000 of collateral, and 1,200 of debt: what traders won since the providers came; 300 ÷ 198,800
    let rate = Ratio::of(300, 198_800, sdp_types::Rounding::Up).unwrap();
    assert_eq!(pool.health().exit_haircut, rate);
    let refusal = leaves(&mut pool, "anna", 1_000, None).unwrap_err();
    assert_eq!(refusal, Error::Haircut { rate, accepted: Ratio::ZERO });
    pool.run("anna", ExecuteMsg::CancelExit { vault: 0 }).unwrap();
    for (owner, atoms) in [("anna", 1_000), ("bert", 3_000), ("anna", 500)] {
        let debt = pool.position(owner).debt;
        let exited: Exited = told(&leaves(&mut pool, owner, atoms, Some(rate)).unwrap());
        assert_eq!(exited.released, Amount::new(u128::from(atoms) * 1_000_000));
        // of what is paid h ÷ (1 − h) on top: 300 ÷ 198,500
        let paid = u128::from(atoms) * 10_000_000;
        let due = (paid * 300).div_ceil(198_500);
        assert!(exited.charged.raw().abs_diff(due) <= 1, "{} {due}", exited.charged);
        let grown = pool.position(owner).debt.minus(debt).unwrap();
        assert_eq!(grown, exited.charged.signed().unwrap());
        // the same part for whoever comes next, to a millionth of a millionth
        let now = pool.health().exit_haircut;
        assert!(now.raw().abs_diff(rate.raw()) < 100_000_000, "{now} {rate}");
    }
    assert_eq!(pool.health().losses.withdrawals.raw() + pool.health().bad_debt.raw(), 300_000_000);
}

#[test]
fn an_exit_that_is_charged_keeps_its_issuance_ratio_to_the_unit() {
    let mut pool = pool(&["perps"]);
    pool.deposit("anna", 10_000).unwrap();
    pool.deposit("bert", 10_000).unwrap();
    pool.mint("anna", 20_000).unwrap();
    pool.later(STAY);
    // insurance has nothing: 2 % of 200,000 for the providers, and 20,000 stand
    falls_short(&mut pool, "perps", 0, 24_000);
    let preview = pool.preview_exit("anna", 10_000_000_000);
    let exited: Exited = told(&leaves(&mut pool, "anna", 10_000, Some(Ratio::ONE)).unwrap());
    assert_eq!((exited.released, exited.charged), (preview.released, preview.charged));
    // E = 200,000 − 24,000, h = 20/176, k = 20/156; a·(1 + 3·20/156) = 100,000 − 3·22,000
    let released = 34_000.0 / (1.0 + 3.0 * 20.0 / 156.0);
    assert!((exited.released.raw() as f64 / 100_000.0 - released).abs() < 0.001, "{}", exited.released);
    assert!((exited.charged.raw() as f64 / 1e6 - released * 20.0 / 156.0).abs() < 0.001);
    let position = pool.position("anna");
    assert!(position.ratio.unwrap() >= pct(300));
    // within a few micro-USD of it
    let slack = i128::try_from(position.value.raw()).unwrap() - 3 * position.debt.raw();
    assert!((0..40).contains(&slack), "{slack}");
}

#[test]
fn a_whole_exit_pays_its_part_out_of_the_profit() {
    let mut pool = in_bad_debt();
    pool.prices[0].1 = Ratio::ZERO;
    pool.publish();
    pool.later(STAY);
    // 1,050 is drawn, 840 paid, and anna burns it: 240 more than the 600 that she owes
    draws(&mut pool, "perps", 600, Some(pct(20))).unwrap();
    draws(&mut pool, "other", 450, Some(pct(20))).unwrap();
    *pool.cw20("sdusd", "tom") -= 840_000_000;
    *pool.cw20("sdusd", "anna") += 840_000_000;
    pool.burn("anna", 840).unwrap();
    // 90 stand against 200,000 − 1,200 + 840, of which she takes out 100,000 + 240
    let exited: Exited = told(&leaves(&mut pool, "anna", 10_000, Some(pct(1))).unwrap());
    let due = (100_240_000_000u128 * 90).div_ceil(199_640);
    assert!(exited.charged.raw().abs_diff(due) <= 1, "{} {due}", exited.charged);
    assert_eq!(exited.minted.raw() + exited.charged.raw(), 240_000_000);
    assert_eq!(exited.released, Amount::new(10_000_000_000));
    pool.query::<PositionResponse>(QueryMsg::Position { vault: 0, owner: addr("anna").into() }).unwrap_err();
    assert_eq!(pool.health().bad_debt.raw() + exited.charged.raw(), 90_000_000);
    assert_eq!(pool.audit().difference, SignedUsd::ZERO);
}

#[test]
fn limits_of_losses_that_make_no_sense_are_refused_and_only_the_owner_moves_them() {
    let with = |losses| Change::Params { params: Params { losses, ..params() } };
    let limits = LossLimits::default();
    let mut pool = pool(&["perps"]);
    let one = Ratio::ONE.plus(Ratio::new(1)).unwrap();
    refused(pool.configure("owner", with(Some(LossLimits { draw_cap: one, ..limits }))), "E0004");
    refused(pool.configure("owner", with(Some(LossLimits { loss_budget: one, ..limits }))), "E0004");
    refused(pool.configure("guardian", with(None)), "E0102");
    refused(pool.configure("guardian", with(Some(LossLimits { loss_budget: pct(1), ..limits }))), "E0102");
    pool.configure("guardian", with(Some(limits))).unwrap();
    let amount = Amount::new(1);
    pool.deposit("anna", 100).unwrap();
    let msg = ExecuteMsg::RequestExit { vault: 0, amount, accepted_haircut: Some(one) };
    refused(pool.run("anna", msg), "E0004");
}
