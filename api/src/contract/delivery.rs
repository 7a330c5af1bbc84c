//! Despatch and receipt of goods under a contract.

use std::collections::HashMap;

use domain::catalogue::pack::share;
use domain::contract::delivery::{
    DespatchLine, Receipt, ReceiptLine, check_despatch, is_fulfilled, receive as decide_receipt,
};
use domain::contract::{ContractState, ContractStep, DeliveryState, LineProgress, Measured, Side};
use domain::kernel::{ContractId, ContractLineId, DeliveryId, Findings, Refusal, Timestamp};
use infra::Failure;
use infra::catalogue::stock;
use infra::contract::delivery::{self, Delivery, DeliveryLineRow, DeliveryRow};
use infra::contract::store::{self, Contract, LineRow};
use infra::db::Connection;
use rust_decimal::Decimal;
use serde_json::json;
use uuid::Uuid;

use super::delivery_dto::{DeliveryDto, DespatchData, ReceiptData};
use super::ending::settle_budgets;
use super::usecase::{load, lock, step, tell};
use super::{grade, rights, weight};
use crate::catalogue::lot;
use crate::command::Command;
use crate::http::answer::Answer;
use crate::http::dto::QuantityDto;
use crate::http::principal::Principal;

pub async fn list(
    connection: &mut Connection,
    by: &Principal,
    contract: ContractId,
    at: Timestamp,
) -> Result<Vec<DeliveryDto>, Failure> {
    let of = load(connection, by, contract, at).await?;
    let found = delivery::of_contract(connection, contract).await?;
    Ok(found.iter().map(|one| DeliveryDto::of(one, &of)).collect())
}

pub async fn find(
    connection: &mut Connection,
    by: &Principal,
    id: DeliveryId,
    at: Timestamp,
) -> Result<(DeliveryDto, i64), Failure> {
    let own = by.require(rights::READ)?;
    let found = delivery::find(connection, own, id).await?.ok_or_else(unknown)?;
    let of = load(connection, by, ContractId(found.row.contract_id), at).await?;
    Ok((DeliveryDto::of(&found, &of), found.row.version))
}

/// The seller sends goods: they leave its stock.
pub async fn despatch(
    tx: &mut Connection,
    command: &Command,
    contract: ContractId,
    data: &DespatchData,
) -> Result<Answer<DeliveryDto>, Failure> {
    let (mut held, side) = lock(tx, command, contract).await?;
    if side != Side::Seller {
        return Err(Refusal::forbidden("The seller despatches the goods.").into());
    }
    command.by.require(rights::DESPATCH)?;
    let progress = progress(&held.lines);
    let wanted = wanted(data, &held.lines, &progress)?;
    check_despatch(ContractState::parse(&held.row.state)?, &progress, &wanted)?;
    let mut findings = Findings::default();
    let weights = weight::stated(&held, data, &wanted, &mut findings)?;
    let measured = grade::stated(&held, data, &wanted, &weights, &mut findings)?;
    findings.result()?;
    take_from_stock(tx, command, &mut held, &wanted, &weights).await?;
    let mut sent = sent(tx, command, contract, data, (&wanted, &weights)).await?;
    sent.measured = grade::rows(sent.row.id, measured);
    // Whoever asked to give it up has no answer: the goods are on their way.
    held.row.cancel_asked_by = None;
    held.row.version += 1;
    {
        let tx = &*tx;
        let lines = store::update_lines(tx, &held.lines);
        futures::try_join!(delivery::insert(tx, &sent), lines, store::update_state(tx, &held.row))?;
    }
    tell(command, "delivery.despatched", &held.row, json!({"delivery_id": sent.row.id, "delivery": sent.row.number}));
    let location = format!("/v1/deliveries/{}", sent.row.id);
    Ok(Answer::created(location, DeliveryDto::of(&sent, &held)).version(sent.row.version))
}

/// The buyer says what arrived. What is missing or damaged is open again; when all has arrived the contract is fulfilled.
pub async fn receive(
    tx: &mut Connection,
    command: &Command,
    id: DeliveryId,
    data: &ReceiptData,
) -> Result<Answer<DeliveryDto>, Failure> {
    let own = command.by.member()?.id;
    let contract = delivery::find(tx, own, id).await?.ok_or_else(unknown)?.row.contract_id;
    let (mut held, side) = lock(tx, command, ContractId(contract)).await?;
    // Read anew, now that nobody else can change it.
    let mut arrived = delivery::find(tx, own, id).await?.ok_or_else(unknown)?;
    if side != Side::Buyer {
        return Err(Refusal::forbidden("The buyer says what arrived.").into());
    }
    command.by.require(rights::RECEIVE)?;
    let (receipt, found) = decide(data, &arrived, &held)?;
    note(command, &mut arrived, &receipt, data)?;
    grade::note(&mut arrived, found);
    book(&mut held.lines, &arrived)?;
    weight::receive(&mut held, &arrived, data.accept_weights)?;
    grade::receive(&mut held, &arrived)?;
    held.row.version += 1;
    fulfil(&mut held)?;
    {
        let tx = &*tx;
        let progress = store::update_progress(tx, &held);
        futures::try_join!(delivery::keep_receipt(tx, &arrived), store::update_state(tx, &held.row), progress)?;
    }
    if ContractState::parse(&held.row.state)? == ContractState::Terminated {
        // While they were on their way the budgets still paid for all of them.
        settle_budgets(tx, &held).await?;
    }
    let told = json!({"delivery_id": id, "delivery": arrived.row.number, "delivery_state": arrived.row.state,
        "state": held.row.state});
    tell(command, "delivery.received", &held.row, told);
    Ok(Answer::ok(DeliveryDto::of(&arrived, &held)).version(arrived.row.version))
}

