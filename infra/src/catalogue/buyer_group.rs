//! Buyer groups: a seller's named sets of organisations.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::{BuyerGroupId, Kind, OrganisationId, Refusal, Timestamp};
use uuid::Uuid;

use crate::Failure;
use crate::db::page::{List, Page};
use crate::db::{Connection, constraint};
use crate::schema::{buyer_group, buyer_group_member};

/// A group without its members.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = buyer_group, treat_none_as_default_value = false)]
pub struct BuyerGroupRow {
    pub id: Uuid,
    pub seller_id: Uuid,
    pub name: String,
    pub version: i64,
    pub created_at: Timestamp,
}

/// A group and the organisations in it.
#[derive(Debug, Clone)]
pub struct BuyerGroup {
    pub row: BuyerGroupRow,
    pub members: Vec<Uuid>,
}

fn name_taken(name: &str) -> Refusal {
    Refusal::new(Kind::AlreadyExists, format!("You have a buyer group with the name {name} already."))
}

pub async fn insert(tx: &mut Connection, new: &BuyerGroup) -> Result<(), Failure> {
    let inserted = diesel::insert_into(buyer_group::table).values(&new.row).execute(tx).await;
    constraint::refuse(inserted, "buyer_group_name_key", || name_taken(&new.row.name))?;
    insert_members(tx, new).await
}

pub async fn update(tx: &mut Connection, changed: &BuyerGroup) -> Result<(), Failure> {
    let row = &changed.row;
    let updated = diesel::update(buyer_group::table.find(row.id))
        .set((buyer_group::name.eq(&row.name), buyer_group::version.eq(row.version)))
        .execute(tx)
        .await;
    constraint::refuse(updated, "buyer_group_name_key", || name_taken(&row.name))?;
    let others = buyer_group_member::table
        .filter(buyer_group_member::buyer_group_id.eq(row.id))
        .filter(buyer_group_member::organisation_id.ne_all(&changed.members));
    diesel::delete(others).execute(tx).await?;
    insert_members(tx, changed).await
}

async fn insert_members(tx: &mut Connection, group: &BuyerGroup) -> Result<(), Failure> {
    use buyer_group_member as m;
    let members: Vec<_> =
        group.members.iter().map(|one| (m::buyer_group_id.eq(group.row.id), m::organisation_id.eq(*one))).collect();
    if !members.is_empty() {
        diesel::insert_into(m::table).values(members).on_conflict_do_nothing().execute(tx).await?;
    }
    Ok(())
}

/// Removes a group that nothing names.
pub async fn delete(tx: &mut Connection, id: Uuid) -> Result<(), Failure> {
    let in_use =
        |what: &str| Refusal::new(Kind::InUse, format!("{what} are for this group: give them another audience first."));
    let Err(error) = diesel::delete(buyer_group::table.find(id)).execute(tx).await else { return Ok(()) };
    let constraint = match &error {
        diesel::result::Error::DatabaseError(_, info) => info.constraint_name().unwrap_or_default(),
        _ => "",
    };
    match constraint {
        "offer_buyer_group_in_use" => Err(in_use("Offers").into()),
        "price_list_group_in_use" => Err(in_use("Price lists").into()),
        _ => Err(error.into()),
    }
}

/// A group of this seller, held until the transaction ends.
pub async fn lock(
    tx: &mut Connection,
    seller: OrganisationId,
    id: BuyerGroupId,
) -> Result<Option<BuyerGroup>, Failure> {
    let query = buyer_group::table.filter(buyer_group::id.eq(id.0).and(buyer_group::seller_id.eq(seller.0)));
    let row = query.select(BuyerGroupRow::as_select()).for_update().first(tx).await.optional()?;
    complete(tx, row).await
}

pub async fn find(
    connection: &mut Connection,
    seller: OrganisationId,
    id: BuyerGroupId,
) -> Result<Option<BuyerGroup>, Failure> {
    let query = buyer_group::table.filter(buyer_group::id.eq(id.0).and(buyer_group::seller_id.eq(seller.0)));
    let row = query.select(BuyerGroupRow::as_select()).first(connection).await.optional()?;
    complete(connection, row).await
}

async fn complete(connection: &mut Connection, row: Option<BuyerGroupRow>) -> Result<Option<BuyerGroup>, Failure> {
    let Some(row) = row else { return Ok(None) };
    let members = buyer_group_member::table
        .filter(buyer_group_member::buyer_group_id.eq(row.id))
        .order(buyer_group_member::organisation_id)
        .select(buyer_group_member::organisation_id)
        .load(connection)
        .await?;
    Ok(Some(BuyerGroup { row, members }))
}

/// The groups of a seller, oldest first.
pub async fn list(
    connection: &mut Connection,
    seller: OrganisationId,
    page: &Page,
) -> Result<List<BuyerGroupRow>, Failure> {
    let mut query = buyer_group::table
        .filter(buyer_group::seller_id.eq(seller.0))
        .order(buyer_group::id)
        .limit(page.rows())
        .select(BuyerGroupRow::as_select())
        .into_boxed();
    if let Some(after) = page.after_id() {
        query = query.filter(buyer_group::id.gt(after));
    }
    Ok(page.cut_by_id(query.load(connection).await?, |row: &BuyerGroupRow| row.id))
}

/// Which of these groups are this seller's.
pub async fn own(connection: &mut Connection, seller: OrganisationId, ids: &[Uuid]) -> Result<Vec<Uuid>, Failure> {
    let query = buyer_group::table
        .filter(buyer_group::seller_id.eq(seller.0).and(buyer_group::id.eq_any(ids)))
        .select(buyer_group::id);
    Ok(query.load(connection).await?)
}
