//! How the pool was, block by block and evenly thinned: the chain itself remembers the present only.

use sdp_embedded::Chain;
use sdp_network::error::Result;
use sdp_network::{Actions, Block, Network};
use sdp_types::lens::{self, HealthResponse, SolvencyResponse};
use sdp_types::market::PerpResponse;
use serde::Serialize;

/// Samples that are kept at most.
const MOST: usize = 240;

/// How the pool was after a block.
#[derive(Clone, Serialize)]
pub struct Sample {
    /// The block.
    #[serde(flatten)]
    pub block: Block,
    /// What the lens said of its health.
    pub health: HealthResponse,
    /// And of its solvency.
    pub solvency: SolvencyResponse,
    /// Perpetuals, by market in the manifest's order.
    pub perps: Vec<Vec<PerpResponse>>,
}

/// Samples of all time since it began.
#[derive(Default)]
pub struct History {
    samples: Vec<Sample>,
    /// Blocks from one sample to the next; 0 stands for 1.
    stride: u64,
    seen: u64,
}

impl History {
    /// Notes how things are, if it is time. When it is full, every second sample goes, and from then on half as many are taken. Where the
    /// lens refuses, as at amounts that no number holds, there is no sample of that block.
    pub fn note(&mut self, chain: &Chain) {
        let stride = self.stride.max(1);
        self.seen += 1;
        if (self.seen - 1) % stride != 0 {
            return;
        }
        let Ok(sample) = sample(chain) else { return };
        if self.samples.len() >= MOST {
            let mut keep = false;
            self.samples.retain(|_| {
                keep = !keep;
                keep
            });
            self.stride = stride * 2;
        }
        self.samples.push(sample);
    }

    /// All of them, oldest first.
    pub fn samples(&self) -> &[Sample] {
        &self.samples
    }
}

fn sample(chain: &Chain) -> Result<Sample> {
    let markets = chain.manifest().markets.iter();
    Ok(Sample {
        block: chain.block()?,
        health: chain.health()?,
        solvency: chain.query("lens", &lens::QueryMsg::Solvency {})?,
        perps: markets.map(|market| chain.perps(&market.name)).collect::<Result<_>>()?,
    })
}
