//! Quotes: where each stands. What they say is in their revisions.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::{Kind, OrganisationId, QuoteId, Refusal, RfqId, Timestamp};
use domain::sourcing::QuoteState;
use uuid::Uuid;

use crate::Failure;
use crate::db::page::{List, Page};
use crate::db::{Connection, constraint};
use crate::schema::{organisation, quote, quote_evaluation, quote_revision};
use crate::sourcing::revision::RevisionRow;

/// A quote.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = quote, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct QuoteRow {
    pub id: Uuid,
    pub rfq_id: Uuid,
    pub quoter_id: Uuid,
    /// A state of [`QuoteState`].
    pub state: String,
    /// What its quoter is putting together, sealed; none of what is handed in.
    pub draft: Option<Vec<u8>>,
    /// The revision that stands; 0 before the first one.
    pub revision: i32,
    /// The version of the request that it answers.
    pub answers: i32,
    /// Since when there is a submission that was not withdrawn.
    pub submitted_at: Option<Timestamp>,
    /// Why the buyer has excluded it.
    pub reason: Option<String>,
    pub version: i64,
    pub created_at: Timestamp,
}

impl QuoteRow {
    pub fn state(&self) -> Result<QuoteState, Failure> {
        Ok(QuoteState::parse(&self.state)?)
    }
}

/// Keeps a new quote. Refuses a second one of the same company.
pub async fn insert(tx: &mut Connection, new: &QuoteRow) -> Result<(), Failure> {
    let inserted = diesel::insert_into(quote::table).values(new).execute(tx).await;
    constraint::refuse(inserted, "quote_once", || {
        Refusal::new(Kind::WrongState, "Your organisation has a quote to this request already: change that one.")
    })?;
    Ok(())
}

/// Keeps all that may have changed of a quote that is held.
pub async fn update(tx: &mut Connection, changed: &QuoteRow) -> Result<(), Failure> {
    diesel::update(quote::table.find(changed.id)).set(changed).execute(tx).await?;
    Ok(())
}

/// A quote, whoever asks.
pub async fn of_id(connection: &mut Connection, id: QuoteId) -> Result<Option<QuoteRow>, Failure> {
    Ok(quote::table.find(id.0).select(QuoteRow::as_select()).first(connection).await.optional()?)
}

/// [`of_id`], held until the transaction ends.
pub async fn lock(tx: &mut Connection, id: QuoteId) -> Result<Option<QuoteRow>, Failure> {
    Ok(quote::table.find(id.0).select(QuoteRow::as_select()).for_update().first(tx).await.optional()?)
}

/// The quote of a company to a request.
pub async fn own(connection: &mut Connection, to: RfqId, of: OrganisationId) -> Result<Option<QuoteRow>, Failure> {
    let query =
        quote::table.filter(quote::rfq_id.eq(to.0).and(quote::quoter_id.eq(of.0))).select(QuoteRow::as_select());
    Ok(query.first(connection).await.optional()?)
}

/// [`own`], held until the transaction ends.
pub async fn lock_own(tx: &mut Connection, to: RfqId, of: OrganisationId) -> Result<Option<QuoteRow>, Failure> {
    let query = quote::table
        .filter(quote::rfq_id.eq(to.0).and(quote::quoter_id.eq(of.0)))
        .select(QuoteRow::as_select())
        .for_update();
    Ok(query.first(tx).await.optional()?)
}

/// All quotes to a request that were ever handed in, in the order of their identifiers.
pub async fn handed_in(connection: &mut Connection, to: RfqId) -> Result<Vec<QuoteRow>, Failure> {
    let query = quote::table
        .filter(quote::rfq_id.eq(to.0).and(quote::revision.gt(0)))
        .order(quote::id)
        .select(QuoteRow::as_select());
    Ok(query.load(connection).await?)
}

/// A quote that was handed in, with all by which one state of it is told from another: without reading what it says.
#[derive(Debug, Clone, Queryable)]
pub struct EntrantRow {
    pub quote: QuoteRow,
    /// The legal name of the quoter.
    pub quoter: String,
    /// When the revision that stands was handed in.
    pub handed_in_at: Timestamp,
    /// The last envelope of it that was opened.
    pub opened: Option<String>,
    /// The version of what the buyer says of the quote, and since when it says so.
    pub evaluated: Option<i64>,
    pub evaluated_at: Option<Timestamp>,
}

