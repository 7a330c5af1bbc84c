//! Replays: a market is made again from the first entry of its journal, and what comes out is compared with what is kept: snapshots, the
//! tables that follow the journal, the feed, and the live orders. Nothing has to stand still for it, and nothing that is kept changes.

mod compare;
mod live;
mod replayer;
mod table;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::exchange::Market;
use uuid::Uuid;

use crate::Failure;
use crate::db::{Connection, pool, tx};
use crate::journal::{self, Machine};
use crate::schema::{journal_stream, portal};

use replayer::Replayer;
use table::TABLES;

/// A market, and the slug of the portal that it belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Named {
    pub stream: Uuid,
    pub portal: Uuid,
    pub slug: String,
}

/// The markets of all portals, or of the one with this slug or identifier, by slug.
pub async fn markets(connection: &mut Connection, named: Option<&str>) -> Result<Vec<Named>, Failure> {
    let all: Vec<Named> = journal_stream::table
        .inner_join(portal::table.on(portal::id.eq(journal_stream::portal_id)))
        .filter(journal_stream::kind.eq(Market::KIND))
        .order(portal::slug)
        .select((journal_stream::id, portal::id, portal::slug))
        .load(connection)
        .await?;
    let is_meant = |one: &Named| named.is_none_or(|named| one.slug == named || one.portal.to_string() == named);
    Ok(all.into_iter().filter(is_meant).collect())
}

/// How much was replayed, and found as it is kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Replayed {
    pub entries: i64,
    pub commands: u64,
    pub snapshots: u64,
    /// Of all tables.
    pub rows: u64,
    pub live_orders: u64,
}

/// Why a market was not found to agree with its journal.
#[derive(Debug)]
pub enum Trouble {
    /// The first difference, for people.
    Differs(String),
    Failed(Failure),
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<diesel::result::Error> for Trouble {
    fn from(error: diesel::result::Error) -> Self {
        Self::Failed(error.into())
    }
}

/// Replays a market from its first entry and compares it with what is kept of it now.
///
/// # Errors
/// [`Trouble::Differs`] tells the first difference: what is kept is not what the journal says. [`Trouble::Failed`] says that it could not
/// be found out: the database does not answer, or the journal cannot be read.
pub async fn check(url: &str, stream: Uuid) -> Result<Replayed, Trouble> {
    let mut replayer = Replayer::begin(connect(url).await?, stream).await?;
    let mut kept = connect(url).await?;
    // Most is done before the tables are held to one state, so that this lasts no longer than it must.
    replayer.follow(journal::cursor(&mut kept, stream).await?).await?;
    tx::look(&mut kept).await?;
    replayer.follow(journal::cursor(&mut kept, stream).await?).await?;
    let mut rows = 0;
    for table in &TABLES {
        rows += compare::table(table, stream, &mut kept, &mut replayer.connection).await?;
    }
    compare::feed(stream, &mut kept).await?;
    let live_orders = live::check(&replayer.state.machine, stream, &mut kept).await?;
    replayer.up_to_last_snapshot().await?;
    let (entries, commands) = (replayer.state.number, replayer.state.commands);
    Ok(Replayed { entries, commands, snapshots: replayer.compared, rows, live_orders })
}

async fn connect(url: &str) -> Result<Connection, Failure> {
    pool::connect(url.to_owned()).await.map_err(|error| Failure::Unavailable(error.to_string()))
}
