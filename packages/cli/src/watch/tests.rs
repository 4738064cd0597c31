//! What the screen shows is what the contracts answer.

use std::time::{Duration, Instant};

use ratatui::backend::TestBackend;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::style::Color;
use ratatui::Terminal;
use sdp_embedded::World;
use sdp_network::Actions;
use sdp_types::Rounding;

use super::app::App;
use super::news::News;
use super::screen;
use super::text::{dollars, money, part, percent};
use crate::survey::story::story;
use crate::survey::{People, Survey};

/// An app that has heard of everything in a world.
fn app(world: &World, colour: bool) -> App {
    let mut app = App::new(Duration::from_secs(2), colour);
    app.hear(News::Survey(Box::new(Survey::of(&**world).unwrap())), Instant::now());
    app.hear(News::People(People::of(&**world).unwrap()), Instant::now());
    app
}

/// The screen of this size, 7 seconds after the world's block.
fn terminal(app: &mut App, now: u64, (width, height): (u16, u16)) -> Terminal<TestBackend> {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    terminal.draw(|frame| screen::draw(frame, app, now)).unwrap();
    terminal
}

fn lines(terminal: &Terminal<TestBackend>) -> Vec<String> {
    let buffer = terminal.backend().buffer();
    let width = usize::from(buffer.area.width);
    buffer.content.chunks(width).map(|row| row.iter().map(|cell| cell.symbol()).collect()).collect()
}

fn screen(app: &mut App, world: &World, size: (u16, u16)) -> Vec<String> {
    lines(&terminal(app, world.now() + 7, size))
}

fn press(app: &mut App, code: KeyCode) {
    app.press(KeyEvent::new(code, KeyModifiers::NONE));
}

/// The one line that begins like this.
#[track_caller]
fn line<'a>(screen: &'a [String], begin: &str) -> &'a str {
    let found =
        screen.iter().map(|line| line.trim_start_matches("▸ ").trim()).find(|line| line.starts_with(begin));
    found.unwrap_or_else(|| panic!("no line {begin} in\n{}", screen.join("\n")))
}

#[test]
fn the_overview_has_the_figures_of_health_at_eighty_by_twenty_four() {
    let world = story();
    let health = world.health().unwrap();
    let shown = screen(&mut app(&world, true), &world, (80, 24));
    let header = &shown[0];
    assert!(header.contains(&format!("block {}, 7 s ago", world.height())), "{header}");
    assert!(header.contains("books balance"), "{header}");
    let ratio = line(&shown, "Collateral ratio");
    assert!(ratio.contains(&part(health.collateral_ratio.unwrap())), "{ratio}");
    assert!(ratio.contains('█'), "{ratio}");
    // 1/0.45, 1/0.6 and 1/0.85, shown cut off
    let words = line(&shown, "trips below");
    assert_eq!(words, "trips below     caution 222.2 % · close-only 166.6 % · emergency 117.6 %");
    let collateral = line(&shown, "Collateral  ");
    let all = [dollars(health.collateral), money(health.free_collateral), dollars(health.supply)];
    assert!(all.iter().all(|amount| collateral.contains(amount)), "{collateral}");
    let debt = line(&shown, "Debt");
    let minting = money(health.debt.minus(health.debt_from_markets).unwrap());
    let markets = money(health.debt_from_markets);
    assert!(
        debt.ends_with(&format!("{} = minting {minting} + markets {markets}", money(health.debt))),
        "{debt}"
    );
    let es = line(&shown, "ES of markets");
    let budget = dollars(health.markets_budget.unwrap());
    assert!(es.contains(&format!("{} of {budget}", dollars(health.expected_shortfall))), "{es}");
    assert!(line(&shown, "Insurance").contains(&dollars(health.insurance)));
    assert!(line(&shown, "Default").contains(&format!("bring {}", dollars(health.tab))));
}

#[test]
fn markets_are_listed_with_what_their_query_says() {
    let world = story();
    let shown = screen(&mut app(&world, true), &world, (80, 24));
    for perp in world.perps("market").unwrap() {
        let row = line(&shown, &perp.config.name);
        let value = |size: sdp_types::AbsSize| size.value(perp.index, Rounding::Up).unwrap();
        let interest = value(perp.long).plus(value(perp.short)).unwrap();
        let skew = perp.index.value(perp.skew, Rounding::Up).unwrap();
        for cell in [
            dollars(interest),
            money(skew),
            percent(perp.funding_rate.raw(), 3),
            percent(perp.premium.raw(), 3),
        ] {
            assert!(row.contains(&format!(" {cell} ")), "{cell} is not in {row}");
        }
    }
}

#[test]
fn who_is_nearest_to_liquidation_comes_first_and_what_is_due_is_said_in_words() {
    let world = story();
    let mut app = app(&world, true);
    press(&mut app, KeyCode::Char('2'));
    let shown = screen(&mut app, &world, (80, 24));
    let at = |name: &str| {
        shown.iter().position(|line| line.trim_start_matches("▸ ").trim().starts_with(name)).unwrap()
    };
    // 3,000 · 6.50 for a debt of 10,000 (less what the markets have lost) is 195 % and needs 200 %; 3,154 · 6.50 is 205 %
    let carl = line(&shown, "carl");
    assert!(carl.contains("19,500.00") && carl.contains("-2.4") && carl.contains("SEIZE"), "{carl}");
    assert!(!line(&shown, "ben").contains("SEIZE"));
    assert!(at("carl") < at("ben") && at("ben") < at("whale"));
    let bob = world.account("bob", "market", 0).unwrap();
    assert!(line(&shown, "bob/0").contains(&money(bob.equity)));
    assert!(line(&shown, "bob/0").contains(&dollars(bob.maintenance_margin)));
    // the other way round
    press(&mut app, KeyCode::Char('r'));
    let shown = screen(&mut app, &world, (80, 24));
    let at = |name: &str| {
        shown.iter().position(|line| line.trim_start_matches("▸ ").trim().starts_with(name)).unwrap()
    };
    assert!(at("carl") > at("ben"));
}