/// All quotes to a request that were ever handed in, in the order of their identifiers, in one light query.
pub async fn entrants(connection: &mut Connection, to: RfqId) -> Result<Vec<EntrantRow>, Failure> {
    let stands = quote_revision::quote_id.eq(quote::id).and(quote_revision::number.eq(quote::revision));
    let query = quote::table
        .inner_join(quote_revision::table.on(stands))
        .inner_join(organisation::table.on(organisation::id.eq(quote::quoter_id)))
        .left_join(quote_evaluation::table.on(quote_evaluation::quote_id.eq(quote::id)))
        .filter(quote::rfq_id.eq(to.0))
        .order(quote::id)
        .select((
            QuoteRow::as_select(),
            organisation::legal_name,
            quote_revision::at,
            quote_revision::opened,
            quote_evaluation::version.nullable(),
            quote_evaluation::at.nullable(),
        ));
    Ok(query.load(connection).await?)
}

/// [`handed_in`], held until the transaction ends.
pub async fn lock_handed_in(tx: &mut Connection, to: RfqId) -> Result<Vec<QuoteRow>, Failure> {
    let query = quote::table
        .filter(quote::rfq_id.eq(to.0).and(quote::revision.gt(0)))
        .order(quote::id)
        .select(QuoteRow::as_select())
        .for_update();
    Ok(query.load(tx).await?)
}

/// Brings several quotes of a request into one state.
pub async fn set_states(tx: &mut Connection, of: &[Uuid], state: QuoteState) -> Result<(), Failure> {
    if !of.is_empty() {
        diesel::update(quote::table.filter(quote::id.eq_any(of.to_vec())))
            .set((quote::state.eq(state.code()), quote::version.eq(quote::version + 1)))
            .execute(tx)
            .await?;
    }
    Ok(())
}

/// The quotes of a company to any request, newest first.
pub async fn of_company(
    connection: &mut Connection,
    company: OrganisationId,
    state: Option<QuoteState>,
    page: &Page,
) -> Result<List<QuoteRow>, Failure> {
    let mut query = quote::table
        .filter(quote::quoter_id.eq(company.0))
        .order(quote::id.desc())
        .limit(page.rows())
        .select(QuoteRow::as_select())
        .into_boxed();
    if let Some(state) = state {
        query = query.filter(quote::state.eq(state.code()));
    }
    if let Some(after) = page.after_id() {
        query = query.filter(quote::id.lt(after));
    }
    Ok(page.cut_by_id(query.load(connection).await?, |row: &QuoteRow| row.id))
}

/// A page of the quotes to a request with their revisions that stand: of one company whatever there is, otherwise those that were handed in,
/// of a sealed request only what was opened.
pub async fn readable(
    connection: &mut Connection,
    to: RfqId,
    only: Option<OrganisationId>,
    is_sealed: bool,
    page: &Page,
) -> Result<List<(QuoteRow, Option<RevisionRow>)>, Failure> {
    let stands = quote_revision::quote_id.eq(quote::id).and(quote_revision::number.eq(quote::revision));
    let mut query = quote::table
        .left_join(quote_revision::table.on(stands))
        .filter(quote::rfq_id.eq(to.0))
        .order(quote::id)
        .limit(page.rows())
        .select((QuoteRow::as_select(), Option::<RevisionRow>::as_select()))
        .into_boxed();
    query = match only {
        Some(only) => query.filter(quote::quoter_id.eq(only.0)),
        None if is_sealed => query.filter(quote_revision::opened.is_not_null()),
        None => query.filter(quote::revision.gt(0)),
    };
    if let Some(after) = page.after_id() {
        query = query.filter(quote::id.gt(after));
    }
    Ok(page.cut_by_id(query.load(connection).await?, |row: &(QuoteRow, Option<RevisionRow>)| row.0.id))
}
