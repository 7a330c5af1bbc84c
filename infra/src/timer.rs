//! Timers: something is due at a time. Any node may work one off; doing one twice must be harmless, losing one impossible.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Array, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::kernel::Timestamp;
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::schema::timer;

/// A due timer.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = timer)]
pub struct Timer {
    pub kind: String,
    pub subject_id: Uuid,
    pub due_at: Timestamp,
    pub attempts: i32,
}

/// Sets the timer, or moves it if there is one of this kind for the subject already.
pub async fn set(connection: &Connection, kind: &str, subject: Uuid, due_at: Timestamp) -> Result<(), Failure> {
    set_all(connection, kind, &[(subject, due_at)]).await
}

/// Sets timers of one kind for several subjects, in one statement.
pub async fn set_all(connection: &Connection, kind: &str, due: &[(Uuid, Timestamp)]) -> Result<(), Failure> {
    let (subjects, times) = due.iter().copied().unzip();
    Set { kind, subjects, times }.execute(&mut &*connection).await?;
    Ok(())
}

/// Diesel prepares its own upserts anew at each call; this one is prepared once.
struct Set<'a> {
    kind: &'a str,
    subjects: Vec<Uuid>,
    times: Vec<Timestamp>,
}

impl QueryFragment<Pg> for Set<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("INSERT INTO timer (kind, subject_id, due_at) SELECT ");
        out.push_bind_param::<Text, _>(self.kind)?;
        out.push_sql(", due.* FROM unnest(");
        out.push_bind_param::<Array<SqlUuid>, _>(&self.subjects)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Timestamptz>, _>(&self.times)?;
        out.push_sql(
            ") AS due (subject_id, due_at)
             ON CONFLICT (kind, subject_id) DO UPDATE SET due_at = excluded.due_at, attempts = 0",
        );
        Ok(())
    }
}

impl QueryId for Set<'_> {
    type QueryId = Set<'static>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<C> diesel::RunQueryDsl<C> for Set<'_> {}

/// Removes the timer, if there is one.
pub async fn clear(connection: &Connection, kind: &str, subject: Uuid) -> Result<(), Failure> {
    diesel::delete(timer::table.find((kind, subject))).execute(&mut &*connection).await?;
    Ok(())
}

/// Removes the timers of one kind of several subjects, in one statement.
pub async fn clear_all(connection: &Connection, kind: &str, subjects: &[Uuid]) -> Result<(), Failure> {
    let timers = timer::table.filter(timer::kind.eq(kind).and(timer::subject_id.eq_any(subjects)));
    diesel::delete(timers).execute(&mut &*connection).await?;
    Ok(())
}

/// Takes one due timer that no other node is working on, and holds its row until the transaction ends. Kinds that have workers
/// of their own are `left` to these.
pub async fn take_due(connection: &mut Connection, at: Timestamp, left: &[&str]) -> Result<Option<Timer>, Failure> {
    let due = timer::table
        .filter(timer::due_at.le(at))
        .filter(timer::kind.ne_all(left.to_vec()))
        .order((timer::due_at, timer::subject_id))
        .select(Timer::as_select())
        .for_update()
        .skip_locked()
        .first(connection)
        .await
        .optional()?;
    Ok(due)
}

/// When the timers of one kind are due that these subjects have.
pub async fn of_subjects(
    connection: &mut Connection,
    kind: &str,
    subjects: &[Uuid],
) -> Result<Vec<(Uuid, Timestamp)>, Failure> {
    let own = timer::table.filter(timer::kind.eq(kind).and(timer::subject_id.eq_any(subjects)));
    Ok(own.select((timer::subject_id, timer::due_at)).load(connection).await?)
}

/// How many timers are due and not worked off, and since when the oldest of them waits.
pub async fn backlog(connection: &mut Connection, at: Timestamp) -> Result<(i64, Option<Timestamp>), Failure> {
    use diesel::dsl::{count_star, min};
    let due = timer::table.filter(timer::due_at.le(at));
    Ok(due.select((count_star(), min(timer::due_at))).first(connection).await?)
}

/// Leases the timer of one kind that became due last: until then no other node works on it, and afterwards it is due again
/// unless it was cleared. The last one first, since what just happened is asked for soonest; a backlog follows.
pub async fn lease_due(
    connection: &mut Connection,
    kind: &str,
    at: Timestamp,
    until: impl Fn(i32) -> Timestamp,
) -> Result<Option<Timer>, Failure> {
    let due: Option<Timer> = timer::table
        .filter(timer::kind.eq(kind).and(timer::due_at.le(at)))
        .order(timer::due_at.desc())
        .select(Timer::as_select())
        .for_update()
        .skip_locked()
        .first(connection)
        .await
        .optional()?;
    if let Some(due) = &due {
        diesel::update(timer::table.find((&due.kind, due.subject_id)))
            .set((timer::due_at.eq(until(due.attempts)), timer::attempts.eq(due.attempts + 1)))
            .execute(connection)
            .await?;
    }
    Ok(due)
}

/// Notes why working off a leased timer failed.
pub async fn note_error(connection: &mut Connection, leased: &Timer, error: &str) -> Result<(), Failure> {
    diesel::update(timer::table.find((&leased.kind, leased.subject_id)))
        .set(timer::last_error.eq(error))
        .execute(connection)
        .await?;
    Ok(())
}

/// Notes that working it off failed, and when to try again.
pub async fn postpone(connection: &mut Connection, due: &Timer, until: Timestamp, error: &str) -> Result<(), Failure> {
    diesel::update(timer::table.find((&due.kind, due.subject_id)))
        .set((timer::due_at.eq(until), timer::attempts.eq(due.attempts + 1), timer::last_error.eq(error)))
        .execute(connection)
        .await?;
    Ok(())
}
