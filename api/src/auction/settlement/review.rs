//! Looks what is open of an auction whose lots have closed: deposits that nothing binds any more are released, and in the end it is settled.

use chrono::TimeDelta;
use domain::auction::Pledge;
use domain::contract::ContractState;
use domain::kernel::{AuctionId, Timestamp};
use infra::Failure;
use infra::auction::outcome::{self, PledgeRow};
use infra::auction::store::{self, AuctionRow};
use infra::auction::{deposit, offer};
use infra::db::Connection;
use infra::timer;
use serde_json::json;
use uuid::Uuid;

use crate::auction::deposit::books;
use crate::auction::tell::tell;
use crate::command::Command;

/// The timer that asks for a review: set whenever something has happened on which it depends.
pub const DUE: &str = "auction.review";

/// How many deposits one review releases before the next one goes on.
const MOST: i64 = 100;

/// Has the auction reviewed as soon as this transaction is through.
pub async fn set(tx: &mut Connection, auction: &AuctionRow, at: Timestamp) -> Result<(), Failure> {
    timer::set(tx, DUE, auction.id, at).await
}

/// The review. It is settled once all lots are, no deposit is held, no offer is open and no contract waits for its signatures; what happens
/// later opens it again.
pub async fn review(tx: &mut Connection, command: &Command, id: AuctionId) -> Result<(), Failure> {
    let Some(auction) = store::lock(tx, id).await? else { return Ok(()) };
    // Each lot that is settled later asks for another review.
    if !outcome::is_over(tx, id).await? || !outcome::is_settled(tx, id).await? {
        return Ok(());
    }
    let bound = bound(tx, id, command.at).await?;
    let free = deposit::lock_others(tx, id, &bound, MOST).await?;
    for row in &free {
        books::release(tx, command, &auction, row).await?;
    }
    if i64::try_from(free.len()).is_ok_and(|released| released == MOST) {
        return timer::set(tx, DUE, id.0, command.at).await;
    }
    let is_open = !bound.is_empty() || deposit::is_any_held(tx, id).await? || offer::is_any_open(tx, id).await?;
    if is_open {
        // What ends by time alone: a contract that was given up binds a deposit for a while.
        return timer::set(tx, DUE, id.0, command.at + TimeDelta::days(1)).await;
    }
    if auction.settled_at.is_none() {
        store::set_settled(tx, id, Some(command.at)).await?;
        tell(command, "auction.settled", &auction, &[auction.seller_id], json!({}));
    }
    Ok(())
}

/// The companies whose deposits answer for what they have won.
async fn bound(tx: &mut Connection, id: AuctionId, at: Timestamp) -> Result<Vec<Uuid>, Failure> {
    let mut bound = Vec::new();
    for pledge in outcome::pledges(tx, id, None).await? {
        if binds(&pledge, at)? {
            bound.push(pledge.organisation_id);
        }
    }
    bound.sort_unstable();
    bound.dedup();
    Ok(bound)
}

/// Whether an award binds the deposit of its winner: while its contract is to be made or signed, and for a while after the winner gave it up.
pub fn binds(row: &PledgeRow, at: Timestamp) -> Result<bool, Failure> {
    let Some((state, made_at)) = &row.contract else { return Ok(true) };
    let pledge = Pledge {
        contract: ContractState::parse(state)?,
        made_at: *made_at,
        has_signed: false,
        given_up_at: row.given_up_at.filter(|_| row.given_up_by == Some(row.organisation_id)),
    };
    Ok(pledge.binds_deposit(at))
}
