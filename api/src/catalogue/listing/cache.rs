//! What was read of catalogues, remembered for a moment. A change of an offer, a price or a portal makes it forgotten at once (the
//! generation is part of the keys); what only ages, such as the stock, is at most as old as [`MEMORY`]. Counts of many offers alone outlive
//! changes for some seconds: else each change would have them counted anew.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use domain::kernel::{OrganisationId, Timestamp};
use infra::Failure;
use infra::catalogue::pricing::ListedTier;
use infra::catalogue::search::{Common, Search};
use infra::catalogue::visibility::{self, SeenBy};
use infra::db::page::After;
use infra::portal::access::SeenPortal;
use moka::future::Cache;
use uuid::Uuid;

use super::found::{Counts, Found};
use super::query::Asked;
use super::suggestion::Suggestions;

const MEMORY: Duration = Duration::from_secs(1);

/// What took long to count is remembered longer, whatever changes meanwhile.
const MEMORY_OF_COUNTS: Duration = Duration::from_secs(10);

/// From so many matches on, counting takes long.
const MANY: usize = 10_000;

/// A page of a catalogue for all who see the same of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PageKey {
    pub generation: u64,
    pub portal: Uuid,
    /// The organisation, if it sees anything else than everybody does; none for all the others, who share what is for everyone.
    pub view: Option<Uuid>,
    /// The reader, where price lists are for him (or for anybody) and prices decide what is on the page: they are his own.
    pub buyer: Option<Option<Uuid>>,
    pub what: What,
}

/// A page, or one offer.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum What {
    Page { asked: Box<Asked>, limit: i64, after: Option<(String, Uuid)> },
    Offer(Uuid),
}

impl What {
    pub fn page(asked: &Asked, limit: i64, after: Option<&After>) -> Self {
        Self::Page { asked: Box::new(asked.clone()), limit, after: after.map(|after| (after.key.clone(), after.id)) }
    }
}

/// What was counted, for all who see the same of it at the same prices.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CountKey {
    pub portal: Uuid,
    /// See [`PageKey::view`].
    pub view: Option<Uuid>,
    /// See [`PageKey::buyer`].
    pub buyer: Option<Option<Uuid>>,
    pub search: Search,
}

/// Counts, of when and of which generation they are.
#[derive(Debug, Clone)]
pub struct Remembered {
    pub counts: Arc<Counts>,
    pub generation: u64,
    pub at: Timestamp,
}

impl Remembered {
    /// Whether they still hold: many for as long as they are remembered, others as long as everything else here.
    pub fn holds(&self, generation: u64, now: Timestamp) -> bool {
        let fresh = || (now - self.at).to_std().is_ok_and(|age| age < MEMORY);
        self.counts.facets.count > MANY || (self.generation == generation && fresh())
    }
}

/// A body as one group of callers sees it: those with these price lists and languages.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct BodyKey {
    pub page: PageKey,
    /// The organisation, if price lists give it other prices here than everyone; none for all the others.
    pub buyer: Option<Uuid>,
    pub languages: Vec<String>,
    pub quantity: Option<String>,
}

/// A rendered body and its tag.
#[derive(Debug, Clone)]
pub struct Body {
    pub bytes: Bytes,
    pub etag: String,
    /// The next page's cursor.
    pub next: Option<String>,
}

/// A portal and how a reader sees its catalogue.
#[derive(Debug)]
pub struct Sight {
    pub portal: SeenPortal,
    /// See [`PageKey::view`].
    pub view: Option<Uuid>,
    /// Price lists may give the reader other prices than the offers' own.
    pub own_prices: bool,
}

impl Sight {
    /// What its readers see at a moment.
    pub fn seen(&self, at: Timestamp) -> SeenBy {
        visibility::seen_by(self.view.map(OrganisationId), at)
    }
}

/// The caches of a node.
pub struct Catalogues {
    pub portals: Cache<(u64, String, Option<Uuid>), Arc<Sight>>,
    pub pages: Cache<PageKey, Arc<Found>>,
    pub counts: Cache<CountKey, Remembered>,
    /// By the organisation; none for what lists give everyone.
    pub prices: Cache<(PageKey, Option<Uuid>), Arc<Vec<ListedTier>>>,
    pub bodies: Cache<BodyKey, Body>,
    pub suggestions: Cache<SuggestionKey, Suggestions>,
    /// It changes as the catalogue as a whole does: slowly.
    pub common: Cache<(), Arc<Common>>,
}

/// What was typed, and by whom as far as that matters.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SuggestionKey {
    pub generation: u64,
    pub portal: Uuid,
    pub view: Option<Uuid>,
    pub typed: String,
    pub limit: i64,
}

impl Default for Catalogues {
    fn default() -> Self {
        Self {
            portals: cache(10_000),
            pages: cache(500),
            counts: Cache::builder().max_capacity(1_000).time_to_live(MEMORY_OF_COUNTS).build(),
            prices: cache(5_000),
            bodies: cache(1_000),
            suggestions: cache(5_000),
            common: Cache::builder().time_to_live(Duration::from_secs(60)).build(),
        }
    }
}

fn cache<K, V>(most: u64) -> Cache<K, V>
where
    K: std::hash::Hash + Eq + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    Cache::builder().max_capacity(most).time_to_live(MEMORY).build()
}

/// The failure of one reader for the others that waited for the same thing.
pub fn shared(failure: &Arc<Failure>) -> Failure {
    match failure.as_ref() {
        Failure::Refused(refusal) => Failure::Refused(refusal.clone()),
        other => Failure::Unavailable(other.to_string()),
    }
}