pub(crate) fn unknown() -> Refusal {
    Refusal::not_found("delivery")
}

/// An active contract of which everything has arrived is fulfilled.
pub(super) fn fulfil(held: &mut Contract) -> Result<(), Failure> {
    let active = ContractState::parse(&held.row.state)? == ContractState::Active;
    if active && is_fulfilled(&progress(&held.lines)) {
        step(held, ContractStep::Fulfil, None)?;
        // The step is part of the change that led to it.
        held.row.version -= 1;
    }
    Ok(())
}

/// How far the goods have come; what is charged beside them is not delivered.
pub(crate) fn progress(lines: &[LineRow]) -> Vec<LineProgress> {
    let goods = lines.iter().filter(|line| line.kind == "goods");
    goods
        .map(|line| LineProgress {
            line: ContractLineId(line.id),
            agreed: line.quantity,
            in_transit: line.despatched - line.received,
            received: line.received,
        })
        .collect()
}

/// What is to go out: what the body says, or else all that is open.
fn wanted(data: &DespatchData, lines: &[LineRow], progress: &[LineProgress]) -> Result<Vec<DespatchLine>, Refusal> {
    let Some(named) = &data.lines else {
        let open = progress.iter().map(|one| DespatchLine { line: one.line, quantity: one.open() });
        return Ok(open.filter(|one| !one.quantity.is_zero()).collect());
    };
    let mut findings = Findings::default();
    let mut wanted = Vec::new();
    for (index, one) in named.iter().enumerate() {
        let unit = unit_of(lines, one.contract_line_id);
        let quantity = one.quantity.value_in(unit, &format!("/lines/{index}/quantity"), &mut findings);
        let line = ContractLineId(one.contract_line_id);
        wanted.extend(quantity.map(|quantity| DespatchLine { line, quantity }));
    }
    findings.result().map(|()| wanted)
}

/// The unit of a line of the contract; none for a line that it does not have, which is a fault of its own.
pub(super) fn unit_of(lines: &[LineRow], id: Uuid) -> Option<&str> {
    lines.iter().find(|line| line.id == id).map(|line| line.unit.as_str())
}

/// Takes the goods from the seller's stock: first what is reserved for the contract; what has to be sent a second time
/// is not reserved any more and must be available.
async fn take_from_stock(
    tx: &mut Connection,
    command: &Command,
    held: &mut Contract,
    wanted: &[DespatchLine],
    weights: &HashMap<Uuid, Decimal>,
) -> Result<(), Failure> {
    let line_of = |id: ContractLineId| held.lines.iter().position(|line| line.id == id.0);
    let products: Vec<Uuid> = wanted.iter().filter_map(|one| held.lines[line_of(one.line)?].product_id).collect();
    let (mut levels, expired) = stock::hold(tx, &products, command.at.date_naive()).await?;
    let mut sent = Vec::new();
    for (index, one) in wanted.iter().enumerate() {
        let Some(line) = held.lines.iter_mut().find(|line| line.id == one.line.0) else { continue };
        line.despatched += one.quantity;
        // What was traded on an exchange is in nobody's stock.
        let Some(product) = line.product_id else { continue };
        let row = levels.iter_mut().find(|row| row.product_id == product);
        let row = row.ok_or_else(|| Failure::broken("a product has no stock row"))?;
        let mut level = row.level_without(&expired)?;
        let inexact = || {
            let detail = "In the unit in which stock is counted it would have more than 6 decimals.";
            Refusal::fault(format!("/lines/{index}/quantity"), "inexact", detail)
        };
        let out = share(one.quantity, line.quantity, line.base_quantity).ok_or_else(inexact)?;
        let kept = out.min(line.reserved);
        let leaves = weight::leaves_stock(&held.weights, line, weights.get(&line.id).copied(), out);
        level.reserve((leaves - kept).max(Decimal::ZERO)).map_err(|refusal| at_line(refusal, index))?;
        level.despatch(leaves).map_err(|refusal| at_line(refusal, index))?;
        sent.push((index, row.product_id, leaves));
        level.release((kept - leaves).max(Decimal::ZERO))?;
        (row.on_hand, row.reserved) = (level.on_hand(), level.reserved());
        line.reserved -= kept;
    }
    stock::save(tx, &levels).await?;
    let taken = lot::movement::despatch(tx, command, &sent, held.row.id).await?;
    Ok(taken.map_err(|(index, refusal)| at_line(refusal, index))?)
}

