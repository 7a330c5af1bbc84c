//! Invoices over several contracts: which buyers get one a month, and what there is to invoice.

use diesel::dsl::{exists, not};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::{OrganisationId, Timestamp};
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::db::page::{List, Page};
use crate::schema::{collective_invoicing, contract, contract_line, contract_line_weight};

/// A buyer whom a seller invoices once a month.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = collective_invoicing)]
pub struct CollectiveRow {
    pub id: Uuid,
    pub seller_id: Uuid,
    pub buyer_id: Uuid,
    pub created_at: Timestamp,
}

/// Has a buyer invoiced once a month; gives what is kept, which may be there already.
pub async fn set(tx: &mut Connection, new: &CollectiveRow) -> Result<CollectiveRow, Failure> {
    use collective_invoicing as c;
    diesel::insert_into(c::table).values(new).on_conflict_do_nothing().execute(tx).await?;
    let of = c::table.filter(c::seller_id.eq(new.seller_id).and(c::buyer_id.eq(new.buyer_id)));
    Ok(of.select(CollectiveRow::as_select()).first(tx).await?)
}

/// Ends that a buyer is invoiced once a month; gives what was kept.
pub async fn clear(
    tx: &mut Connection,
    seller: OrganisationId,
    buyer: OrganisationId,
) -> Result<Option<Uuid>, Failure> {
    use collective_invoicing as c;
    let of = c::table.filter(c::seller_id.eq(seller.0).and(c::buyer_id.eq(buyer.0)));
    Ok(diesel::delete(of).returning(c::id).get_result(tx).await.optional()?)
}

/// For timers: whoever's it is.
pub async fn find_any(connection: &mut Connection, id: Uuid) -> Result<Option<CollectiveRow>, Failure> {
    let query = collective_invoicing::table.find(id).select(CollectiveRow::as_select());
    Ok(query.first(connection).await.optional()?)
}

/// The buyers whom a seller invoices once a month, newest first.
pub async fn list(
    connection: &mut Connection,
    seller: OrganisationId,
    page: &Page,
) -> Result<List<CollectiveRow>, Failure> {
    use collective_invoicing as c;
    let mut query = c::table
        .filter(c::seller_id.eq(seller.0))
        .order(c::id.desc())
        .limit(page.rows())
        .select(CollectiveRow::as_select())
        .into_boxed();
    if let Some(after) = page.after_id() {
        query = query.filter(c::id.lt(after));
    }
    Ok(page.cut_by_id(query.load(connection).await?, |row: &CollectiveRow| row.id))
}

/// The contracts of a relation of which something was received and is not invoiced, or of which all was and what is charged beside it is
/// not; first to last.
pub async fn billable(
    connection: &mut Connection,
    seller: OrganisationId,
    buyer: OrganisationId,
) -> Result<Vec<Uuid>, Failure> {
    let line = contract_line::table
        .filter(contract_line::contract_id.eq(contract::id))
        .filter(contract_line::invoiced.lt(contract_line::received));
    let weight = contract_line::table
        .inner_join(contract_line_weight::table.on(contract_line_weight::contract_line_id.eq(contract_line::id)))
        .filter(contract_line::contract_id.eq(contract::id))
        .filter(contract_line_weight::invoiced.lt(contract_line_weight::received));
    let charge = contract_line::table
        .filter(contract_line::contract_id.eq(contract::id).and(contract_line::kind.ne("goods")))
        .filter(contract_line::invoiced.lt(contract_line::quantity));
    let awaited = contract_line::table
        .filter(contract_line::contract_id.eq(contract::id).and(contract_line::kind.eq("goods")))
        .filter(contract_line::received.lt(contract_line::quantity));
    let query = contract::table
        .filter(contract::seller_id.eq(seller.0).and(contract::buyer_id.eq(buyer.0)))
        .filter(exists(line).or(exists(weight)).or(exists(charge).and(not(exists(awaited)))))
        .order(contract::id)
        .select(contract::id);
    Ok(query.load(connection).await?)
}
