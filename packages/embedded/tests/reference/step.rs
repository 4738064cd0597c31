//! What may happen, in concrete numbers: a sequence of these is a test that can be replayed. Amounts are the stored
//! integers (micro-USD, base units, 18 decimals of sizes, prices and ratios).

use sdp_reference::Of;

/// Who does something: a name of the manifest or of [`PEOPLE`].
pub type Who = &'static str;

/// Everybody who ever sends or gets anything, contracts aside.
pub const PEOPLE: [Who; 15] = [
    "anna", "bert", "cleo", "tina", "theo", "tara", "kira", "kurt", "sven", "olga", "gina", "paul", "pina",
    "pete", "faucet",
];
/// Publishers in the order of the bits of [`Step::Prices::by`].
pub const PUBLISHERS: [Who; 3] = ["paul", "pina", "pete"];
/// Vaults in their order.
pub const TOKENS: [&str; 4] = ["ATOM", "WETH", "LST", "USDC"];
/// Market contracts in the pool's order.
pub const MARKETS: [&str; 2] = ["market", "second"];
/// All that the pool lists.
pub const LISTED: [&str; 5] = ["market", "second", "spot", "reserve", "bonded"];
/// Contracts of others, which do what they are told: whoever wants opens them as bonded markets.
pub const DOUBLES: [Who; 3] = ["rain", "snow", "hail"];
/// Tokens of the synthetics in their order.
pub const SYNTHETICS: [&str; 3] = ["sETH", "sBTC", "sHUB"];
/// Tokens that can be margin in their order.
pub const PLEDGED: [&str; 3] = ["ATOM", "WETH", "USDC"];
/// The token of the par reserve, and its vault.
pub const DOLLAR: &str = "USDC";
/// Feeds of it, and of what is pulled.
pub const DOLLAR_FEED: usize = 3;
pub const PULLED_FEED: usize = 4;
/// The latter, as it is asked for.
pub const PULLED_FEEDS: &[u16] = &[4];

/// What of an order of a synthetic is exact: what is sent, with a least that it has to bring; or what it brings.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Exact {
    In(Option<u128>),
    Out(u128),
}

/// What a delegate may do: for how many seconds, in one perpetual or in all, up to which notional, and whether he may take the account over.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Allowed {
    pub seconds: u64,
    pub perp: Option<u16>,
    pub most: Option<u128>,
    pub may_take: bool,
}

/// What a conditional order waits for: a price, and the worst price of its fill.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Waiting {
    Limit(u128),
    Stop(u128, Option<u128>),
    Profit(u128, Option<u128>),
}

/// A conditional order; seconds from now until which it waits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wanted {
    pub perp: usize,
    pub size: i128,
    pub kind: Waiting,
    pub reduce_only: bool,
    pub good_for: Option<u64>,
    pub keeper_fee: u128,
}

/// How a bracket gets into its position: at once with a worst price, or when something is due.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Entrance {
    Market(Option<u128>),
    Waits(Waiting),
}

/// What becomes of what a swap in pays.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Then {
    Pay { to: Option<Who>, accepted: u128 },
    Margin { market: usize, owner: Option<Who>, account: u16 },
    Burn { vault: usize, owner: Option<Who> },
}

/// A record that a double shows or pushes: owes `base` and what `linear` brings a second for an hour. Amounts in micro-USD.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Told {
    /// Seconds before now at which it was written; later than now where below 0.
    pub age: i64,
    pub base: i128,
    pub drawn: u128,
    pub fees: u128,
    pub shortfalls: u128,
    pub open_positions: u64,
    pub linear: i64,
    /// Feed and size.
    pub quantities: [Option<(u16, i128)>; 2],
    /// Bytes behind it.
    pub behind: usize,
}

/// Bytes that a double shows or pushes: a record, or so many of the same that are none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Says {
    Owes(Told),
    Nonsense(usize),
}

/// What a double sends to the desk.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Does {
    Push(Says),
    Announce(u128),
    Draw { amount: u128, to: Who, accepted: u128 },
}

