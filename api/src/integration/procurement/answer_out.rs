//! What became of an order, as its buyer takes it into a system of its own: a UBL order response.

use domain::kernel::{Currency, Date, OrderId, OrganisationId, Refusal, Timestamp, Unit};
use domain::ordering::OrderState;
use infra::Failure;
use infra::contract::store;
use infra::db::Connection;
use infra::ordering::confirmation::{self, ProposedConfirmation};
use infra::ordering::order::{self, LineRow, Order as Kept};
use rust_decimal::Decimal;

use super::order_out::{item, line_names, name, parties, seen};
use super::parties::written;
use crate::http::principal::Principal;
use crate::integration::ubl::Measure;
use crate::integration::ubl::delivery::Period;
use crate::integration::ubl::order_response::{self, Answer, LineAnswer, OrderResponse, ResponseLine};
use crate::integration::ubl::price::Price;
use crate::ordering::dto::number;
use crate::ordering::usecase::unknown;

/// What became of an order that the caller sees, as a document; and its file name.
pub async fn document(
    connection: &mut Connection,
    by: &Principal,
    id: OrderId,
    at: Timestamp,
) -> Result<(String, String), Failure> {
    let kept = seen(connection, by, id, at).await?;
    let response = response(connection, &kept).await?;
    Ok((format!("{}-response.xml", number(kept.row.number)), written(order_response::write(&response))?))
}

/// What became of an order that the caller's company has just sent.
pub async fn of_order(
    connection: &mut Connection,
    by: &Principal,
    id: OrderId,
    at: Timestamp,
) -> Result<String, Failure> {
    let own = by.member()?.id;
    let kept = order::find(connection, own, id).await?.ok_or_else(unknown)?;
    crate::ordering::sight::check(connection, by, at, &kept).await?;
    written(order_response::write(&response(connection, &kept).await?))
}

async fn response(connection: &mut Connection, kept: &Kept) -> Result<OrderResponse, Failure> {
    let row = &kept.row;
    let state = OrderState::parse(&row.state)?;
    let (buyer, seller) = parties(connection, kept).await?;
    let told = match state {
        OrderState::Draft | OrderState::Split => {
            return Err(Refusal::wrong_state("order", state.code(), "answered").into());
        }
        OrderState::AwaitingApproval => {
            Told::only(Answer::Received, "It waits for the approval of the buyer's company.")
        }
        OrderState::Placed => Told { answer: Answer::Received, note: None, promised: None, lines: Vec::new() },
        OrderState::ConfirmationProposed | OrderState::ConfirmationInApproval => proposed(connection, kept).await?,
        OrderState::Confirmed | OrderState::PartlyConfirmed => confirmed(connection, kept).await?,
        OrderState::Declined => Told::refused(row.reason.clone(), "The seller has declined it."),
        OrderState::Cancelled => Told::refused(row.reason.clone(), "The buyer has taken it back."),
        OrderState::Expired => Told::refused(row.reason.clone(), "The seller did not answer in time."),
    };
    Ok(OrderResponse {
        id: format!("{}-{}", number(row.number), row.version),
        issued_on: row.decided_at.or(row.placed_at).unwrap_or(row.created_at).date_naive(),
        answer: told.answer,
        note: told.note,
        currency: Some(Currency::parse(&row.currency)?),
        customer_reference: Some(number(row.number)),
        order_id: name(kept),
        seller,
        buyer,
        promised: told.promised.map(Period::on),
        lines: told.lines,
    })
}

/// What is told of an order.
struct Told {
    answer: Answer,
    note: Option<String>,
    promised: Option<Date>,
    lines: Vec<ResponseLine>,
}

impl Told {
    fn only(answer: Answer, note: &str) -> Self {
        Self { answer, note: Some(note.to_owned()), promised: None, lines: Vec::new() }
    }

    fn refused(reason: Option<String>, otherwise: &str) -> Self {
        Self::only(Answer::Rejected, reason.as_deref().unwrap_or(otherwise))
    }
}

/// What the seller offers instead, and the buyer has not answered.
async fn proposed(connection: &mut Connection, kept: &Kept) -> Result<Told, Failure> {
    let open = confirmation::open_of(connection, kept.row.id).await?;
    let open: ProposedConfirmation = open.ok_or_else(|| Failure::broken("nothing is proposed"))?;
    let names = line_names(&kept.lines);
    let mut lines = Vec::new();
    for (line, name) in kept.lines.iter().zip(names) {
        let said = open.lines.iter().find(|one| one.order_line_id == line.id);
        let said = said.ok_or_else(|| Failure::broken("a confirmation lacks a line"))?;
        let agreed = Agreed {
            quantity: said.quantity,
            price: said.unit_price,
            discount: said.discount_percent,
            rest: said.backorder,
        };
        lines.push(agreed.line(line, name, &kept.row.currency)?);
    }
    let note =
        Some(open.row.note.unwrap_or_else(|| "The seller waits for the buyer's answer to its changes.".to_owned()));
    Ok(Told { answer: Answer::Changed, note, promised: open.row.delivery_date, lines })
}

/// What binds both.
async fn confirmed(connection: &mut Connection, kept: &Kept) -> Result<Told, Failure> {
    let names = line_names(&kept.lines);
    let mut lines = Vec::new();
    for (line, name) in kept.lines.iter().zip(names) {
        let agreed = Agreed {
            quantity: line.confirmed_quantity.unwrap_or(line.quantity),
            price: line.confirmed_price.unwrap_or(line.unit_price),
            discount: line.discount_percent,
            rest: Decimal::ZERO,
        };
        lines.push(agreed.line(line, name, &kept.row.currency)?);
    }
    let promised = match kept.row.contract_id {
        Some(id) => {
            let buyer = OrganisationId(kept.row.buyer_id);
            store::find(connection, Some(buyer), id.into()).await?.and_then(|contract| contract.row.delivery_date)
        }
        None => None,
    };
    let is_whole = lines.iter().all(|line| line.answer == LineAnswer::Accepted);
    let answer = if is_whole { Answer::Accepted } else { Answer::Changed };
    Ok(Told { answer, note: None, promised, lines })
}

/// What was agreed, or is offered, of a line.
struct Agreed {
    quantity: Decimal,
    price: Decimal,
    /// In percent.
    discount: Decimal,
    /// How much will follow later.
    rest: Decimal,
}

impl Agreed {
    fn line(&self, line: &LineRow, name: String, currency: &str) -> Result<ResponseLine, Failure> {
        let unit = Unit::parse(&line.unit)?;
        let measure = |value: Decimal| Measure { value, unit: Some(unit) };
        let is_same = self.quantity == line.quantity && self.price == line.unit_price && self.discount.is_zero();
        let answer = match (self.quantity.is_zero(), is_same) {
            (true, _) => LineAnswer::Rejected,
            (false, true) => LineAnswer::Accepted,
            (false, false) => LineAnswer::Changed,
        };
        let discount = (!self.discount.is_zero()).then(|| format!("{} % off.", self.discount.normalize()));
        Ok(ResponseLine {
            id: name.clone(),
            order_line: name,
            answer,
            note: discount,
            quantity: Some(measure(self.quantity)),
            backorder: (!self.rest.is_zero()).then(|| measure(self.rest)),
            promised: None,
            price: Some(Price { amount: self.price, currency: Currency::parse(currency)?, base: None }),
            item: Some(item(line, &[])?),
            substitute: None,
        })
    }
}
