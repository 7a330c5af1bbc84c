//! Streams: one journal each.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::PortalId;
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::schema::{journal_entry, journal_projection, journal_stream};

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = journal_stream)]
pub struct Stream {
    pub id: Uuid,
    pub kind: String,
    pub portal_id: Uuid,
}

/// Makes the portal's stream of a kind unless it is there. `id` is that of a new one.
pub async fn ensure(connection: &mut Connection, id: Uuid, kind: &str, portal: PortalId) -> Result<Uuid, Failure> {
    diesel::insert_into(journal_stream::table)
        .values((journal_stream::id.eq(id), journal_stream::kind.eq(kind), journal_stream::portal_id.eq(portal.0)))
        .on_conflict_do_nothing()
        .execute(connection)
        .await?;
    let found = of_portal(connection, kind, portal).await?;
    let stream = found.ok_or_else(|| Failure::broken("a stream that was just made is not there"))?;
    diesel::insert_into(journal_projection::table)
        .values(journal_projection::stream_id.eq(stream.id))
        .on_conflict_do_nothing()
        .execute(connection)
        .await?;
    Ok(stream.id)
}

pub async fn of_portal(connection: &mut Connection, kind: &str, portal: PortalId) -> Result<Option<Stream>, Failure> {
    let one = journal_stream::table.filter(journal_stream::portal_id.eq(portal.0).and(journal_stream::kind.eq(kind)));
    Ok(one.select(Stream::as_select()).first(connection).await.optional()?)
}

/// The stream whose identifier begins like this one: what a machine names bears the first half of its stream's identifier.
pub async fn of_prefix(connection: &mut Connection, named: Uuid) -> Result<Option<Stream>, Failure> {
    use diesel::dsl::sql;
    use diesel::sql_types::{Bool, Text};
    let prefix = named.to_string().chars().take(18).collect::<String>();
    let one = journal_stream::table.filter(sql::<Bool>("left(id::text, 18) = ").bind::<Text, _>(prefix));
    Ok(one.select(Stream::as_select()).first(connection).await.optional()?)
}

/// Whether the tables hold all that is in the journal now.
pub async fn is_projected(connection: &mut Connection, stream: Uuid, number: i64) -> Result<bool, Failure> {
    let cursor = journal_projection::table.find(stream).select(journal_projection::number);
    Ok(cursor.first::<i64>(connection).await? >= number)
}

/// The number of the last entry.
pub async fn head(connection: &mut Connection, stream: Uuid) -> Result<i64, Failure> {
    use diesel::dsl::max;
    let entries = journal_entry::table.filter(journal_entry::stream_id.eq(stream));
    Ok(entries.select(max(journal_entry::number)).first::<Option<i64>>(connection).await?.unwrap_or_default())
}

/// All streams of a kind. There are few: one for a portal.
pub async fn all(connection: &mut Connection, kind: &str) -> Result<Vec<Stream>, Failure> {
    let of_kind = journal_stream::table.filter(journal_stream::kind.eq(kind)).order(journal_stream::id);
    Ok(of_kind.select(Stream::as_select()).load(connection).await?)
}
