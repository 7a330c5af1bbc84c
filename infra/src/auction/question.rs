//! Questions about auctions, and their answers.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::{AuctionId, AuctionQuestionId, Timestamp};
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::db::page::{List, Page};
use crate::schema::auction_question;

/// A question.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = auction_question, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct QuestionRow {
    pub id: Uuid,
    pub auction_id: Uuid,
    /// Who asks: shown to nobody else.
    pub organisation_id: Uuid,
    pub question: String,
    pub asked_at: Timestamp,
    pub answer: Option<String>,
    pub answered_at: Option<Timestamp>,
}

/// Keeps a new question.
pub async fn insert(tx: &mut Connection, new: &QuestionRow) -> Result<(), Failure> {
    diesel::insert_into(auction_question::table).values(new).execute(tx).await?;
    Ok(())
}

/// Keeps the answer.
pub async fn update(tx: &mut Connection, changed: &QuestionRow) -> Result<(), Failure> {
    diesel::update(auction_question::table.find(changed.id)).set(changed).execute(tx).await?;
    Ok(())
}

/// A question about this auction, held until the transaction ends.
pub async fn lock(
    tx: &mut Connection,
    about: AuctionId,
    id: AuctionQuestionId,
) -> Result<Option<QuestionRow>, Failure> {
    let query = auction_question::table
        .filter(auction_question::id.eq(id.0).and(auction_question::auction_id.eq(about.0)))
        .select(QuestionRow::as_select());
    Ok(query.for_update().first(tx).await.optional()?)
}

/// Who sees questions that nobody has answered.
#[derive(Debug, Clone, Copy)]
pub enum Seeing {
    /// The holder of the auction: all of them.
    All,
    /// Anybody else: their own, if they act for a company.
    Own(Option<Uuid>),
}

/// The questions about an auction that the reader sees, in the order in which they were asked.
pub async fn list(
    connection: &mut Connection,
    about: AuctionId,
    by: Seeing,
    page: &Page,
) -> Result<List<QuestionRow>, Failure> {
    let mut query = auction_question::table
        .filter(auction_question::auction_id.eq(about.0))
        .order(auction_question::id)
        .limit(page.rows())
        .select(QuestionRow::as_select())
        .into_boxed();
    if let Seeing::Own(own) = by {
        // No organisation has the nil identifier.
        let own = own.unwrap_or_default();
        query = query.filter(auction_question::answer.is_not_null().or(auction_question::organisation_id.eq(own)));
    }
    if let Some(after) = page.after_id() {
        query = query.filter(auction_question::id.gt(after));
    }
    Ok(page.cut_by_id(query.load(connection).await?, |row: &QuestionRow| row.id))
}
