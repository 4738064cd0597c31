//! Writes the contract's JSON schema into `./schema`.

use cosmwasm_schema::write_api;
use sdp_hostile::msg::{ExecuteMsg, InstantiateMsg, QueryMsg};

fn main() {
    write_api! {
        name: "sdp-hostile",
        instantiate: InstantiateMsg,
        execute: ExecuteMsg,
        query: QueryMsg,
    }
}
