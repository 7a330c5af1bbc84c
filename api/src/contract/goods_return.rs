//! Goods that go back: asked for by the buyer, decided by the seller, put to stock or written off, and credited.

use std::collections::{BTreeMap, BTreeSet};

use domain::billing::{CreditLine, CreditRequest};
use domain::catalogue::pack::share;
use domain::contract::Side;
use domain::contract::goods_return::{
    BackLine, ReturnLine, ReturnState, ReturnStep, Returnable, Settled, check_request, complete as decide_back, settle,
};
use domain::contract::weight::{invoiced_quantity, received_weight, returned_weight};
use domain::kernel::{
    ContractId, ContractLineId, Findings, GoodsReturnId, InvoiceId, InvoiceLineId, OrganisationId, Refusal, Timestamp,
};
use infra::Failure;
use infra::billing::invoice::{self, Invoice, InvoiceRow};
use infra::catalogue::stock;
use infra::contract::goods_return::{self, GoodsReturn, ReturnLineRow, ReturnRow};
use infra::contract::store::{self, Contract, LineRow};
use infra::db::Connection;
use rust_decimal::Decimal;
use serde_json::json;
use uuid::Uuid;

use super::delivery::unit_of;
use super::goods_return_dto::{BackData, ReturnData, ReturnDto};
use super::usecase::{load, lock, settle as settle_contracts, tell};
use super::{grade, rights, weight};
use crate::billing::credit;
use crate::billing::three_way::arrival;
use crate::catalogue::lot::movement::{Back, take_back};
use crate::command::Command;
use crate::http::answer::Answer;
use crate::http::dto::QuantityDto;
use crate::http::principal::Principal;
use crate::ordering::credit::exposure::{self, Changed};

fn unknown() -> Refusal {
    Refusal::not_found("return")
}

pub async fn list(
    connection: &mut Connection,
    by: &Principal,
    contract: ContractId,
    at: Timestamp,
) -> Result<Vec<ReturnDto>, Failure> {
    let of = load(connection, by, contract, at).await?;
    let found = goods_return::of_contract(connection, contract).await?;
    Ok(found.iter().map(|one| ReturnDto::of(one, &of.lines)).collect())
}

pub async fn find(
    connection: &mut Connection,
    by: &Principal,
    id: GoodsReturnId,
    at: Timestamp,
) -> Result<(ReturnDto, i64), Failure> {
    let own = by.require(rights::READ)?;
    let found = goods_return::find(connection, own, id).await?.ok_or_else(unknown)?;
    let of = load(connection, by, ContractId(found.row.contract_id), at).await?;
    Ok((ReturnDto::of(&found, &of.lines), found.row.version))
}

/// The buyer asks to give back goods that it received.
pub async fn request(
    tx: &mut Connection,
    command: &Command,
    contract: ContractId,
    data: &ReturnData,
) -> Result<Answer<ReturnDto>, Failure> {
    let (held, side) = lock(tx, command, contract).await?;
    if side != Side::Buyer {
        return Err(Refusal::forbidden("The buyer asks to give goods back.").into());
    }
    command.by.require(rights::RECEIVE)?;
    let earlier = goods_return::of_contract(tx, contract).await?;
    let mut findings = Findings::default();
    let mut wanted = Vec::new();
    for (index, one) in data.lines.iter().enumerate() {
        let unit = unit_of(&held.lines, one.contract_line_id);
        let quantity = one.quantity.value_in(unit, &format!("/lines/{index}/quantity"), &mut findings);
        let line = ContractLineId(one.contract_line_id);
        wanted.extend(quantity.map(|quantity| ReturnLine { line, quantity }));
    }
    findings.result()?;
    check_request(&returnable(&held, &earlier)?, &wanted)?;
    let id = command.id::<GoodsReturnId>();
    let row = ReturnRow {
        id: id.0,
        contract_id: contract.0,
        number: earlier.last().map_or(0, |last| last.row.number) + 1,
        state: ReturnState::Requested.code().to_owned(),
        reason: data.reason.clone(),
        answer: None,
        requested_by: command.by.actor_id().unwrap_or_default(),
        requested_at: command.at,
        decided_at: None,
        completed_at: None,
        version: 1,
    };
    let line = |one: &ReturnLine| ReturnLineRow {
        return_id: id.0,
        contract_line_id: one.line.0,
        quantity: one.quantity,
        restocked: None,
        written_off: None,
        weight: None,
    };
    let made = GoodsReturn { row, lines: wanted.iter().map(line).collect(), credit_notes: Vec::new() };
    goods_return::insert(tx, &made).await?;
    tell_of(command, "return.requested", &held, &made);
    Ok(Answer::created(format!("/v1/returns/{id}"), ReturnDto::of(&made, &held.lines)).version(1))
}

