//! Documents that requests and quotes name, and who may read them for that.

use diesel::dsl::{exists, sql};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::kernel::{DocumentId, OrganisationId};
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::schema::{document, rfq_document};

/// Who may read a document for the sake of what names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// All who know of the request.
    Quoters,
    Buyer,
    /// It lies in an envelope that is not open.
    Nobody,
}

impl Audience {
    pub fn code(self) -> &'static str {
        match self {
            Self::Quoters => "quoters",
            Self::Buyer => "buyer",
            Self::Nobody => "nobody",
        }
    }
}

/// The condition that a row of `document` is named by a request or a quote in a way that lets the reader see it: a specification for all who
/// know of the request, the papers of a quote for the buyer once they are open, and for the operator what neither is sealed nor a draft.
pub fn named_for(own: Uuid, operator: bool) -> Box<dyn BoxableExpression<document::table, Pg, SqlType = Bool>> {
    let named = sql::<Bool>(
        "EXISTS (SELECT FROM rfq_document d JOIN rfq r ON r.id = d.rfq_id
            WHERE d.document_id = document.id AND d.audience <> 'nobody' AND (",
    )
    .bind::<Bool, _>(operator)
    .sql(" OR (d.audience = 'buyer' AND r.buyer_id = ")
    .bind::<SqlUuid, _>(own)
    .sql(
        ") OR (d.audience = 'quoters' AND (
            EXISTS (SELECT FROM rfq_recipient p WHERE p.rfq_id = r.id AND p.via = 'invitation' AND p.organisation_id = ",
    )
    .bind::<SqlUuid, _>(own)
    .sql(
        ") OR (r.visibility <> 'invited' AND EXISTS (SELECT FROM portal_member m
            WHERE m.portal_id = r.portal_id AND m.state = 'active' AND 'quote' = ANY (m.capabilities) AND m.organisation_id = ",
    )
    .bind::<SqlUuid, _>(own)
    .sql("))))))");
    Box::new(named)
}

/// Which of these documents belong to a company and can be attached: they are not archived.
pub async fn own(connection: &mut Connection, of: OrganisationId, ids: &[DocumentId]) -> Result<Vec<Uuid>, Failure> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let query = document::table
        .filter(document::owner_id.eq(of.0).and(document::id.eq_any(ids)).and(document::archived_at.is_null()))
        .select(document::id);
    Ok(query.load(connection).await?)
}

/// Keeps that a request or a quote names these documents. Who may read one by it already still may.
pub async fn attach(
    tx: &mut Connection,
    request: Uuid,
    holder: Uuid,
    documents: &[DocumentId],
    audience: Audience,
) -> Result<(), Failure> {
    let rows: Vec<_> = documents
        .iter()
        .map(|id| {
            (
                rfq_document::document_id.eq(id.0),
                rfq_document::rfq_id.eq(request),
                rfq_document::holder_id.eq(holder),
                rfq_document::audience.eq(audience.code()),
            )
        })
        .collect();
    diesel::insert_into(rfq_document::table).values(rows).on_conflict_do_nothing().execute(tx).await?;
    Ok(())
}

/// Lets the buyer read these documents, which lay in envelopes of these quotes. No document is named by the quotes of two companies.
pub async fn show_to_buyer(tx: &mut Connection, quotes: &[Uuid], documents: &[DocumentId]) -> Result<(), Failure> {
    let ids: Vec<Uuid> = documents.iter().map(|id| id.0).collect();
    let named = rfq_document::holder_id.eq_any(quotes.to_vec()).and(rfq_document::document_id.eq_any(ids));
    let rows = rfq_document::table.filter(named);
    diesel::update(rows).set(rfq_document::audience.eq(Audience::Buyer.code())).execute(tx).await?;
    Ok(())
}

/// Whether a request or a quote names the document: then it gets no other file.
pub async fn is_attached(connection: &mut Connection, id: DocumentId) -> Result<bool, Failure> {
    let query = rfq_document::table.filter(rfq_document::document_id.eq(id.0));
    Ok(diesel::select(exists(query)).get_result(connection).await?)
}
