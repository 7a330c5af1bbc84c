//! What an organisation has running: open orders, contracts, invoices.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::OrganisationId;
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::schema::{contract, invoice, purchase_order};

/// One thing that is not done yet.
#[derive(Debug)]
pub struct RunningRow {
    pub id: Uuid,
    pub number: Option<String>,
    pub state: String,
    pub buyer_id: Uuid,
    pub seller_id: Uuid,
}

type Numbered = (Uuid, i64, String, Uuid, Uuid);

/// Orders that wait for the seller's decision, oldest first. `number` writes their numbers as people know them.
pub async fn orders(
    connection: &mut Connection,
    of: OrganisationId,
    most: i64,
    number: fn(i64) -> String,
) -> Result<Vec<RunningRow>, Failure> {
    use purchase_order as o;
    let found: Vec<Numbered> = o::table
        .filter(o::state.eq("placed").and(o::seller_id.is_not_null()))
        .filter(o::buyer_id.eq(of.0).or(o::seller_id.eq(of.0)))
        .order(o::id)
        .limit(most)
        .select((o::id, o::number, o::state, o::buyer_id, o::seller_id.assume_not_null()))
        .load(connection)
        .await?;
    Ok(found.into_iter().map(|row| numbered(row, number)).collect())
}

/// Contracts that are signed or to be signed, and not yet at their end, oldest first.
pub async fn contracts(
    connection: &mut Connection,
    of: OrganisationId,
    most: i64,
    number: fn(i64) -> String,
) -> Result<Vec<RunningRow>, Failure> {
    use contract as c;
    let found: Vec<Numbered> = c::table
        .filter(c::state.eq_any(["awaiting_signatures", "active", "fulfilled", "disputed"]))
        .filter(c::buyer_id.eq(of.0).or(c::seller_id.eq(of.0)))
        .order(c::id)
        .limit(most)
        .select((c::id, c::number, c::state, c::buyer_id, c::seller_id))
        .load(connection)
        .await?;
    Ok(found.into_iter().map(|row| numbered(row, number)).collect())
}

/// Invoices that were issued and are not paid in full, oldest first.
pub async fn invoices(connection: &mut Connection, of: OrganisationId, most: i64) -> Result<Vec<RunningRow>, Failure> {
    use invoice as i;
    let found: Vec<(Uuid, Option<String>, String, Uuid, Uuid)> = i::table
        .filter(i::kind.eq("invoice").and(i::state.eq_any(["issued", "partly_paid"])))
        .filter(i::buyer_id.eq(of.0).or(i::seller_id.eq(of.0)))
        .order(i::id)
        .limit(most)
        .select((i::id, i::number, i::state, i::buyer_id, i::seller_id))
        .load(connection)
        .await?;
    let row = |(id, number, state, buyer_id, seller_id)| RunningRow { id, number, state, buyer_id, seller_id };
    Ok(found.into_iter().map(row).collect())
}

fn numbered((id, running, state, buyer_id, seller_id): Numbered, number: fn(i64) -> String) -> RunningRow {
    RunningRow { id, number: Some(number(running)), state, buyer_id, seller_id }
}
