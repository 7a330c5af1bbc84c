//! Entries of a journal: written once, never changed.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::result::{DatabaseErrorKind, Error};
use diesel::sql_types::{Array, BigInt, Binary, Integer, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::kernel::Timestamp;
use uuid::Uuid;

use super::handle::Kept;
use crate::Failure;
use crate::db::Connection;
use crate::db::prepared::Prepare;
use crate::schema::journal_entry;

/// A batch of commands as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = journal_entry)]
pub struct Entry {
    pub stream_id: Uuid,
    /// 1, 2, 3 … without gaps.
    pub number: i64,
    pub epoch: i64,
    pub at: Timestamp,
    pub version: i16,
    pub count: i32,
    pub commands: Vec<u8>,
}

/// What became of an attempt to append.
#[derive(Debug)]
pub enum Appended {
    Done,
    /// Its number is taken: another host writes this journal now.
    Taken,
    /// Nobody knows: the connection was lost, or the answer took too long.
    InDoubt(Error),
}

/// Appends an entry and the answers that belong to idempotency keys, in one statement that is a transaction of its own.
pub async fn append(connection: &mut Connection, entry: &Entry, kept: &[Kept]) -> Appended {
    let appended = match kept {
        // To unnest nothing would cost a third of the statement.
        [] => diesel::insert_into(journal_entry::table).values(entry).prepared().execute(connection).await,
        kept => AppendKeeping { entry, columns: &Columns::of(kept) }.execute(connection).await,
    };
    match appended {
        Ok(_) => Appended::Done,
        Err(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => Appended::Taken,
        Err(error) => Appended::InDoubt(error),
    }
}

/// Kept answers by column, as `unnest` takes them.
#[derive(Default)]
struct Columns<'a> {
    scopes: Vec<Uuid>,
    keys: Vec<&'a str>,
    hashes: Vec<&'a [u8]>,
    statuses: Vec<i16>,
    locations: Vec<Option<&'a str>>,
    etags: Vec<Option<&'a str>>,
    bodies: Vec<&'a [u8]>,
}

impl<'a> Columns<'a> {
    fn of(kept: &'a [Kept]) -> Self {
        let mut columns = Self::default();
        for Kept { key, answer, .. } in kept {
            columns.scopes.push(key.scope);
            columns.keys.push(&key.key);
            columns.hashes.push(&key.request_hash);
            columns.statuses.push(answer.status);
            columns.locations.push(answer.location.as_deref());
            columns.etags.push(answer.etag.as_deref());
            columns.bodies.push(&answer.body);
        }
        columns
    }
}

struct AppendKeeping<'a> {
    entry: &'a Entry,
    columns: &'a Columns<'a>,
}

impl QueryFragment<Pg> for AppendKeeping<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let Self { entry, columns } = self;
        out.push_sql("WITH kept AS (INSERT INTO idempotency (scope, key, request_hash, status, location, etag, body, created_at) SELECT *, ");
        out.push_bind_param::<Timestamptz, _>(&entry.at)?;
        out.push_sql(" FROM unnest(");
        out.push_bind_param::<Array<SqlUuid>, _>(&columns.scopes)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Text>, _>(&columns.keys)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Binary>, _>(&columns.hashes)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<SmallInt>, _>(&columns.statuses)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<Text>>, _>(&columns.locations)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<Text>>, _>(&columns.etags)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Binary>, _>(&columns.bodies)?;
        out.push_sql(
            ") ON CONFLICT DO NOTHING)
             INSERT INTO journal_entry (stream_id, number, epoch, at, version, count, commands) VALUES (",
        );
        out.push_bind_param::<SqlUuid, _>(&entry.stream_id)?;
        out.push_sql(", ");
        out.push_bind_param::<BigInt, _>(&entry.number)?;
        out.push_sql(", ");
        out.push_bind_param::<BigInt, _>(&entry.epoch)?;
        out.push_sql(", ");
        out.push_bind_param::<Timestamptz, _>(&entry.at)?;
        out.push_sql(", ");
        out.push_bind_param::<SmallInt, _>(&entry.version)?;
        out.push_sql(", ");
        out.push_bind_param::<Integer, _>(&entry.count)?;
        out.push_sql(", ");
        out.push_bind_param::<Binary, _>(&entry.commands)?;
        out.push_sql(")");
        Ok(())
    }
}

impl QueryId for AppendKeeping<'_> {
    type QueryId = AppendKeeping<'static>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<C> diesel::RunQueryDsl<C> for AppendKeeping<'_> {}

/// The version of entries without commands: those by which a host begins, and those that settle a doubt.
const NOTHING: i16 = 0;

/// Writes an entry without commands under that number. Where an append is in doubt this decides: either it takes the number, and the
/// other can never be committed any more, or it finds it taken.
pub async fn fence(
    connection: &mut Connection,
    stream: Uuid,
    number: i64,
    epoch: i64,
    at: Timestamp,
) -> Result<bool, Failure> {
    let entry = Entry { stream_id: stream, number, epoch, at, version: NOTHING, count: 0, commands: Vec::new() };
    match append(connection, &entry, &[]).await {
        Appended::Done => Ok(true),
        Appended::Taken => Ok(false),
        Appended::InDoubt(error) => Err(error.into()),
    }
}

/// The entries after a number, the first ones first.
pub async fn after(connection: &mut Connection, stream: Uuid, number: i64, limit: i64) -> Result<Vec<Entry>, Failure> {
    let later = journal_entry::table.filter(journal_entry::stream_id.eq(stream).and(journal_entry::number.gt(number)));
    let page = later.order(journal_entry::number).limit(limit).select(Entry::as_select());
    Ok(page.load(connection).await?)
}

/// Whose an entry is whose number was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writer {
    /// This host's: the very entry that it wanted to write there.
    Own,
    /// This host's, by [`fence`]: what it wanted to write there never will be.
    Fence,
    Another,
}

/// Who wrote the entry of that number, for the host of an epoch.
pub async fn writer(connection: &mut Connection, stream: Uuid, number: i64, epoch: i64) -> Result<Writer, Failure> {
    let one = journal_entry::table.find((stream, number)).select((journal_entry::epoch, journal_entry::version));
    Ok(match one.first::<(i64, i16)>(connection).await.optional()? {
        Some((of, NOTHING)) if of == epoch => Writer::Fence,
        Some((of, _)) if of == epoch => Writer::Own,
        _ => Writer::Another,
    })
}