/// The seller accepts or refuses, or the buyer withdraws.
pub async fn decide(
    tx: &mut Connection,
    command: &Command,
    id: GoodsReturnId,
    step: ReturnStep,
    answer: Option<&str>,
) -> Result<Answer<ReturnDto>, Failure> {
    let (held, mut found, side) = lock_return(tx, command, id).await?;
    if step == ReturnStep::Withdraw {
        if side != Side::Buyer {
            return Err(Refusal::forbidden("The buyer withdraws what it asked for.").into());
        }
        command.by.require(rights::RECEIVE)?;
    } else {
        by_seller(command, side)?;
    }
    let state = ReturnState::parse(&found.row.state)?.after(step)?;
    found.row.state = state.code().to_owned();
    found.row.answer = answer.map(str::to_owned);
    found.row.decided_at = Some(command.at);
    found.row.version += 1;
    goods_return::update(tx, &found.row).await?;
    let kind = match step {
        ReturnStep::Accept => "return.accepted",
        ReturnStep::Refuse => "return.refused",
        _ => "return.withdrawn",
    };
    tell_of(command, kind, &held, &found);
    Ok(Answer::ok(ReturnDto::of(&found, &held.lines)).version(found.row.version))
}

/// The goods are back: what is fit goes to stock, and all of it is credited or not invoiced any more.
pub async fn complete(
    tx: &mut Connection,
    command: &Command,
    id: GoodsReturnId,
    data: &BackData,
) -> Result<Answer<ReturnDto>, Failure> {
    let (mut held, mut found, side) = lock_return(tx, command, id).await?;
    by_seller(command, side)?;
    let earlier = goods_return::of_contract(tx, ContractId(held.row.id)).await?;
    let back = came_back(data, &found, &held)?;
    for (line, back) in found.lines.iter_mut().zip(back) {
        (line.restocked, line.written_off) = (Some(back.restocked), Some(back.written_off));
        line.weight = weight_of(&held, &earlier, line);
    }
    restock(tx, command, &held, &found, data).await?;
    goods_return::update_lines(tx, &found.lines).await?;
    let credited = credit_all(tx, command, &mut held, &mut found).await?;
    found.row.state = ReturnState::Completed.code().to_owned();
    found.row.completed_at = Some(command.at);
    found.row.version += 1;
    store::update_progress(tx, &held).await?;
    goods_return::complete(tx, &found).await?;
    tell_of(command, "return.completed", &held, &found);
    settle_all(tx, command, &held, &found, &credited).await?;
    Ok(Answer::ok(ReturnDto::of(&found, &held.lines)).version(found.row.version))
}

/// What follows for other invoices over the goods, for all contracts of the invoices that were credited, and for the buyer's credit.
async fn settle_all(
    tx: &mut Connection,
    command: &Command,
    held: &Contract,
    found: &GoodsReturn,
    credited: &[Invoice],
) -> Result<(), Failure> {
    let lines: Vec<Uuid> = found.lines.iter().map(|line| line.contract_line_id).collect();
    arrival::match_others(tx, command, &lines, None).await?;
    let of_invoices = credited.iter().flat_map(|invoice| &invoice.contracts);
    let contracts: BTreeSet<Uuid> = of_invoices.chain([&held.row.id]).copied().collect();
    let contracts: Vec<Uuid> = contracts.into_iter().collect();
    let ended = settle_contracts(tx, command, &contracts).await?;
    let invoices: Vec<&InvoiceRow> = credited.iter().map(|invoice| &invoice.row).collect();
    let changed = Changed { invoices: &invoices, contracts: &contracts, ended: &ended };
    let relation = (held.row.seller_id, held.row.buyer_id, held.row.currency.as_str());
    exposure::changed(tx, command, relation, changed, "credited").await
}

/// A return under a contract of the caller's, whose row is held for all its returns.
async fn lock_return(
    tx: &mut Connection,
    command: &Command,
    id: GoodsReturnId,
) -> Result<(Contract, GoodsReturn, Side), Failure> {
    let own = command.by.member()?.id;
    let contract = goods_return::find(tx, own, id).await?.ok_or_else(unknown)?.row.contract_id;
    let (held, side) = lock(tx, command, ContractId(contract)).await?;
    // Read anew, now that nobody else can change it.
    let found = goods_return::find(tx, own, id).await?.ok_or_else(unknown)?;
    Ok((held, found, side))
}

fn by_seller(command: &Command, side: Side) -> Result<(), Failure> {
    if side != Side::Seller {
        return Err(Refusal::forbidden("The seller decides on a return.").into());
    }
    command.by.require(rights::TAKE_BACK)?;
    Ok(())
}

