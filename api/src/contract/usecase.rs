//! What the parties do with a contract, and reading it.

use domain::contract::{ContractState, ContractStep, Side, Signature, Signatures, sign as decide_sign};
use domain::kernel::{ContractId, Kind, OrganisationId, PersonId, Refusal, Timestamp};
use infra::Failure;
use infra::catalogue::product::StockRow;
use infra::catalogue::stock;
use infra::contract::store::{self, Contract, ContractRow, SignatureRow};
use infra::db::Connection;
use infra::db::page::{List, Page};
use infra::ordering::order::Order;
use rust_decimal::Decimal;
use serde_json::json;
use uuid::Uuid;

use super::dto::{ContractDto, ContractQuery, ContractSummary, Grounds, SignData, number};
use super::ending::settle_budgets;
use super::rights;
use crate::auction::settlement::followed;
use crate::command::{Command, Subject};
use crate::http::answer::Answer;
use crate::http::principal::Principal;
use crate::ordering::credit::exposure;
use crate::ordering::decide::give_back;
use crate::ordering::sight;

pub(super) fn unknown() -> Refusal {
    Refusal::not_found("contract")
}

pub async fn find(
    connection: &mut Connection,
    by: &Principal,
    id: ContractId,
    at: Timestamp,
    languages: &[String],
) -> Result<(ContractDto, i64), Failure> {
    let found = load(connection, by, id, at).await?;
    Ok((ContractDto::of(&found, languages)?, found.row.version))
}

/// The text as it is signed.
pub async fn text(
    connection: &mut Connection,
    by: &Principal,
    id: ContractId,
    at: Timestamp,
) -> Result<String, Failure> {
    Ok(load(connection, by, id, at).await?.row.text)
}

/// A contract that the caller may see: a party its own, the operator any.
pub(crate) async fn load(
    connection: &mut Connection,
    by: &Principal,
    id: ContractId,
    at: Timestamp,
) -> Result<Contract, Failure> {
    let own = if by.operator && by.organisation.is_none() { None } else { Some(by.require(rights::READ)?) };
    let found = store::find(connection, own, id).await?.ok_or_else(unknown)?;
    sight::check_contract(connection, by, at, (found.row.buyer_id, found.row.id), unknown).await?;
    Ok(found)
}

pub async fn list(
    connection: &mut Connection,
    by: &Principal,
    query: &ContractQuery,
    page: &Page,
    at: Timestamp,
) -> Result<List<ContractSummary>, Failure> {
    let own = by.require(rights::READ)?;
    let invalid = |detail: String| Refusal::new(Kind::InvalidQuery, detail);
    let side = query.role.as_deref().map(Side::parse).transpose().map_err(|odd| invalid(odd.detail))?;
    let state = query.state.as_deref().map(ContractState::parse).transpose().map_err(|odd| invalid(odd.detail))?;
    let as_buyer = side.map(|side| side == Side::Buyer);
    let seen = sight::of(connection, by, at).await?;
    let found = store::list(connection, own, as_buyer, state.map(ContractState::code), seen.as_ref(), page).await?;
    Ok(found.map(|row| ContractSummary::from(&row)))
}

/// A person signs for its side the text whose hash it gives; with the second signature the contract is active.
pub async fn sign(
    tx: &mut Connection,
    command: &Command,
    id: ContractId,
    data: &SignData,
    languages: &[String],
) -> Result<Answer<ContractDto>, Failure> {
    let (mut held, side) = lock(tx, command, id).await?;
    command.by.require(rights::sign(side))?;
    let by = command.by.person()?;
    let state = ContractState::parse(&held.row.state)?;
    let mut signatures = signatures(&held.row, &held.signatures);
    let hash = hex::encode(&held.row.text_hash);
    let after = decide_sign(state, &mut signatures, Signature { side, by, at: command.at }, &hash, &data.text_hash)?;
    let row = signature_row(command, &held.row, 0, side, by, held.row.text_hash.clone());
    // Who signs no longer asks to give it up; whether the other side does is its own affair.
    if held.row.cancel_asked_by == Some(party(&held.row, side).0) {
        (held.row.cancel_asked_by, held.row.state_reason) = (None, None);
    }
    if after == ContractState::Active {
        held.row.activated_at = Some(command.at);
    }
    held.row.state = after.code().to_owned();
    held.row.version += 1;
    {
        let tx = &*tx;
        futures::try_join!(store::insert_signature(tx, &row), store::update_state(tx, &held.row))?;
    }
    tell(command, "contract.signed", &held.row, json!({"by": side.code(), "state": held.row.state}));
    if after == ContractState::Active {
        followed::concluded(tx, command, &held.row).await?;
    }
    held.signatures.push(row);
    answer(&held, languages)
}

