//! Writes the custody's messages as JSON schema.

use cosmwasm_schema::write_api;
use sdp_types::custody::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg};

fn main() {
    write_api! {
        name: "sdp-custody",
        instantiate: InstantiateMsg,
        execute: ExecuteMsg,
        query: QueryMsg,
        migrate: MigrateMsg,
    }
}
