//! Counter-offers about quotes, with their history.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::{NegotiationId, QuoteId, RfqId, Timestamp};
use domain::sourcing::Negotiation;
use serde_json::Value;
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::db::page::{List, Page};
use crate::schema::quote_negotiation;

/// A negotiation of one quote.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = quote_negotiation)]
pub struct NegotiationRow {
    pub id: Uuid,
    pub quote_id: Uuid,
    pub rfq_id: Uuid,
    /// That of [`Negotiation`].
    pub state: String,
    /// [`Negotiation`].
    pub content: Value,
    /// When its last version ends.
    pub expires_at: Timestamp,
    pub created_at: Timestamp,
}

impl NegotiationRow {
    pub fn content(&self) -> Result<Negotiation, Failure> {
        serde_json::from_value(self.content.clone()).map_err(Failure::broken)
    }

    /// Takes over what has become of it.
    pub fn set(&mut self, content: &Negotiation) -> Result<(), Failure> {
        self.content = serde_json::to_value(content).map_err(Failure::broken)?;
        self.state = content.state.code().to_owned();
        if let Some(last) = content.versions.last() {
            self.expires_at = last.expires_at;
        }
        Ok(())
    }
}

pub async fn insert(tx: &mut Connection, new: &NegotiationRow) -> Result<(), Failure> {
    diesel::insert_into(quote_negotiation::table).values(new).execute(tx).await?;
    Ok(())
}

pub async fn update(tx: &mut Connection, changed: &NegotiationRow) -> Result<(), Failure> {
    diesel::update(quote_negotiation::table.find(changed.id)).set(changed).execute(tx).await?;
    Ok(())
}

/// A negotiation, whoever asks.
pub async fn of_id(connection: &mut Connection, id: NegotiationId) -> Result<Option<NegotiationRow>, Failure> {
    let query = quote_negotiation::table.find(id.0).select(NegotiationRow::as_select());
    Ok(query.first(connection).await.optional()?)
}

/// The negotiation of a quote in which somebody has to answer, held until the transaction ends; its quote is held before.
pub async fn lock_open(tx: &mut Connection, of: QuoteId) -> Result<Option<NegotiationRow>, Failure> {
    let query = quote_negotiation::table
        .filter(quote_negotiation::quote_id.eq(of.0))
        .filter(quote_negotiation::state.eq_any(["quoter_to_answer", "buyer_to_answer"]))
        .select(NegotiationRow::as_select())
        .for_update();
    Ok(query.first(tx).await.optional()?)
}

/// The negotiations of a request in which somebody has to answer.
pub async fn open_of_request(tx: &mut Connection, of: RfqId) -> Result<Vec<NegotiationRow>, Failure> {
    let query = quote_negotiation::table
        .filter(quote_negotiation::rfq_id.eq(of.0))
        .filter(quote_negotiation::state.eq_any(["quoter_to_answer", "buyer_to_answer"]))
        .order(quote_negotiation::id)
        .select(NegotiationRow::as_select());
    Ok(query.load(tx).await?)
}

/// The negotiations of a quote, newest first.
pub async fn list(connection: &mut Connection, of: QuoteId, page: &Page) -> Result<List<NegotiationRow>, Failure> {
    let mut query = quote_negotiation::table
        .filter(quote_negotiation::quote_id.eq(of.0))
        .order(quote_negotiation::id.desc())
        .limit(page.rows())
        .select(NegotiationRow::as_select())
        .into_boxed();
    if let Some(after) = page.after_id() {
        query = query.filter(quote_negotiation::id.lt(after));
    }
    Ok(page.cut_by_id(query.load(connection).await?, |row: &NegotiationRow| row.id))
}
