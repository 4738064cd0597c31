//! Everything that anybody may send, in the model's own words.

pub use crate::bonded::DeskMessage;
use crate::bonded::Shown;
use crate::config::{
    CustodyConfig, DeskConfig, FeedBreakerConfig, LiquidatorConfig, MarketParams, PerpConfig, PoolConfig,
    ReserveConfig, SpotParams, SyntheticConfig,
};
use crate::number::Q;
use crate::pool::Of;
use crate::regime::Regime;

/// A message to one of the contracts or tokens.
#[derive(Clone, Debug)]
pub enum Message {
    /// To the oracle, by a publisher.
    Publish(Vec<Submission>),
    /// To the oracle, by anybody: the sources of these feeds are asked.
    Pull(Vec<usize>),
    /// To the oracle, by owner or guardian: at least this regime for a feed.
    Trip {
        /// Which feed.
        feed: usize,
        /// Which regime.
        regime: Regime,
    },
    /// To the oracle, by the owner: a feed is normal again.
    Reset {
        /// Which feed.
        feed: usize,
    },
    /// To the pool.
    Pool(PoolMessage),
    /// To the market of this number.
    Market(usize, MarketMessage),
    /// To the liquidator.
    Liquidator(LiquidatorMessage),
    /// To the synthetics.
    Spot(SpotMessage),
    /// To the par reserve.
    Reserve(ReserveMessage),
    /// To the contract of conditional orders.
    Orders(OrdersMessage),
    /// To the custody of traders' tokens.
    Custody(CustodyMessage),
    /// To the desk of bonded markets.
    Desk(DeskMessage),
    /// To a contract of others, which does as it is told.
    Act {
        /// Its name.
        contract: String,
        /// What it shows from now on, if that changes.
        show: Option<Box<Shown>>,
        /// What it sends to the desk, in order.
        sends: Vec<DeskMessage>,
    },
    /// The pool lists a bonded market by itself, which shows a record without quantities, and the desk is done with it: both or neither.
    Approve {
        /// Its name.
        market: String,
        /// Its line at the pool.
        line: Q,
    },
    /// A plain transfer of a token.
    Transfer {
        /// Name of the token.
        token: String,
        /// Who gets it.
        to: String,
        /// How much.
        amount: Q,
    },
    /// A holder burns his own sdUSD or recovery notes, past the pool.
    BurnOwn {
        /// Name of the token.
        token: String,
        /// How much.
        amount: Q,
    },
    /// A change of configuration comes into force; its rights and delays are not the model's.
    Change(Change),
}

/// One price that a publisher reports.
#[derive(Clone, Debug)]
pub struct Submission {
    /// Which feed.
    pub feed: usize,
    /// Micro-USD for a whole unit.
    pub price: Q,
    /// Half-width of the band, as a fraction.
    pub confidence: Q,
    /// When it was observed.
    pub publish_time: u64,
}

/// To the pool.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub enum PoolMessage {
    /// Collateral of a vault, with its token.
    Deposit { vault: usize, amount: Q, beneficiary: Option<String> },
    /// Collateral of a vault for all who have some in it.
    AddYield { vault: usize, amount: Q },
    /// The own position, or so much of its collateral, is offered to somebody; to nobody any more.
    OfferPosition { vault: usize, to: Option<String>, amount: Option<Q> },
    /// Takes over what was offered.
    AcceptPosition { vault: usize, owner: String },
    /// sdUSD against a position, the own one or as its owner's minter.
    Mint { vault: usize, amount: Q, recipient: Option<String>, owner: Option<String> },
    /// Who may mint for the sender; nobody any more.
    SetMinter { minter: Option<String> },
    /// sdUSD sent back against somebody's debt.
    Burn { vault: usize, owner: Option<String>, amount: Q },
    /// sdUSD sent into the insurance fund.
    Insure { amount: Q },
    /// Asks for collateral back.
    RequestExit { vault: usize, amount: Q, accepted: Q },
    /// Takes the request back.
    CancelExit { vault: usize },
    /// Executes a request.
    ExecuteExit { vault: usize, owner: String },
    /// Books what has happened.
    Sync,
    /// Burns what lies in the pool, and books what holders burnt.
    Sweep,
    /// Moves a ceiling that follows what is used.
    AdjustCeiling { of: Of },
    /// Moves the depth.
    AdjustDepth,
    /// A person who may trips the pool or a market.
    Trip { market: Option<usize>, regime: Regime },
    /// The owner resets the pool or a market.
    Reset { market: Option<usize> },
    /// As somebody who is no market.
    Draw { amount: Q },
    /// As somebody who is not the liquidator.
    Seize { vault: usize, owner: String },
}

/// What somebody may do with another's account.
#[derive(Clone, Debug)]
pub struct Delegation {
    /// Until when, seconds.
    pub expires_at: u64,
    /// Perpetuals that he may trade; none: all.
    pub perps: Option<Vec<usize>>,
    /// Most Σ|notional| after what he adds.
    pub most: Option<Q>,
    /// Whether he may take it over.
    pub may_take: bool,
}

