//! Documents and their versions, always as far as the reader may see them.

use diesel::dsl::exists;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use diesel_async::RunQueryDsl;
use domain::kernel::{DocumentId, OrganisationId, PortalId, Timestamp};
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::db::page::{List, Page};
use crate::ordering::sight::{Sight, document_visible};
use crate::schema::{auction_bidder, document, document_party, document_version, portal, portal_member};
use crate::sourcing;

/// A document without its versions.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = document, treat_none_as_null = true)]
pub struct DocumentRow {
    pub id: Uuid,
    pub owner_id: Uuid,
    pub title: String,
    pub visibility: String,
    pub portal_id: Option<Uuid>,
    pub subject_kind: Option<String>,
    pub subject_id: Option<Uuid>,
    pub published_at: Option<Timestamp>,
    pub archived_at: Option<Timestamp>,
    pub version: i64,
    pub created_at: Timestamp,
}

/// A file of a document. It never changes.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = document_version)]
pub struct VersionRow {
    pub document_id: Uuid,
    pub number: i32,
    pub sha256: Vec<u8>,
    pub size: i64,
    pub media_type: String,
    pub file_name: String,
    pub uploaded_by: Option<Uuid>,
    pub uploaded_at: Timestamp,
}

/// Who reads.
#[derive(Debug, Clone, Default)]
pub struct Reader {
    pub organisation: Option<Uuid>,
    /// The operator sees what organisations give as evidence, and all portals.
    pub operator: bool,
    /// What they see of the orders that their company places; none where it is all.
    pub sight: Option<Sight>,
}

/// Inserts a document with its first file and the parties that may see it.
pub async fn insert(
    tx: &mut Connection,
    new: &DocumentRow,
    file: &VersionRow,
    parties: &[Uuid],
) -> Result<(), Failure> {
    diesel::insert_into(document::table).values(new).execute(tx).await?;
    insert_version(tx, file).await?;
    let rows: Vec<_> = parties
        .iter()
        .map(|party| (document_party::document_id.eq(new.id), document_party::organisation_id.eq(*party)))
        .collect();
    diesel::insert_into(document_party::table).values(rows).on_conflict_do_nothing().execute(tx).await?;
    Ok(())
}

pub async fn insert_version(tx: &mut Connection, new: &VersionRow) -> Result<(), Failure> {
    diesel::insert_into(document_version::table).values(new).execute(tx).await?;
    Ok(())
}

/// Keeps the whole row of a document.
pub async fn update(tx: &mut Connection, changed: &DocumentRow) -> Result<(), Failure> {
    diesel::update(document::table.find(changed.id)).set(changed).execute(tx).await?;
    Ok(())
}

/// The one condition of every read: the documents that the reader may know of.
fn seen(by: &Reader) -> document::BoxedQuery<'static, Pg> {
    // No organisation has the nil identifier.
    let own = by.organisation.unwrap_or_default();
    let party = document_party::table
        .filter(document_party::document_id.eq(document::id).and(document_party::organisation_id.eq(own)));
    let member = portal_member::table
        .filter(portal_member::portal_id.eq(portal::id).and(portal_member::organisation_id.eq(own)))
        .filter(portal_member::state.eq_any(["invited", "active", "suspended"]));
    let bidder = auction_bidder::table
        .filter(auction_bidder::auction_id.nullable().is_not_distinct_from(document::subject_id))
        .filter(auction_bidder::organisation_id.eq(own).and(auction_bidder::state.eq("admitted")));
    let bids = document::subject_kind.is_not_distinct_from("auction").and(exists(bidder));
    let portal = portal::table
        .filter(portal::id.nullable().is_not_distinct_from(document::portal_id))
        .filter(portal::archived_at.is_null())
        .filter(portal::visibility.eq("open").or(exists(member)).or(by.operator.into_sql::<Bool>()));
    let evidence = document::subject_kind.is_not_distinct_from("organisation").and(by.operator.into_sql::<Bool>());
    let inside = document::owner_id.eq(own).or(document::visibility.ne("owner").and(exists(party).or(bids)));
    let outside = document::visibility
        .eq("public")
        .or(document::visibility.eq("portal").and(exists(portal)))
        .or(evidence)
        .or(sourcing::document::named_for(own, by.operator));
    match &by.sight {
        Some(sight) => document::table.filter(inside.and(document_visible(sight)).or(outside)).into_boxed(),
        None => document::table.filter(inside.or(outside)).into_boxed(),
    }
}

