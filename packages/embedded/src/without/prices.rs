//! An oracle whose prices look otherwise to one contract.

use cosmwasm_std::{
    from_json, Addr, Binary, ContractResult, Empty, Querier, QuerierResult, QuerierWrapper, QueryRequest,
    SystemResult, WasmQuery,
};
use sdp_types::board::{Board, FeedId, Slot};
use sdp_types::record::{tag, Record};
use sdp_types::{Price, Result};

/// What a feed's price looks like.
pub type Reprice<'a> = &'a dyn Fn(FeedId, Price) -> Result<Price>;

/// The world with other prices on an oracle's board and in its intervals. Raw reads only: contracts read no prices otherwise.
pub struct Repriced<'a> {
    /// The world.
    pub inner: QuerierWrapper<'a>,
    /// The oracle.
    pub oracle: &'a Addr,
    /// Its prices.
    pub reprice: Reprice<'a>,
}

impl Repriced<'_> {
    fn changed(&self, record: u8, bytes: &[u8]) -> Result<Vec<u8>> {
        if record == tag::BOARD {
            let mut board = Board::decode(bytes)?;
            for (feed, quote) in (0..).zip(board.quotes.iter_mut()) {
                quote.price = (self.reprice)(feed, quote.price)?;
            }
            return board.encode();
        }
        let mut slot = Slot::decode(bytes)?;
        for entry in &mut slot.quotes {
            entry.quote.price = (self.reprice)(entry.feed, entry.quote.price)?;
        }
        slot.encode()
    }
}

impl Querier for Repriced<'_> {
    fn raw_query(&self, request: &[u8]) -> QuerierResult {
        let answer = self.inner.raw_query(request);
        let Ok(QueryRequest::<Empty>::Wasm(WasmQuery::Raw { contract_addr, key })) = from_json(request)
        else {
            return answer;
        };
        let record = key.first().copied().filter(|tag| [tag::BOARD, tag::SLOT].contains(tag));
        match (record, &answer) {
            (Some(record), SystemResult::Ok(ContractResult::Ok(bytes)))
                if contract_addr == self.oracle.as_str() && !bytes.is_empty() =>
            {
                let changed = self.changed(record, bytes).map(Binary::from);
                SystemResult::Ok(changed.map_err(|error| error.to_string()).into())
            }
            _ => answer,
        }
    }
}
