//! A UBL order response of the seller: it confirms the order, with or without changes, or declines it.

use std::collections::BTreeSet;

use domain::kernel::{Date, Faults, OrderId, OrganisationId, Refusal, Unit};
use infra::Failure;
use infra::db::Connection;
use infra::ordering::order::{self, LineRow, Order as Kept};
use uuid::Uuid;

use super::order_out::line_names;
use super::parties;
use super::places::Places;
use crate::app::App;
use crate::command::Command;
use crate::http::answer::Answer;
use crate::http::dto::MoneyDto;
use crate::integration::ubl::Measure;
use crate::integration::ubl::delivery::Period;
use crate::integration::ubl::order_response::{Answer as Said, LineAnswer, OrderResponse, ResponseLine};
use crate::ordering::dto::{ConfirmationData, LineConfirmationData, OrderDto, Reason};
use crate::ordering::{decide, rights};

const ORDER: &str = "/OrderResponse/OrderReference/ID";
const SELLER: &str = "/OrderResponse/SellerSupplierParty/Party";
const BUYER: &str = "/OrderResponse/BuyerCustomerParty/Party";
const PARTS: &[(&str, &str)] = &[
    ("/delivery_date", "/OrderResponse/Delivery"),
    ("/expected_date", "/OrderResponse/Delivery"),
    ("/note", "/OrderResponse/Note"),
    ("/lines", "/OrderResponse/OrderLine"),
];

/// Does what the response says. That an order has arrived (`AB`) changes nothing.
pub async fn take(
    tx: &mut Connection,
    app: &App,
    command: &Command,
    response: &OrderResponse,
    languages: &[String],
) -> Result<Answer<OrderDto>, Failure> {
    let own = command.by.require(rights::SELL)?;
    let mut faults = Faults::default();
    parties::check_is(tx, own, &response.seller, SELLER, &mut faults).await?;
    let kept = named(tx, own, response, &mut faults).await?;
    let kept = parties::result(faults, kept)?;
    let id = OrderId(kept.row.id);
    match response.answer {
        Said::Received => Ok(Answer::ok(OrderDto::of(&kept, &command.by, languages)?).version(kept.row.version)),
        Said::Rejected => {
            let reason = Reason { reason: response.note.as_deref().map(|note| cut(note, 1000)) };
            decide::decline(tx, command, id, &reason, languages).await
        }
        Said::Accepted | Said::Changed => {
            let (data, places) = confirmation(response, &kept)?;
            let done = decide::confirm_order(tx, app, command, id, &data, languages).await;
            done.map_err(|failure| match failure {
                Failure::Refused(refusal) => places.relocate(refusal).into(),
                other => other,
            })
        }
    }
}

/// The order that the response is about: of the buyer that it names, by the buyer's number or ours.
async fn named(
    tx: &mut Connection,
    own: OrganisationId,
    response: &OrderResponse,
    faults: &mut Faults,
) -> Result<Option<Kept>, Failure> {
    let number = response.order_id.strip_prefix("PO-").and_then(|digits| digits.parse().ok());
    let mut fitting = Vec::new();
    for kept in order::sold_by_number(tx, own, number, &response.order_id).await? {
        let buyer = parties::load(tx, OrganisationId(kept.row.buyer_id)).await?;
        if parties::may_be(&buyer, &response.buyer) {
            fitting.push(kept);
        }
    }
    if fitting.len() > 1 {
        let numbers: Vec<String> = fitting.iter().map(|kept| format!("PO-{}", kept.row.number)).collect();
        let detail = format!("Several orders have this number: name one of {}.", numbers.join(", "));
        faults.add(ORDER, "ambiguous", detail);
        return Ok(None);
    }
    let found = fitting.pop();
    if found.is_none() {
        let detail = format!("There is no order `{}` to you of this buyer ({BUYER}).", response.order_id);
        faults.add(ORDER, "unknown_order", detail);
    }
    Ok(found)
}

