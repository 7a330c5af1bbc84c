//! A winner does not keep its word.

use domain::auction::Pledge;
use domain::contract::ContractState;
use domain::kernel::{AuctionId, ContractId, Kind, OrganisationId, Refusal};
use infra::Failure;
use infra::auction::deposit;
use infra::auction::outcome::{self, AwardRow};
use infra::auction::store::AuctionRow;
use infra::contract::store::{self, Contract};
use infra::db::Connection;
use serde_json::json;

use super::dto::{DefaultDto, WinnerDefault};
use super::{followed, review};
use crate::auction::access;
use crate::auction::deposit::books;
use crate::auction::holder::{check_holder, lock_own};
use crate::auction::tell::tell_both;
use crate::command::Command;
use crate::contract::cancel;
use crate::http::answer::Answer;
use crate::http::dto::MoneyDto;

/// The holder says so, once the winner has not signed in time or has given its contract up: the contract ends, the deposit is taken, and
/// what it had won is not sold.
pub async fn declare(
    tx: &mut Connection,
    command: &Command,
    (id, lot): (AuctionId, i16),
    data: &WinnerDefault,
) -> Result<Answer<DefaultDto>, Failure> {
    let seen = access::seen(tx, Some(&command.by), id).await?;
    check_holder(&command.by, &seen)?;
    // The contract first: whoever signs it or gives it up holds it before the auction.
    let before = won(tx, id, lot, data).await?;
    let mut contract = match before.iter().find(|award| award.defaulted_at.is_none()).and_then(|one| one.contract_id) {
        Some(contract) => store::lock_any(tx, ContractId(contract)).await?,
        None => None,
    };
    let (auction, _) = lock_own(tx, command, id).await?;
    let awards = won(tx, id, lot, data).await?;
    let standing = awards.iter().find(|award| award.defaulted_at.is_none());
    let award = standing.ok_or_else(|| Refusal::new(Kind::WrongState, "It was called in default before."))?;
    let missing = || Refusal::new(Kind::WrongState, "Its contract is not made yet.");
    let held = contract.as_mut().filter(|held| Some(held.row.id) == award.contract_id).ok_or_else(missing)?;
    pledge(tx, award, held).await?.check_default(command.at)?;
    let ids: Vec<_> = awards.iter().filter(|one| one.contract_id == award.contract_id).map(|one| one.id).collect();
    outcome::note_default(tx, &ids, command.at).await?;
    if held.row.state == ContractState::AwaitingSignatures.code() {
        cancel::by_default(tx, command, held).await?;
    }
    followed::fall_through(tx, id, lot).await?;
    let taken = take(tx, command, &auction, data).await?;
    review::set(tx, &auction, command.at).await?;
    let told = json!({"lot": lot, "organisation_id": data.organisation_id, "contract_id": award.contract_id, "deposit": taken});
    tell_both(command, "auction.defaulted", &auction, data.organisation_id, told);
    let now = outcome::lock_lot(tx, id, lot).await?.ok_or_else(|| Failure::broken("an award of no lot"))?;
    let (auction_id, organisation_id) = (id.0, data.organisation_id);
    Ok(Answer::ok(DefaultDto { auction_id, lot, organisation_id, state: now.state, deposit: taken }))
}

/// What the company has won of the lot, the last award first: it may have won it once more by an offer.
async fn won(tx: &mut Connection, id: AuctionId, lot: i16, data: &WinnerDefault) -> Result<Vec<AwardRow>, Failure> {
    let mut awards = outcome::awards_of_lot(tx, id, lot).await?;
    awards.retain(|award| award.organisation_id == data.organisation_id);
    awards.reverse();
    if awards.is_empty() {
        return Err(Refusal::not_found("winner").into());
    }
    Ok(awards)
}

async fn pledge(tx: &mut Connection, award: &AwardRow, held: &Contract) -> Result<Pledge, Failure> {
    Ok(Pledge {
        contract: ContractState::parse(&held.row.state)?,
        made_at: held.row.created_at,
        has_signed: outcome::has_signed(tx, held.row.id, award.organisation_id).await?,
        given_up_at: award.given_up_at.filter(|_| award.given_up_by == Some(award.organisation_id)),
    })
}

/// The deposit goes to the holder, if one is held: it stands for all that the company has bid for.
async fn take(
    tx: &mut Connection,
    command: &Command,
    auction: &AuctionRow,
    data: &WinnerDefault,
) -> Result<Option<MoneyDto>, Failure> {
    let of = OrganisationId(data.organisation_id);
    let Some(row) = deposit::lock_held(tx, AuctionId(auction.id), of).await? else { return Ok(None) };
    books::take(tx, command, auction, &row).await?;
    Ok(Some(MoneyDto::of(row.amount, &row.currency)))
}