/// A document that the reader sees, archived or not, and its newest file.
pub async fn find(
    connection: &mut Connection,
    by: &Reader,
    id: DocumentId,
) -> Result<Option<(DocumentRow, VersionRow)>, Failure> {
    let query = seen(by).filter(document::id.eq(id.0)).select(DocumentRow::as_select());
    let Some(row) = query.first(connection).await.optional()? else { return Ok(None) };
    let file = version(connection, id, None).await?;
    Ok(file.map(|file| (row, file)))
}

/// A document whoever asks, for those who hold a signed link. Archived ones are gone for them.
pub async fn find_linked(connection: &mut Connection, id: DocumentId) -> Result<Option<DocumentRow>, Failure> {
    let query = document::table.find(id.0).filter(document::archived_at.is_null()).select(DocumentRow::as_select());
    Ok(query.first(connection).await.optional()?)
}

/// A document of this owner, held until the transaction ends.
pub async fn lock(tx: &mut Connection, owner: OrganisationId, id: DocumentId) -> Result<Option<DocumentRow>, Failure> {
    let query = document::table
        .filter(document::id.eq(id.0).and(document::owner_id.eq(owner.0)))
        .select(DocumentRow::as_select())
        .for_update();
    Ok(query.first(tx).await.optional()?)
}

/// One file of a document that was found before; the newest without a number.
pub async fn version(
    connection: &mut Connection,
    of: DocumentId,
    number: Option<i32>,
) -> Result<Option<VersionRow>, Failure> {
    let mut query = document_version::table
        .filter(document_version::document_id.eq(of.0))
        .order(document_version::number.desc())
        .select(VersionRow::as_select())
        .into_boxed();
    if let Some(number) = number {
        query = query.filter(document_version::number.eq(number));
    }
    Ok(query.first(connection).await.optional()?)
}

/// The newest files of documents that were found before.
pub async fn newest(connection: &mut Connection, of: &[Uuid]) -> Result<Vec<VersionRow>, Failure> {
    Ok(document_version::table
        .filter(document_version::document_id.eq_any(of.to_vec()))
        .distinct_on(document_version::document_id)
        .order((document_version::document_id, document_version::number.desc()))
        .select(VersionRow::as_select())
        .load(connection)
        .await?)
}

/// All files of a document that was found before, newest first; there are never many.
pub async fn versions(connection: &mut Connection, of: DocumentId) -> Result<Vec<VersionRow>, Failure> {
    Ok(document_version::table
        .filter(document_version::document_id.eq(of.0))
        .order(document_version::number.desc())
        .select(VersionRow::as_select())
        .load(connection)
        .await?)
}

/// The organisations that see a document as parties of what it belongs to.
pub async fn parties(connection: &mut Connection, of: DocumentId) -> Result<Vec<Uuid>, Failure> {
    Ok(document_party::table
        .filter(document_party::document_id.eq(of.0))
        .select(document_party::organisation_id)
        .load(connection)
        .await?)
}

/// Which documents are looked for.
#[derive(Debug, Default)]
pub struct Search {
    pub subject_kind: Option<String>,
    pub subject_id: Option<Uuid>,
    pub portal: Option<PortalId>,
    pub owner: Option<OrganisationId>,
}

/// The documents that the reader sees and that are not archived, newest first.
pub async fn list(
    connection: &mut Connection,
    by: &Reader,
    search: &Search,
    page: &Page,
) -> Result<List<DocumentRow>, Failure> {
    let mut query = seen(by)
        .filter(document::archived_at.is_null())
        .order(document::id.desc())
        .limit(page.rows())
        .select(DocumentRow::as_select());
    if let Some(kind) = &search.subject_kind {
        query = query.filter(document::subject_kind.eq(kind.clone()));
    }
    if let Some(subject) = search.subject_id {
        query = query.filter(document::subject_id.eq(subject));
    }
    if let Some(portal) = search.portal {
        query = query.filter(document::portal_id.eq(portal.0));
    }
    if let Some(owner) = search.owner {
        query = query.filter(document::owner_id.eq(owner.0));
    }
    if let Some(after) = page.after_id() {
        query = query.filter(document::id.lt(after));
    }
    Ok(page.cut_by_id(query.load(connection).await?, |row: &DocumentRow| row.id))
}

/// Which of these documents belong to an organisation, as evidence about it.
pub async fn of_owner(connection: &mut Connection, owner: OrganisationId, ids: &[Uuid]) -> Result<Vec<Uuid>, Failure> {
    Ok(document::table
        .filter(document::owner_id.eq(owner.0).and(document::id.eq_any(ids.to_vec())))
        .filter(document::subject_kind.eq("organisation").and(document::archived_at.is_null()))
        .select(document::id)
        .load(connection)
        .await?)
}
