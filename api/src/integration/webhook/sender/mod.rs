//! Sends events to webhooks. It has a thread and connections of its own, so that neither requests nor the other workers wait for it.
//!
//! One task (`dispatch`) queues what was committed and leases endpoints for which something is due; each leased endpoint has a task of its
//! own (`lane`), which sends one event at a time. So an endpoint gets its events in order, and one that hangs holds up itself alone.

mod call;
mod dispatch;
mod lane;
mod places;
pub mod request;
mod resolver;

use std::sync::Arc;

use infra::Failure;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use crate::app::Shared;
use crate::server;

/// The sender of this node.
pub struct Sender {
    stop: CancellationToken,
    ended: oneshot::Receiver<()>,
}

impl Sender {
    /// Starts it on a thread of its own.
    pub fn start(shared: &Arc<Shared>) -> Result<Self, Failure> {
        let (shared, stop) = (shared.clone(), CancellationToken::new());
        let (tell, ended) = oneshot::channel();
        let stopped = stop.clone();
        let run = move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Failure::broken)?;
            // The pool belongs to the runtime of its thread.
            let local = tokio::task::LocalSet::new();
            local.block_on(&runtime, async {
                dispatch::run(server::for_workers(&shared)?, stopped).await;
                Ok::<(), Failure>(())
            })
        };
        let named = std::thread::Builder::new().name("webhooks".into());
        let body = move || {
            if let Err(failure) = run() {
                tracing::error!(%failure, "webhooks are not sent");
            }
            let _ = tell.send(());
        };
        named.spawn(body).map_err(Failure::broken)?;
        Ok(Self { stop, ended })
    }

    /// Ends what is being sent, and gives the leases back.
    pub async fn stop(self) {
        self.stop.cancel();
        let _ = self.ended.await;
    }
}
