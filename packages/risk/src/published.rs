//! What a market of perpetuals publishes, with the samples that its funding follows from.

use cosmwasm_std::{Addr, QuerierWrapper};
use sdp_types::exposure::Exposure;
use sdp_types::market::FundingParams;
use sdp_types::record::{key, raw, tag, Record};
use sdp_types::{Error, Result, Size};

use crate::funding::{FundingState, Sample};

/// The exposure record of a market, and behind it in the same record what funding it is: every fill writes both.
///
/// Funding was sampled at the exposure's `as_of`, and its indices stand still when its polynomial does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Published {
    /// What the pool and other markets read.
    pub exposure: Exposure,
    /// Last sample of funding by perpetual.
    pub samples: Vec<Sample>,
    /// A bit for each perpetual of which a side is scaled: positions in no other have to look at their side.
    pub scaled: u32,
}

impl Published {
    /// What [`Self::encode`] made. `E0006 BadRecord`.
    pub fn decode(bytes: &[u8]) -> Result<Self> {
        let (exposure, (samples, scaled)) = Exposure::decode_with(bytes)?;
        Ok(Self { exposure, samples, scaled })
    }

    /// The bytes to store.
    pub fn encode(&self) -> Result<Vec<u8>> {
        self.exposure.encode_with(&(&self.samples, self.scaled))
    }

    /// Another market's, read raw. `E0006 BadRecord` where there is none.
    pub fn of(querier: &QuerierWrapper<'_>, market: &Addr) -> Result<Self> {
        let bytes = raw(querier, market, &key(tag::EXPOSURE))?.unwrap_or_default();
        Self::decode(&bytes)
    }

    /// Whether a side of a perpetual is scaled.
    pub fn is_scaled(&self, perp: u16) -> bool {
        self.scaled & bit(perp) != 0
    }

    /// Takes in both sides of a perpetual: its skew, and whether they are scaled.
    pub fn follow(&mut self, perp: u16, skew: Size, scaled: bool) {
        if let Some(entry) = self.exposure.quantities.get_mut(usize::from(perp)) {
            entry.quantity = skew;
        }
        self.scaled = (self.scaled & !bit(perp)) | if scaled { bit(perp) } else { 0 };
    }

    /// Seconds of accrual since the last sample.
    pub fn elapsed(&self, now: u64) -> u64 {
        self.exposure.funding.elapsed(self.exposure.as_of, now)
    }

    /// Funding of a perpetual since its last sample: `E0401 UnknownPerp`.
    pub fn funding(&self, perp: u16, params: &FundingParams) -> Result<FundingState> {
        let sample = self.samples.get(usize::from(perp));
        sample.ok_or(Error::UnknownPerp { perp: perp.into() })?.state(params)
    }
}

/// Of one of at most 32 perpetuals.
fn bit(perp: u16) -> u32 {
    1u32.checked_shl(perp.into()).unwrap_or_default()
}
