//! Quotes as they were handed in. What they say is sealed under the key of the service; only [`set_opened`] changes a revision.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::{QuoteId, RfqId, Timestamp};
use domain::sourcing::Envelope;
use serde_json::Value;
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::db::page::{After, List, Page};
use crate::schema::{quote, quote_revision};

/// A quote as it was handed in once.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = quote_revision, treat_none_as_default_value = false)]
pub struct RevisionRow {
    pub quote_id: Uuid,
    /// From 1 on.
    pub number: i32,
    pub rfq_id: Uuid,
    pub round: i16,
    /// `submitted`, `revised`, `confirmed` or `negotiated`.
    pub kind: String,
    /// The version of the request that it answers.
    pub answers: i32,
    /// The quote and the secret of its commitments, sealed.
    pub content: Vec<u8>,
    /// Hashes in hexadecimal, by envelope.
    pub commitments: Value,
    /// Who handed it in; none where a machine did.
    pub person_id: Option<Uuid>,
    pub at: Timestamp,
    /// The last envelope of it that was opened.
    pub opened: Option<String>,
}

impl RevisionRow {
    pub fn opened(&self) -> Result<Option<Envelope>, Failure> {
        Ok(self.opened.as_deref().map(Envelope::parse).transpose()?)
    }
}

/// What everybody in the request may know of a revision: without its content.
#[derive(Debug, Clone, Queryable)]
pub struct CommittedRow {
    pub quote_id: Uuid,
    pub quoter_id: Uuid,
    pub number: i32,
    pub round: i16,
    pub kind: String,
    pub commitments: Value,
    pub at: Timestamp,
}

pub async fn insert(tx: &mut Connection, new: &RevisionRow) -> Result<(), Failure> {
    diesel::insert_into(quote_revision::table).values(new).execute(tx).await?;
    Ok(())
}

/// One revision.
pub async fn find(connection: &mut Connection, of: QuoteId, number: i32) -> Result<Option<RevisionRow>, Failure> {
    let query = quote_revision::table.find((of.0, number)).select(RevisionRow::as_select());
    Ok(query.first(connection).await.optional()?)
}

/// All revisions of a quote, the first one first.
pub async fn list(connection: &mut Connection, of: QuoteId, page: &Page) -> Result<List<RevisionRow>, Failure> {
    let after = i32::try_from(page.after_number()).unwrap_or(i32::MAX);
    let query = quote_revision::table
        .filter(quote_revision::quote_id.eq(of.0).and(quote_revision::number.gt(after)))
        .order(quote_revision::number)
        .limit(page.rows())
        .select(RevisionRow::as_select());
    Ok(page.cut_by_number(query.load(connection).await?, |row: &RevisionRow| row.number.into()))
}

/// The revisions that stand: of each quote to a request that was handed in the last one.
pub async fn standing(connection: &mut Connection, to: RfqId) -> Result<Vec<RevisionRow>, Failure> {
    let query = quote_revision::table
        .inner_join(
            quote::table.on(quote::id.eq(quote_revision::quote_id).and(quote::revision.eq(quote_revision::number))),
        )
        .filter(quote::rfq_id.eq(to.0))
        .order(quote_revision::quote_id)
        .select(RevisionRow::as_select());
    Ok(query.load(connection).await?)
}

/// Notes that an envelope of these quotes was opened: of the revisions that stand and were handed in in this round.
pub async fn set_opened(tx: &mut Connection, of: &[Uuid], round: i16, envelope: Envelope) -> Result<(), Failure> {
    let standing = quote::table
        .filter(quote::id.eq(quote_revision::quote_id).and(quote::revision.eq(quote_revision::number)))
        .select(quote::id);
    let revisions = quote_revision::table
        .filter(quote_revision::quote_id.eq_any(of.to_vec()).and(quote_revision::round.eq(round)))
        .filter(diesel::dsl::exists(standing));
    diesel::update(revisions).set(quote_revision::opened.eq(envelope.code())).execute(tx).await?;
    Ok(())
}

/// What was committed to, in the order in which it was handed in.
pub async fn committed(connection: &mut Connection, to: RfqId, page: &Page) -> Result<List<CommittedRow>, Failure> {
    let mut query = quote_revision::table
        .inner_join(quote::table.on(quote::id.eq(quote_revision::quote_id)))
        .filter(quote_revision::rfq_id.eq(to.0).and(quote_revision::kind.ne("negotiated")))
        .order((quote_revision::at, quote_revision::quote_id))
        .limit(page.rows())
        .select((
            quote_revision::quote_id,
            quote::quoter_id,
            quote_revision::number,
            quote_revision::round,
            quote_revision::kind,
            quote_revision::commitments,
            quote_revision::at,
        ))
        .into_boxed();
    if let Some(after) = &page.after
        && let Some(at) = after.time()
    {
        let later = quote_revision::at.eq(at).and(quote_revision::quote_id.gt(after.id));
        query = query.filter(quote_revision::at.gt(at).or(later));
    }
    let rows: Vec<CommittedRow> = query.load(connection).await?;
    Ok(page.cut(rows, |row| After::at(row.at, row.quote_id)))
}

/// The revisions that stand of these quotes.
pub async fn standing_of(connection: &mut Connection, quotes: &[Uuid]) -> Result<Vec<RevisionRow>, Failure> {
    let query = quote_revision::table
        .inner_join(
            quote::table.on(quote::id.eq(quote_revision::quote_id).and(quote::revision.eq(quote_revision::number))),
        )
        .filter(quote::id.eq_any(quotes.to_vec()))
        .select(RevisionRow::as_select());
    Ok(query.load(connection).await?)
}
