//! Mails to be sent: written in the transaction of what causes them, sent by a worker.

use chrono::TimeDelta;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::Timestamp;
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::schema::mail;

/// A mail that waits. Its text is sealed, since it may hold a link that opens something.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = mail)]
pub struct Waiting {
    pub id: Uuid,
    pub recipient: String,
    pub subject: String,
    pub text_sealed: Vec<u8>,
    pub attempts: i32,
}

/// Puts a mail into the box.
pub async fn put(
    tx: &mut Connection,
    id: Uuid,
    recipient: &str,
    subject: &str,
    text_sealed: &[u8],
    at: Timestamp,
) -> Result<(), Failure> {
    diesel::insert_into(mail::table)
        .values((
            mail::id.eq(id),
            mail::recipient.eq(recipient),
            mail::subject.eq(subject),
            mail::text_sealed.eq(text_sealed),
            mail::created_at.eq(at),
            mail::next_attempt_at.eq(at),
        ))
        .execute(tx)
        .await?;
    Ok(())
}

/// Takes a mail that is due; until the lease ends nobody else does.
pub async fn lease_due(tx: &mut Connection, at: Timestamp, until: Timestamp) -> Result<Option<Waiting>, Failure> {
    let due: Option<Waiting> = mail::table
        .filter(mail::next_attempt_at.le(at))
        .order((mail::next_attempt_at, mail::id))
        .select(Waiting::as_select())
        .for_update()
        .skip_locked()
        .first(tx)
        .await
        .optional()?;
    if let Some(mail) = &due {
        diesel::update(mail::table.find(mail.id)).set(mail::next_attempt_at.eq(until)).execute(tx).await?;
    }
    Ok(due)
}

/// It is sent: its text is not needed any more.
pub async fn sent(tx: &mut Connection, id: Uuid, at: Timestamp) -> Result<(), Failure> {
    diesel::update(mail::table.find(id))
        .set((
            mail::sent_at.eq(at),
            mail::next_attempt_at.eq(None::<Timestamp>),
            mail::text_sealed.eq(Vec::<u8>::new()),
        ))
        .execute(tx)
        .await?;
    Ok(())
}

/// It could not be sent: again after a pause that doubles, up to about a day; after twelve attempts no more.
pub async fn failed(tx: &mut Connection, letter: &Waiting, at: Timestamp, error: &str) -> Result<(), Failure> {
    let attempts = letter.attempts + 1;
    let pause = TimeDelta::seconds(30 * 2_i64.pow(attempts.clamp(0, 12).unsigned_abs()));
    let next = (attempts < 12).then(|| at + pause);
    diesel::update(mail::table.find(letter.id))
        .set((mail::attempts.eq(attempts), mail::next_attempt_at.eq(next), mail::last_error.eq(error)))
        .execute(tx)
        .await?;
    Ok(())
}