#[test]
fn auctions_and_prices_have_a_table_each() {
    let world = story();
    let mut app = app(&world, true);
    press(&mut app, KeyCode::Tab);
    press(&mut app, KeyCode::Tab);
    let shown = screen(&mut app, &world, (80, 24));
    let row = shown.iter().find(|line| line.contains("anna")).unwrap();
    let auction = &world.auctions().unwrap()[0];
    // 6.50 · 1.1 · 0.99
    for cell in ["3,000 ATOM", &dollars(auction.tab), "7.0785", "runs"] {
        assert!(row.contains(cell), "{cell} is not in {row}");
    }
    press(&mut app, KeyCode::Tab);
    let shown = screen(&mut app, &world, (80, 24));
    let atom = line(&shown, "ATOM");
    assert!(atom.contains("6.5") && atom.contains("trades") && atom.contains("close-only"), "{atom}");
    press(&mut app, KeyCode::BackTab);
    assert_eq!(app.focus, 2);
}

#[test]
fn a_large_terminal_shows_all_tables_and_more_columns() {
    let world = story();
    let mut app = app(&world, true);
    let shown = screen(&mut app, &world, (200, 50));
    let all = shown.join("\n");
    for text in
        ["1 Markets", "2 Nearest to liquidation", "3 Auctions", "4 Prices", "long USD", "minted against ATOM"]
    {
        assert!(all.contains(text), "no {text} in\n{all}");
    }
    assert!(all.contains("[1 Markets"), "the pane with the keys is marked:\n{all}");
    // one table that is as wide as the terminal has more of them than each of four
    let shown = screen(&mut app, &world, (140, 24)).join("\n");
    assert!(shown.contains("skew cap") && shown.contains("OI cap"), "{shown}");
}

#[test]
fn the_arrows_sort_by_columns_that_are_on_the_screen_and_move_the_selection() {
    let world = story();
    let mut app = app(&world, true);
    let shown = screen(&mut app, &world, (80, 24));
    assert!(shown.iter().any(|line| line.contains("OI USD▼")), "{}", shown.join("\n"));
    for _ in 0..4 {
        press(&mut app, KeyCode::Right);
    }
    // seven columns at this width: from the fourth by four is the first
    assert_eq!(app.tables[0].column, 0);
    press(&mut app, KeyCode::Left);
    assert_eq!(app.tables[0].column, 6);
    press(&mut app, KeyCode::End);
    assert_eq!(app.tables[0].state.selected(), Some(world.perps("market").unwrap().len() - 1));
}

#[test]
fn without_colours_everything_is_still_said() {
    let world = story();
    let (mut plain, mut coloured) = (app(&world, false), app(&world, true));
    press(&mut plain, KeyCode::Char('2'));
    press(&mut coloured, KeyCode::Char('2'));
    let now = world.now() + 7;
    let (plain, coloured) = (terminal(&mut plain, now, (80, 24)), terminal(&mut coloured, now, (80, 24)));
    assert_eq!(lines(&plain), lines(&coloured));
    let colours = |terminal: &Terminal<TestBackend>| {
        let cells = &terminal.backend().buffer().content;
        cells.iter().filter(|cell| cell.fg != Color::Reset || cell.bg != Color::Reset).count()
    };
    assert_eq!(colours(&plain), 0);
    assert!(colours(&coloured) > 0);
}

#[test]
fn before_the_first_answer_and_while_nobody_answers_that_is_said() {
    let mut app = App::new(Duration::from_secs(2), true);
    let shown = lines(&terminal(&mut app, 0, (80, 24)));
    assert!(shown[0].contains("waiting for the chain"));
    app.hear(News::Lost("no node answers".into()), Instant::now());
    let shown = lines(&terminal(&mut app, 0, (80, 24)));
    assert!(shown[23].contains("tried again every 2 s: no node answers"), "{}", shown[23]);
    let world = story();
    let now = Instant::now();
    app.hear(News::Survey(Box::new(Survey::of(&*world).unwrap())), now);
    let shown = lines(&terminal(&mut app, world.now(), (80, 24)));
    assert!(shown[23].contains("? help"), "{}", shown[23]);
    // a node that neither answers nor fails
    app.at = now.checked_sub(Duration::from_secs(20));
    let shown = lines(&terminal(&mut app, world.now(), (80, 24)));
    assert!(shown[23].contains("no answer for 20 s, still waiting"), "{}", shown[23]);
}

#[test]
fn help_covers_the_screen_until_a_key_and_it_fits_into_any_terminal() {
    let world = story();
    let mut app = app(&world, true);
    press(&mut app, KeyCode::Char('?'));
    let shown = screen(&mut app, &world, (80, 24)).join("\n");
    assert!(shown.contains("q, Ctrl-C        quit"), "{shown}");
    press(&mut app, KeyCode::Tab);
    assert!(!app.help && app.focus == 0);
    press(&mut app, KeyCode::Char('?'));
    for size in [(1, 1), (20, 5), (79, 23), (300, 100)] {
        screen(&mut app, &world, size);
    }
    press(&mut app, KeyCode::Char('q'));
    assert!(app.over);
}
