//! Proposals: how a chain changes what no single account may, such as which codes stay loaded.

use std::time::Duration;

use cosmrs::proto::cosmos::gov::v1::query_client::QueryClient;
use cosmrs::proto::cosmos::gov::v1::{
    MsgSubmitProposal, MsgSubmitProposalResponse, MsgVote, Proposal, ProposalStatus, QueryParamsRequest,
    QueryProposalRequest, VoteOption,
};
use cosmrs::proto::cosmwasm::wasm::v1::{MsgPinCodes, MsgUnpinCodes};
use cosmrs::{AccountId, Any};
use sha2::{Digest, Sha256};

use crate::client::{ask, Client};
use crate::error::{Error, Result};
use crate::gas::Options;
use crate::tx::any;

/// A message of the chain's governance by which codes stay loaded in memory: calls don't pay for loading them.
pub fn pin_codes(authority: &str, codes: &[u64]) -> Any {
    any(&MsgPinCodes { authority: authority.into(), code_ids: codes.to_vec() })
}

/// The reverse.
pub fn unpin_codes(authority: &str, codes: &[u64]) -> Any {
    any(&MsgUnpinCodes { authority: authority.into(), code_ids: codes.to_vec() })
}

impl Client {
    /// The account by whose authority proposals are executed.
    pub fn governance(&self) -> Result<String> {
        let hash = Sha256::digest("gov");
        let (address, _) = hash.split_at(20);
        let address = AccountId::new(self.prefix(), address);
        Ok(address.map_err(|e| Error::malformed("an address", e))?.into())
    }

    /// Proposes messages, with the deposit that starts the vote at once, and returns the proposal's number.
    pub fn propose(&self, signer: &str, messages: Vec<Any>, title: &str, options: &Options) -> Result<u64> {
        // Only newer chains ignore what is asked for and answer all: older ones need it.
        let request = QueryParamsRequest { params_type: "deposit".into() };
        let (answer, _) = ask!(self, "governance", QueryClient.params(request))?;
        let params = answer.params.ok_or(Error::Missing("deposit"))?;
        let proposal = MsgSubmitProposal {
            messages,
            initial_deposit: params.min_deposit,
            proposer: self.address(signer)?,
            title: title.into(),
            summary: title.into(),
            ..MsgSubmitProposal::default()
        };
        let outcome = self.broadcast(signer, vec![any(&proposal)], options)?;
        Ok(outcome.answer::<MsgSubmitProposalResponse>(0)?.proposal_id)
    }

    /// Votes for a proposal.
    pub fn vote_yes(&self, signer: &str, proposal_id: u64, options: &Options) -> Result<()> {
        let vote = MsgVote {
            proposal_id,
            voter: self.address(signer)?,
            option: VoteOption::Yes.into(),
            metadata: String::new(),
        };
        self.broadcast(signer, vec![any(&vote)], options).map(drop)
    }

    /// Waits until a proposal is passed and executed. Errors: [`Error::Proposal`] if it comes to another end.
    pub fn wait_for_proposal(&self, id: u64, timeout: Duration) -> Result<()> {
        self.poll(
            timeout,
            || format!("proposal {id} passed"),
            || {
                let request = QueryProposalRequest { proposal_id: id };
                let (answer, _) = ask!(self, "proposal", QueryClient.proposal(request))?;
                ended(answer.proposal.ok_or(Error::Missing("proposal"))?)
            },
        )
    }

    /// Has messages executed by the chain's governance: proposes, votes with every given signer, and waits.
    pub fn govern(
        &self,
        signers: &[&str],
        messages: Vec<Any>,
        title: &str,
        options: &Options,
        timeout: Duration,
    ) -> Result<()> {
        let (first, _) = signers.split_first().ok_or(Error::NoKeys)?;
        let id = self.propose(first, messages, title, options)?;
        for signer in signers {
            self.vote_yes(signer, id, options)?;
        }
        self.wait_for_proposal(id, timeout)
    }
}

fn ended(proposal: Proposal) -> Result<Option<()>> {
    match proposal.status() {
        ProposalStatus::Passed => Ok(Some(())),
        ProposalStatus::Rejected | ProposalStatus::Failed => Err(Error::Proposal {
            id: proposal.id,
            status: proposal.status().as_str_name().to_string(),
            reason: proposal.failed_reason,
        }),
        _ => Ok(None),
    }
}
