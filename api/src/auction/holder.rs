//! What the holder of an auction alone may do: it is the seller, or the buyer where suppliers undercut each other.

use domain::auction::{AuctionState, Format};
use domain::kernel::{AuctionId, Refusal};
use domain::portal::Capability;
use infra::Failure;
use infra::auction::store::{self, AuctionRow};
use infra::db::Connection;
use infra::portal::access::SeenPortal;

use super::access::{self, Seen};
use super::rights;
use crate::command::Command;
use crate::http::principal::Principal;
use crate::portal;

/// An auction of the caller's company, held until the transaction ends, and its portal. Who may know of it learns that it is another's.
pub async fn lock_own(
    tx: &mut Connection,
    command: &Command,
    id: AuctionId,
) -> Result<(AuctionRow, SeenPortal), Failure> {
    let seen = access::seen(tx, Some(&command.by), id).await?;
    check_holder(&command.by, &seen)?;
    let held = store::lock(tx, id).await?.ok_or_else(access::unknown)?;
    Ok((held, seen.portal))
}

/// Lets pass who decides for the company that holds the auction.
pub fn check_holder(by: &Principal, seen: &Seen) -> Result<(), Refusal> {
    by.require(rights::HOLD)?;
    if seen.is_own { Ok(()) } else { Err(Refusal::forbidden("The company that holds an auction decides about it.")) }
}

/// Whether the caller's company may hold auctions of that format on the portal.
pub fn may_hold(seen: &SeenPortal, format: Format) -> Result<(), Refusal> {
    let capability = if format == Format::ReverseEnglish { Capability::Buy } else { Capability::Sell };
    portal::access::may(seen, capability)
}

/// Refuses what is possible only while an auction is announced or runs.
pub fn check_running(row: &AuctionRow, step: &str) -> Result<(), Failure> {
    let runs = matches!(AuctionState::parse(&row.state)?, AuctionState::Scheduled | AuctionState::Open);
    check_not_cancelled(row, step)?;
    if runs { Ok(()) } else { Err(Refusal::wrong_state("auction", &row.state, step).into()) }
}

/// Refuses what is not possible any more once an auction is to be cancelled, though the state machine may not have come to it.
pub fn check_not_cancelled(row: &AuctionRow, step: &str) -> Result<(), Refusal> {
    match row.cancelled_at {
        Some(_) => Err(Refusal::wrong_state("auction", AuctionState::Cancelled.code(), step)),
        None => Ok(()),
    }
}
