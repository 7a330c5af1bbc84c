//! Names are resolved here at every new connection, and only addresses that may be called are given on: a name that stands for something else
//! than a moment ago is judged by what is called then.

use std::net::SocketAddr;
use std::sync::Arc;

use domain::integration::webhook::address::Reach;
use domain::integration::webhook::network::Network;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Resolves names by the system.
pub struct Resolver {
    pub reach: Reach,
    pub allowed: Arc<[Network]>,
}

/// Nobody may be called under this name.
#[derive(Debug, thiserror::Error)]
pub enum Unreachable {
    #[error("the name cannot be resolved")]
    Unknown,
    #[error("the name stands for no address that may be called")]
    Private,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (reach, allowed) = (self.reach, self.allowed.clone());
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await.map_err(|_| Unreachable::Unknown)?;
            let found: Vec<SocketAddr> = found.collect();
            let any = !found.is_empty();
            let permitted: Vec<_> = found.into_iter().filter(|one| reach.permits(one.ip(), &allowed)).collect();
            match (any, permitted.is_empty()) {
                (false, _) => Err(Unreachable::Unknown.into()),
                (true, true) => Err(Unreachable::Private.into()),
                (true, false) => Ok(Box::new(permitted.into_iter()) as Addrs),
            }
        })
    }
}