/// What the response says, as our use case takes it, and where its lines stand.
fn confirmation(response: &OrderResponse, kept: &Kept) -> Result<(ConfirmationData, Places), Refusal> {
    let mut faults = Faults::default();
    let names = line_names(&kept.lines);
    let mut data = ConfirmationData {
        delivery_date: response.promised.and_then(last_day),
        note: response.note.as_deref().map(|note| cut(note, 2000)),
        ..ConfirmationData::default()
    };
    let mut places = Places { lines: Vec::new(), parts: PARTS };
    let (mut days, mut later) = (BTreeSet::new(), BTreeSet::new());
    let mut seen = BTreeSet::new();
    for (index, line) in response.lines.iter().enumerate() {
        let place = place(response.lines.len(), index);
        let Some(at) = names.iter().position(|name| *name == line.order_line) else {
            faults.add(place, "unknown_line", format!("The order has no line `{}`.", line.order_line));
            continue;
        };
        if !seen.insert(at) {
            faults.add(place, "repeated", format!("Another line speaks of `{}`.", line.order_line));
            continue;
        }
        let rest = line.backorder.is_some_and(|rest| !rest.value.is_zero());
        let promised = line.promised.and_then(last_day);
        if rest {
            later.extend(promised)
        } else {
            days.extend(promised)
        }
        let Some(ordered) = kept.lines.get(at) else { continue };
        if let Some(said) = said(response.answer, line, ordered, &place, &mut faults) {
            data.lines.push(said);
            places.lines.push(place);
        }
    }
    one_day("The goods", days, &mut data.delivery_date, &mut faults);
    one_day("What follows later", later, &mut data.expected_date, &mut faults);
    faults.result()?;
    Ok((data, places))
}

/// A confirmation has one day for all lines.
fn one_day(what: &str, days: BTreeSet<Date>, kept: &mut Option<Date>, faults: &mut Faults) {
    let all: BTreeSet<Date> = days.into_iter().chain(*kept).collect();
    if all.len() > 1 {
        let detail = format!("{what} can be promised for one day only, the same for all lines.");
        faults.add("/OrderResponse/OrderLine", "several_days", detail);
    }
    *kept = all.into_iter().next();
}

/// What is said to a line; none where it is accepted as it was ordered.
fn said(
    answer: Said,
    line: &ResponseLine,
    ordered: &LineRow,
    place: &str,
    faults: &mut Faults,
) -> Option<LineConfirmationData> {
    if answer == Said::Accepted && line.answer != LineAnswer::Accepted {
        let detail = "The whole is accepted as it is (`AP`), this line is not: a changed answer has the code `CA`.";
        faults.add(format!("{place}/LineStatusCode"), "contradiction", detail);
        return None;
    }
    if line.substitute.is_some() {
        faults.add(place, "not_supported", "Other goods than the ordered ones cannot be confirmed.");
        return None;
    }
    match line.answer {
        LineAnswer::Accepted => None,
        LineAnswer::Rejected => Some(only_quantity(ordered.id, "0".to_owned())),
        LineAnswer::Changed => changed(line, ordered, place, faults),
        LineAnswer::Added | LineAnswer::Delivered => {
            faults.add(format!("{place}/LineStatusCode"), "not_supported", "A line is accepted, changed or rejected.");
            None
        }
    }
}

fn changed(line: &ResponseLine, ordered: &LineRow, place: &str, faults: &mut Faults) -> Option<LineConfirmationData> {
    let unit = faults.keep(place, Unit::parse(&ordered.unit))?;
    let quantity = match line.quantity {
        None => None,
        Some(measure) => Some(in_unit(measure, unit, place, faults)?),
    };
    let price = line.price.map(|price| price.of_one(unit));
    let price = price.and_then(|price| faults.keep(format!("{place}/Price"), price));
    let unit_price = price.map(|price| MoneyDto::price(price.amount(), price.currency().code()));
    Some(LineConfirmationData { unit_price, ..only_quantity_of(ordered.id, quantity) })
}

fn in_unit(measure: Measure, unit: Unit, place: &str, faults: &mut Faults) -> Option<String> {
    let ratio = measure.unit.unwrap_or(unit).ratio_to(unit);
    let exact = ratio.and_then(|ratio| ratio.apply(measure.value));
    if exact.is_none() {
        let detail = format!("The line was ordered in {unit}, into which this does not convert exactly.");
        faults.add(format!("{place}/Quantity"), "unit_mismatch", detail);
    }
    exact.map(|value| value.normalize().to_string())
}

fn only_quantity(line_id: Uuid, quantity: String) -> LineConfirmationData {
    only_quantity_of(line_id, Some(quantity))
}

fn only_quantity_of(line_id: Uuid, quantity: Option<String>) -> LineConfirmationData {
    LineConfirmationData { line_id, quantity, unit_price: None, discount_percent: None }
}

fn place(count: usize, index: usize) -> String {
    match count {
        1 => "/OrderResponse/OrderLine/LineItem".to_owned(),
        _ => format!("/OrderResponse/OrderLine[{}]/LineItem", index + 1),
    }
}

/// The day by which it comes.
fn last_day(period: Period) -> Option<Date> {
    period.to.or(period.from)
}

fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}