/// One message, or a pause.
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(
    clippy::large_enum_variant,
    reason = "sequences are written as constants, and what has a box is none"
)]
pub enum Step {
    /// Seconds pass.
    Wait(u64),
    /// Each publisher in the bits of `by` reports what is not 0 in `prices`, the later ones `ppm` higher each; observed
    /// `age` seconds ago.
    Prices {
        by: u8,
        prices: [u128; 3],
        confidences: [u128; 3],
        ppm: u128,
        age: u64,
    },
    /// The same for the price of the reserve's token.
    Dollar {
        by: u8,
        price: u128,
        confidence: u128,
    },
    /// Sources are asked.
    Pull {
        who: Who,
        feeds: &'static [u16],
    },
    Deposit {
        who: Who,
        vault: usize,
        amount: u128,
        owner: Option<Who>,
    },
    AddYield {
        who: Who,
        vault: usize,
        amount: u128,
    },
    Offer {
        who: Who,
        vault: usize,
        to: Option<Who>,
        amount: Option<u128>,
    },
    Accept {
        who: Who,
        vault: usize,
        owner: Who,
    },
    Mint {
        who: Who,
        vault: usize,
        amount: u128,
        to: Option<Who>,
    },
    /// For somebody else, as his minter.
    MintFor {
        who: Who,
        vault: usize,
        amount: u128,
        owner: Who,
        to: Option<Who>,
    },
    SetMinter {
        who: Who,
        minter: Option<Who>,
    },
    Burn {
        who: Who,
        vault: usize,
        amount: u128,
        owner: Option<Who>,
    },
    Insure {
        who: Who,
        amount: u128,
    },
    RequestExit {
        who: Who,
        vault: usize,
        amount: u128,
        accepted: u128,
    },
    CancelExit {
        who: Who,
        vault: usize,
    },
    ExecuteExit {
        who: Who,
        vault: usize,
        owner: Who,
    },
    Sync {
        who: Who,
    },
    Sweep {
        who: Who,
    },
    AdjustCeiling {
        who: Who,
        of: Of,
    },
    AdjustDepth {
        who: Who,
    },
    /// Of the pool, or of a market.
    Trip {
        who: Who,
        market: Option<usize>,
        regime: u8,
    },
    Reset {
        who: Who,
        market: Option<usize>,
    },
    /// A plain transfer of `sdusd`, `sdnote` or a collateral.
    Transfer {
        who: Who,
        token: &'static str,
        to: &'static str,
        amount: u128,
    },
    /// Of one's own sdUSD, past the pool.
    BurnOwn {
        who: Who,
        amount: u128,
    },
    DepositMargin {
        who: Who,
        market: usize,
        account: u16,
        amount: u128,
        owner: Option<Who>,
    },
    Withdraw {
        who: Who,
        market: usize,
        account: u16,
        amount: u128,
        to: Option<Who>,
        accepted: u128,
    },
    Commit {
        who: Who,
        market: usize,
        account: u16,
        perp: usize,
        size: i128,
        limit: Option<u128>,
        expires_in: Option<u64>,
    },
    /// For an account of somebody else, or one that only reduces.
    CommitFor {
        who: Who,
        owner: Who,
        market: usize,
        account: u16,
        perp: usize,
        size: i128,
        reduce_only: bool,
    },
    SetDelegate {
        who: Who,
        market: usize,
        account: u16,
        delegate: Who,
        allowed: Option<Allowed>,
    },
    TakeAccount {
        who: Who,
        market: usize,
        owner: Who,
        account: u16,
        into: u16,
    },
    TransferMargin {
        who: Who,
        market: usize,
        from: u16,
        into: u16,
        amount: u128,
    },
    SetReferrer {
        who: Who,
        market: usize,
        account: u16,
        referrer: Option<Who>,
    },
    Cancel {
        who: Who,
        market: usize,
        perp: usize,
        order: u64,
    },
    Settle {
        who: Who,
        market: usize,
        perp: usize,
        limit: u32,
    },
    Poke {
        who: Who,
        market: usize,
    },
    Liquidate {
        who: Who,
        market: usize,
        accounts: [Option<(Who, u16)>; 3],
    },
    Seize {
        who: Who,
        vault: usize,
        owner: Who,
    },
    Redo {
        who: Who,
        auction: u64,
    },
    Take {
        who: Who,
        auction: u64,
        payment: u128,
        amount: u128,
        max_price: u128,
        to: Option<Who>,
    },
    /// sdUSD into the backstop.
    Back {
        who: Who,
        amount: u128,
        owner: Option<Who>,
    },
    /// Collateral out of it; of one vault, or of all.
    Claim {
        who: Who,
        vault: Option<usize>,
        to: Option<Who>,
    },
    RequestWithdrawal {
        who: Who,
        amount: u128,
    },
    WithdrawBacking {
        who: Who,
    },
    Flag {
        who: Who,
        vault: usize,
        owner: Who,
    },
    /// Begins to sell recovery notes.
    StartNotes {
        who: Who,
    },
    RestartNotes {
        who: Who,
        auction: u64,
    },
    Bid {
        who: Who,
        auction: u64,
        payment: u128,
        claim: u128,
    },
    SettleNotes {
        who: Who,
        auction: u64,
    },
    RedeemNotes {
        who: Who,
        notes: u128,
        least: Option<u128>,
        to: Option<Who>,
    },
    /// Of one's own notes, past the liquidator.
    BurnNotes {
        who: Who,
        amount: u128,
    },
    /// sdUSD for a synthetic.
    Buy {
        who: Who,
        synthetic: usize,
        paid: u128,
        exact: Exact,
        expires_in: Option<u64>,
        to: Option<Who>,
    },
    /// A synthetic for sdUSD.
    Sell {
        who: Who,
        synthetic: usize,
        amount: u128,
        exact: Exact,
        expires_in: Option<u64>,
        to: Option<Who>,
    },
    SettleSynthetic {
        who: Who,
        synthetic: usize,
        limit: u32,
    },
    CancelSynthetic {
        who: Who,
        synthetic: usize,
        order: u64,
    },
    Collect {
        who: Who,
        amount: Option<u128>,
        to: Option<Who>,
        accepted: u128,
    },
    /// Tokens of a synthetic that are nobody's.
    SweepSynthetic {
        who: Who,
        synthetic: usize,
    },
    PokeSynthetics {
        who: Who,
    },
    /// Of one's own tokens of a synthetic.
    BurnSynthetic {
        who: Who,
        synthetic: usize,
        amount: u128,
    },
    SwapIn {
        who: Who,
        amount: u128,
        least: Option<u128>,
        then: Then,
    },
    SwapOut {
        who: Who,
        amount: u128,
        least: Option<u128>,
        to: Option<Who>,
        accepted: u128,
    },
    Revalue {
        who: Who,
    },
    /// What the reserve has above its book: of sdUSD, or of its token.
    SweepReserve {
        who: Who,
        sdusd: bool,
    },
    /// sdUSD into a jar of conditional orders' fees.
    FillJar {
        who: Who,
        amount: u128,
        owner: Option<Who>,
    },
    DrawJar {
        who: Who,
        amount: u128,
        to: Option<Who>,
    },
    Place {
        who: Who,
        account: u16,
        orders: [Option<Wanted>; 3],
        linked: bool,
    },
    /// An entry with a stop and a target, each with a worst price.
    Bracket {
        who: Who,
        account: u16,
        perp: usize,
        size: i128,
        entry: Entrance,
        stop: (u128, Option<u128>),
        target: (u128, Option<u128>),
        entry_good_for: Option<u64>,
        good_for: Option<u64>,
        keeper_fee: u128,
    },
    CancelOrders {
        who: Who,
        ids: [Option<u64>; 4],
    },
    Arm {
        who: Who,
        ids: [Option<u64>; 4],
    },
    SweepOrders {
        who: Who,
        ids: [Option<u64>; 4],
    },
    /// Tokens that become margin, and that are margin no longer.
    Pledge {
        who: Who,
        token: usize,
        amount: u128,
        account: u16,
        owner: Option<Who>,
    },
    Unpledge {
        who: Who,
        account: u16,
        token: usize,
        amount: u128,
        to: Option<Who>,
    },
    /// An account's tokens are for sale, again, or not any more.
    SellTokens {
        who: Who,
        owner: Who,
        account: u16,
    },
    RedoSale {
        who: Who,
        owner: Who,
        account: u16,
    },
    StopSale {
        who: Who,
        owner: Who,
        account: u16,
    },
    TakeTokens {
        who: Who,
        owner: Who,
        account: u16,
        payment: u128,
        amount: u128,
        max_price: u128,
        to: Option<Who>,
    },
    /// sdUSD that is a market's bond; more of it; profit of a market.
    Bond {
        who: Who,
        market: Who,
        amount: u128,
    },
    TopUp {
        who: Who,
        market: Who,
        amount: u128,
    },
    PayIn {
        who: Who,
        market: Who,
        amount: u128,
    },
    /// Somebody tells a double what to show from now on, and what to send.
    Act {
        who: Who,
        market: Who,
        show: Option<Says>,
        sends: [Option<Does>; 3],
    },
    Mark {
        who: Who,
        market: Who,
    },
    Quarantine {
        who: Who,
        market: Who,
    },
    Resolve {
        who: Who,
        market: Who,
        claim: u128,
    },
    CloseBonded {
        who: Who,
        market: Who,
    },
    Graduate {
        who: Who,
        market: Who,
    },
    /// The owner asks for it to be listed; after the delay it is, and graduates, in one transaction. Where it shows no record without
    /// quantities it only tries to graduate.
    Approve {
        who: Who,
        market: Who,
        usd: u64,
    },
    SweepDesk {
        who: Who,
    },
    /// Asks for a change of a configuration.
    Configure {
        who: Who,
        tweak: Tweak,
    },
    Enact {
        who: Who,
        contract: &'static str,
        id: u64,
    },
    CancelChange {
        who: Who,
        contract: &'static str,
        id: u64,
    },
    /// At least this regime for a feed: 0 normal to 3 emergency.
    Restrict {
        who: Who,
        feed: usize,
        regime: u8,
    },
    /// A feed is normal again.
    Release {
        who: Who,
        feed: usize,
    },
    /// A message that has no business where it is sent: see [`crate::strange::STRANGE`].
    Strange(usize),
}

