//! News of committed events: wakes the readers of the feed and makes caches forget, on this node and, through Redis, on the others.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use infra::event::Event;
use infra::redis::Redis;
use tokio::sync::watch;

use crate::auth::principals::Principals;

const CHANNEL: &str = "torg:news";

/// Where news come from and go to.
pub struct News {
    woken: watch::Sender<u64>,
    /// Grows whenever something in a catalogue changes: caches of it compare.
    catalogue: AtomicU64,
    redis: Option<Redis>,
    /// Tells this node's own messages from the others'.
    node: String,
}

/// What kinds of events concern.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Concern {
    /// Who may do what: remembered principals are stale.
    Rights,
    /// What is offered at which price.
    Catalogue,
    Other,
}

impl News {
    pub fn new(redis: Option<Redis>, node: String) -> Self {
        Self { woken: watch::Sender::new(0), catalogue: AtomicU64::new(0), redis, node }
    }

    /// A reader that is woken after each commit.
    pub fn reader(&self) -> watch::Receiver<u64> {
        self.woken.subscribe()
    }

    /// The generation of the catalogue.
    pub fn catalogue(&self) -> u64 {
        self.catalogue.load(Ordering::Acquire)
    }

    /// Events were committed here.
    pub fn tell(&self, events: &[Event], principals: &Principals) {
        let concerns = [Concern::Rights, Concern::Catalogue]
            .into_iter()
            .filter(|one| events.iter().any(|e| concern(e.kind) == *one));
        let mut message = self.node.clone();
        for one in concerns {
            message.push_str(self.heed(one, principals));
        }
        self.wake();
        if let Some(redis) = self.redis.clone() {
            tokio::spawn(async move { redis.publish(CHANNEL, &message).await });
        }
    }

    /// Hears what the other nodes tell, for ever.
    pub async fn listen(self: &Arc<Self>, principals: &Principals) {
        let Some(redis) = &self.redis else { return };
        loop {
            let heard = |text: String| {
                let Some((node, concerns)) = text.split_once(' ').or(Some((text.as_str(), ""))) else { return };
                if node == self.node {
                    return;
                }
                for word in concerns.split(' ') {
                    match word {
                        "rights" => _ = self.heed(Concern::Rights, principals),
                        "catalogue" => _ = self.heed(Concern::Catalogue, principals),
                        _ => {}
                    }
                }
                self.wake();
            };
            if let Err(error) = redis.listen(CHANNEL, heard).await {
                tracing::warn!(%error, "Redis brings no news");
            }
            // What was missed meanwhile is unknown: everything is looked up anew.
            self.heed(Concern::Rights, principals);
            self.heed(Concern::Catalogue, principals);
            tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        }
    }

    fn heed(&self, concern: Concern, principals: &Principals) -> &'static str {
        match concern {
            Concern::Rights => {
                principals.forget();
                " rights"
            }
            Concern::Catalogue => {
                self.catalogue.fetch_add(1, Ordering::AcqRel);
                " catalogue"
            }
            Concern::Other => "",
        }
    }

    fn wake(&self) {
        self.woken.send_modify(|count| *count += 1);
    }
}

/// By the first word of the event's kind.
fn concern(kind: &str) -> Concern {
    match kind.split('.').next().unwrap_or_default() {
        "organisation" | "member" | "person" | "session" | "api_client" => Concern::Rights,
        "offer" | "product" | "price_list" | "category" | "code_list" | "portal" | "portal_member" | "buyer_group"
        | "blocked_buyer" => Concern::Catalogue,
        _ => Concern::Other,
    }
}
