//! Everything that contracts tell: one typed event for each thing that happens, and back from the chain's text.
//!
//! On a chain an event `deposited` of a contract is called `wasm-deposited`; [`FromEvent::from_event`] takes both.

use cosmwasm_std::Event;

use crate::board::FeedId;
use crate::error::{Error, Result};
use crate::math::Wide;
use crate::regime::{Reason, Regime};
use crate::units::{AbsSize, Amount, Price, Rate, Ratio, Shares, SignedUsd, Size, Usd};

/// A typed event that can be read back.
pub trait FromEvent: Sized {
    /// The event's name without the chain's `wasm-`.
    const NAME: &'static str;

    /// The event, if it is of this kind. `E0007` for a field that is missing, `E0003` for one that can't be read.
    fn from_event(event: &Event) -> Option<Result<Self>>;
}

fn attribute<T: core::str::FromStr>(event: &Event, key: &str) -> Result<T> {
    let found = event.attributes.iter().find(|attribute| attribute.key == key);
    let text = found.map(|attribute| attribute.value.as_str());
    let text = text.ok_or_else(|| Error::NotFound { what: "attribute".into(), key: key.into() })?;
    text.parse().map_err(|_| Error::BadNumber { text: text.into() })
}

/// Several values of one kind, written with commas between them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct List<T>(pub Vec<T>);

impl<T: core::fmt::Display> core::fmt::Display for List<T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        for (n, value) in self.0.iter().enumerate() {
            write!(f, "{}{value}", if n == 0 { "" } else { "," })?;
        }
        Ok(())
    }
}

impl<T: core::str::FromStr> core::str::FromStr for List<T> {
    type Err = T::Err;

    fn from_str(text: &str) -> core::result::Result<Self, T::Err> {
        let values = text.split(',').filter(|value| !value.is_empty());
        values.map(str::parse).collect::<core::result::Result<_, _>>().map(Self)
    }
}