/// Tells which line a refusal is about.
fn at_line(refusal: Refusal, index: usize) -> Refusal {
    let mut findings = Findings::default();
    findings.add(refusal.kind, format!("/lines/{index}/quantity"), "out_of_stock", refusal.detail.clone());
    findings.result().err().unwrap_or(refusal)
}

async fn sent(
    tx: &mut Connection,
    command: &Command,
    contract: ContractId,
    data: &DespatchData,
    (wanted, weights): (&[DespatchLine], &HashMap<Uuid, Decimal>),
) -> Result<Delivery, Failure> {
    let id = command.id::<DeliveryId>().0;
    let row = DeliveryRow {
        id,
        contract_id: contract.0,
        number: delivery::next_number(tx, contract).await?,
        state: DeliveryState::Despatched.code().to_owned(),
        carrier: data.carrier.clone(),
        tracking: data.tracking.clone(),
        despatched_by: command.by.actor_id().unwrap_or_default(),
        despatched_at: command.at,
        received_by: None,
        received_at: None,
        note: None,
        version: 1,
        invoice_id: None,
    };
    let line = |one: &DespatchLine| DeliveryLineRow {
        delivery_id: id,
        contract_line_id: one.line.0,
        quantity: one.quantity,
        received: None,
        damaged: None,
        surplus: None,
        weighed: weights.get(&one.line.0).copied(),
    };
    Ok(Delivery { row, lines: wanted.iter().map(line).collect(), measured: Vec::new() })
}

/// What arrived, and what the buyer measured of it.
fn decide(data: &ReceiptData, arrived: &Delivery, of: &Contract) -> Result<(Receipt, Vec<Measured>), Failure> {
    let mut findings = Findings::default();
    let (mut stated, mut measured) = (Vec::new(), Vec::new());
    for (index, one) in data.lines.iter().enumerate() {
        let unit = unit_of(&of.lines, one.contract_line_id);
        let received = one.received.value_in(unit, &format!("/lines/{index}/received"), &mut findings);
        if unit.is_some() {
            let good = received.is_none_or(|received| !received.is_zero());
            let (line, pointer) = (ContractLineId(one.contract_line_id), format!("/lines/{index}/measured"));
            measured.extend(grade::check(of, line, &one.measured, good, (&pointer, &mut findings)));
        }
        let mut beside = |quantity: &Option<QuantityDto>, field: &str| match quantity {
            Some(quantity) => quantity.value_in(unit, &format!("/lines/{index}/{field}"), &mut findings),
            None => Some(Decimal::ZERO),
        };
        let (damaged, surplus) = (beside(&one.damaged, "damaged"), beside(&one.surplus, "surplus"));
        let line = ContractLineId(one.contract_line_id);
        let of = |((received, damaged), surplus)| ReceiptLine { line, received, damaged, surplus };
        stated.extend(received.zip(damaged).zip(surplus).map(of));
    }
    findings.result()?;
    let despatched: Vec<DespatchLine> = arrived
        .lines
        .iter()
        .map(|line| DespatchLine { line: ContractLineId(line.contract_line_id), quantity: line.quantity })
        .collect();
    Ok((decide_receipt(DeliveryState::parse(&arrived.row.state)?, &despatched, &stated)?, measured))
}

fn note(command: &Command, arrived: &mut Delivery, receipt: &Receipt, data: &ReceiptData) -> Result<(), Failure> {
    arrived.row.state = receipt.state.code().to_owned();
    arrived.row.received_by = command.by.actor_id();
    arrived.row.received_at = Some(command.at);
    arrived.row.note = data.note.clone();
    arrived.row.version += 1;
    for (line, stated) in arrived.lines.iter_mut().zip(&receipt.lines) {
        (line.received, line.damaged) = (Some(stated.received), Some(stated.damaged));
        line.surplus = Some(stated.surplus);
    }
    Ok(())
}

/// What did not arrive in good order counts as not despatched: it is to be delivered again.
fn book(lines: &mut [LineRow], arrived: &Delivery) -> Result<(), Failure> {
    for one in &arrived.lines {
        let line = lines.iter_mut().find(|line| line.id == one.contract_line_id);
        let line = line.ok_or_else(|| Failure::broken("a delivery has a line of another contract"))?;
        let received = one.received.unwrap_or_default();
        line.received += received;
        line.despatched -= one.quantity - received;
    }
    Ok(())
}