/// To a market.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub enum MarketMessage {
    /// sdUSD sent as margin.
    Deposit { beneficiary: Option<String>, account: u16, amount: Q },
    /// Margin taken out.
    Withdraw { account: u16, amount: Q, recipient: Option<String>, accepted: Q },
    /// An order.
    Commit { account: u16, perp: usize, size: Q, limit: Option<Q>, expires_in: Option<u64> },
    /// An order for an account of somebody who lets the sender, or one that only reduces.
    CommitFor {
        owner: String,
        account: u16,
        perp: usize,
        size: Q,
        limit: Option<Q>,
        expires_in: Option<u64>,
        reduce_only: bool,
    },
    /// Lets somebody trade an account or take it over, or no longer.
    SetDelegate { account: u16, delegate: String, delegation: Option<Delegation> },
    /// Takes an account over.
    TakeAccount { owner: String, account: u16, into: u16 },
    /// Margin into another account of the sender.
    Transfer { from: u16, into: u16, amount: Q },
    /// Says who brought the sender.
    SetReferrer { account: u16, referrer: Option<String> },
    /// Takes an order back.
    Cancel { perp: usize, order: u64 },
    /// Settles the oldest orders.
    Settle { perp: usize, limit: u32 },
    /// Samples funding.
    Poke,
    /// As somebody who is not the liquidator.
    Liquidate { accounts: Vec<(String, u16)> },
}

/// To the liquidator.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub enum LiquidatorMessage {
    /// Seizes a provider's position and starts its auction.
    LiquidatePosition { vault: usize, owner: String },
    /// Liquidates traders.
    LiquidateAccounts { market: usize, accounts: Vec<(String, u16)> },
    /// Starts an auction again.
    Redo { auction: u64 },
    /// sdUSD sent for collateral.
    Take { auction: u64, payment: Q, amount: Q, maximum_price: Q, recipient: Option<String> },
    /// sdUSD sent into the backstop.
    Back { amount: Q, owner: Option<String> },
    /// Takes collateral out that it has absorbed.
    Claim { vault: Option<usize>, recipient: Option<String> },
    /// Asks for sdUSD back from it.
    RequestWithdrawal { amount: Q },
    /// Takes that out.
    WithdrawBacking,
    /// Points at a position that can be liquidated.
    Flag { vault: usize, owner: String },
    /// Begins to sell recovery notes.
    StartNotes,
    /// Begins again where nobody bids.
    RestartNotes { auction: u64 },
    /// sdUSD sent for a claim.
    Bid { auction: u64, payment: Q, claim: Q },
    /// The last bid gets its notes.
    SettleNotes { auction: u64 },
    /// Notes sent back.
    RedeemNotes { notes: Q, least: Option<Q>, recipient: Option<String> },
}

/// What of a buy of a synthetic is exact: what is paid, or the tokens.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub enum BuyExact {
    In { least: Option<Q> },
    Out { amount: Q },
}

/// What of a sale is exact: the tokens, or what it brings.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub enum SellExact {
    In { least: Option<Q> },
    Out { usd: Q },
}

/// To the synthetics.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub enum SpotMessage {
    /// An order, with sdUSD.
    Buy { synthetic: usize, paid: Q, exact: BuyExact, expires_in: Option<u64>, recipient: Option<String> },
    /// An order, with tokens.
    Sell { synthetic: usize, amount: Q, exact: SellExact, expires_in: Option<u64>, recipient: Option<String> },
    /// Settles the oldest orders.
    Settle { synthetic: usize, limit: u32 },
    /// Takes an order back.
    Cancel { synthetic: usize, order: u64 },
    /// Takes out what one is owed: all, or so much.
    Collect { amount: Option<Q>, recipient: Option<String>, accepted: Q },
    /// Burns tokens that are nobody's.
    Sweep { synthetic: usize },
    /// Turns funding into quantity.
    Poke,
}

/// What becomes of what a swap in pays.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub enum Then {
    /// It is paid out.
    Pay { recipient: Option<String>, accepted: Q },
    /// It becomes margin.
    Margin { market: usize, beneficiary: Option<String>, account: u16 },
    /// It is burnt against a debt.
    Burn { vault: usize, owner: Option<String> },
}

/// To the par reserve.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub enum ReserveMessage {
    /// A token, for sdUSD.
    SwapIn { token: usize, amount: Q, least: Option<Q>, then: Then },
    /// sdUSD, for a token.
    SwapOut { token: usize, amount: Q, least: Option<Q>, recipient: Option<String>, accepted: Q },
    /// Values a token again.
    Revalue { token: usize },
    /// What is above the book: of a token, or of sdUSD.
    Sweep { token: Option<usize> },
}

