//! Questions about requests, and their answers.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::{RfqId, RfqQuestionId, Timestamp};
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::db::page::{List, Page};
use crate::schema::rfq_question;

/// A question.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = rfq_question, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct QuestionRow {
    pub id: Uuid,
    pub rfq_id: Uuid,
    /// Who asks: shown to nobody else.
    pub organisation_id: Uuid,
    pub question: String,
    pub asked_at: Timestamp,
    pub answer: Option<String>,
    pub answered_at: Option<Timestamp>,
}

/// Keeps a new question.
pub async fn insert(tx: &mut Connection, new: &QuestionRow) -> Result<(), Failure> {
    diesel::insert_into(rfq_question::table).values(new).execute(tx).await?;
    Ok(())
}

/// Keeps the answer.
pub async fn update(tx: &mut Connection, changed: &QuestionRow) -> Result<(), Failure> {
    diesel::update(rfq_question::table.find(changed.id)).set(changed).execute(tx).await?;
    Ok(())
}

/// A question about this request, held until the transaction ends.
pub async fn lock(tx: &mut Connection, about: RfqId, id: RfqQuestionId) -> Result<Option<QuestionRow>, Failure> {
    let query = rfq_question::table
        .filter(rfq_question::id.eq(id.0).and(rfq_question::rfq_id.eq(about.0)))
        .select(QuestionRow::as_select());
    Ok(query.for_update().first(tx).await.optional()?)
}

/// Who sees questions that nobody has answered.
#[derive(Debug, Clone, Copy)]
pub enum Seeing {
    /// The buyer: all of them.
    All,
    /// Anybody else: their own, if they act for a company.
    Own(Option<Uuid>),
}

/// The questions about a request that the reader sees, in the order in which they were asked.
pub async fn list(
    connection: &mut Connection,
    about: RfqId,
    by: Seeing,
    page: &Page,
) -> Result<List<QuestionRow>, Failure> {
    let mut query = rfq_question::table
        .filter(rfq_question::rfq_id.eq(about.0))
        .order(rfq_question::id)
        .limit(page.rows())
        .select(QuestionRow::as_select())
        .into_boxed();
    if let Seeing::Own(own) = by {
        // No organisation has the nil identifier.
        let own = own.unwrap_or_default();
        query = query.filter(rfq_question::answer.is_not_null().or(rfq_question::organisation_id.eq(own)));
    }
    if let Some(after) = page.after_id() {
        query = query.filter(rfq_question::id.gt(after));
    }
    Ok(page.cut_by_id(query.load(connection).await?, |row: &QuestionRow| row.id))
}
