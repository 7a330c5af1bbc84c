//! Companies to which a request came.

use diesel::prelude::*;
use diesel::upsert::excluded;
use diesel_async::RunQueryDsl;
use domain::kernel::{OrganisationId, PortalId, RfqId, Timestamp};
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::db::page::{List, Page};
use crate::schema::{organisation, portal_member, rfq_recipient};

/// A company and how the request came to it.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = rfq_recipient, treat_none_as_default_value = false)]
pub struct RecipientRow {
    pub rfq_id: Uuid,
    pub organisation_id: Uuid,
    /// `invitation`, `subscription` or `portal`: it found it there and quoted.
    pub via: String,
    pub received_at: Timestamp,
    /// It has said that it does not quote, and perhaps why.
    pub declined_at: Option<Timestamp>,
    pub reason: Option<String>,
}

/// Keeps to whom a request came. An invitation goes before what was known before; anything else leaves that as it is.
pub async fn insert(tx: &mut Connection, new: &[RecipientRow]) -> Result<(), Failure> {
    let upsert = diesel::insert_into(rfq_recipient::table)
        .values(new)
        .on_conflict((rfq_recipient::rfq_id, rfq_recipient::organisation_id))
        .do_update()
        .set(rfq_recipient::via.eq(excluded(rfq_recipient::via)));
    diesel::query_dsl::methods::FilterDsl::filter(upsert, excluded(rfq_recipient::via).eq("invitation"))
        .execute(tx)
        .await?;
    Ok(())
}

/// One company.
pub async fn find(connection: &mut Connection, of: RfqId, company: Uuid) -> Result<Option<RecipientRow>, Failure> {
    let query = rfq_recipient::table.find((of.0, company)).select(RecipientRow::as_select());
    Ok(query.first(connection).await.optional()?)
}

/// Notes that a company does not quote.
pub async fn set_declined(
    tx: &mut Connection,
    of: RfqId,
    company: OrganisationId,
    at: Timestamp,
    reason: Option<&str>,
) -> Result<(), Failure> {
    diesel::update(rfq_recipient::table.find((of.0, company.0)))
        .set((rfq_recipient::declined_at.eq(at), rfq_recipient::reason.eq(reason)))
        .execute(tx)
        .await?;
    Ok(())
}

/// All companies to which a request came.
pub async fn organisations(connection: &mut Connection, of: RfqId) -> Result<Vec<Uuid>, Failure> {
    let query = rfq_recipient::table.filter(rfq_recipient::rfq_id.eq(of.0)).select(rfq_recipient::organisation_id);
    Ok(query.load(connection).await?)
}

/// Those that have said that they do not quote.
pub async fn declined(connection: &mut Connection, of: RfqId) -> Result<Vec<Uuid>, Failure> {
    let query = rfq_recipient::table
        .filter(rfq_recipient::rfq_id.eq(of.0).and(rfq_recipient::declined_at.is_not_null()))
        .select(rfq_recipient::organisation_id);
    Ok(query.load(connection).await?)
}

/// A page of those that were invited.
pub async fn invited(connection: &mut Connection, of: RfqId, page: &Page) -> Result<List<RecipientRow>, Failure> {
    let mut query = rfq_recipient::table
        .filter(rfq_recipient::rfq_id.eq(of.0).and(rfq_recipient::via.eq("invitation")))
        .order(rfq_recipient::organisation_id)
        .limit(page.rows())
        .select(RecipientRow::as_select())
        .into_boxed();
    if let Some(after) = page.after_id() {
        query = query.filter(rfq_recipient::organisation_id.gt(after));
    }
    Ok(page.cut_by_id(query.load(connection).await?, |row: &RecipientRow| row.organisation_id))
}

/// Which of these companies are active members of a portal.
pub async fn members(connection: &mut Connection, of: PortalId, companies: &[Uuid]) -> Result<Vec<Uuid>, Failure> {
    let query = portal_member::table
        .filter(portal_member::portal_id.eq(of.0).and(portal_member::organisation_id.eq_any(companies.to_vec())))
        .filter(portal_member::state.eq("active"))
        .select(portal_member::organisation_id);
    Ok(query.load(connection).await?)
}

/// Which of these companies are verified.
pub async fn verified(connection: &mut Connection, companies: &[Uuid]) -> Result<Vec<Uuid>, Failure> {
    let query = organisation::table
        .filter(organisation::id.eq_any(companies.to_vec()).and(organisation::state.eq("verified")))
        .select(organisation::id);
    Ok(query.load(connection).await?)
}