/// A price that is waited for, and the worst price of the fill; by default the market's.
#[derive(Clone, Debug)]
pub struct Trigger {
    /// Micro-USD for a whole unit.
    pub at: Q,
    /// Likewise.
    pub worst: Option<Q>,
}

/// What a conditional order waits for.
#[derive(Clone, Debug)]
pub enum OrderKind {
    /// A price or better, and nothing worse.
    Limit(Q),
    /// A price or worse.
    Stop(Trigger),
    /// A price or better.
    TakeProfit(Trigger),
}

impl OrderKind {
    /// The price that the index has to reach.
    pub fn trigger(&self) -> &Q {
        match self {
            Self::Limit(price) => price,
            Self::Stop(trigger) | Self::TakeProfit(trigger) => &trigger.at,
        }
    }

    /// The worst price of the fill, where one is named.
    pub fn worst(&self) -> Option<&Q> {
        match self {
            Self::Limit(price) => Some(price),
            Self::Stop(trigger) | Self::TakeProfit(trigger) => trigger.worst.as_ref(),
        }
    }
}

/// An order that is to wait.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct NewOrder {
    pub perp: usize,
    pub size: Q,
    pub kind: OrderKind,
    pub reduce_only: bool,
    /// Block time.
    pub good_till: Option<u64>,
    pub keeper_fee: Q,
}

/// How a bracket gets into its position.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub enum Entry {
    Market { limit: Option<Q> },
    Waits(OrderKind),
}

/// An entry, and a stop and a target that close what it opens.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Bracket {
    pub perp: usize,
    pub size: Q,
    pub entry: Entry,
    pub stop: Trigger,
    pub target: Trigger,
    pub entry_good_till: Option<u64>,
    pub good_till: Option<u64>,
    pub keeper_fee: Q,
}

/// To the contract of conditional orders.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub enum OrdersMessage {
    /// sdUSD sent into a jar.
    Fill { owner: Option<String>, amount: Q },
    /// And out of the own one.
    Withdraw { amount: Q, recipient: Option<String> },
    /// Orders of an account; linked: they cancel each other.
    Place { account: u16, orders: Vec<NewOrder>, linked: bool },
    /// An entry with its exits.
    Bracket { account: u16, bracket: Box<Bracket> },
    /// Takes own orders back.
    Cancel { ids: Vec<u64> },
    /// Commits what is due.
    Arm { ids: Vec<u64> },
    /// Notes what has happened.
    Sweep { ids: Vec<u64> },
}

/// What somebody wants of a sale of tokens.
#[derive(Clone, Debug)]
pub struct TakeTokens {
    /// sdUSD that is sent.
    pub payment: Q,
    /// At most so many base units.
    pub amount: Q,
    /// Micro-USD for a whole unit.
    pub maximum_price: Q,
    /// Who gets them.
    pub recipient: Option<String>,
}

/// To the custody of tokens that are margin.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub enum CustodyMessage {
    /// Tokens for an account.
    Deposit { token: usize, amount: Q, beneficiary: Option<String>, account: u16 },
    /// Tokens out of one's own.
    Withdraw { account: u16, token: usize, amount: Q, recipient: Option<String> },
    /// Begins to sell an account's.
    Sell { owner: String, account: u16 },
    /// Begins again where nobody takes.
    Redo { owner: String, account: u16 },
    /// Ends a sale that is not due any more.
    Stop { owner: String, account: u16 },
    /// sdUSD sent for tokens.
    Take { owner: String, account: u16, take: TakeTokens },
}

/// What can change.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub enum Change {
    /// The pool's parameters, and its vaults' where their number, tokens, decimals and feeds are the same.
    Pool(Box<PoolConfig>),
    /// A credit line.
    Line { market: usize, line: Q },
    /// A ceiling follows what is used from now on (maximum, gap, seconds between rises), or stays where it is.
    Ceiling { of: Of, follows: Option<(Q, Q, u64)> },
    /// A market's parameters.
    MarketParams { market: usize, params: Box<MarketParams> },
    /// A perpetual's configuration.
    Perp { market: usize, perp: usize, config: Box<PerpConfig> },
    /// The liquidator's configuration.
    Liquidator(Box<LiquidatorConfig>),
    /// Parameters of all synthetics.
    Spot(Box<SpotParams>),
    /// A synthetic's configuration.
    Synthetic { synthetic: usize, config: Box<SyntheticConfig> },
    /// The par reserve's, where its tokens, decimals and feeds are the same.
    Reserve(Box<ReserveConfig>),
    /// The desk's, where its roles and the contracts of others are the same.
    Desk(Box<DeskConfig>),
    /// The custody's, where its tokens, their number and decimals are the same.
    Custody(Box<CustodyConfig>),
    /// Ages up to which prices serve.
    Staleness { trade: u64, liquidate: u64 },
    /// When a price restricts its feed.
    Breaker(Option<FeedBreakerConfig>),
    /// Volatilities and correlations, as asked.
    Covariance { sigmas: Vec<Q>, correlations: Vec<Vec<Q>> },
}
