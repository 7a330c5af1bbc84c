//! Requests as their buyers put them together.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::{RfqId, Timestamp};
use domain::sourcing::{Round, Terms};
use serde_json::Value;
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::schema::rfq;

/// A request. What it asks for was checked by [`domain::sourcing::RequestInput`] before it was kept.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = rfq, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct RfqRow {
    pub id: Uuid,
    pub portal_id: Uuid,
    pub buyer_id: Uuid,
    /// A state of [`domain::sourcing::RfqState`].
    pub state: String,
    /// As it stands: [`Terms`].
    pub terms: Value,
    /// Of the terms; 0 while it is a draft.
    pub terms_version: i32,
    /// Quotes to versions before this one lapse unless they are confirmed.
    pub last_to_confirm: i32,
    /// The round of quotes that runs, or was the last one.
    pub round: i16,
    /// The rounds after the first: [`Round`].
    pub rounds: Value,
    pub visibility: String,
    pub secrecy: String,
    /// That are asked for by themselves.
    pub categories: Vec<Uuid>,
    pub questions_until: Timestamp,
    pub quotes_until: Timestamp,
    /// The auction that is its last round.
    pub auction_id: Option<Uuid>,
    pub copied_from: Option<Uuid>,
    pub cancel_reason: Option<String>,
    /// The person who put it together.
    pub author_id: Option<Uuid>,
    /// Raised by each change that somebody makes.
    pub version: i64,
    pub created_at: Timestamp,
    pub published_at: Option<Timestamp>,
    pub closed_at: Option<Timestamp>,
}

impl RfqRow {
    pub fn terms(&self) -> Result<Terms, Failure> {
        serde_json::from_value(self.terms.clone()).map_err(Failure::broken)
    }

    /// The rounds after the first.
    pub fn rounds(&self) -> Result<Vec<Round>, Failure> {
        serde_json::from_value(self.rounds.clone()).map_err(Failure::broken)
    }

    /// Takes over other terms, with all that requests are looked for by.
    pub fn set_terms(&mut self, terms: &Terms) -> Result<(), Failure> {
        self.terms = serde_json::to_value(terms).map_err(Failure::broken)?;
        self.visibility = terms.procedure.visibility.code().to_owned();
        self.secrecy = terms.procedure.secrecy.code().to_owned();
        self.categories = terms.categories().into_iter().map(|category| category.0).collect();
        self.questions_until = terms.deadlines.questions;
        self.quotes_until = terms.deadlines.quotes;
        Ok(())
    }
}

/// A request, whoever asks.
pub async fn of_id(connection: &mut Connection, id: RfqId) -> Result<Option<RfqRow>, Failure> {
    Ok(rfq::table.find(id.0).select(RfqRow::as_select()).first(connection).await.optional()?)
}

/// [`of_id`], held until the transaction ends: for what changes the request, or what it may bring about once.
pub async fn lock(tx: &mut Connection, id: RfqId) -> Result<Option<RfqRow>, Failure> {
    let query = rfq::table.find(id.0).select(RfqRow::as_select()).for_no_key_update();
    Ok(query.first(tx).await.optional()?)
}

/// [`of_id`], kept from changing until the transaction ends, together with others who do the same: for quotes.
pub async fn share(tx: &mut Connection, id: RfqId) -> Result<Option<RfqRow>, Failure> {
    Ok(rfq::table.find(id.0).select(RfqRow::as_select()).for_share().first(tx).await.optional()?)
}

/// Keeps a new request.
pub async fn insert(tx: &mut Connection, new: &RfqRow) -> Result<(), Failure> {
    diesel::insert_into(rfq::table).values(new).execute(tx).await?;
    Ok(())
}

/// Keeps all that may have changed of a request that is held.
pub async fn update(tx: &mut Connection, changed: &RfqRow) -> Result<(), Failure> {
    diesel::update(rfq::table.find(changed.id)).set(changed).execute(tx).await?;
    Ok(())
}

/// Removes a draft, of which nobody but its buyer knows.
pub async fn delete(tx: &mut Connection, id: RfqId) -> Result<(), Failure> {
    diesel::delete(rfq::table.find(id.0)).execute(tx).await?;
    Ok(())
}

/// The request whose last round an auction is.
pub async fn of_auction(connection: &mut Connection, auction: Uuid) -> Result<Option<Uuid>, Failure> {
    let query = rfq::table.filter(rfq::auction_id.eq(auction)).select(rfq::id);
    Ok(query.first(connection).await.optional()?)
}
