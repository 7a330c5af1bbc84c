//! Auctions as wholes, which follow their lots.

use std::collections::{BTreeMap, HashMap};

use diesel::dsl::max;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::auction::AuctionState;
use domain::kernel::Timestamp;
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::db::unnest::{Column, Unnest};
use crate::schema::{auction, auction_lot};

/// What is told of an auction.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = auction)]
pub struct Known {
    pub id: Uuid,
    pub portal_id: Uuid,
    pub seller_id: Uuid,
    /// Before the changes.
    pub state: String,
    pub currency: String,
    pub access: String,
    pub ends_at: Timestamp,
    pub version: i64,
}

/// Brings state and end of auctions up to their lots, and returns what was known of them before.
pub async fn follow(connection: &mut Connection, ids: &[Uuid]) -> Result<HashMap<Uuid, Known>, Failure> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let named = auction::table.filter(auction::id.eq_any(ids)).order(auction::id).select(Known::as_select());
    let known: HashMap<Uuid, Known> = named.load(connection).await?.into_iter().map(|one| (one.id, one)).collect();
    let lots: Vec<(Uuid, String, Option<Timestamp>)> = auction_lot::table
        .filter(auction_lot::auction_id.eq_any(ids))
        .group_by((auction_lot::auction_id, auction_lot::state))
        .select((auction_lot::auction_id, auction_lot::state, max(auction_lot::ends_at)))
        .load(connection)
        .await?;
    let mut found: BTreeMap<Uuid, (Vec<AuctionState>, Option<Timestamp>)> = BTreeMap::new();
    for (id, state, ends_at) in lots {
        let (states, last) = found.entry(id).or_default();
        states.push(AuctionState::parse(&state)?);
        *last = ends_at.max(*last);
    }
    let (mut changed, mut states, mut ends) = (Vec::new(), Vec::new(), Vec::new());
    for (id, (lots, ends_at)) in found {
        let state = AuctionState::of_lots(&lots).code();
        let (Some(before), Some(ends_at)) = (known.get(&id), ends_at) else { continue };
        if (before.state.as_str(), before.ends_at) != (state, ends_at) {
            changed.push(id);
            states.push(state);
            ends.push(ends_at);
        }
    }
    if !changed.is_empty() {
        let update = Unnest {
            before: "UPDATE auction AS a SET state = c.state, ends_at = c.ends_at FROM ",
            columns: vec![Column::Uuids(changed), Column::Words(states), Column::Times(ends)],
            after: " AS c (id, state, ends_at) WHERE a.id = c.id",
        };
        update.execute(connection).await?;
    }
    Ok(known)
}
