//! Timers: something is due at a time. Any node may work one off; doing one twice must be harmless, losing one impossible.

use diesel::prelude::*;
use diesel::upsert::excluded;
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
    diesel::insert_into(timer::table)
        .values((timer::kind.eq(kind), timer::subject_id.eq(subject), timer::due_at.eq(due_at)))
        .on_conflict((timer::kind, timer::subject_id))
        .do_update()
        .set((timer::due_at.eq(excluded(timer::due_at)), timer::attempts.eq(0)))
        .execute(&mut &*connection)
        .await?;
    Ok(())
}

/// Removes the timer, if there is one.
pub async fn clear(connection: &Connection, kind: &str, subject: Uuid) -> Result<(), Failure> {
    diesel::delete(timer::table.find((kind, subject))).execute(&mut &*connection).await?;
    Ok(())
}

/// Takes one due timer that no other node is working on, and holds its row until the transaction ends.
pub async fn take_due(connection: &mut Connection, at: Timestamp) -> Result<Option<Timer>, Failure> {
    let due = timer::table
        .filter(timer::due_at.le(at))
        .order((timer::due_at, timer::subject_id))
        .select(Timer::as_select())
        .for_update()
        .skip_locked()
        .first(connection)
        .await
        .optional()?;
    Ok(due)
}

/// Notes that working it off failed, and when to try again.
pub async fn postpone(connection: &mut Connection, due: &Timer, until: Timestamp, error: &str) -> Result<(), Failure> {
    diesel::update(timer::table.find((&due.kind, due.subject_id)))
        .set((timer::due_at.eq(until), timer::attempts.eq(due.attempts + 1), timer::last_error.eq(error)))
        .execute(connection)
        .await?;
    Ok(())
}
