//! Making a contract of what two parties agreed on.

use std::collections::HashSet;

use domain::catalogue::{Tax, TaxCategory};
use domain::contract::{
    Agreement, AgreementLine, AgreementParty, Charge, ChargeKind, ContractState, Incoterm, Terms, TermsInput, hash_of,
};
use domain::kernel::language::{Texts, pick};
use domain::kernel::{ContractId, Faults, Money, Quantity, Unit, UnitPrice};
use domain::party::registration::Address;
use infra::Failure;
use infra::contract::store::{self, LineRow, NewContract};
use infra::contract::weight::WeightRow;
use infra::db::Connection;
use infra::party::organisation::{self, Organisation};
use rust_decimal::Decimal;
use serde_json::json;
use uuid::Uuid;

use super::dto::number;
use super::origin::{AgreedLine, Origin};
use super::weight;
use crate::billing::commission::sale;
use crate::command::{Command, Subject};
use crate::ordering::dto::address;

/// Where goods go when no Incoterm was named: to the delivery address or else the buyer's, the seller bearing the way there (Incoterms
/// 2020, DAP).
const DEFAULT_INCOTERM: Incoterm = Incoterm::Dap;

/// The unit of what is charged once (UN/ECE Rec 20).
const ONE: &str = "C62";

/// Makes the contract, to be signed by both. Its text names the parties as they are registered today.
pub async fn make(tx: &mut Connection, command: &Command, origin: Origin) -> Result<ContractId, Failure> {
    let missing = || Failure::broken("a party of the contract is missing");
    let buyer = organisation::find(tx, origin.buyer).await?.ok_or_else(missing)?;
    let seller = organisation::find(tx, origin.seller).await?.ok_or_else(missing)?;
    let running = store::next_number(tx).await?;
    let counted = weight::counted_by_weight(tx, &origin.lines).await?;
    let agreement = agreement(command, &origin, number(running), &buyer, &seller)?;
    let text = agreement.text();
    let text_hash = hex::decode(hash_of(&text)).map_err(Failure::broken)?;
    let new = NewContract {
        id: command.id::<ContractId>().0,
        number: running,
        origin_kind: origin.kind.to_owned(),
        origin_id: origin.id,
        portal_id: origin.portal_id,
        buyer_id: origin.buyer.0,
        seller_id: origin.seller.0,
        state: ContractState::AwaitingSignatures.code().to_owned(),
        currency: origin.currency.code().to_owned(),
        incoterm: Some(agreement.terms.incoterm.code().to_owned()),
        incoterm_place: Some(agreement.terms.place.clone()),
        payment_days: agreement.terms.payment_days,
        delivery_date: agreement.terms.delivery_date,
        total: agreement.total.amount(),
        text,
        text_hash,
        created_at: command.at,
    };
    let lines = rows(command, &new, &origin, agreement.charge);
    store::insert(tx, &new, &lines).await?;
    sale::fix(tx, &new, &lines).await?;
    infra::contract::weight::insert(tx, &weight_rows(&agreement, &lines, &counted)).await?;
    let graded = origin.lines.iter().zip(&lines).map(|(of, line)| (line.id, of.differentials.as_slice()));
    infra::contract::grade::insert(tx, &graded.collect::<Vec<_>>()).await?;
    let data = json!({"number": number(running), "origin": {"kind": origin.kind, "id": origin.id}});
    let subject = Subject { kind: "contract", id: new.id, version: 1 };
    command.event("contract.created", subject, Some(origin.portal_id), &[new.buyer_id, new.seller_id], data);
    Ok(ContractId(new.id))
}

fn agreement(
    command: &Command,
    origin: &Origin,
    reference: String,
    buyer: &Organisation,
    seller: &Organisation,
) -> Result<Agreement, Failure> {
    let lines = origin.lines.iter().map(|line| agreed(line, origin)).collect::<Result<Vec<_>, _>>()?;
    let goods: Vec<(Money, Tax)> = lines.iter().map(|line| (line.amount, line.tax)).collect();
    let charge = origin.charge.and_then(|(kind, amount)| Charge::beside(kind, amount, &goods));
    let sum: Decimal = goods.iter().map(|(amount, _)| amount.amount()).sum();
    let charged = charge.map_or(Decimal::ZERO, |charge| charge.amount.amount());
    Ok(Agreement {
        reference,
        made_on: command.at.date_naive(),
        seller: party(seller),
        buyer: party(buyer),
        particulars: origin.particulars.clone(),
        lines,
        charge,
        terms: terms(origin, buyer)?,
        total: Money::new(sum + charged, origin.currency)?,
    })
}

fn terms(origin: &Origin, buyer: &Organisation) -> Result<Terms, Failure> {
    let named = address(origin.delivery_address.as_ref())?.map(|one| format!("{}, {}", one.city, one.country));
    let to_buyer = || {
        let legal = buyer.addresses.iter().find(|address| address.kind == "legal").or(buyer.addresses.first());
        let legal = || legal.map_or_else(|| buyer.row.country.clone(), |one| format!("{}, {}", one.city, one.country));
        (DEFAULT_INCOTERM.code().to_owned(), named.unwrap_or_else(legal))
    };
    let (incoterm, place) = origin.incoterm.clone().unwrap_or_else(to_buyer);
    let input = TermsInput { incoterm, place, payment_days: origin.payment_days, delivery_date: origin.delivery_date };
    let mut faults = Faults::default();
    let checked = input.check("", &mut faults);
    faults.result()?;
    checked.ok_or_else(|| Failure::broken("terms without faults and without a value"))
}

