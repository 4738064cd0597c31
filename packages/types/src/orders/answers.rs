//! What can be asked of conditional orders, and the answers.

use cosmwasm_schema::{cw_serde, QueryResponses};

use super::{Kind, NewOrder, Params};
use crate::units::{Price, Size, Usd};

/// What can be asked.
#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// The market that it serves, its token, and its parameters.
    #[returns(ConfigResponse)]
    #[serde(deserialize_with = "crate::fields::none")]
    Config {},
    /// One order. `E0902`.
    #[returns(OrderResponse)]
    #[serde(deserialize_with = "crate::fields::id")]
    Order {
        /// Its number.
        id: u64,
    },
    /// Orders of an account, oldest first.
    #[returns(Vec<OrderResponse>)]
    Orders {
        /// Its owner.
        owner: String,
        /// Its number.
        account: u16,
        /// The order after which to begin.
        start_after: Option<u64>,
        /// 30 by default, at most 100.
        limit: Option<u32>,
    },
    /// What somebody has here that no order has reserved.
    #[returns(Usd)]
    Jar {
        /// Whose.
        owner: String,
    },
    /// All jars.
    #[returns(Vec<JarResponse>)]
    Jars {
        /// The owner after whom to begin.
        start_after: Option<String>,
        /// 30 by default, at most 100.
        limit: Option<u32>,
    },
    /// What the contract owes: jars and reserved fees.
    #[returns(TotalsResponse)]
    #[serde(deserialize_with = "crate::fields::none")]
    Totals {},
    /// Whether an order could be placed now, whether it would be due, and what the market would say to it. `E0004`, `E0005`, `E0401`, `E0423`
    /// for one that makes no sense.
    #[returns(PreviewResponse)]
    Preview {
        /// Owner of the account.
        owner: String,
        /// Its number.
        account: u16,
        /// The order.
        order: NewOrder,
    },
    /// Looks at orders in the order of their numbers, and says which of them `arm` would do something about, if all were armed in this order.
    #[returns(DueResponse)]
    Due {
        /// The order after which to begin.
        start_after: Option<u64>,
        /// So many are looked at: 30 by default, at most 100.
        limit: Option<u32>,
    },
}

/// Answer to [`QueryMsg::Config`].
#[cw_serde]
pub struct ConfigResponse {
    /// The market that it serves.
    pub market: String,
    /// The token of fees.
    pub sdusd: String,
    /// What holds for all orders.
    pub params: Params,
}

/// Where an order stands.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Stage {
    /// The entry of its bracket has not filled yet.
    Sleeping,
    /// For its trigger.
    Waiting,
    /// An order of the market with this number was committed for it.
    Committed(u64),
}

/// One order.
#[cw_serde]
pub struct OrderResponse {
    /// Its number.
    pub id: u64,
    /// Whose account.
    pub owner: String,
    /// Its number.
    pub account: u16,
    /// The perpetual.
    pub perp: u16,
    /// What it buys (positive) or sells.
    pub size: Size,
    /// What it waits for; none of an entry at market.
    pub kind: Option<Kind>,
    /// Whether it only ever reduces.
    pub reduce_only: bool,
    /// Block time from which it waits no longer.
    pub good_till: u64,
    /// Prices published until then don't trigger it, Unix seconds.
    pub since: u64,
    /// What whoever commits it gets or has got.
    pub keeper_fee: Usd,
    /// Of it, what is reserved still.
    pub reserved: Usd,
    /// How often it has been committed.
    pub commits: u8,
    /// The others that one of them cancels.
    pub linked: Vec<u64>,
    /// The entry whose fill it waits for.
    pub entry: Option<u64>,
    /// Where it stands, as stored: what has happened in the market since is seen by `sweep` and `arm`.
    pub stage: Stage,
}

/// What somebody has here that no order has reserved.
#[cw_serde]
pub struct JarResponse {
    /// Whose.
    pub owner: String,
    /// How much.
    pub amount: Usd,
}

/// Answer to [`QueryMsg::Totals`].
#[cw_serde]
pub struct TotalsResponse {
    /// Jars and reserved fees together: no more than the contract has of the token.
    pub held: Usd,
    /// Number of the next order.
    pub next: u64,
}

/// Answer to [`QueryMsg::Preview`].
#[cw_serde]
pub struct PreviewResponse {
    /// Why it can't be placed now.
    pub not_placed: Option<String>,
    /// The board's last price of its index.
    pub index: Price,
    /// Why it would not be due now, by a price of now.
    pub not_due: Option<String>,
    /// Why the market would refuse it now, and this contract with it.
    pub refused: Option<String>,
    /// What the market would lock for it.
    pub locked: Usd,
    /// What whoever commits it gets.
    pub keeper_fee: Usd,
    /// What it costs where the market refuses it.
    pub refusal_fee: Usd,
    /// At most so often it is committed, and that fee paid.
    pub most_commits: u8,
    /// The least fee that an order can name.
    pub least_fee: Usd,
    /// The most.
    pub most_fee: Usd,
}

/// Answer to [`QueryMsg::Due`].
#[cw_serde]
pub struct DueResponse {
    /// Which of those that were looked at are due.
    pub due: Vec<u64>,
    /// The last one that was looked at; none where there are no more.
    pub last: Option<u64>,
}
