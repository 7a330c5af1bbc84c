//! Goods whose price depends on what is measured at delivery: stated with the despatch, recorded with the receipt, and then the price of what
//! was received. The rule is [`domain::contract::grade`].

use std::collections::HashMap;

use domain::contract::delivery::DespatchLine;
use domain::contract::goods_return::Settled;
use domain::contract::{Measured, MeasuredInput, Part};
use domain::kernel::{ContractLineId, Currency, DeliveryId, Findings, InvoiceLineId, UnitPrice};
use infra::Failure;
use infra::billing::invoice::Invoice;
use infra::contract::delivery::Delivery;
use infra::contract::grade::MeasurementRow;
use infra::contract::store::Contract;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::delivery_dto::{DespatchData, MeasuredData};
use super::weight::brought;

/// The values that a despatch states. Goods that are not of the grade are not sent.
pub fn stated(
    held: &Contract,
    data: &DespatchData,
    wanted: &[DespatchLine],
    weights: &HashMap<Uuid, Decimal>,
    findings: &mut Findings,
) -> Result<Vec<Measured>, Failure> {
    let mut all = Vec::new();
    for (index, one) in wanted.iter().enumerate() {
        let said = data.lines.as_ref().and_then(|lines| lines.get(index));
        let pointer = format!("/lines/{index}/measured");
        let measured =
            check(held, one.line, said.map_or(&[][..], |said| said.measured.as_slice()), true, (&pointer, findings));
        let value = |parameter: &str| measured.iter().find(|one| one.parameter == parameter).map(|one| one.value);
        if let Some(agreed) = agreed(held, one.line)? {
            let quantity = weights.get(&one.line.0).copied().unwrap_or(one.quantity);
            let price = held.grading.unit_price(one.line, agreed, value);
            findings.keep(&pointer, price.and_then(|price| price.line_amount(quantity, Decimal::ZERO)));
        }
        all.extend(measured);
    }
    Ok(all)
}

/// Checks what is stated of a line; `good` says whether any of it counts as good.
pub fn check(
    held: &Contract,
    line: ContractLineId,
    said: &[MeasuredData],
    good: bool,
    place: (&str, &mut Findings),
) -> Vec<Measured> {
    let said: Vec<MeasuredInput<'_>> = said.iter().map(MeasuredInput::from).collect();
    held.grading.check(line, &said, good, place)
}

/// What the seller states as it despatches, as it is kept.
pub fn rows(delivery: Uuid, stated: Vec<Measured>) -> Vec<MeasurementRow> {
    let row = |one: Measured| MeasurementRow {
        delivery_id: delivery,
        contract_line_id: one.line.0,
        parameter: one.parameter,
        stated: Some(one.value),
        found: None,
    };
    stated.into_iter().map(row).collect()
}

/// Notes what the buyer measured beside what the seller stated.
pub fn note(arrived: &mut Delivery, found: Vec<Measured>) {
    for one in found {
        let known = arrived.measured.iter_mut().find(|row| is_of(row, one.line.0, &one.parameter));
        match known {
            Some(row) => row.found = Some(one.value),
            None => arrived.measured.push(MeasurementRow {
                delivery_id: arrived.row.id,
                contract_line_id: one.line.0,
                parameter: one.parameter,
                stated: None,
                found: Some(one.value),
            }),
        }
    }
}

/// What was received in good order of graded lines gets its price.
pub fn receive(held: &mut Contract, arrived: &Delivery) -> Result<(), Failure> {
    for row in &arrived.lines {
        let (line, received) = (ContractLineId(row.contract_line_id), brought(row));
        let Some(agreed) = agreed(held, line)?.filter(|_| !received.is_zero()) else { continue };
        let price = held.grading.unit_price(line, agreed, |parameter| decisive(arrived, line.0, parameter));
        let price = price.map_err(|invalid| invalid.at("/lines"))?;
        price.line_amount(received, Decimal::ZERO).map_err(|invalid| invalid.at("/lines"))?;
        held.grading.parts.push(Part {
            delivery: DeliveryId(arrived.row.id),
            line,
            unit_price: price.amount(),
            received,
            invoiced: Decimal::ZERO,
            returned: Decimal::ZERO,
        });
    }
    Ok(())
}

/// What came back of a line and was settled goes back at the prices at which it was invoiced.
pub fn give_back(held: &mut Contract, line: Uuid, settled: &Settled, invoices: &[Invoice]) {
    let price_of = |of: InvoiceLineId| {
        let mut rows = invoices.iter().flat_map(|invoice| &invoice.lines);
        rows.find(|row| row.id == of.0).map(|row| row.unit_price)
    };
    held.grading.give_back(ContractLineId(line), settled, price_of);
}

/// What was measured of a parameter of a line.
pub fn measurement<'a>(of: &'a Delivery, line: Uuid, parameter: &str) -> Option<&'a MeasurementRow> {
    of.measured.iter().find(|row| is_of(row, line, parameter))
}

/// At which price a line of a delivery is billed, by what was measured so far; none of what is not graded.
pub fn price(of: &Contract, delivery: &Delivery, line: Uuid) -> Option<Decimal> {
    let id = ContractLineId(line);
    let received = of.grading.parts.iter().find(|part| part.delivery.0 == delivery.row.id && part.line == id);
    if let Some(part) = received {
        return Some(part.unit_price);
    }
    let agreed = agreed(of, id).ok()??;
    let price = of.grading.unit_price(id, agreed, |parameter| decisive(delivery, line, parameter));
    price.ok().map(UnitPrice::amount)
}

fn decisive(of: &Delivery, line: Uuid, parameter: &str) -> Option<Decimal> {
    measurement(of, line, parameter)?.decisive()
}

fn is_of(row: &MeasurementRow, line: Uuid, parameter: &str) -> bool {
    row.contract_line_id == line && row.parameter == parameter
}

/// The agreed price of one of the unit in which a graded line is billed.
fn agreed(of: &Contract, id: ContractLineId) -> Result<Option<UnitPrice>, Failure> {
    if !of.grading.is_graded(id) {
        return Ok(None);
    }
    let Some(line) = of.lines.iter().find(|line| line.id == id.0) else { return Ok(None) };
    let weight = of.weights.iter().find(|weight| weight.contract_line_id == line.id);
    let price = weight.map_or(line.unit_price, |weight| weight.unit_price);
    Ok(Some(UnitPrice::new(price, Currency::parse(&of.row.currency)?)?))
}
