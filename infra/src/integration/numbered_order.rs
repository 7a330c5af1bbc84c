//! Orders that came as documents, by the number that their buyer gave them.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::{OrganisationId, Timestamp};
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::schema::numbered_order;

/// What came with a number before.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = numbered_order)]
pub struct NumberedOrder {
    pub content_hash: Vec<u8>,
    pub order_ids: Vec<Uuid>,
}

/// Takes a number of the organisation for this transaction, or gives what came with it before. Who else comes with the same number at the
/// same moment waits until this transaction ends.
pub async fn claim(
    tx: &mut Connection,
    of: OrganisationId,
    number: &str,
    content_hash: &[u8],
    at: Timestamp,
) -> Result<Option<NumberedOrder>, Failure> {
    let new = (
        numbered_order::organisation_id.eq(of.0),
        numbered_order::number.eq(number),
        numbered_order::content_hash.eq(content_hash),
        numbered_order::order_ids.eq(Vec::<Uuid>::new()),
        numbered_order::received_at.eq(at),
    );
    let claimed = diesel::insert_into(numbered_order::table).values(new).on_conflict_do_nothing().execute(tx).await?;
    if claimed == 1 {
        return Ok(None);
    }
    let kept = numbered_order::table.find((of.0, number)).select(NumberedOrder::as_select()).first(tx).await?;
    Ok(Some(kept))
}

/// Keeps what was made of the order whose number was claimed.
pub async fn keep(tx: &mut Connection, of: OrganisationId, number: &str, orders: &[Uuid]) -> Result<(), Failure> {
    diesel::update(numbered_order::table.find((of.0, number)))
        .set(numbered_order::order_ids.eq(orders))
        .execute(tx)
        .await?;
    Ok(())
}
