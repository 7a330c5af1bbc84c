//! A UBL order of the caller's company: taken, or answered with a response that says what is wrong with which line.

use domain::kernel::{Faults, OrderId, Refusal, Timestamp};
use infra::Failure;
use infra::db::Connection;

use super::answer_out;
use super::intake::{self, Wish};
use super::parties::{self, written};
use super::places::{Places, is_of_lines, line_of};
use crate::app::App;
use crate::clock::new_id;
use crate::command::Command;
use crate::http::answer::{Answer, Status};
use crate::http::problem::Problem;
use crate::integration::ubl::Order;
use crate::integration::ubl::input::{self, OrderInput};
use crate::integration::ubl::order_response::{self, Answer as Said, LineAnswer, OrderResponse, ResponseLine};

const SELLER: &str = "/Order/SellerSupplierParty/Party";
const BUYER: &str = "/Order/BuyerCustomerParty/Party";
const PARTS: &[(&str, &str)] = &[
    ("/buyer_reference", "/Order/ID"),
    ("/currency", "/Order/DocumentCurrencyCode"),
    ("/note", "/Order/Note"),
    ("/delivery_address", "/Order/Delivery"),
    ("/requested_date", "/Order/Delivery"),
    ("/incoterm", "/Order/DeliveryTerms"),
    ("/lines", "/Order/OrderLine"),
];

/// Orders what the document asks for and answers with the response to it. The same number with the same content is answered as the order
/// stands by now.
pub async fn take(
    tx: &mut Connection,
    app: &App,
    command: &Command,
    portal: &str,
    order: &Order,
) -> Result<Answer<String>, Failure> {
    let own = command.by.member()?.id;
    let mut faults = Faults::default();
    parties::check_is(tx, own, &order.buyer, BUYER, &mut faults).await?;
    let seller = parties::find(tx, &order.seller, SELLER, &mut faults).await?;
    let input = match input::order(order) {
        Ok(input) => Some(input),
        Err(refusal) => {
            faults.0.extend(refusal.faults);
            None
        }
    };
    let (seller, input) = parties::result(faults, seller.zip(input))?;
    let taken = intake::take(tx, app, command, &Wish { portal, seller: Some(seller), input: &input }).await?;
    let id = taken.orders.first().copied().ok_or_else(|| Failure::broken("an order was taken that is none"))?;
    let response = answer_out::of_order(tx, &command.by, OrderId(id), command.at).await?;
    let status = if taken.is_new { Status::CREATED } else { Status::OK };
    Ok(Answer { status, location: Some(format!("/v1/orders/{id}")), version: None, body: Some(response) })
}

/// What is answered to a refused order: a response that says no where it is for single lines, and a problem with the places of the document
/// otherwise.
pub fn refused(order: &Order, problem: Problem, at: Timestamp) -> Result<String, Problem> {
    let input = input::order(order).ok();
    if !is_of_lines(&problem.refusal) || input.is_none() {
        let places = Places { lines: input.iter().flat_map(lines).collect(), parts: PARTS };
        return Err(Problem { refusal: places.relocate(problem.refusal), ..problem });
    }
    let refusal = problem.refusal;
    // Who sends documents by the thousand does not read each answer: it stands in the log, too.
    tracing::info!(order = %order.id, reasons = %refusal.summary(), "an order as a document was refused");
    Ok(written(order_response::write(&rejecting(order, &refusal, at)))?)
}

fn lines(input: &OrderInput) -> impl Iterator<Item = String> {
    input.lines.iter().map(|line| line.pointer.clone())
}

