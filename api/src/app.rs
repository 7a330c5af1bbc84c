//! What every handler and worker of one thread shares.

use std::ops::Deref;
use std::sync::Arc;

use infra::db::pool::Pool;
use infra::event::Event;
use infra::files::Files;
use tokio_util::sync::CancellationToken;

use crate::auction::hall::Hall;
use crate::auth::keys::KeyRing;
use crate::auth::principals::Principals;
use crate::catalogue::listing::cache::Catalogues;
use crate::clock::Clock;
use crate::config::Config;
use crate::exchange::floor::Floor;
use crate::http::limit::Limits;
use crate::http::schemas::Schemas;
use crate::news::News;
use crate::secret::SecretKey;
use crate::sourcing::comparison::entrants::Comparisons;

/// The service, on one thread: what all threads share, and this thread's own connections.
#[derive(Clone)]
pub struct App {
    pub shared: Arc<Shared>,
    pub pool: Pool,
}

/// What all threads share.
pub struct Shared {
    pub config: Config,
    pub clock: Clock,
    pub secret: SecretKey,
    pub keys: KeyRing,
    pub principals: Principals,
    pub schemas: &'static Schemas,
    pub limits: Limits,
    pub news: Arc<News>,
    pub mailer: infra::mail::Mailer,
    pub files: Files,
    pub catalogues: Catalogues,
    /// What was compared of quotes.
    pub comparisons: Comparisons,
    /// The markets that this node hosts.
    pub floor: Floor,
    /// The auctions that this node hosts.
    pub hall: Hall,
    /// Set when the service stops: answers without an end end then.
    pub stopping: CancellationToken,
    pub openapi: &'static serde_json::Value,
}

impl Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.shared
    }
}

impl App {
    /// Events were committed: readers of the feed are woken, and what was remembered of the things concerned is forgotten,
    /// here and on the other nodes.
    pub fn happened(&self, events: &[Event]) {
        if !events.is_empty() {
            self.news.tell(events, &self.principals);
        }
    }
}
