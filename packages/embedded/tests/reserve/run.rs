//! A run on the par reserve: the token falls to 0.90 and everybody brings it in as fast as he can; then everybody wants out.

use sdp_embedded::decimal::Dollars;
use sdp_embedded::{Actions, Swapping};
use sdp_types::events::{Revalued, SwappedIn};
use sdp_types::units::{Amount, Price, Usd};

use crate::{ledger, stage_with, usd};

/// What a token that is worth `price` was swapped in for beyond its worth, in micro-USD.
fn gain(told: &SwappedIn, price: Price) -> i128 {
    let worth = told.amount.raw() * price.raw() / Price::new(1_000_000_000_000_000_000).raw();
    told.paid.signed().unwrap().raw() - i128::try_from(worth).unwrap()
}

#[test]
fn a_run_on_the_par_reserve_with_the_token_at_0_90_gains_no_more_than_fees_band_and_ceiling_allow() {
    const CEILING: u64 = 200_000;
    let mut world = stage_with(|manifest| {
        let reserve = manifest.reserve.as_mut().unwrap();
        reserve.tokens[0].ceiling = Dollars(Usd::whole(CEILING));
    });
    // somebody has insured the pool
    world.insure("whale", usd("40000")).unwrap();
    let before = ledger(&mut world);
    let runners = ["ria", "rob", "ron", "roy"];

    // the real price is ahead of the feed by one step: each swaps at what the feed still says
    let path = ["1", "0.999", "0.9975", "0.9965", "0.9955", "0.9951", "0.995", "0.99", "0.96", "0.93", "0.9"];
    let (mut at_feed, mut came, mut refused, mut down) = (0i128, 0u128, 0u32, 0u128);
    for price in path {
        world.price("USDC", price);
        let price: Price = price.parse().unwrap();
        for runner in runners {
            let amount = Amount::new(11_000_000_000);
            world.give(runner, "USDC", amount).unwrap();
            match world.swap_in(runner, "USDC", amount, None, None) {
                Ok(answer) => {
                    let told = sdp_embedded::events::<SwappedIn>(&answer).unwrap().remove(0);
                    came += told.amount.raw();
                    at_feed += gain(&told, price);
                }
                Err(error) => {
                    assert!(error.says("E0701") || error.says("E0702") || error.says("E0328"), "{error}");
                    refused += 1;
                }
            }
        }
        if let Ok(answer) = world.revalue("kim", "USDC") {
            let told = sdp_embedded::events::<Revalued>(&answer).unwrap().remove(0);
            down += told.loss.raw();
            assert_eq!(told.gain, Usd::ZERO);
        }
    }
    // 4·11,000 at each of the first four prices, then 24,000 are left: two more
    assert_eq!((came, refused), (198_000_000_000, 44 - 18));
    // (band + confidence − fee)·ceiling = (0.5 % + 0.01 % − 0.1 %)·200,000 = 820
    let most = i128::from(CEILING) * 1_000_000 * 41 / 10_000;
    assert!(at_feed <= most, "{at_feed} {most}");
    // and exactly: 44,000·(0 + 0.1 % + 0.25 % + 0.35 %) + 22,000·0.45 % less 0.1 % of all of it
    assert_eq!(at_feed, 44_000 * 7_000 + 22_000 * 4_500 - 198_000 * 1_000);

    // the loss is the write-down, to the last micro-USD: 198,000 tokens from 1 to 0.90
    assert_eq!(down, 19_800_000_000);
    let fallen = ledger(&mut world);
    assert_eq!(fallen.reported.raw() - before.reported.raw(), -178_200_000_000);
    assert_eq!(fallen.bad_debt, Usd::ZERO);
    // insurance with the fees had 40,198, and paid at most a quarter of it in a day; the providers had the rest
    let fund = before.insurance.raw() + 198_000_000;
    assert_eq!(fund, 40_198_000_000);
    let (paid, owed) = (fund - fallen.insurance.raw(), fallen.vault_debt.raw() - before.vault_debt.raw());
    assert_eq!((paid, owed), (fund / 4, 19_800_000_000 - 10_049_500_000));

    // now everybody wants out: one token for one sdUSD and the fee, whatever it is worth
    let mut left = 198_000_000_000u128;
    for runner in runners.iter().chain(&["whale"]).cycle().take(30) {
        let has = world.balance(runner, "sdusd").unwrap().raw().min(20_000_000_000);
        let room = world.swapper(runner).sees("USDC").room_out.raw();
        if has.min(room) == 0 {
            continue;
        }
        let got = world.balance(runner, "USDC").unwrap().raw();
        world.swap_out(runner, "USDC", Usd::new(has.min(room)), None, None).unwrap();
        let got = world.balance(runner, "USDC").unwrap().raw() - got;
        assert!(got < has.min(room), "{got}");
        left -= got;
    }
    assert_eq!(left, 0);
    let emptied = ledger(&mut world);
    // who left has paid for the tokens what they once were in the book at: insurance has the write-down back, and the fees
    let gained = emptied.insurance.raw() - fallen.insurance.raw();
    let held = world.reserve_totals().unwrap().held.raw();
    assert_eq!(gained, held - 178_200_000_000);
    assert!(gained > 19_800_000_000);
    assert_eq!(emptied.vault_debt, fallen.vault_debt);
    // and no runner has more tokens and sdUSD together than he has brought
    for runner in runners {
        let has =
            world.balance(runner, "USDC").unwrap().raw() + world.balance(runner, "sdusd").unwrap().raw();
        assert!(has < 11 * 11_000_000_000, "{runner} {has}");
    }
}

#[test]
fn a_token_that_comes_back_from_0_90_gives_insurance_back_what_was_lost() {
    let mut world = stage_with(|_| {});
    world.swapper("sam").swaps_in(198_000, "USDC");
    let before = ledger(&mut world);
    for price in ["0.96", "0.93", "0.9"] {
        world.price("USDC", price);
    }
    world.swapper("kim").revalues("USDC");
    let fallen = ledger(&mut world);
    let lost = (fallen.vault_debt.raw() - before.vault_debt.raw()) + before.insurance.signed().unwrap().raw()
        - fallen.insurance.signed().unwrap().raw();
    assert_eq!((lost, fallen.bad_debt), (19_800_000_000, Usd::ZERO));
    for price in ["0.93", "0.96", "0.99", "1"] {
        world.price("USDC", price);
        world.swapper("kim").revalues("USDC");
    }
    let back = ledger(&mut world);
    assert_eq!(back.insurance.raw() - fallen.insurance.raw(), 19_800_000_000);
    assert_eq!((back.vault_debt, back.reported), (fallen.vault_debt, before.reported));
}
