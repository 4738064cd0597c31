//! Writes the JSON schema of the contract's messages to `schema/`.

use cosmwasm_schema::write_api;
use sdp_types::oracle::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg};

fn main() {
    write_api! {
        name: "sdp-oracle",
        instantiate: InstantiateMsg,
        execute: ExecuteMsg,
        query: QueryMsg,
        migrate: MigrateMsg,
    }
}
