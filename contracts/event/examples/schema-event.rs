//! Writes the contract's JSON schema into `./schema`.

use cosmwasm_schema::write_api;
use sdp_types::event::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg};

fn main() {
    write_api! {
        name: "sdp-event",
        instantiate: InstantiateMsg,
        execute: ExecuteMsg,
        query: QueryMsg,
        migrate: MigrateMsg,
    }
}
