//! Which auctions a caller may know of.

use domain::auction::{Access, AuctionState};
use domain::kernel::{AuctionId, Kind, Refusal};
use domain::portal::Function;
use infra::Failure;
use infra::auction::store::AuctionRow;
use infra::auction::{bidder, store};
use infra::db::Connection;
use infra::portal::access::SeenPortal;

use crate::http::principal::Principal;
use crate::portal::access;

/// An auction that the caller may know of, and how it stands to it.
pub struct Seen {
    pub row: AuctionRow,
    pub portal: SeenPortal,
    /// The caller's company holds it.
    pub is_own: bool,
}

pub fn unknown() -> Refusal {
    Refusal::not_found("auction")
}

/// The portal, if it has auctions and the caller may know of it: anybody of an open one, members of a closed one, the operator.
pub async fn portal(connection: &mut Connection, by: Option<&Principal>, named: &str) -> Result<SeenPortal, Failure> {
    access::look_by(connection, named, by, Function::Auction).await
}

/// The auction, if the caller may know of it. Drafts are their holder's alone; one by invitation is known to its holder, to whom it
/// invited, and to the operator.
pub async fn seen(connection: &mut Connection, by: Option<&Principal>, id: AuctionId) -> Result<Seen, Failure> {
    let row = store::of_id(connection, id).await?.ok_or_else(unknown)?;
    let portal = match portal(connection, by, &row.portal_id.to_string()).await {
        Err(Failure::Refused(refusal)) if refusal.kind == Kind::NotFound => return Err(unknown().into()),
        other => other?,
    };
    let own = by.and_then(Principal::organisation_id);
    let is_own = own == Some(row.seller_id);
    let is_draft = row.state == AuctionState::Draft.code() || row.published_at.is_none();
    if !is_own && is_draft {
        return Err(unknown().into());
    }
    if !is_own && row.access == Access::Invited.code() && !by.is_some_and(|by| by.operator) {
        let known = match own {
            Some(own) => bidder::find(connection, id, own).await?,
            None => None,
        };
        known.ok_or_else(unknown)?;
    }
    Ok(Seen { row, portal, is_own })
}
