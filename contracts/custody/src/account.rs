//! An account as the market sees it now: by the market's own code on the market's records, read raw.

use cosmwasm_std::{Api, Deps, Env};
use sdp_book::remote::Remote;
use sdp_perps::backing::Counted;
use sdp_perps::books::Books;
use sdp_perps::core::mark::Valuation;
use sdp_perps::prices::{marking_quote, Outside};
use sdp_perps::state::{self as market_state, Account, AccountKey};
use sdp_types::board::{Board, FeedId, Use};
use sdp_types::error::CustodyError;
use sdp_types::market::AccountId;
use sdp_types::regime::Regime;
use sdp_types::{ensure, Error, Price, Ratio, Result, SignedUsd, Usd};

use crate::state::Home;

/// The key of an account that somebody names.
pub fn key_of(api: &dyn Api, id: &AccountId) -> Result<AccountKey> {
    AccountKey::of(api, &id.owner, id.account)
}

/// An account of the market, before this message.
pub struct Seen {
    /// As stored, touched by all deleveraging, and with what its owner earned as a keeper.
    pub account: Account,
    /// With its tokens.
    pub valuation: Valuation,
    /// The oracle's board.
    pub board: Board,
    /// Block time, seconds.
    pub now: u64,
    /// What insurance gets of leverage.
    pub leverage: Ratio,
    /// Whether the pool was shut down.
    shut_down: bool,
}

impl Seen {
    /// With positions at prices that are fresh and certain enough to liquidate; for `shown` ones at the last ones.
    #[inline(never)]
    pub fn load(deps: Deps<'_>, env: &Env, home: &Home, key: &AccountKey, shown: bool) -> Result<Self> {
        let mut env = env.clone();
        // a market knows its place in the pool's list by its own address
        env.contract.address = home.market.clone();
        let there = Remote::new(&deps, &home.market);
        let deps = there.deps(&deps);
        let terms = market_state::terms(deps.storage)?;
        let outside = Outside::read(deps, &env, terms.home())?;
        let mut books = Books::load(deps.storage, &terms)?;
        let valuation = books.value(deps, key, &terms, &outside, &|config| match shown {
            true => outside.board.last(config.feed),
            false => marking_quote(&outside, config),
        })?;
        Ok(Self {
            account: books.account(deps.storage, key)?.clone(),
            valuation,
            shut_down: outside.regimes.contains(&Regime::ShutDown),
            board: outside.board,
            now: outside.now,
            leverage: terms.params.insurance.leverage,
        })
    }

    /// What its tokens count for.
    pub fn counted(&self) -> Counted {
        self.valuation.tokens.unwrap_or_default()
    }

    /// What the account owes: margin below zero.
    pub fn owed(&self) -> Usd {
        self.account.margin.negative_part()
    }

    /// Before its tokens are sold an account is liquidated: then it has no position, and no order of its fills. `E1107`.
    pub fn liquidated(&self) -> Result<()> {
        let (positions, locked) = (self.account.positions.len() as u64, self.account.locked);
        ensure(positions == 0 && locked.is_zero(), || {
            CustodyError::LiquidateFirst { positions, locked }.into()
        })
    }

    /// Margin and tokens, at fresh prices, of an account without positions; the last ones do once the pool was shut down.
    pub fn worth(&self) -> Result<SignedUsd> {
        if !self.shut_down {
            self.counted().certain(&self.board, self.now)?;
        }
        Ok(self.valuation.equity)
    }

    /// It owes more than its tokens count for: `E1107`, `E0419`, `E1106`, and the errors of a price that is not good.
    pub fn unsound(&self) -> Result<()> {
        self.liquidated()?;
        let (now, until) = (self.now, self.board.quiet_until());
        ensure(now >= until, || Error::AfterGap { until, now })?;
        let equity = self.worth()?;
        ensure(equity.is_negative(), || CustodyError::Sound { equity }.into())
    }

    /// At which price of a feed a sale begins: a fresh one, or once the pool was shut down the frozen one.
    pub fn price(&self, feed: FeedId, widest: Ratio) -> Result<Price> {
        match self.board.certain(feed, Use::Liquidate, self.now, widest) {
            Err(_) if self.shut_down => Ok(self.board.frozen(feed)),
            quote => Ok(quote?.price),
        }
    }
}
