//! Writes the messages of conditional orders as JSON schema.

use cosmwasm_schema::write_api;
use sdp_types::orders::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg};

fn main() {
    write_api! {
        name: "sdp-orders",
        instantiate: InstantiateMsg,
        execute: ExecuteMsg,
        query: QueryMsg,
        migrate: MigrateMsg,
    }
}
