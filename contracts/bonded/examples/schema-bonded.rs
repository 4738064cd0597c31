//! Writes the contract's JSON schema into `./schema`.

use cosmwasm_schema::write_api;
use sdp_types::bonded::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg};

fn main() {
    write_api! {
        name: "sdp-bonded",
        instantiate: InstantiateMsg,
        execute: ExecuteMsg,
        query: QueryMsg,
        migrate: MigrateMsg,
    }
}
