//! Writes the contract's JSON schema into `./schema`.

use cosmwasm_schema::write_api;
use sdp_types::reserve::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg};

fn main() {
    write_api! {
        name: "sdp-reserve",
        instantiate: InstantiateMsg,
        execute: ExecuteMsg,
        query: QueryMsg,
        migrate: MigrateMsg,
    }
}
