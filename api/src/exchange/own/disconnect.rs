//! Cancel on disconnect: when a member's stream ends, all its orders in the market are cancelled, if it asked for that.

use domain::exchange::{Command, Market};
use domain::kernel::OrganisationId;
use infra::journal;
use tokio::runtime::Handle;

/// Cancels when it is dropped, however that comes about.
pub struct CancelOnDisconnect {
    /// None once it is done.
    market: Option<journal::Handle<Market>>,
    company: OrganisationId,
}

impl CancelOnDisconnect {
    pub fn new(market: journal::Handle<Market>, company: OrganisationId) -> Self {
        Self { market: Some(market), company }
    }

    /// Cancels, and returns when that is durable.
    pub async fn cancel(mut self) {
        if let Some(market) = self.market.take() {
            cancel(market, self.company).await;
        }
    }
}

impl Drop for CancelOnDisconnect {
    fn drop(&mut self) {
        // Without a runtime the whole service is at its end, and has cancelled before.
        if let (Some(market), Ok(runtime)) = (self.market.take(), Handle::try_current()) {
            runtime.spawn(cancel(market, self.company));
        }
    }
}

async fn cancel(market: journal::Handle<Market>, company: OrganisationId) {
    let command = Command::CancelAll { company, instrument: None };
    if let Err(failure) = market.submit(vec![command], None).await {
        // The market has gone elsewhere, or does not answer: its member is gone, so only the log can be told.
        tracing::warn!(stream = %market.stream(), %company, %failure, "orders were not cancelled after a disconnect");
    }
}