/// Either side says that something is wrong: nothing more is despatched until that is settled.
pub async fn dispute(
    tx: &mut Connection,
    command: &Command,
    id: ContractId,
    grounds: &Grounds,
    languages: &[String],
) -> Result<Answer<ContractDto>, Failure> {
    let (mut held, side) = lock(tx, command, id).await?;
    command.by.require(rights::steer(side))?;
    step(&mut held, ContractStep::Dispute, Some(grounds.reason.clone()))?;
    held.row.disputed_by = Some(party(&held.row, side).0);
    finish(tx, command, held, "contract.disputed", languages).await
}

/// The side that raised a dispute says that it is settled; the contract goes on where it was.
pub async fn resolve(
    tx: &mut Connection,
    command: &Command,
    id: ContractId,
    languages: &[String],
) -> Result<Answer<ContractDto>, Failure> {
    let (mut held, side) = lock(tx, command, id).await?;
    command.by.require(rights::steer(side))?;
    step(&mut held, ContractStep::Resolve, None)?;
    if held.row.disputed_by != Some(party(&held.row, side).0) {
        return Err(Refusal::forbidden("Only the side that raised the dispute says that it is settled.").into());
    }
    held.row.disputed_by = None;
    super::delivery::fulfil(&mut held)?;
    keep(tx, command, &held, "contract.resolved").await?;
    // What was invoiced and paid during the dispute may have been the last of it.
    if let Some(order) = settle_one(tx, command, &mut held).await? {
        exposure::ended(tx, command, &order).await?;
    }
    answer(&held, languages)
}

/// The operator ends a disputed contract; what was not despatched is free again.
pub async fn terminate(
    tx: &mut Connection,
    command: &Command,
    id: ContractId,
    grounds: &Grounds,
    languages: &[String],
) -> Result<Answer<ContractDto>, Failure> {
    if !command.by.operator {
        // A party learns that it may not; to others the contract does not exist.
        load(tx, &command.by, id, command.at).await?;
        command.by.require_operator()?;
    }
    let mut held = store::lock_any(tx, id).await?.ok_or_else(unknown)?;
    if ContractState::parse(&held.row.state)? != ContractState::Disputed {
        return Err(Refusal::wrong_state("contract", &held.row.state, "terminated").into());
    }
    step(&mut held, ContractStep::Terminate, Some(grounds.reason.clone()))?;
    release(tx, &mut held).await?;
    if let Some(order) = settle_budgets(tx, &held).await? {
        exposure::ended(tx, command, &order).await?;
    }
    finish(tx, command, held, "contract.terminated", languages).await
}

/// What it means for contracts that something of their invoices was settled, or that goods came back: one that is fulfilled closes once
/// all of it is invoiced and every invoice is settled; one that is over takes of its budgets only what is used still. Gives the orders
/// that have ended with them, whose credit [`exposure::changed`] frees.
pub async fn settle(tx: &mut Connection, command: &Command, contracts: &[Uuid]) -> Result<Vec<Order>, Failure> {
    let mut ended = Vec::new();
    for id in contracts {
        let Some(mut held) = store::lock_any(tx, ContractId(*id)).await? else { continue };
        ended.extend(settle_one(tx, command, &mut held).await?);
    }
    Ok(ended)
}

/// Asks only now that the contract is held: of two who settle its last invoices at once, the second one sees what the first one did.
async fn settle_one(tx: &mut Connection, command: &Command, held: &mut Contract) -> Result<Option<Order>, Failure> {
    match ContractState::parse(&held.row.state)? {
        ContractState::Fulfilled if store::is_settled(tx, ContractId(held.row.id)).await? => {
            step(held, ContractStep::Close, None)?;
            store::update_state(tx, &held.row).await?;
            tell(command, "contract.closed", &held.row, json!({}));
        }
        ContractState::Closed | ContractState::Terminated => {}
        _ => return Ok(None),
    }
    settle_budgets(tx, held).await
}