fn agreed(line: &AgreedLine, origin: &Origin) -> Result<AgreementLine, Failure> {
    let names: Texts = serde_json::from_value(line.name.clone()).map_err(Failure::broken)?;
    let unit_price = UnitPrice::new(line.unit_price, origin.currency)?;
    let weight = line.weight.map(|weight| Ok::<_, Failure>((weight, weight.unit_price(unit_price)?))).transpose()?;
    Ok(AgreementLine {
        weight,
        sku: line.sku.clone(),
        description: pick(&names, &[]).to_owned(),
        quantity: Quantity::new(line.quantity, Unit::parse(&line.unit)?)?,
        unit_price,
        discount_percent: line.discount_percent,
        tax: Tax::new(TaxCategory::parse(&line.tax_category)?, line.tax_rate)?,
        amount: Money::new(line.amount, origin.currency)?,
        deliver_to: address(line.delivery_address.as_ref())?.map(|one| Address::from(&one).in_one_line()),
        deliver_by: line.delivery_date,
    })
}

fn party(of: &Organisation) -> AgreementParty {
    AgreementParty {
        legal_name: of.row.legal_name.clone(),
        identifiers: of.identifiers.iter().map(|one| (one.scheme.clone(), one.value.clone())).collect(),
    }
}

/// What was agreed on about weighing the lines, of which the goods come first, in the order of the agreement.
fn weight_rows(agreement: &Agreement, lines: &[LineRow], counted: &HashSet<Uuid>) -> Vec<WeightRow> {
    let row = |(agreed, line): (&AgreementLine, &LineRow)| {
        let (weight, price) = agreed.weight?;
        Some(WeightRow {
            contract_line_id: line.id,
            unit: weight.unit.code().to_owned(),
            nominal: weight.nominal,
            tolerance_percent: weight.tolerance_percent,
            less_percent: Some(weight.less_percent).filter(|less| *less != weight.tolerance_percent),
            unit_price: price.amount(),
            counts_stock: line.product_id.is_some_and(|product| counted.contains(&product)),
            received: Decimal::ZERO,
            invoiced: Decimal::ZERO,
        })
    };
    agreement.lines.iter().zip(lines).filter_map(row).collect()
}

/// The goods, and what is charged beside them as a line of its own after them.
fn rows(command: &Command, contract: &NewContract, origin: &Origin, charge: Option<Charge>) -> Vec<LineRow> {
    let goods = origin.lines.iter().map(|line| goods_row(command, contract.id, line));
    let charge = charge.map(|charge| charge_row(command, contract.id, charge));
    let number = |(position, row): (i32, LineRow)| LineRow { position, ..row };
    (1..).zip(goods.chain(charge)).map(number).collect()
}

fn goods_row(command: &Command, contract: Uuid, line: &AgreedLine) -> LineRow {
    LineRow {
        id: command.id(),
        contract_id: contract,
        position: 0,
        kind: "goods".to_owned(),
        product_id: line.product_id,
        sku: Some(line.sku.clone()),
        name: line.name.clone(),
        quantity: line.quantity,
        unit: line.unit.clone(),
        unit_price: line.unit_price,
        discount_percent: line.discount_percent,
        tax_category: line.tax_category.clone(),
        tax_rate: line.tax_rate,
        amount: line.amount,
        reserved: line.reserved,
        despatched: Decimal::ZERO,
        received: Decimal::ZERO,
        invoiced: Decimal::ZERO,
        base_quantity: line.base_quantity,
        delivery_address: line.delivery_address.clone(),
        delivery_date: line.delivery_date,
    }
}

fn charge_row(command: &Command, contract: Uuid, charge: Charge) -> LineRow {
    let in_russian = match charge.kind {
        ChargeKind::Freight => "Доставка",
        ChargeKind::Difference => "Разница по зачтённым сделкам",
    };
    LineRow {
        id: command.id(),
        contract_id: contract,
        position: 0,
        kind: charge.kind.code().to_owned(),
        product_id: None,
        sku: None,
        name: json!({"en": charge.kind.name(), "ru": in_russian}),
        quantity: Decimal::ONE,
        unit: ONE.to_owned(),
        unit_price: charge.amount.amount(),
        discount_percent: Decimal::ZERO,
        tax_category: charge.tax.category().code().to_owned(),
        tax_rate: charge.tax.rate(),
        amount: charge.amount.amount(),
        reserved: Decimal::ZERO,
        despatched: Decimal::ZERO,
        received: Decimal::ZERO,
        invoiced: Decimal::ZERO,
        base_quantity: Decimal::ONE,
        delivery_address: None,
        delivery_date: None,
    }
}
