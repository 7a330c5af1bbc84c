//! Portals, their rules, and their members.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::{Kind, OrganisationId, PortalId, Refusal, Timestamp};
use serde_json::Value;
use uuid::Uuid;

use crate::Failure;
use crate::db::page::{After, List, Page};
use crate::db::{Connection, constraint};
use crate::schema::{organisation, portal, portal_member, portal_rules, portal_rules_acceptance};

/// A portal.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = portal, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct PortalRow {
    pub id: Uuid,
    pub slug: String,
    pub owner_id: Option<Uuid>,
    pub name: Value,
    pub description: Value,
    pub visibility: String,
    pub functions: Vec<String>,
    pub rules_version: i32,
    pub version: i64,
    pub created_at: Timestamp,
    pub archived_at: Option<Timestamp>,
}

/// The place of an organisation in a portal.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = portal_member, treat_none_as_default_value = false)]
pub struct MemberRow {
    pub portal_id: Uuid,
    pub organisation_id: Uuid,
    pub state: String,
    pub capabilities: Vec<String>,
    pub accepted_rules: i32,
    pub version: i64,
    pub created_at: Timestamp,
}

/// A version of a portal's rules.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = portal_rules, treat_none_as_default_value = false)]
pub struct RulesRow {
    pub portal_id: Uuid,
    pub version: i32,
    pub text: Value,
    pub published_by: Uuid,
    pub published_at: Timestamp,
}

fn slug_taken(slug: &str) -> Refusal {
    Refusal::new(Kind::AlreadyExists, format!("There is a portal with the slug {slug} already."))
}

pub async fn insert(tx: &mut Connection, new: &PortalRow) -> Result<(), Failure> {
    let inserted = diesel::insert_into(portal::table).values(new).execute(tx).await;
    constraint::refuse(inserted, "portal_slug_key", || slug_taken(&new.slug))?;
    Ok(())
}

pub async fn update(tx: &mut Connection, changed: &PortalRow) -> Result<(), Failure> {
    let updated = diesel::update(portal::table.find(changed.id)).set(changed).execute(tx).await;
    constraint::refuse(updated, "portal_slug_key", || slug_taken(&changed.slug))?;
    Ok(())
}

/// A portal, whoever asks.
pub async fn find(connection: &mut Connection, id: PortalId) -> Result<Option<PortalRow>, Failure> {
    let query = portal::table.find(id.0).filter(portal::archived_at.is_null()).select(PortalRow::as_select());
    Ok(query.first(connection).await.optional()?)
}

/// [`find`], held until the transaction ends.
pub async fn lock(tx: &mut Connection, id: PortalId) -> Result<Option<PortalRow>, Failure> {
    let query = portal::table.find(id.0).filter(portal::archived_at.is_null()).select(PortalRow::as_select());
    Ok(query.for_update().first(tx).await.optional()?)
}

/// Who asks for a list of portals.
#[derive(Debug, Clone, Copy)]
pub enum Reader {
    /// Sees all.
    Operator,
    /// Sees open ones, and those it belongs to.
    Organisation(OrganisationId),
    /// Sees open ones.
    Anybody,
}

/// The portals that the reader may know of, by slug.
pub async fn list(connection: &mut Connection, by: Reader, page: &Page) -> Result<List<PortalRow>, Failure> {
    let mut query = portal::table
        .filter(portal::archived_at.is_null())
        .order((portal::slug, portal::id))
        .limit(page.rows())
        .select(PortalRow::as_select())
        .into_boxed();
    query = match by {
        Reader::Operator => query,
        Reader::Anybody => query.filter(portal::visibility.eq("open")),
        Reader::Organisation(id) => {
            let own = portal_member::table
                .filter(portal_member::organisation_id.eq(id.0))
                .filter(portal_member::state.eq_any(["invited", "active", "suspended"]))
                .select(portal_member::portal_id);
            query.filter(portal::visibility.eq("open").or(portal::id.eq_any(own)))
        }
    };
    if let Some(after) = &page.after {
        query = query.filter(portal::slug.gt(after.key.clone()));
    }
    let rows = query.load(connection).await?;
    Ok(page.cut(rows, |row: &PortalRow| After { key: row.slug.clone(), id: row.id }))
}

pub async fn insert_rules(tx: &mut Connection, new: &RulesRow) -> Result<(), Failure> {
    diesel::insert_into(portal_rules::table).values(new).execute(tx).await?;
    Ok(())
}