impl Step {
    /// Whether it is more than time and prices.
    pub fn is_message(&self) -> bool {
        !matches!(self, Self::Wait(_) | Self::Prices { .. } | Self::Dollar { .. } | Self::Pull { .. })
    }

    /// Its name in the table of what was reached.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Wait(_) => "wait",
            Self::Prices { .. } | Self::Dollar { .. } => "oracle publish",
            Self::Pull { .. } => "oracle pull",
            Self::Deposit { vault: 0, .. } => "pool deposit coin",
            Self::Deposit { .. } => "pool deposit cw20",
            Self::AddYield { .. } => "pool add yield",
            Self::Offer { .. } => "pool offer position",
            Self::Accept { .. } => "pool accept position",
            Self::Mint { .. } => "pool mint",
            Self::MintFor { .. } => "pool mint for another",
            Self::SetMinter { .. } => "pool set minter",
            Self::Burn { .. } => "pool burn",
            Self::Insure { .. } => "pool insure",
            Self::RequestExit { .. } => "pool request exit",
            Self::CancelExit { .. } => "pool cancel exit",
            Self::ExecuteExit { .. } => "pool execute exit",
            Self::Sync { .. } => "pool sync",
            Self::Sweep { .. } => "pool sweep",
            Self::AdjustCeiling { .. } => "pool adjust ceiling",
            Self::AdjustDepth { .. } => "pool adjust depth",
            Self::Trip { .. } => "pool trip",
            Self::Reset { .. } => "pool reset",
            Self::Transfer { .. } => "token transfer",
            Self::BurnOwn { .. } => "token burn",
            Self::DepositMargin { .. } => "market deposit",
            Self::Withdraw { .. } => "market withdraw",
            Self::Commit { .. } => "market commit",
            Self::CommitFor { reduce_only: true, .. } => "market reduce",
            Self::CommitFor { .. } => "market commit for",
            Self::SetDelegate { .. } => "market delegate",
            Self::TakeAccount { .. } => "market take over",
            Self::TransferMargin { .. } => "market transfer",
            Self::SetReferrer { .. } => "market refer",
            Self::Cancel { .. } => "market cancel",
            Self::Settle { .. } => "market settle",
            Self::Poke { .. } => "market poke",
            Self::Liquidate { .. } => "liquidate accounts",
            Self::Seize { .. } => "liquidate position",
            Self::Redo { .. } => "auction redo",
            Self::Take { .. } => "auction take",
            Self::Back { .. } => "backstop deposit",
            Self::Claim { .. } => "backstop claim",
            Self::RequestWithdrawal { .. } => "backstop request",
            Self::WithdrawBacking { .. } => "backstop withdraw",
            Self::Flag { .. } => "backstop flag",
            Self::StartNotes { .. } => "notes start",
            Self::RestartNotes { .. } => "notes restart",
            Self::Bid { .. } => "notes bid",
            Self::SettleNotes { .. } => "notes settle",
            Self::RedeemNotes { .. } => "notes redeem",
            Self::BurnNotes { .. } => "notes burn",
            Self::Buy { .. } => "spot buy",
            Self::Sell { .. } => "spot sell",
            Self::SettleSynthetic { .. } => "spot settle",
            Self::CancelSynthetic { .. } => "spot cancel",
            Self::Collect { .. } => "spot collect",
            Self::SweepSynthetic { .. } => "spot sweep",
            Self::PokeSynthetics { .. } => "spot poke",
            Self::BurnSynthetic { .. } => "spot burn",
            Self::SwapIn { then: Then::Pay { .. }, .. } => "reserve swap in",
            Self::SwapIn { then: Then::Margin { .. }, .. } => "reserve to margin",
            Self::SwapIn { then: Then::Burn { .. }, .. } => "reserve to burn",
            Self::SwapOut { .. } => "reserve swap out",
            Self::Revalue { .. } => "reserve revalue",
            Self::SweepReserve { .. } => "reserve sweep",
            Self::FillJar { .. } => "orders fill jar",
            Self::DrawJar { .. } => "orders withdraw",
            Self::Place { linked: true, .. } => "orders place linked",
            Self::Place { .. } => "orders place",
            Self::Bracket { entry: Entrance::Market(_), .. } => "orders enter",
            Self::Bracket { .. } => "orders bracket",
            Self::CancelOrders { .. } => "orders cancel",
            Self::Arm { .. } => "orders arm",
            Self::SweepOrders { .. } => "orders sweep",
            Self::Pledge { token: 0, .. } => "custody deposit coin",
            Self::Pledge { .. } => "custody deposit cw20",
            Self::Unpledge { .. } => "custody withdraw",
            Self::SellTokens { .. } => "custody sell",
            Self::RedoSale { .. } => "custody redo",
            Self::StopSale { .. } => "custody stop",
            Self::TakeTokens { .. } => "custody take",
            Self::Bond { .. } => "bonded open",
            Self::TopUp { .. } => "bonded top up",
            Self::PayIn { .. } => "bonded pay in",
            // by what it does last
            Self::Act { sends, .. } => match sends.iter().flatten().last() {
                Some(Does::Push(_)) => "bonded push",
                Some(Does::Announce(_)) => "bonded announce",
                Some(Does::Draw { .. }) => "bonded draw",
                None => "bonded show",
            },
            Self::Mark { .. } => "bonded mark",
            Self::Quarantine { .. } => "bonded quarantine",
            Self::Resolve { .. } => "bonded resolve",
            Self::CloseBonded { .. } => "bonded close",
            Self::Graduate { .. } => "bonded graduate",
            Self::Approve { .. } => "bonded approve",
            Self::SweepDesk { .. } => "bonded sweep",
            Self::Configure { .. } => "configure",
            Self::Enact { .. } => "enact",
            Self::CancelChange { .. } => "cancel change",
            Self::Restrict { .. } => "oracle trip",
            Self::Release { .. } => "oracle reset",
            Self::Strange(_) => "strange",
        }
    }
}