/// The response that refuses the order: each line that is to blame, with its reasons.
fn rejecting(order: &Order, refusal: &Refusal, at: Timestamp) -> OrderResponse {
    let line = |(index, line): (usize, &crate::integration::ubl::OrderLine)| {
        let own = refusal.faults.iter().filter(|fault| line_of(&fault.pointer) == Some(index));
        let reasons: Vec<String> = own.map(|fault| format!("{}: {}", fault.code, fault.detail)).collect();
        let is_refused = !reasons.is_empty();
        is_refused.then(|| ResponseLine {
            id: line.id.clone(),
            order_line: line.id.clone(),
            answer: LineAnswer::Rejected,
            note: Some(reasons.join("\n")),
            quantity: None,
            backorder: None,
            promised: None,
            price: None,
            item: Some(line.item.clone()),
            substitute: None,
        })
    };
    OrderResponse {
        id: new_id(at).to_string(),
        issued_on: at.date_naive(),
        answer: Said::Rejected,
        note: Some("Nothing was ordered. Each line that is to blame is named with its reason.".to_owned()),
        currency: Some(order.currency),
        customer_reference: order.customer_reference.clone(),
        order_id: order.id.clone(),
        seller: order.seller.clone(),
        buyer: order.buyer.clone(),
        promised: None,
        lines: order.lines.iter().enumerate().filter_map(line).collect(),
    }
}

#[cfg(test)]
mod tests {
    use domain::kernel::Kind;
    use domain::kernel::refusal::Fault;

    use super::*;
    use crate::integration::ubl::order_read;
    use crate::integration::xml::Limits;

    fn order() -> Order {
        let line = |id: u8, sku: &str| {
            format!(
                "<cac:OrderLine><cac:LineItem><cbc:ID>{id}</cbc:ID><cbc:Quantity unitCode=\"C62\">1</cbc:Quantity>\
                 <cac:Item><cac:SellersItemIdentification><cbc:ID>{sku}</cbc:ID></cac:SellersItemIdentification></cac:Item>\
                 </cac:LineItem></cac:OrderLine>"
            )
        };
        let party = |role: &str| {
            format!(
                "<cac:{role}><cac:Party><cac:PartyName><cbc:Name>x</cbc:Name></cac:PartyName></cac:Party></cac:{role}>"
            )
        };
        let text = format!(
            "<Order xmlns=\"urn:oasis:names:specification:ubl:schema:xsd:Order-2\" \
             xmlns:cac=\"urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2\" \
             xmlns:cbc=\"urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2\"><cbc:ID>PO 1</cbc:ID>\
             <cbc:IssueDate>2026-03-05</cbc:IssueDate><cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>{}{}{}{}</Order>",
            party("BuyerCustomerParty"),
            party("SellerSupplierParty"),
            line(10, "A"),
            line(20, "B"),
        );
        order_read::read(text.as_bytes(), &Limits::default()).unwrap()
    }

    fn problem(pointers: &[&str]) -> Problem {
        let fault = |pointer: &&str| Fault {
            pointer: (*pointer).to_owned(),
            code: "not_offered",
            detail: "B is not offered.".to_owned(),
        };
        Refusal { kind: Kind::NotOffered, ..Refusal::invalid(pointers.iter().map(fault).collect()) }.into()
    }

    #[test]
    fn lines_are_refused_by_a_document_and_the_rest_by_a_problem() {
        let at = Timestamp::from_timestamp(1_772_000_000, 0).unwrap();
        let text = refused(&order(), problem(&["/lines/1/sku"]), at).unwrap();
        let read = order_response::read(text.as_bytes(), &Limits::default()).unwrap();
        assert_eq!((read.answer, read.order_id.as_str(), read.lines.len()), (Said::Rejected, "PO 1", 1));
        assert_eq!((read.lines[0].order_line.as_str(), read.lines[0].answer), ("20", LineAnswer::Rejected));
        assert_eq!(read.lines[0].note.as_deref(), Some("not_offered: B is not offered."));

        let told = refused(&order(), problem(&["/lines/1/sku", "/note"]), at).unwrap_err();
        let pointers: Vec<&str> = told.refusal.faults.iter().map(|fault| fault.pointer.as_str()).collect();
        assert_eq!(pointers, ["/Order/OrderLine[2]/LineItem", "/Order/Note"]);
    }
}