/// What of each line can be given back. Returns that were refused or withdrawn do not count; of completed ones, what came back.
fn returnable(held: &Contract, earlier: &[GoodsReturn]) -> Result<Vec<Returnable>, Failure> {
    let mut lines: Vec<Returnable> = held
        .lines
        .iter()
        .filter(|line| line.kind == "goods")
        .map(|line| Returnable { line: ContractLineId(line.id), received: line.received, returned: Decimal::ZERO })
        .collect();
    for one in earlier {
        let state = ReturnState::parse(&one.row.state)?;
        for line in &one.lines {
            let counted = match state {
                ReturnState::Refused | ReturnState::Withdrawn => Decimal::ZERO,
                ReturnState::Requested | ReturnState::Accepted => line.quantity,
                ReturnState::Completed => quantity_of(line),
            };
            if let Some(of) = lines.iter_mut().find(|of| of.line.0 == line.contract_line_id) {
                of.returned += counted;
            }
        }
    }
    Ok(lines)
}

fn came_back(data: &BackData, found: &GoodsReturn, held: &Contract) -> Result<Vec<BackLine>, Failure> {
    let mut findings = Findings::default();
    let mut stated = Vec::new();
    for (index, one) in data.lines.iter().enumerate() {
        let unit = unit_of(&held.lines, one.contract_line_id);
        let mut value = |quantity: &Option<QuantityDto>, field: &str| match quantity {
            Some(quantity) => quantity.value_in(unit, &format!("/lines/{index}/{field}"), &mut findings),
            None => Some(Decimal::ZERO),
        };
        let parts = value(&one.restocked, "restocked").zip(value(&one.written_off, "written_off"));
        let line = ContractLineId(one.contract_line_id);
        stated.extend(parts.map(|(restocked, written_off)| BackLine { line, restocked, written_off }));
    }
    findings.result()?;
    let asked: Vec<ReturnLine> = found
        .lines
        .iter()
        .map(|line| ReturnLine { line: ContractLineId(line.contract_line_id), quantity: line.quantity })
        .collect();
    Ok(decide_back(ReturnState::parse(&found.row.state)?, &asked, &stated)?)
}

/// What weighs that came back of a line which is billed by weight, after what came back before.
fn weight_of(held: &Contract, earlier: &[GoodsReturn], one: &ReturnLineRow) -> Option<Decimal> {
    let weight = held.weights.iter().find(|weight| weight.contract_line_id == one.contract_line_id)?;
    let line = held.lines.iter().find(|line| line.id == one.contract_line_id)?;
    let before = earlier
        .iter()
        .flat_map(|earlier| &earlier.lines)
        .filter(|before| before.contract_line_id == one.contract_line_id)
        .fold((Decimal::ZERO, Decimal::ZERO), |sum, before| {
            (sum.0 + quantity_of(before), sum.1 + before.weight.unwrap_or_default())
        });
    Some(returned_weight((line.received, weight.received), before, quantity_of(one)))
}

/// What came back of a line.
fn quantity_of(one: &ReturnLineRow) -> Decimal {
    one.restocked.unwrap_or_default() + one.written_off.unwrap_or_default()
}

/// Puts what is fit for it to the seller's stock.
async fn restock(
    tx: &mut Connection,
    command: &Command,
    held: &Contract,
    found: &GoodsReturn,
    data: &BackData,
) -> Result<(), Failure> {
    let line_of = |id: Uuid| held.lines.iter().find(|line| line.id == id);
    let products: Vec<Uuid> = found.lines.iter().filter_map(|one| line_of(one.contract_line_id)?.product_id).collect();
    let mut levels = stock::lock(tx, &products).await?;
    let mut back = Vec::new();
    for one in found.lines.iter().filter(|one| one.restocked.is_some_and(|restocked| !restocked.is_zero())) {
        let line = line_of(one.contract_line_id);
        let line = line.ok_or_else(|| Failure::broken("a return has a line of another contract"))?;
        // What was traded on an exchange is in nobody's stock.
        let Some(product) = line.product_id else { continue };
        let row = levels.iter_mut().find(|row| row.product_id == product);
        let row = row.ok_or_else(|| Failure::broken("a product has no stock row"))?;
        let named = data.lines.iter().position(|said| said.contract_line_id == line.id);
        let pointer = named.map_or_else(|| "/lines".to_owned(), |index| format!("/lines/{index}/restocked"));
        let inexact = || {
            let detail = "In the unit in which stock is counted it would have more than 6 decimals.";
            Refusal::fault(pointer.clone(), "inexact", detail)
        };
        let more = to_stock(held, line, one).ok_or_else(inexact)?;
        if more.is_zero() {
            continue;
        }
        let mut level = row.level()?;
        level.set_on_hand(level.on_hand() + more)?;
        row.on_hand = level.on_hand();
        let lot = named.and_then(|index| data.lines[index].lot_id);
        back.push(Back { product: row.product_id, quantity: more, lot, pointer });
    }
    take_back(tx, command, &back, (ContractId(held.row.id), GoodsReturnId(found.row.id))).await?;
    stock::save(tx, &levels).await
}

