//! The nodes of a chain that a client may ask: one at a time, and the next one when that does not answer.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tonic::transport::{Channel, Endpoint};

use crate::error::{Error, Result};

/// Channels to nodes of one chain. There is at least one.
#[derive(Debug)]
pub(crate) struct Nodes {
    channels: Vec<Channel>,
    present: AtomicUsize,
}

impl Nodes {
    /// From `grpc://host:port`, several with commas between them. Nothing is connected yet. Has to be called inside a runtime.
    pub fn parse(urls: &str) -> Result<Self> {
        let channels = urls.split(',').map(|url| channel(url.trim())).collect::<Result<_>>()?;
        Ok(Self { channels, present: AtomicUsize::new(0) })
    }

    /// How many there are.
    pub fn count(&self) -> u32 {
        u32::try_from(self.channels.len()).unwrap_or(u32::MAX)
    }

    /// Number of the node that is asked now.
    pub fn present(&self) -> usize {
        self.present.load(Ordering::Acquire)
    }

    /// The channel to a node.
    pub fn channel(&self, node: usize) -> Option<Channel> {
        self.channels.get(node).cloned()
    }

    /// Node `node` did not answer: from now on the next one is asked, unless somebody else has turned away from it already.
    pub fn leave(&self, node: usize) {
        let next = (node + 1) % self.channels.len().max(1);
        // Somebody else's turn is as good.
        let _ = self.present.compare_exchange(node, next, Ordering::AcqRel, Ordering::Acquire);
    }
}

fn channel(url: &str) -> Result<Channel> {
    let bad = |reason: &dyn core::fmt::Display| Error::Url { url: url.into(), reason: reason.to_string() };
    let host = url.strip_prefix("grpc://").or_else(|| url.strip_prefix("http://"));
    let host = host.ok_or_else(|| bad(&"only `grpc://` and `http://`, without TLS"))?;
    let endpoint = Endpoint::from_shared(format!("http://{host}")).map_err(|e| bad(&e))?;
    if endpoint.uri().port().is_none() {
        return Err(bad(&"no port"));
    }
    Ok(endpoint.connect_timeout(Duration::from_secs(5)).tcp_nodelay(true).connect_lazy())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nodes(urls: &str) -> Result<Nodes> {
        let runtime = tokio::runtime::Builder::new_multi_thread().build().unwrap();
        let _inside = runtime.enter();
        Nodes::parse(urls)
    }

    #[test]
    fn whoever_leaves_a_node_that_others_have_left_stays_with_them() {
        let nodes = nodes("grpc://a:1, grpc://b:2,http://c:3").unwrap();
        nodes.leave(0);
        nodes.leave(0);
        assert_eq!(nodes.present(), 1);
        nodes.leave(1);
        nodes.leave(2);
        assert_eq!(nodes.present(), 0);
        assert!(nodes.channel(2).is_some() && nodes.channel(3).is_none());
    }

    #[test]
    fn each_address_of_a_list_is_looked_at() {
        for urls in ["", "grpc://a:1,", "grpc://a", "a:1", "grpc://a:1,https://b:2"] {
            assert!(matches!(nodes(urls), Err(Error::Url { .. })), "{urls}");
        }
    }
}
