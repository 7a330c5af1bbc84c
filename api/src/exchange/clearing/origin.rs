//! What a contract of cleared trades says: what the instrument says, and what was traded.

use domain::contract::{CatchWeight, ChargeKind, Measurable};
use domain::exchange::{Cleared, Deal, Differential, PricedDeal, PricedLine, Property, Rules, trade_id};
use domain::kernel::{Currency, Unit};
use infra::Failure;
use infra::exchange::instrument::InstrumentRow;
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::contract::origin::{AgreedLine, Origin};

/// By which values the price is adjusted, as [`domain::contract::grade`] does.
const MEASURED: &str = "by the values that the seller states with a delivery, or those that the buyer records on receipt instead; for each \
    whole step away from the base; what nobody measures is of the base; not below zero";

/// An instrument whose trades are cleared.
pub struct Traded {
    pub row: InstrumentRow,
    pub rules: Rules,
}

/// What the two agreed on. The first of the trades names it, so that nothing becomes a contract twice.
pub fn origin(
    of: &Traded,
    stream: Uuid,
    cleared: &Cleared,
    deal: &Deal,
    priced: &PricedDeal,
) -> Result<Origin, Failure> {
    let row = &of.row;
    let first = *cleared.trades.first().ok_or_else(|| Failure::broken("a contract of no trades"))?;
    let lines = priced.lines.iter().map(|line| agreed(row, line)).collect::<Result<_, Failure>>()?;
    Ok(Origin {
        kind: "clearing",
        id: trade_id(stream, first).0,
        number: i64::try_from(first.0).map_err(Failure::broken)?,
        portal_id: row.portal_id,
        buyer: deal.buyer,
        seller: deal.seller,
        currency: Currency::parse(&row.currency)?,
        particulars: particulars(row, cleared)?,
        lines,
        charge: priced.difference.map(|owed| (ChargeKind::Difference, owed)),
        incoterm: Some((row.incoterm.clone(), row.incoterm_place.clone())),
        payment_days: row.payment_days,
        delivery_address: None,
        delivery_date: Some(row.delivery_to),
        buyer_reference: None,
    })
}

fn agreed(row: &InstrumentRow, line: &PricedLine) -> Result<AgreedLine, Failure> {
    Ok(AgreedLine {
        product_id: None,
        sku: row.code.clone(),
        name: row.name.clone(),
        quantity: line.quantity,
        unit: row.unit.clone(),
        unit_price: line.unit_price.amount(),
        discount_percent: Decimal::ZERO,
        tax_category: row.tax_category.clone(),
        tax_rate: row.tax_rate,
        amount: line.amount.amount(),
        base_quantity: line.quantity,
        reserved: Decimal::ZERO,
        weight: tolerance(row)?,
        differentials: differentials(row)?,
        delivery_address: None,
        delivery_date: None,
    })
}

/// Where the delivered quantity may differ from the agreed one, what is delivered is measured and billed.
fn tolerance(row: &InstrumentRow) -> Result<Option<CatchWeight>, Failure> {
    // Millionths in percent.
    let (more, less) = (Decimal::new(row.tolerance_more_ppm.into(), 4), Decimal::new(row.tolerance_less_ppm.into(), 4));
    if more.is_zero() && less.is_zero() {
        return Ok(None);
    }
    Ok(Some(CatchWeight::between(Unit::parse(&row.unit)?, Decimal::ONE, more, less)?))
}

/// What is measured at delivery, each in the unit that the specification names.
fn differentials(row: &InstrumentRow) -> Result<Vec<Measurable>, Failure> {
    let specification = row.specification()?;
    let unit = |parameter: &str| specification.iter().find(|one| one.parameter == parameter)?.unit.clone();
    let measurable = |differential: Differential| Measurable { unit: unit(&differential.parameter), differential };
    Ok(row.differentials()?.into_iter().map(measurable).collect())
}

fn particulars(row: &InstrumentRow, cleared: &Cleared) -> Result<Vec<(&'static str, String)>, Failure> {
    let mut said = vec![("Instrument", row.code.clone()), ("Grade", row.grade.clone())];
    said.extend(row.specification()?.iter().map(|property| ("Specification", specified(property))));
    said.push(("Lot", format!("{} {}", row.lot_size.normalize(), row.unit)));
    let unit_price = format!("{} for each {}", row.currency, row.unit);
    let differentials = row.differentials()?;
    said.extend(differentials.iter().map(|one| ("Difference in price", differs(one, &unit_price))));
    if !differentials.is_empty() {
        said.push(("Price at delivery", MEASURED.to_owned()));
    }
    said.push(("Delivery from", row.delivery_from.to_string()));
    said.push(("Trades cleared", cleared.trades.len().to_string()));
    Ok(said)
}

fn specified(property: &Property) -> String {
    let Property { parameter, value, unit } = property;
    unit.as_ref().map_or_else(|| format!("{parameter} {value}"), |unit| format!("{parameter} {value} {unit}"))
}

/// How a measured quality changes the price, such as `protein 12.5; each 0.5 more 3, each 0.5 less -4 EUR for each TNE; at least 11`.
fn differs(one: &Differential, unit_price: &str) -> String {
    let (base, step) = (one.base.normalize(), one.step.normalize());
    let (above, below) = (one.price_above.normalize(), one.price_below.normalize());
    let mut said = format!("{} {base}; each {step} more {above}, each {step} less {below} {unit_price}", one.parameter);
    for (word, bound) in [("at least", one.least), ("at most", one.most)] {
        if let Some(bound) = bound {
            said.push_str(&format!("; {word} {}", bound.normalize()));
        }
    }
    said
}