/// How much of a line goes to stock, as stock is counted; none if that cannot be said exactly.
fn to_stock(held: &Contract, line: &LineRow, one: &ReturnLineRow) -> Option<Decimal> {
    let restocked = one.restocked.unwrap_or_default();
    let ordered = share(restocked, line.quantity, line.base_quantity)?;
    let weighed = one.weight.map(|weight| received_weight(weight, quantity_of(one), restocked));
    Some(weight::leaves_stock(&held.weights, line, weighed, ordered))
}

/// Credits what came back, by one note for each invoice that it was on; what no invoice holds will not be invoiced. Gives the invoices
/// that were credited; the return names the notes.
async fn credit_all(
    tx: &mut Connection,
    command: &Command,
    held: &mut Contract,
    found: &mut GoodsReturn,
) -> Result<Vec<Invoice>, Failure> {
    let lines: Vec<Uuid> = found.lines.iter().map(|one| one.contract_line_id).collect();
    let seller = OrganisationId(held.row.seller_id);
    let mut invoices = Vec::new();
    for id in goods_return::creditable(tx, &lines).await? {
        invoices.extend(invoice::lock(tx, seller, InvoiceId(id)).await?);
    }
    let drafted = goods_return::drafted(tx, &lines).await?;
    let mut wanted: BTreeMap<Uuid, Vec<CreditLine>> = BTreeMap::new();
    for one in found.lines.iter().filter(|one| !quantity_of(one).is_zero()) {
        for (line, quantity) in settled(held, one, &invoices, &drafted)?.credited {
            let invoice = invoices.iter().find(|invoice| invoice.lines.iter().any(|row| row.id == line.0));
            let invoice = invoice.ok_or_else(|| Failure::broken("a credited line is of no invoice"))?;
            wanted.entry(invoice.row.id).or_default().push(CreditLine { line, quantity });
        }
    }
    // Before anything is matched anew: at which prices goods came back decides what is to be paid.
    infra::contract::grade::keep_parts(tx, &held.grading.parts).await?;
    let mut credited = Vec::new();
    for mut invoice in invoices {
        let Some(lines) = wanted.remove(&invoice.row.id) else { continue };
        let note = credit::apply(tx, command, &mut invoice, &CreditRequest::Lines(lines), &found.row.reason).await?;
        found.credit_notes.push(note.row.id);
        credited.push(invoice);
    }
    Ok(credited)
}

/// How one line is settled, in the unit in which it is billed. The contract's line counts what is not to be invoiced any more. What neither
/// an invoice nor a draft holds any more was credited by hand.
fn settled(
    held: &mut Contract,
    one: &ReturnLineRow,
    invoices: &[Invoice],
    drafted: &[Uuid],
) -> Result<Settled, Failure> {
    let line = held.lines.iter_mut().find(|line| line.id == one.contract_line_id);
    let line = line.ok_or_else(|| Failure::broken("a return has a line of another contract"))?;
    let weight = held.weights.iter_mut().find(|weight| weight.contract_line_id == line.id);
    let (quantity, uninvoiced) = match &weight {
        Some(weight) => (one.weight.unwrap_or_default(), weight.received - weight.invoiced),
        None => (quantity_of(one), line.received - line.invoiced),
    };
    let of_line =
        invoices.iter().rev().flat_map(|invoice| &invoice.lines).filter(|row| row.contract_line_id == line.id);
    let open: Vec<_> = of_line.map(|row| (InvoiceLineId(row.id), row.quantity - row.credited_quantity)).collect();
    let settled = settle(quantity, uninvoiced, &open);
    if !settled.rest.is_zero() && drafted.contains(&line.id) {
        return Err(Refusal::wrong_state("invoice over these goods", "draft", "credited").into());
    }
    match weight {
        Some(weight) => {
            weight.invoiced += settled.uninvoiced;
            line.invoiced = invoiced_quantity(line.received, weight.received, weight.invoiced);
        }
        None => line.invoiced += settled.uninvoiced,
    }
    grade::give_back(held, one.contract_line_id, &settled, invoices);
    Ok(settled)
}

/// An event for both sides.
fn tell_of(command: &Command, kind: &'static str, held: &Contract, found: &GoodsReturn) {
    let data = json!({"return_id": found.row.id, "return": found.row.number, "state": found.row.state,
        "credit_note_ids": found.credit_notes});
    tell(command, kind, &held.row, data);
}