/// A contract of the caller's, held, and the caller's side of it.
pub(super) async fn lock(tx: &mut Connection, command: &Command, id: ContractId) -> Result<(Contract, Side), Failure> {
    let own = command.by.member()?.id;
    let held = store::lock(tx, own, id).await?.ok_or_else(unknown)?;
    sight::check_contract(tx, &command.by, command.at, (held.row.buyer_id, held.row.id), unknown).await?;
    let side = if held.row.buyer_id == own.0 { Side::Buyer } else { Side::Seller };
    Ok((held, side))
}

/// The organisation on a side.
pub(super) fn party(row: &ContractRow, side: Side) -> OrganisationId {
    OrganisationId(match side {
        Side::Buyer => row.buyer_id,
        Side::Seller => row.seller_id,
    })
}

pub(super) fn signatures(row: &ContractRow, kept: &[SignatureRow]) -> Signatures {
    Signatures::of(kept.iter().map(|one| Signature {
        side: if one.organisation_id == row.buyer_id { Side::Buyer } else { Side::Seller },
        by: PersonId(one.person_id),
        at: one.signed_at,
    }))
}

/// A signature under the contract (amendment 0) or an amendment, as it is kept.
pub(super) fn signature_row(
    command: &Command,
    row: &ContractRow,
    amendment: i32,
    side: Side,
    by: PersonId,
    text_hash: Vec<u8>,
) -> SignatureRow {
    SignatureRow {
        contract_id: row.id,
        amendment,
        organisation_id: party(row, side).0,
        person_id: by.0,
        person_name: command.by.name.clone(),
        text_hash,
        signed_at: command.at,
    }
}

pub(super) fn step(held: &mut Contract, step: ContractStep, reason: Option<String>) -> Result<(), Failure> {
    held.row.state = ContractState::parse(&held.row.state)?.after(step)?.code().to_owned();
    held.row.state_reason = reason;
    held.row.version += 1;
    Ok(())
}

/// Gives back the stock that is still reserved for the contract.
pub(super) async fn release(tx: &mut Connection, held: &mut Contract) -> Result<(), Failure> {
    let products: Vec<_> =
        held.lines.iter().filter(|line| !line.reserved.is_zero()).filter_map(|line| line.product_id).collect();
    if products.is_empty() {
        return Ok(());
    }
    let mut levels: Vec<StockRow> = stock::lock(tx, &products).await?;
    for line in &mut held.lines {
        if let Some(product) = line.product_id.filter(|_| !line.reserved.is_zero()) {
            give_back(&mut levels, product, line.reserved)?;
            line.reserved = Decimal::ZERO;
        }
    }
    let tx = &*tx;
    futures::try_join!(stock::save(tx, &levels), store::update_lines(tx, &held.lines))?;
    Ok(())
}

pub(super) async fn finish(
    tx: &mut Connection,
    command: &Command,
    held: Contract,
    kind: &'static str,
    languages: &[String],
) -> Result<Answer<ContractDto>, Failure> {
    keep(tx, command, &held, kind).await?;
    answer(&held, languages)
}

async fn keep(tx: &mut Connection, command: &Command, held: &Contract, kind: &'static str) -> Result<(), Failure> {
    store::update_state(tx, &held.row).await?;
    tell(command, kind, &held.row, json!({"state": held.row.state, "reason": held.row.state_reason}));
    Ok(())
}

fn answer(held: &Contract, languages: &[String]) -> Result<Answer<ContractDto>, Failure> {
    Ok(Answer::ok(ContractDto::of(held, languages)?).version(held.row.version))
}

/// An event for both sides.
pub(super) fn tell(command: &Command, kind: &'static str, row: &ContractRow, mut data: serde_json::Value) {
    data["number"] = json!(number(row.number));
    let subject = Subject { kind: "contract", id: row.id, version: row.version };
    command.event(kind, subject, Some(row.portal_id), &[row.buyer_id, row.seller_id], data);
}
