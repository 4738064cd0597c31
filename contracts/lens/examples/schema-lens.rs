//! Writes the lens's messages as JSON schema.

use cosmwasm_schema::write_api;
use sdp_types::lens::{InstantiateMsg, MigrateMsg, QueryMsg};

fn main() {
    write_api! {
        name: "sdp-lens",
        instantiate: InstantiateMsg,
        query: QueryMsg,
        migrate: MigrateMsg,
    }
}
