//! Events of auctions, each for those alone who may know of it.

use domain::auction::Access;
use domain::kernel::{AuctionId, PortalId};
use infra::Failure;
use infra::auction::bidder;
use infra::auction::store::AuctionRow;
use infra::db::Connection;
use infra::portal::store;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::command::{Command, Subject};
use crate::http::dto::Time;

/// Members with these capabilities hear of the auctions that all may know of.
const CONCERNED: [&str; 2] = ["bid", "manage"];

/// An event for these companies.
pub fn tell(command: &Command, kind: &'static str, row: &AuctionRow, to: &[Uuid], data: Value) {
    let subject = Subject { kind: "auction", id: row.id, version: row.version };
    command.event(kind, subject, Some(row.portal_id), to, data);
}

/// An event for the holder and one company.
pub fn tell_both(command: &Command, kind: &'static str, row: &AuctionRow, company: Uuid, data: Value) {
    tell(command, kind, row, &[row.seller_id, company], data);
}

/// An event for all who may know of the auction and whom it concerns: of a draft its holder alone, of one by invitation also who is invited.
pub async fn tell_all(
    tx: &mut Connection,
    command: &Command,
    kind: &'static str,
    row: &AuctionRow,
    data: Value,
) -> Result<(), Failure> {
    let mut to = vec![row.seller_id];
    if row.published_at.is_some() {
        to.extend(bidder::organisations(tx, AuctionId(row.id)).await?);
        if row.access != Access::Invited.code() {
            to.extend(store::concerned(tx, PortalId(row.portal_id), &CONCERNED).await?);
        }
    }
    to.sort_unstable();
    to.dedup();
    tell(command, kind, row, &to, data);
    Ok(())
}

/// What an auction is, in a few words.
pub fn about(row: &AuctionRow) -> Value {
    json!({
        "name": row.input["name"], "state": row.state, "format": row.format, "currency": row.currency,
        "opens_at": Time(row.opens_at), "ends_at": Time(row.ends_at),
    })
}