macro_rules! events {
    ($($(#[$doc:meta])* $name:ident = $text:literal { $($field:ident : $type:ty),* $(,)? }),* $(,)?) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Debug, PartialEq)]
            #[allow(missing_docs)]
            pub struct $name { $(pub $field: $type),* }

            impl From<$name> for Event {
                fn from(told: $name) -> Self {
                    let $name { $($field),* } = told;
                    Event::new($text)$(.add_attribute(stringify!($field), $field.to_string()))*
                }
            }

            impl FromEvent for $name {
                const NAME: &'static str = $text;

                fn from_event(event: &Event) -> Option<Result<Self>> {
                    (event.ty.strip_prefix("wasm-").unwrap_or(&event.ty) == $text)
                        .then(|| Ok(Self { $($field: attribute(event, stringify!($field))?),* }))
                }
            }
        )*

        /// Names of all events with their fields and the fields' types, as written here: the table of the documentation, and what
        /// clients in other languages are generated from.
        pub const ALL: &[(&str, &[(&str, &str)])] = &[$(($text, &[$((stringify!($field), stringify!($type))),*])),*];
    };
}

events! {
    // oracle
    /// A price went to the board (and, where `interval_set`, into its interval's slot).
    PriceSet = "price_set" { feed: FeedId, price: Price, confidence: Ratio, publish_time: u64, interval: u64, interval_set: bool },
    /// A submission did not become a price; the code says why.
    PriceRejected = "price_rejected" { feed: FeedId, code: String, reason: String },
    /// Prices came back after a gap.
    Resumed = "resumed" { after: u64 },
    /// Prices were sampled; `feeds` had a return, and `volatilities` are what is on the board now, of all feeds.
    VolatilitySampled = "volatility_sampled" { slot: u64, feeds: List<FeedId>, volatilities: List<Ratio> },
    /// Pricing volatilities, correlations and the volatilities of maintenance margin took their hourly step; of all feeds.
    CovarianceStepped = "covariance_stepped" { hour: u64, volatilities: List<Ratio>, margins: List<Ratio> },

    // governance of every contract
    /// A change has been applied.
    ChangeApplied = "change_applied" { change: String },
    /// A change waits.
    ChangeQueued = "change_queued" { id: u64, ready_at: u64, change: String },
    /// A change was taken back.
    ChangeCancelled = "change_cancelled" { id: u64 },
    /// Who owns the contract now, and who may accept it; `none` where there is none.
    OwnershipUpdated = "ownership_updated" { owner: String, proposed: String },

    // breakers: of the pool, of a market's address, or of `feed N`
    /// What is allowed has changed.
    RegimeChanged = "regime_changed" { scope: String, from: Regime, to: Regime, reason: Reason, measure: Ratio },

    // pool
    /// The markets' debt moved, and the providers' with it; or a stability fee was charged.
    Synced = "synced" { debt_change: SignedUsd, stability_fees: Usd, reported: SignedUsd, potential: Usd, insurance: Usd, bad_debt: Usd },
    /// A market's record or price is not good: its last accepted debt stands.
    MarketNotAccepted = "market_not_accepted" { market: String, code: String },
    /// The message changed nothing, because in it a breaker tripped that stays.
    Refused = "refused" { code: String, reason: String },
    /// A ceiling that follows what is used was moved: `supply`, `vault N` or a market's address.
    CeilingAdjusted = "ceiling_adjusted" { of: String, from: SignedUsd, to: SignedUsd },
    /// The depth of the impact was moved.
    DepthAdjusted = "depth_adjusted" { from: Usd, to: Usd },
    /// A loss went through the waterfall: of a market's address, of `auctions`, or of `standing` bad debt of other days, which insurance goes on to meet.
    LossMet = "loss_met" { source: String, insurance: Usd, providers: Usd, unmet: Usd },
    /// Collateral came in.
    Deposited = "deposited" { vault: u8, owner: String, amount: Amount, shares: Shares },
    /// Yield of a vault's collateral came in, for all its providers.
    YieldAdded = "yield_added" { vault: u8, amount: Amount, payer: String },
    /// A position was offered to another owner; to nobody where an offer was taken back.
    PositionOffered = "position_offered" { vault: u8, owner: String, to: String },
    /// A position or a part of it went to another owner: shares and their part of the debt, the latter with 27 decimals of a micro-USD.
    PositionHandedOver = "position_handed_over" { vault: u8, from: String, to: String, shares: Shares, debt_exact: Wide },
    /// An LP minted sdUSD.
    Minted = "minted" { vault: u8, owner: String, amount: Usd, recipient: String },
    /// sdUSD was burnt against a position.
    Burnt = "burnt" { vault: u8, owner: String, amount: Usd, payer: String },
    /// sdUSD was burnt into insurance.
    Insured = "insured" { amount: Usd, payer: String },
    /// An LP asked to leave.
    ExitRequested = "exit_requested" { vault: u8, owner: String, amount: Amount, ready_at: u64, lapses_at: u64 },
    /// The request was taken back.
    ExitCancelled = "exit_cancelled" { vault: u8, owner: String },
    /// The request was executed. `charged` is what the position took of bad debt.
    Exited = "exited" { vault: u8, owner: String, asked: Amount, released: Amount, minted: Usd, charged: Usd },
    /// The request lapsed.
    ExitLapsed = "exit_lapsed" { vault: u8, owner: String },
    /// A market drew sdUSD. `forfeited` of the amount is kept for bad debt, the rest was minted.
    Drawn = "drawn" { market: String, amount: Usd, forfeited: Usd, recipient: String },
    /// A position was seized.
    Seized = "seized" { vault: u8, owner: String, lot: Amount, tab: Usd, penalty: Usd },
    /// Recovery notes had been sold for so much, which met so much of bad debt; the rest of it is insurance.
    NotesSold = "notes_sold" { paid: Usd, bad_debt: Usd },
    /// So much of what came into the insurance fund is promised to recovery notes.
    SetAside = "set_aside" { amount: Usd },
    /// Recovery notes were redeemed for new sdUSD.
    NotesRedeemed = "notes_redeemed" { notes: Usd, paid: Usd, recipient: String },
    /// The pool was shut down: prices are frozen, by vault.
    PoolShutDown = "pool_shut_down" { prices: List<Price> },
    /// A position that owed more than it had when the pool was shut down; what its collateral is worth covers a part.
    PositionWrittenOff = "position_written_off" { vault: u8, owner: String, collateral: Amount, value: Usd, debt: Usd },
    /// What is left was divided: `claims` of holders in all, and what providers lose of what they have.
    ClaimsFixed = "claims_fixed" { claims: Usd, haircut: Ratio, bad_debt: Usd },
    /// A provider was paid what is left of a position: collateral, and profit as new sdUSD. `charged` went against bad debt.
    CollateralClaimed = "collateral_claimed" { vault: u8, owner: String, released: Amount, minted: Usd, charged: Usd },
    /// sdUSD was burnt for a claim on what is left.
    Redeemed = "redeemed" { holder: String, amount: Usd },
    /// Collateral was paid for redeemed sdUSD.
    Collected = "collected" { vault: u8, holder: String, amount: Amount },
    /// What was found above the book went to insurance.
    Swept = "swept" { burnt: Usd, found: Usd },
    /// The pool is open.
    Opened = "opened" {},

    // market
    /// Margin came in.
    MarginDeposited = "margin_deposited" { owner: String, account: u16, amount: Usd, payer: String },
    /// Margin went out, `drawn` of it from the pool, and `charge` to insurance.
    MarginWithdrawn = "margin_withdrawn" { owner: String, account: u16, amount: Usd, charge: Usd, drawn: Usd, recipient: String },
    /// Somebody may trade an account until then; 0: may not.
    DelegateSet = "delegate_set" { owner: String, account: u16, delegate: String, expires_at: u64 },
    /// An account has another owner, and a number of his.
    AccountTaken = "account_taken" { from: String, account: u16, owner: String, into: u16 },
    /// An order waits.
    OrderCommitted = "order_committed" { perp: u16, order: u64, owner: String, account: u16, size: Size, interval: u64, locked: Usd },
    /// An order was taken back by its owner.
    OrderCancelled = "order_cancelled" { perp: u16, order: u64 },
    /// Whoever brought the owner of an account got his share of the fee of a fill.
    ReferralPaid = "referral_paid" { owner: String, account: u16, referrer: String, amount: Usd },
    /// Who brought the owner of an account; `none` where nobody.
    ReferrerSet = "referrer_set" { owner: String, account: u16, referrer: String },
    /// An order filled. `price` is the worse side of the index; `insurance` is what insurance got on top of its part of the fee, `shortfall` what an account lacked that it left empty.
    OrderFilled = "order_filled" { perp: u16, order: u64, owner: String, account: u16, size: Size, price: Price, premium: SignedUsd, fee: Usd, keeper_fee: Usd, insurance: Usd, realised: SignedUsd, shortfall: Usd, position: Size },
    /// An order did not fill: refused or void. The code says why.
    OrderRefused = "order_refused" { perp: u16, order: u64, owner: String, account: u16, code: String, reason: String, keeper_fee: Usd },
    /// Funding of all perpetuals was sampled; the lists are by perpetual. Indices stand still after `until`.
    FundingSampled = "funding_sampled" { indices: List<Wide>, rates: List<Rate>, integrals: List<Rate>, until: u64 },
    /// All positions of a winning side (`long` or `short`) were scaled by `factor` at the index: `realised` went into their margins, and
    /// `left` is what the side has now.
    Deleveraged = "deleveraged" { perp: u16, side: String, factor: Ratio, price: Price, realised: SignedUsd, left: AbsSize },
    /// What that has done to one position since the account was last touched. The margin has `realised` more.
    PositionDeleveraged = "position_deleveraged" { owner: String, account: u16, perp: u16, before: Size, after: Size, realised: SignedUsd },
    /// A market was shut down: every perpetual at its frozen price, as `deleveraged` with factor 0 says of each side.
    MarketShutDown = "market_shut_down" { prices: List<Price> },
    /// An account was cut back. `shortfall` is what it lacked at its end.
    AccountLiquidated = "account_liquidated" { owner: String, account: u16, equity: SignedUsd, maintenance: Usd, closed: Usd, penalty: Usd, reward: Usd, shortfall: Usd, positions_left: u64 },
    /// One position of a liquidated account was cut.
    PositionCut = "position_cut" { owner: String, account: u16, perp: u16, size: Size, price: Price, premium: SignedUsd, realised: SignedUsd },
    /// An item of a batch was not done. Nothing of it has changed.
    Rejected = "rejected" { item: String, code: String, reason: String },

    // liquidator
    /// An auction began.
    AuctionStarted = "auction_started" { auction: u64, vault: u8, owner: String, lot: Amount, tab: Usd, penalty: Usd, price: Price, keeper: String },
    /// Collateral was bought.
    Taken = "taken" { auction: u64, payer: String, recipient: String, amount: Amount, price: Price, paid: Usd, recovered: Usd, penalty: Usd },
    /// An auction began again.
    AuctionReset = "auction_reset" { auction: u64, price: Price, keeper: String },
    /// An auction is over: `surplus` went back to the owner, `shortfall` to the waterfall, `reward` to its keepers.
    AuctionEnded = "auction_ended" { auction: u64, surplus: Amount, shortfall: Usd, reward: Usd },
    /// The backstop took collateral of a seized position, before any auction. Where that was the end of it, `surplus`, `shortfall`
    /// and `reward` are as in `auction_ended`; else an auction began for the rest.
    Absorbed = "absorbed" { vault: u8, owner: String, amount: Amount, price: Price, paid: Usd, recovered: Usd, penalty: Usd, surplus: Amount, shortfall: Usd, reward: Usd },
    /// sdUSD came into the backstop.
    BackstopDeposited = "backstop_deposited" { owner: String, amount: Usd, payer: String },
    /// A depositor of the backstop took collateral out that it had absorbed.
    BackstopClaimed = "backstop_claimed" { owner: String, vault: u8, amount: Amount, recipient: String },
    /// A depositor of the backstop asked for sdUSD back.
    WithdrawalRequested = "withdrawal_requested" { owner: String, amount: Usd, ready_at: u64, lapses_at: u64 },
    /// The backstop paid sdUSD back.
    BackstopWithdrawn = "backstop_withdrawn" { owner: String, asked: Usd, amount: Usd },
    /// A position that can be liquidated now keeps depositors in the backstop.
    PositionFlagged = "position_flagged" { vault: u8, owner: String, debt: Usd },
    /// A flagged position can't be liquidated any more.
    FlagCleared = "flag_cleared" { vault: u8, owner: String },
    /// An auction of recovery notes began, or began again without a bid: `lot` is to be paid for at most `claim`.
    NoteAuctionStarted = "note_auction_started" { auction: u64, lot: Usd, claim: Usd },
    /// The lowest claim so far; the auction is over at `ends_at` unless somebody claims less.
    NoteBid = "note_bid" { auction: u64, bidder: String, lot: Usd, claim: Usd, ends_at: u64 },
    /// An auction of recovery notes that had no bid is no longer needed.
    NoteAuctionDropped = "note_auction_dropped" { auction: u64 },
    /// Recovery notes were sold: `lot` was burnt for a claim of `claim`.
    NotesIssued = "notes_issued" { auction: u64, holder: String, lot: Usd, claim: Usd },

    // spot
    /// A synthetic has its token.
    SyntheticAdded = "synthetic_added" { synthetic: u16, token: String },
    /// An order for a synthetic waits: it locks sdUSD (a buy) or tokens (a sale).
    SpotCommitted = "spot_committed" { synthetic: u16, order: u64, owner: String, side: String, paid: Usd, tokens: Amount, interval: u64 },
    /// It was taken back by its owner.
    SpotCancelled = "spot_cancelled" { synthetic: u16, order: u64 },
    /// Tokens were bought. `price` is the worse side of the index, `cost` what was spent in all, `refund` what was left of what was paid.
    Bought = "bought" { synthetic: u16, order: u64, owner: String, recipient: String, amount: Amount, quantity: Size, price: Price, premium: SignedUsd, fee: Usd, keeper_fee: Usd, cost: Usd, refund: Usd },
    /// Tokens were sold. `proceeds` is what the recipient got in all, `returned` the tokens that were not needed for it.
    Sold = "sold" { synthetic: u16, order: u64, owner: String, recipient: String, amount: Amount, quantity: Size, price: Price, premium: SignedUsd, fee: Usd, keeper_fee: Usd, proceeds: Usd, returned: Amount },
    /// An order did not fill: refused or void. The code says why. What it locked went back, less `keeper_fee`, for which a sale gave `burnt` tokens.
    SpotRefused = "spot_refused" { synthetic: u16, order: u64, owner: String, code: String, reason: String, keeper_fee: Usd, burnt: Amount },
    /// Somebody collected sdUSD, `drawn` of it from the pool.
    SpotCollected = "spot_collected" { owner: String, amount: Usd, drawn: Usd, recipient: String },
    /// Funding was turned into quantities: redemption indices by synthetic, 27 decimals. They move as published until `until`.
    FundingCarried = "funding_carried" { redemptions: List<Wide>, until: u64 },
    /// Tokens that are nobody's are no longer owed.
    SyntheticSwept = "synthetic_swept" { synthetic: u16, burnt: Amount, supply: Amount },
    /// The contract was shut down: what the tokens of each synthetic together are owed.
    SpotShutDown = "spot_shut_down" { owed: List<Usd> },
    /// Tokens were paid what they were owed.
    SyntheticRedeemed = "synthetic_redeemed" { synthetic: u16, holder: String, tokens: Amount, amount: Usd },

    // par reserve
    /// A token became sdUSD: `paid`, of which `drawn` comes from the pool, less its haircut.
    SwappedIn = "swapped_in" { token: u8, payer: String, amount: Amount, paid: Usd, fee: Usd, drawn: Usd },
    /// sdUSD became a token: of what was `paid`, `fee` and `kept` (for bad debt) went to insurance, with `gain` where the token stood in the
    /// book below par.
    SwappedOut = "swapped_out" { token: u8, payer: String, recipient: String, paid: Usd, amount: Amount, fee: Usd, kept: Usd, gain: Usd },
    /// A token stands in the book at another price than before: `loss` went to the waterfall, `gain` to insurance.
    Revalued = "revalued" { token: u8, mark: Price, value: Usd, loss: Usd, gain: Usd },
    /// What was above the book went to insurance.
    SurplusSwept = "surplus_swept" { token: String, amount: Amount, value: Usd },

    // who mints for others, and balancing
    /// An owner has said who may mint for his positions; nobody where it is empty.
    MinterSet = "minter_set" { owner: String, minter: String },
    /// An owner has said at which ratio a position is to be kept, or that it is not.
    RuleSet = "rule_set" { vault: u8, owner: String, on: bool },
    /// A position was brought nearer to its target or to it: the owner's sdUSD was burnt, or minted for him. The keeper got the fee out of what
    /// the owner held then.
    Balanced = "balanced" { vault: u8, owner: String, burnt: Usd, minted: Usd, fee: Usd, keeper: String },
    /// A position was brought nearer to a target or to it with the payer's sdUSD; what was more went back to him.
    Relieved = "relieved" { vault: u8, owner: String, burnt: Usd, returned: Usd, payer: String },

    // conditional orders
    /// An order waits for its trigger. `entry` is the order whose fill it sleeps until, `none` where it does not.
    ConditionalPlaced = "conditional_placed" { id: u64, owner: String, account: u16, perp: u16, size: Size, kind: String, trigger: Price, reduce_only: bool, good_till: u64, keeper_fee: Usd, entry: String },
    /// It was due and is committed as an order of the market. `index` is the price that triggered it.
    ConditionalArmed = "conditional_armed" { id: u64, owner: String, account: u16, perp: u16, order: u64, size: Size, index: Price, keeper_fee: Usd, keeper: String },
    /// What was committed ended without a fill, by this code, and the order waits again: its fee is reserved anew. `commits` is how often it was
    /// committed so far.
    ConditionalWaits = "conditional_waits" { id: u64, owner: String, account: u16, perp: u16, order: u64, code: String, commits: u8, keeper_fee: Usd },
    /// It is gone: `filled`, `unfilled` (what was committed ended without a fill, by `code`), `refused` before that, `expired`, `cancelled`, here or
    /// in the market, `linked` (another one filled) or `entry` (that ended without a fill). `code` is `none` where nothing was refused.
    ConditionalEnded = "conditional_ended" { id: u64, owner: String, account: u16, perp: u16, outcome: String, code: String, reason: String, refund: Usd, keeper_fee: Usd },
    /// sdUSD came into a jar.
    JarFilled = "jar_filled" { owner: String, amount: Usd, payer: String },
    /// sdUSD went out of a jar.
    JarDrawn = "jar_drawn" { owner: String, amount: Usd, recipient: String },

    // margin in tokens
    /// From the market: tokens back an account from now on, or none any more. Insurance got the charge; what an account without positions lacked
    /// then is the pool's loss.
    AccountBacked = "account_backed" { owner: String, account: u16, backed: bool, charge: Usd, shortfall: Usd },
    /// Tokens became margin.
    TokensDeposited = "tokens_deposited" { owner: String, account: u16, token: u8, amount: Amount, payer: String },
    /// Tokens were taken out; insurance got the charge out of the account's margin.
    TokensWithdrawn = "tokens_withdrawn" { owner: String, account: u16, token: u8, amount: Amount, charge: Usd, recipient: String },
    /// An account's tokens are for sale, because it owes more than they count for.
    TokenSaleStarted = "token_sale_started" { owner: String, account: u16, token: u8, owed: Usd, penalty: Usd, price: Price, keeper: String },
    /// Such a sale began again.
    TokenSaleReset = "token_sale_reset" { owner: String, account: u16, token: u8, price: Price, keeper: String },
    /// Somebody bought: of what was paid, `recovered` is the account's margin again, `reward` the keepers', the rest of the `penalty` insurance's.
    TokensTaken = "tokens_taken" { owner: String, account: u16, token: u8, payer: String, recipient: String, amount: Amount, price: Price, paid: Usd, recovered: Usd, penalty: Usd, reward: Usd },
    /// A sale is over: what the account still owes.
    TokenSaleEnded = "token_sale_ended" { owner: String, account: u16, token: u8, owed: Usd },

    // bonded markets
    /// A market was opened with a bond, or its bond was topped up.
    Bonded = "bonded" { market: String, opener: String, bond: Usd, credit: Usd },
    /// Profit of a market, or what it drew, came to the desk.
    BondedPaidIn = "bonded_paid_in" { market: String, payer: String, amount: Usd },
    /// What a market says that it owes was believed.
    BondedMarked = "bonded_marked" { market: String, claim: Usd, cost: SignedUsd },
    /// Nothing of a market is believed any more: its claim stays what it was.
    BondedQuarantined = "bonded_quarantined" { market: String, code: String, why: String, claim: Usd },
    /// A market will draw beyond its bond.
    BondedDrawAnnounced = "bonded_draw_announced" { market: String, amount: Usd, ready_at: u64 },
    /// A market drew, `drawn` of it from the pool.
    BondedDrawn = "bonded_drawn" { market: String, amount: Usd, drawn: Usd, recipient: String },
    /// The owner said what a market in quarantine is owed.
    BondedResolved = "bonded_resolved" { market: String, claim: Usd },
    /// A market closes: from then on its bond is paid back.
    BondedCloses = "bonded_closes" { market: String, ready_at: u64 },
    /// A market is over: what its opener got of the bond, what insurance got, and what it was to the providers, positive where that was a loss.
    BondedClosed = "bonded_closed" { market: String, opener: String, refund: Usd, forfeited: Usd, result: SignedUsd },
    /// The pool lists it by itself: what its opener got of the bond, and what it was to the providers while it was bonded, positive where that was
    /// a loss.
    BondedGraduated = "bonded_graduated" { market: String, opener: String, refund: Usd, result: SignedUsd },

    // the example market
    /// Contracts were sold.
    EventBought = "event_bought" { owner: String, side: String, paid: Usd, contracts: Usd },
    /// The author quotes other prices.
    EventQuoted = "event_quoted" { yes_price: Ratio, spread: Ratio },
    /// How it ended: `yes`, `no` or `refunded`.
    EventResolved = "event_resolved" { outcome: String, price: Price },
    /// Somebody was paid for his contracts, `drawn` of it drawn; `left` is what they are still worth.
    EventRedeemed = "event_redeemed" { owner: String, amount: Usd, drawn: Usd, left: Usd },
    /// What nobody is owed went to who stands behind the market.
    EventPaidIn = "event_paid_in" { amount: Usd },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_comes_back_from_its_text_and_from_the_chains() {
        let told = Minted { vault: 1, owner: "anna".into(), amount: Usd::whole(5), recipient: "bert".into() };
        let event = Event::from(told.clone());
        assert_eq!(Minted::from_event(&event), Some(Ok(told.clone())));
        let mut on_chain = event.clone();
        on_chain.ty = "wasm-minted".into();
        assert_eq!(Minted::from_event(&on_chain), Some(Ok(told)));
        assert_eq!(Burnt::from_event(&event), None);
    }

    #[test]
    fn an_event_without_a_field_is_an_error_and_not_a_guess() {
        let event = Event::new("minted").add_attribute("vault", "1");
        assert!(Minted::from_event(&event).unwrap().is_err());
    }

    #[test]
    fn no_two_events_share_a_name() {
        let mut names: Vec<_> = ALL.iter().map(|(name, _)| name).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), ALL.len());
    }
}
