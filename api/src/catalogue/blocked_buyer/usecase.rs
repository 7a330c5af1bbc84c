//! What a seller does about buyers that it does not serve. Only the seller's own people learn of it: the events have no other
//! audience, and for the buyer the seller's offers are as if they were not there.

use domain::kernel::{Faults, OrganisationId, Refusal};
use domain::party::registration::text;
use infra::Failure;
use infra::catalogue::blocked_buyer::{self, BlockedBuyerRow};
use infra::db::Connection;
use infra::db::page::{List, Page};
use infra::party::organisation;
use serde_json::json;
use uuid::Uuid;

use super::dto::{BlockedBuyerDto, NewBlockedBuyer};
use crate::catalogue::rights;
use crate::catalogue::visibility::check_buyers;
use crate::command::{Command, Subject};
use crate::http::answer::Answer;
use crate::http::principal::Principal;
use crate::party::bank_account::usecase::own;

/// Blocks a buyer from now on. What was ordered before stays as it is.
pub async fn block(
    tx: &mut Connection,
    command: &Command,
    of: OrganisationId,
    new: &NewBlockedBuyer,
) -> Result<Answer<BlockedBuyerDto>, Failure> {
    let seller = own(&command.by, of, rights::EDIT)?;
    let mut faults = Faults::default();
    if let Some(reason) = &new.reason {
        faults.keep("/reason", text(reason, 1000));
    }
    check_buyers(tx, seller, &[new.organisation_id], "/organisation_id", &mut faults).await?;
    faults.result()?;
    let buyer = OrganisationId(new.organisation_id);
    let found = organisation::find(tx, buyer).await?.ok_or_else(|| Refusal::not_found("organisation"))?;
    let row =
        BlockedBuyerRow { seller_id: seller.0, buyer_id: buyer.0, reason: new.reason.clone(), blocked_at: command.at };
    blocked_buyer::insert(tx, &row).await?;
    tell(command, "blocked_buyer.added", seller, buyer.0);
    let location = format!("/v1/organisations/{seller}/blocked-buyers/{buyer}");
    Ok(Answer::created(location, BlockedBuyerDto::of(row, found.row.legal_name)))
}

/// Serves a buyer again. Nothing of a block is ever edited, so no ETag is asked for.
pub async fn unblock(
    tx: &mut Connection,
    command: &Command,
    (of, buyer): (OrganisationId, OrganisationId),
) -> Result<Answer<()>, Failure> {
    let seller = own(&command.by, of, rights::EDIT)?;
    if !blocked_buyer::delete(tx, seller, buyer).await? {
        return Err(Refusal::not_found("blocked buyer").into());
    }
    tell(command, "blocked_buyer.removed", seller, buyer.0);
    Ok(Answer::no_content())
}

pub async fn list(
    connection: &mut Connection,
    by: &Principal,
    of: OrganisationId,
    page: &Page,
) -> Result<List<BlockedBuyerDto>, Failure> {
    let seller = own(by, of, rights::READ)?;
    Ok(blocked_buyer::list(connection, seller, page).await?.map(|(row, name)| BlockedBuyerDto::of(row, name)))
}

fn tell(command: &Command, kind: &'static str, seller: OrganisationId, buyer: Uuid) {
    let subject = Subject { kind: "blocked_buyer", id: buyer, version: 1 };
    command.event(kind, subject, None, &[seller.0], json!({}));
}
