//! Requisition lists: what is ordered again and again.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::{OrganisationId, RequisitionListId, Timestamp};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::db::page::{List, Page};
use crate::schema::{requisition_line, requisition_list};

/// A list without its lines.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = requisition_list)]
pub struct ListRow {
    pub id: Uuid,
    pub organisation_id: Uuid,
    pub owner_id: Uuid,
    pub name: String,
    pub shared: bool,
    pub portal_id: Uuid,
    pub currency: String,
    pub version: i64,
    pub created_at: Timestamp,
}

/// A line of a list.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = requisition_line, treat_none_as_default_value = false)]
pub struct RequisitionLineRow {
    pub list_id: Uuid,
    pub position: i32,
    pub offer_id: Uuid,
    pub quantity: Decimal,
    pub unit: String,
    pub note: Option<String>,
}

/// A list with its lines by position.
#[derive(Debug, Clone)]
pub struct RequisitionList {
    pub row: ListRow,
    pub lines: Vec<RequisitionLineRow>,
}

pub async fn insert(tx: &mut Connection, new: &RequisitionList) -> Result<(), Failure> {
    diesel::insert_into(requisition_list::table).values(&new.row).execute(tx).await?;
    diesel::insert_into(requisition_line::table).values(&new.lines).execute(tx).await?;
    Ok(())
}

/// Keeps all of a list that can change, its lines replaced.
pub async fn update(tx: &mut Connection, changed: &RequisitionList) -> Result<(), Failure> {
    let row = &changed.row;
    diesel::update(requisition_list::table.find(row.id))
        .set((
            requisition_list::name.eq(&row.name),
            requisition_list::shared.eq(row.shared),
            requisition_list::currency.eq(&row.currency),
            requisition_list::version.eq(row.version),
        ))
        .execute(tx)
        .await?;
    diesel::delete(requisition_line::table.filter(requisition_line::list_id.eq(row.id))).execute(tx).await?;
    diesel::insert_into(requisition_line::table).values(&changed.lines).execute(tx).await?;
    Ok(())
}

/// Nothing refers to a list, so that it is gone for good.
pub async fn delete(tx: &mut Connection, id: RequisitionListId) -> Result<(), Failure> {
    diesel::delete(requisition_line::table.filter(requisition_line::list_id.eq(id.0))).execute(tx).await?;
    diesel::delete(requisition_list::table.find(id.0)).execute(tx).await?;
    Ok(())
}

/// A list of the organisation that the person may see: their own, or a shared one.
pub async fn find(
    connection: &mut Connection,
    of: OrganisationId,
    person: Uuid,
    id: RequisitionListId,
) -> Result<Option<RequisitionList>, Failure> {
    let query = requisition_list::table
        .filter(requisition_list::id.eq(id.0).and(requisition_list::organisation_id.eq(of.0)))
        .filter(requisition_list::shared.or(requisition_list::owner_id.eq(person)))
        .select(ListRow::as_select());
    let row: Option<ListRow> = query.first(connection).await.optional()?;
    Ok(complete(connection, row.into_iter().collect()).await?.pop())
}

/// [`find`], holding it until the transaction ends.
pub async fn lock(
    tx: &mut Connection,
    of: OrganisationId,
    person: Uuid,
    id: RequisitionListId,
) -> Result<Option<RequisitionList>, Failure> {
    let query = requisition_list::table
        .filter(requisition_list::id.eq(id.0).and(requisition_list::organisation_id.eq(of.0)))
        .filter(requisition_list::shared.or(requisition_list::owner_id.eq(person)))
        .select(ListRow::as_select())
        .for_update();
    let row: Option<ListRow> = query.first(tx).await.optional()?;
    Ok(complete(tx, row.into_iter().collect()).await?.pop())
}

/// The lists that a person may see, oldest first.
pub async fn list(
    connection: &mut Connection,
    of: OrganisationId,
    person: Uuid,
    page: &Page,
) -> Result<List<RequisitionList>, Failure> {
    let mut query = requisition_list::table
        .filter(requisition_list::organisation_id.eq(of.0))
        .filter(requisition_list::shared.or(requisition_list::owner_id.eq(person)))
        .order(requisition_list::id)
        .limit(page.rows())
        .select(ListRow::as_select())
        .into_boxed();
    if let Some(after) = page.after_id() {
        query = query.filter(requisition_list::id.gt(after));
    }
    let list = page.cut_by_id(query.load(connection).await?, |row: &ListRow| row.id);
    Ok(List { items: complete(connection, list.items).await?, next: list.next })
}

async fn complete(connection: &mut Connection, rows: Vec<ListRow>) -> Result<Vec<RequisitionList>, Failure> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let lines: Vec<RequisitionLineRow> = requisition_line::table
        .filter(requisition_line::list_id.eq_any(ids))
        .order((requisition_line::list_id, requisition_line::position))
        .select(RequisitionLineRow::as_select())
        .load(connection)
        .await?;
    let whole = |row: ListRow| RequisitionList {
        lines: lines.iter().filter(|line| line.list_id == row.id).cloned().collect(),
        row,
    };
    Ok(rows.into_iter().map(whole).collect())
}
