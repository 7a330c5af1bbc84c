//! Cost centres of a buying organisation, and who orders on them.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::{CostCentreId, Kind, OrganisationId, PersonId, Refusal, Timestamp};
use uuid::Uuid;

use crate::Failure;
use crate::db::page::{List, Page};
use crate::db::{Connection, constraint};
use crate::schema::{cost_centre, cost_centre_member, member};

/// A cost centre without its members.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = cost_centre, treat_none_as_default_value = false)]
pub struct CostCentreRow {
    pub id: Uuid,
    pub organisation_id: Uuid,
    pub code: String,
    pub name: String,
    pub owner_id: Uuid,
    pub budget_required: bool,
    pub archived_at: Option<Timestamp>,
    pub version: i64,
    pub created_at: Timestamp,
}

/// A cost centre with the people who order on it.
#[derive(Debug, Clone)]
pub struct CostCentre {
    pub row: CostCentreRow,
    pub members: Vec<Uuid>,
}

/// Keeps a new cost centre. Refuses a code that is in use.
pub async fn insert(tx: &mut Connection, new: &CostCentre) -> Result<(), Failure> {
    let inserted = diesel::insert_into(cost_centre::table).values(&new.row).execute(tx).await;
    constraint::refuse(inserted, "cost_centre_code_key", taken)?;
    keep_members(tx, new).await
}

/// Keeps all of a cost centre that can change. Refuses a code that is in use.
pub async fn update(tx: &mut Connection, changed: &CostCentre) -> Result<(), Failure> {
    let row = &changed.row;
    let updated = diesel::update(cost_centre::table.find(row.id))
        .set((
            cost_centre::code.eq(&row.code),
            cost_centre::name.eq(&row.name),
            cost_centre::owner_id.eq(row.owner_id),
            cost_centre::budget_required.eq(row.budget_required),
            cost_centre::archived_at.eq(row.archived_at),
            cost_centre::version.eq(row.version),
        ))
        .execute(tx)
        .await;
    constraint::refuse(updated, "cost_centre_code_key", taken)?;
    diesel::delete(cost_centre_member::table.filter(cost_centre_member::cost_centre_id.eq(row.id))).execute(tx).await?;
    keep_members(tx, changed).await
}

async fn keep_members(tx: &mut Connection, of: &CostCentre) -> Result<(), Failure> {
    let rows: Vec<_> = of
        .members
        .iter()
        .map(|person| (cost_centre_member::cost_centre_id.eq(of.row.id), cost_centre_member::person_id.eq(*person)))
        .collect();
    diesel::insert_into(cost_centre_member::table).values(rows).execute(tx).await?;
    Ok(())
}

fn taken() -> Refusal {
    Refusal::new(Kind::AlreadyExists, "There is a cost centre of this code.")
}

/// A cost centre of this organisation.
pub async fn find(
    connection: &mut Connection,
    of: OrganisationId,
    id: CostCentreId,
) -> Result<Option<CostCentre>, Failure> {
    let query = cost_centre::table.filter(cost_centre::id.eq(id.0).and(cost_centre::organisation_id.eq(of.0)));
    let row: Option<CostCentreRow> = query.select(CostCentreRow::as_select()).first(connection).await.optional()?;
    Ok(with_members(connection, row.into_iter().collect()).await?.pop())
}

/// [`find`], holding it until the transaction ends; orders can be charged to it meanwhile.
pub async fn lock(tx: &mut Connection, of: OrganisationId, id: CostCentreId) -> Result<Option<CostCentre>, Failure> {
    let query = cost_centre::table.filter(cost_centre::id.eq(id.0).and(cost_centre::organisation_id.eq(of.0)));
    let row: Option<CostCentreRow> =
        query.select(CostCentreRow::as_select()).for_no_key_update().first(tx).await.optional()?;
    Ok(with_members(tx, row.into_iter().collect()).await?.pop())
}

