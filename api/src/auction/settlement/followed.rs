//! What becomes of an auction as contracts that came of it go on.

use domain::auction::{AuctionState, AuctionStep};
use domain::kernel::AuctionId;
use infra::Failure;
use infra::auction::outcome::{self, AwardRow};
use infra::auction::store;
use infra::contract::store::ContractRow;
use infra::db::Connection;
use serde_json::json;
use uuid::Uuid;

use super::review;
use crate::auction::tell::tell_both;
use crate::command::Command;

/// Both have signed: the deposit of the winner is free.
pub async fn concluded(tx: &mut Connection, command: &Command, contract: &ContractRow) -> Result<(), Failure> {
    let Some(award) = awards(tx, contract).await?.pop() else { return Ok(()) };
    infra::timer::set(tx, review::DUE, award.auction_id, command.at).await
}

/// A side gave the contract up, alone or as the first of both. The lot is unsold if nobody else has won a part of it.
pub async fn given_up(tx: &mut Connection, command: &Command, contract: &ContractRow, by: Uuid) -> Result<(), Failure> {
    let Some(award) = awards(tx, contract).await?.pop() else { return Ok(()) };
    let id = AuctionId(award.auction_id);
    let Some(auction) = store::lock(tx, id).await? else { return Ok(()) };
    outcome::note_given_up(tx, contract.id, by, command.at).await?;
    fall_through(tx, id, award.lot).await?;
    let told =
        json!({"lot": award.lot, "organisation_id": award.organisation_id, "contract_id": contract.id, "by": by});
    tell_both(command, "auction.given_up", &auction, award.organisation_id, told);
    review::set(tx, &auction, command.at).await
}

/// A lot is unsold once nobody has anything of it any more. Its auction is held.
pub async fn fall_through(tx: &mut Connection, id: AuctionId, number: i16) -> Result<(), Failure> {
    let lot = outcome::lock_lot(tx, id, number).await?.ok_or_else(|| Failure::broken("an award of no lot"))?;
    let state = AuctionState::parse(&lot.state)?;
    let stands = outcome::awards_of_lot(tx, id, number).await?.iter().any(AwardRow::stands);
    if state == AuctionState::Sold && !stands {
        outcome::set_lot_state(tx, &lot, state.after(AuctionStep::Default)?).await?;
    }
    Ok(())
}

async fn awards(tx: &mut Connection, contract: &ContractRow) -> Result<Vec<AwardRow>, Failure> {
    if contract.origin_kind != "auction" {
        return Ok(Vec::new());
    }
    outcome::awards_of_contract(tx, contract.id).await
}
