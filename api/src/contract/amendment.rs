//! Later changes of a contract.

use domain::contract::amendment::Amendment;
use domain::contract::{AmendmentState, ContractState, Side, Signature, hash_of};
use domain::kernel::{AmendmentId, ContractId, Refusal, Timestamp};
use infra::Failure;
use infra::contract::amendment::{self, AmendmentRow};
use infra::contract::store::{self, Contract, ContractRow, SignatureRow};
use infra::db::Connection;
use serde_json::json;

use super::dto::{AmendmentData, AmendmentDto, SignData};
use super::rights;
use super::usecase::{load, lock, party, signature_row, signatures, tell};
use crate::command::Command;
use crate::http::answer::Answer;
use crate::http::principal::Principal;

/// All amendments of a contract: there are few, one after the other.
pub async fn list(
    connection: &mut Connection,
    by: &Principal,
    contract: ContractId,
    at: Timestamp,
) -> Result<Vec<AmendmentDto>, Failure> {
    load(connection, by, contract, at).await?;
    let found = amendment::of_contract(connection, contract).await?;
    Ok(found.iter().map(|(row, under)| AmendmentDto::of(row, under)).collect())
}

/// One side proposes a change. To propose is not to sign.
pub async fn propose(
    tx: &mut Connection,
    command: &Command,
    contract: ContractId,
    data: &AmendmentData,
) -> Result<Answer<AmendmentDto>, Failure> {
    let (mut held, side) = lock(tx, command, contract).await?;
    command.by.require(rights::sign(side))?;
    let earlier = amendment::of_contract(tx, contract).await?;
    let states = earlier.iter().map(|(row, _)| AmendmentState::parse(&row.state)).collect::<Result<Vec<_>, _>>()?;
    let state = ContractState::parse(&held.row.state)?;
    let proposed = Amendment::propose(state, &states, side, data.text.clone(), &data.text_hash)?;
    let row = AmendmentRow {
        id: command.id::<AmendmentId>().0,
        contract_id: contract.0,
        number: i32::try_from(proposed.number).map_err(Failure::broken)?,
        text_hash: hex::decode(&proposed.text_hash).map_err(Failure::broken)?,
        text: proposed.text,
        proposed_by: party(&held.row, side).0,
        proposed_at: command.at,
        state: proposed.state.code().to_owned(),
        decided_at: None,
    };
    amendment::insert(tx, &row).await?;
    changed(tx, command, &mut held, "contract.amendment_proposed", &row).await?;
    let location = format!("/v1/contracts/{contract}/amendments/{}", row.number);
    Ok(Answer::created(location, AmendmentDto::of(&row, &[])))
}

/// A person signs an amendment for its side; with the second signature it is part of the contract.
pub async fn sign(
    tx: &mut Connection,
    command: &Command,
    (contract, number): (ContractId, i32),
    data: &SignData,
) -> Result<Answer<AmendmentDto>, Failure> {
    let (mut held, side) = lock(tx, command, contract).await?;
    command.by.require(rights::sign(side))?;
    let by = command.by.person()?;
    let (mut row, mut under) = one(tx, contract, number).await?;
    let mut open = loaded(&held.row, &row, &under)?;
    open.sign(ContractState::parse(&held.row.state)?, Signature { side, by, at: command.at }, &data.text_hash)?;
    let signed = signature_row(command, &held.row, number, side, by, row.text_hash.clone());
    store::insert_signature(tx, &signed).await?;
    under.push(signed);
    keep(tx, command, &mut row, open.state).await?;
    changed(tx, command, &mut held, "contract.amendment_signed", &row).await?;
    Ok(Answer::ok(AmendmentDto::of(&row, &under)))
}

/// Gives an open amendment up: its author withdraws it, the other side declines it.
pub async fn withdraw(
    tx: &mut Connection,
    command: &Command,
    (contract, number): (ContractId, i32),
) -> Result<Answer<AmendmentDto>, Failure> {
    let (mut held, side) = lock(tx, command, contract).await?;
    command.by.require(rights::steer(side))?;
    let (mut row, under) = one(tx, contract, number).await?;
    let mut open = loaded(&held.row, &row, &under)?;
    open.drop_by(side)?;
    keep(tx, command, &mut row, open.state).await?;
    changed(tx, command, &mut held, "contract.amendment_dropped", &row).await?;
    Ok(Answer::ok(AmendmentDto::of(&row, &under)))
}

async fn one(
    tx: &mut Connection,
    contract: ContractId,
    number: i32,
) -> Result<(AmendmentRow, Vec<SignatureRow>), Failure> {
    let all = amendment::of_contract(tx, contract).await?;
    let found = all.into_iter().find(|(row, _)| row.number == number);
    Ok(found.ok_or_else(|| Refusal::not_found("amendment"))?)
}

fn loaded(contract: &ContractRow, row: &AmendmentRow, under: &[SignatureRow]) -> Result<Amendment, Failure> {
    Ok(Amendment {
        number: u32::try_from(row.number).map_err(Failure::broken)?,
        proposed_by: if row.proposed_by == contract.buyer_id { Side::Buyer } else { Side::Seller },
        text: row.text.clone(),
        text_hash: hash_of(&row.text),
        state: AmendmentState::parse(&row.state)?,
        signatures: signatures(contract, under),
    })
}

async fn keep(
    tx: &mut Connection,
    command: &Command,
    row: &mut AmendmentRow,
    state: AmendmentState,
) -> Result<(), Failure> {
    if state != AmendmentState::Proposed {
        row.state = state.code().to_owned();
        row.decided_at = Some(command.at);
        amendment::update_state(tx, row).await?;
    }
    Ok(())
}

/// The contract gets a new version with each step of an amendment, and both sides hear of it.
async fn changed(
    tx: &mut Connection,
    command: &Command,
    held: &mut Contract,
    kind: &'static str,
    row: &AmendmentRow,
) -> Result<(), Failure> {
    held.row.version += 1;
    store::update_state(tx, &held.row).await?;
    tell(command, kind, &held.row, json!({"amendment": row.number, "state": row.state}));
    Ok(())
}