/// One number of one configuration, and its new value. USD are whole, ratios in basis points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Tweak {
    Line {
        market: usize,
        usd: u64,
    },
    SupplyCeiling(u64),
    /// 0 gap: it stays where it is.
    Ceiling {
        of: Of,
        gap: u64,
    },
    /// Growth of debt that is caution; twice that is close-only. 0: no breakers at all.
    Growth(u64),
    ImpactDepth(u64),
    /// Basis points of the fund and of the collateral; 0 of the fund: no limits.
    Losses {
        draw_cap: u64,
        budget: u64,
    },
    ExitDelay(u64),
    MinimumStay(u64),
    IssuanceRatio {
        vault: usize,
        bps: u64,
    },
    LiquidationRatio {
        vault: usize,
        bps: u64,
    },
    VaultPenalty {
        vault: usize,
        bps: u64,
    },
    VaultConfidence {
        vault: usize,
        bps: u64,
    },
    StabilityFee {
        vault: usize,
        bps: u64,
    },
    MinimumDeposit {
        vault: usize,
        usd: u64,
    },
    MinimumDebt {
        vault: usize,
        usd: u64,
    },
    /// In whole tokens.
    DepositCap {
        vault: usize,
        tokens: u64,
    },
    DebtCeiling {
        vault: usize,
        usd: u64,
    },
    Fee {
        market: usize,
        bps: u64,
    },
    Velocity {
        market: usize,
        per_day: u64,
    },
    RateCap {
        market: usize,
        bps: u64,
    },
    Slippage {
        market: usize,
        bps: u64,
    },
    Haircut {
        market: usize,
        bps: u64,
    },
    EmptyIntervals {
        market: usize,
        count: u32,
    },
    Reward {
        market: usize,
        usd: u64,
    },
    /// 0 open, 1 close-only, 2 delisted.
    Status {
        market: usize,
        perp: usize,
        status: u8,
    },
    InitialMargin {
        market: usize,
        perp: usize,
        bps: u64,
    },
    SkewCap {
        market: usize,
        perp: usize,
        usd: u64,
    },
    OpenInterestCap {
        market: usize,
        perp: usize,
        usd: u64,
    },
    PremiumCap {
        market: usize,
        perp: usize,
        bps: u64,
    },
    MinimumNotional {
        market: usize,
        perp: usize,
        usd: u64,
    },
    Hole(u64),
    VaultHole {
        vault: usize,
        usd: u64,
    },
    Discount {
        vault: usize,
        bps: u64,
    },
    Daily {
        vault: usize,
        bps: u64,
    },
    WithdrawalDelay(u64),
    /// Step in basis points.
    Notes {
        lot: u64,
        step: u64,
        ceiling: u64,
    },
    NoteShare(u64),
    StopLevel(u8),
    Tail {
        vault: usize,
        seconds: u64,
    },
    Dust {
        vault: usize,
        usd: u64,
    },
    Tip {
        vault: usize,
        usd: u64,
    },
    Staleness {
        trade: u32,
        liquidate: u32,
    },
    Breaker {
        bps: u64,
        cool_down: u32,
    },
    SpotFee(u64),
    /// 0 open, 1 close-only, 2 delisted.
    SyntheticStatus {
        synthetic: usize,
        status: u8,
    },
    SyntheticCap {
        synthetic: usize,
        usd: u64,
    },
    SyntheticPremium {
        synthetic: usize,
        bps: u64,
    },
    /// 0 open, 1 only out, 2 closed.
    SwapStatus(u8),
    SwapBand(u64),
    SwapCeiling(u64),
    SwapFees {
        in_bps: u64,
        least: u64,
        most: u64,
    },
    SupplyShare(u64),
    /// Base, of which the maximum is 3,000 basis points more, or the whole slope that there is gone.
    TokenHaircut {
        token: usize,
        base: u64,
        flat: bool,
    },
    TokenCap {
        token: usize,
        usd: u64,
    },
    TokenCloses {
        token: usize,
        closes: bool,
    },
    SalePenalty(u64),
    SaleTail(u64),
    MinimumBond(u64),
    /// Credit ÷ bond.
    BondMultiple(u64),
    BondedCap(u64),
    BondedSlots(u8),
    RecordAge(u64),
    DrawDelay(u64),
    CloseDelay(u64),
    Sigmas([u64; 3]),
}