/// The cost centres of an organisation that are not archived, oldest first; only those among `seen` where that is given.
pub async fn list(
    connection: &mut Connection,
    of: OrganisationId,
    seen: Option<&[Uuid]>,
    page: &Page,
) -> Result<List<CostCentre>, Failure> {
    let mut query = cost_centre::table
        .filter(cost_centre::organisation_id.eq(of.0).and(cost_centre::archived_at.is_null()))
        .order(cost_centre::id)
        .limit(page.rows())
        .select(CostCentreRow::as_select())
        .into_boxed();
    if let Some(seen) = seen {
        query = query.filter(cost_centre::id.eq_any(seen.to_vec()));
    }
    if let Some(after) = page.after_id() {
        query = query.filter(cost_centre::id.gt(after));
    }
    let list = page.cut_by_id(query.load(connection).await?, |row: &CostCentreRow| row.id);
    Ok(List { items: with_members(connection, list.items).await?, next: list.next })
}

/// Those among these cost centres that the organisation can order on.
pub async fn usable(
    connection: &mut Connection,
    of: OrganisationId,
    ids: &[Uuid],
) -> Result<Vec<CostCentreRow>, Failure> {
    let query = cost_centre::table
        .filter(cost_centre::id.eq_any(ids))
        .filter(cost_centre::organisation_id.eq(of.0).and(cost_centre::archived_at.is_null()));
    Ok(query.select(CostCentreRow::as_select()).load(connection).await?)
}

/// Who owns these cost centres, archived ones, too: orders that name one keep it.
pub async fn owners(
    connection: &mut Connection,
    of: OrganisationId,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Uuid>, Failure> {
    let query = cost_centre::table.filter(cost_centre::id.eq_any(ids).and(cost_centre::organisation_id.eq(of.0)));
    let found: Vec<(Uuid, Uuid)> = query.select((cost_centre::id, cost_centre::owner_id)).load(connection).await?;
    Ok(found.into_iter().collect())
}

/// The cost centres of a person in an organisation, archived ones, too: those they are a member of, and those they own.
pub async fn of_person(
    connection: &mut Connection,
    of: OrganisationId,
    person: PersonId,
) -> Result<(Vec<Uuid>, Vec<Uuid>), Failure> {
    let member_of = cost_centre_member::table
        .inner_join(cost_centre::table.on(cost_centre::id.eq(cost_centre_member::cost_centre_id)))
        .filter(cost_centre_member::person_id.eq(person.0).and(cost_centre::organisation_id.eq(of.0)))
        .select(cost_centre::id);
    let owned = cost_centre::table
        .filter(cost_centre::owner_id.eq(person.0).and(cost_centre::organisation_id.eq(of.0)))
        .select(cost_centre::id);
    let connection = &*connection;
    Ok(futures::try_join!(member_of.load(&mut &*connection), owned.load(&mut &*connection))?)
}

/// Those among these people who are members of the organisation.
pub async fn people_of(connection: &mut Connection, of: OrganisationId, people: &[Uuid]) -> Result<Vec<Uuid>, Failure> {
    let query = member::table.filter(member::organisation_id.eq(of.0).and(member::person_id.eq_any(people)));
    Ok(query.select(member::person_id).load(connection).await?)
}

async fn with_members(connection: &mut Connection, rows: Vec<CostCentreRow>) -> Result<Vec<CostCentre>, Failure> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let members: Vec<(Uuid, Uuid)> = cost_centre_member::table
        .filter(cost_centre_member::cost_centre_id.eq_any(ids))
        .order((cost_centre_member::cost_centre_id, cost_centre_member::person_id))
        .select((cost_centre_member::cost_centre_id, cost_centre_member::person_id))
        .load(connection)
        .await?;
    let of = |row: CostCentreRow| CostCentre {
        members: members.iter().filter(|(id, _)| *id == row.id).map(|(_, person)| *person).collect(),
        row,
    };
    Ok(rows.into_iter().map(of).collect())
}
