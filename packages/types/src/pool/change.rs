//! What can change of the pool's configuration.

use cosmwasm_schema::cw_serde;

#[cfg(doc)]
use super::ExecuteMsg;
use super::{Ceiling, Ceilinged, Params, VaultConfig};
use crate::units::Usd;

/// What can change.
#[cw_serde]
#[allow(clippy::large_enum_variant, reason = "there is one at a time, and it is read once")]
pub enum Change {
    /// Tightens where delays and stay are not shorter, ceiling not higher, depth not larger, window the same, risk budgets not larger and
    /// the matrices of stress not closer, the least depth not higher, breakers trip no later and release no earlier, limits of losses and the notes' share the same.
    Params {
        /// All of them.
        params: Params,
    },
    /// A further collateral. Loosens.
    AddVault {
        /// The vault.
        config: VaultConfig,
    },
    /// Token, decimals and feed stay. Tightens where the issuance ratio, minimum debt and minimum deposit are not lower,
    /// caps not higher, and confidence, liquidation ratio and penalty are the same.
    UpdateVault {
        /// Which.
        vault: u8,
        /// Its new configuration.
        config: VaultConfig,
    },
    /// Lists a market contract with a credit line. Loosens.
    #[serde(deserialize_with = "crate::fields::listed")]
    AddMarket {
        /// The contract.
        market: String,
        /// Most that it may cost the providers.
        line: Usd,
        /// Whether it is a desk of bonded markets: what its line has left counts as lost wherever risk is tested. Not by default.
        #[serde(default)]
        bonded: bool,
    },
    /// Tightens where it is not higher.
    #[serde(deserialize_with = "crate::fields::line")]
    SetLine {
        /// The contract.
        market: String,
        /// Most that it may cost the providers.
        line: Usd,
    },
    /// A ceiling follows what is used, or stays where it is. Tightens where there is one and none of its numbers is looser.
    SetCeiling {
        /// Which.
        of: Ceilinged,
        /// None: it stays.
        ceiling: Option<Ceiling>,
    },
    /// The contract that may seize. Once set it can only change while its tab is 0 and no recovery notes of it are outstanding or bid for. Loosens.
    SetLiquidator {
        /// The contract.
        liquidator: String,
    },
    /// As [`ExecuteMsg::ShutDown`], whatever the regime. Loosens.
    #[serde(deserialize_with = "crate::fields::none")]
    ShutDown {},
    /// Loosens.
    SetGuardian {
        /// None: there is no guardian any more.
        guardian: Option<String>,
    },
}
