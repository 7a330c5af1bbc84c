//! Who opened sealed quotes, and when: only added to.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::{PersonId, RfqId, Timestamp};
use domain::sourcing::{Envelope, OpeningEntry, OpeningRecord};
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::schema::rfq_opening;

/// Somebody opened, or was the first of two to say so.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = rfq_opening)]
pub struct OpeningRow {
    pub rfq_id: Uuid,
    pub round: i16,
    /// `whole`, `technical` or `commercial`.
    pub envelope: String,
    pub person_id: Uuid,
    pub at: Timestamp,
}

impl OpeningRow {
    pub fn of(request: RfqId, round: i16, entry: &OpeningEntry) -> Self {
        let envelope = entry.envelope.code().to_owned();
        Self { rfq_id: request.0, round, envelope, person_id: entry.person.0, at: entry.at }
    }

    fn entry(&self) -> Result<OpeningEntry, Failure> {
        let envelope = Envelope::parse(&self.envelope)?;
        Ok(OpeningEntry { envelope, person: PersonId(self.person_id), at: self.at })
    }
}

pub async fn insert(tx: &mut Connection, new: &OpeningRow) -> Result<(), Failure> {
    diesel::insert_into(rfq_opening::table).values(new).execute(tx).await?;
    Ok(())
}

/// All openings of a request, in their order; there are never many.
pub async fn list(connection: &mut Connection, of: RfqId) -> Result<Vec<OpeningRow>, Failure> {
    let query = rfq_opening::table
        .filter(rfq_opening::rfq_id.eq(of.0))
        .order((rfq_opening::round, rfq_opening::at, rfq_opening::envelope))
        .select(OpeningRow::as_select());
    Ok(query.load(connection).await?)
}

/// The record of one round.
pub async fn record(connection: &mut Connection, of: RfqId, round: i16) -> Result<OpeningRecord, Failure> {
    let rows = list(connection, of).await?;
    let entries = rows.iter().filter(|row| row.round == round).map(OpeningRow::entry).collect::<Result<_, _>>()?;
    Ok(OpeningRecord { entries })
}