/// The versions of a portal's rules, newest first.
pub async fn rules(connection: &mut Connection, of: PortalId) -> Result<Vec<RulesRow>, Failure> {
    let query = portal_rules::table
        .filter(portal_rules::portal_id.eq(of.0))
        .order(portal_rules::version.desc())
        .select(RulesRow::as_select())
        .limit(200);
    Ok(query.load(connection).await?)
}

/// Records who accepted a version for an organisation; the first acceptance stays.
pub async fn accept_rules(
    tx: &mut Connection,
    portal: PortalId,
    version: i32,
    organisation: OrganisationId,
    person: Uuid,
    at: Timestamp,
) -> Result<(), Failure> {
    use portal_rules_acceptance as a;
    diesel::insert_into(a::table)
        .values((
            a::portal_id.eq(portal.0),
            a::version.eq(version),
            a::organisation_id.eq(organisation.0),
            a::person_id.eq(person),
            a::at.eq(at),
        ))
        .on_conflict_do_nothing()
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn insert_member(tx: &mut Connection, new: &MemberRow) -> Result<(), Failure> {
    diesel::insert_into(portal_member::table).values(new).execute(tx).await?;
    Ok(())
}

pub async fn update_member(tx: &mut Connection, changed: &MemberRow) -> Result<(), Failure> {
    diesel::update(portal_member::table.find((changed.portal_id, changed.organisation_id)))
        .set(changed)
        .execute(tx)
        .await?;
    Ok(())
}

/// A membership, held until the transaction ends.
pub async fn lock_member(tx: &mut Connection, of: PortalId, who: OrganisationId) -> Result<Option<MemberRow>, Failure> {
    let query = portal_member::table.find((of.0, who.0)).select(MemberRow::as_select());
    Ok(query.for_update().first(tx).await.optional()?)
}

/// A membership with the organisation's name.
pub async fn find_member(
    connection: &mut Connection,
    of: PortalId,
    who: OrganisationId,
) -> Result<Option<(MemberRow, String)>, Failure> {
    let query = portal_member::table
        .inner_join(organisation::table.on(organisation::id.eq(portal_member::organisation_id)))
        .filter(portal_member::portal_id.eq(of.0).and(portal_member::organisation_id.eq(who.0)))
        .select((MemberRow::as_select(), organisation::legal_name));
    Ok(query.first(connection).await.optional()?)
}

/// The members of a portal in these states, with their names.
pub async fn members(
    connection: &mut Connection,
    of: PortalId,
    states: &[&str],
    page: &Page,
) -> Result<List<(MemberRow, String)>, Failure> {
    let mut query = portal_member::table
        .inner_join(organisation::table.on(organisation::id.eq(portal_member::organisation_id)))
        .filter(portal_member::portal_id.eq(of.0))
        .filter(portal_member::state.eq_any(states.to_vec()))
        .order(portal_member::organisation_id)
        .limit(page.rows())
        .select((MemberRow::as_select(), organisation::legal_name))
        .into_boxed();
    if let Some(after) = page.after_id() {
        query = query.filter(portal_member::organisation_id.gt(after));
    }
    Ok(page.cut_by_id(query.load(connection).await?, |(row, _): &(MemberRow, String)| row.organisation_id))
}

/// The active members with any of these capabilities: whom something that happens there concerns.
pub async fn concerned(connection: &mut Connection, of: PortalId, capabilities: &[&str]) -> Result<Vec<Uuid>, Failure> {
    let query = portal_member::table
        .filter(portal_member::portal_id.eq(of.0).and(portal_member::state.eq("active")))
        .filter(portal_member::capabilities.overlaps_with(capabilities.to_vec()))
        .order(portal_member::organisation_id)
        .select(portal_member::organisation_id);
    Ok(query.load(connection).await?)
}

/// How many active members manage a portal, besides one; their rows are held.
pub async fn other_managers(tx: &mut Connection, of: PortalId, besides: OrganisationId) -> Result<usize, Failure> {
    let rows: Vec<MemberRow> = portal_member::table
        .filter(portal_member::portal_id.eq(of.0).and(portal_member::state.eq("active")))
        .filter(portal_member::capabilities.contains(vec!["manage"]))
        .order(portal_member::organisation_id)
        .select(MemberRow::as_select())
        .for_update()
        .load(tx)
        .await?;
    Ok(rows.iter().filter(|row| row.organisation_id != besides.0).count())
}
