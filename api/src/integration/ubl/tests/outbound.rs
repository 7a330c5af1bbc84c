//! What is written: it is read again as it was, and it follows the schemas of UBL (checked by [`documents_to_validate`]).

use super::inbound;
use super::sample::*;
use crate::integration::ubl::party::Party;
use crate::integration::ubl::{
    despatch_advice, order_read, order_response, order_write, quotation, request_for_quotation,
};
use crate::integration::xml::{Doctype, Limits, parse};

fn documents() -> Vec<(&'static str, String)> {
    let unclear = order_response::OrderResponse { lines: Vec::new(), currency: None, promised: None, ..response() };
    let mut plain = advice();
    (plain.shipment, plain.buyer, plain.seller) = (Default::default(), None, None);
    vec![
        ("order", order_write::write(&order()).unwrap()),
        ("bare_order", order_write::write(&bare_order()).unwrap()),
        ("order_response", order_response::write(&response()).unwrap()),
        ("order_response_bare", order_response::write(&unclear).unwrap()),
        ("despatch_advice", despatch_advice::write(&advice()).unwrap()),
        ("despatch_advice_bare", despatch_advice::write(&plain).unwrap()),
        ("request", request_for_quotation::write(&request(Some(seller()))).unwrap()),
        ("request_to_all", request_for_quotation::write(&request(None)).unwrap()),
        ("quotation", quotation::write(&quotation()).unwrap()),
    ]
}

#[test]
fn an_order_is_read_as_it_was_written() {
    for order in [order(), bare_order()] {
        let text = order_write::write(&order).unwrap();
        assert_eq!(order_read::read(text.as_bytes(), &Limits::default()).unwrap(), order);
    }
}

#[test]
fn an_answer_is_read_as_it_was_written() {
    let text = order_response::write(&response()).unwrap();
    assert_eq!(order_response::read(text.as_bytes(), &Limits::default()).unwrap(), response());
}

#[test]
fn every_document_is_well_formed_and_has_no_empty_texts() {
    for (name, text) in documents() {
        assert!(parse(text.as_bytes(), &Limits::default(), Doctype::Refused).is_ok(), "{name}");
        assert!(!text.contains("></"), "{name}");
    }
}

#[test]
fn peppol_is_named_where_both_parties_can_be_reached() {
    let mark = "urn:fdc:peppol.eu:poacc:trns:order:3";
    assert!(order_write::write(&order()).unwrap().contains(mark));
    let mut by_mail = order();
    by_mail.seller = Party { endpoint: Some(id("EM", "sales@example.org")), ..seller() };
    assert!(!order_write::write(&by_mail).unwrap().contains("CustomizationID"));
    assert!(despatch_advice::write(&advice()).unwrap().contains("urn:fdc:peppol.eu:poacc:bis:despatch_advice:3"));
}

#[test]
fn texts_are_escaped_and_prices_keep_their_decimals() {
    let mut hostile = order();
    hostile.note = some("</cbc:Note><cbc:ID>1</cbc:ID> & \u{0} \"x\"");
    let text = order_write::write(&hostile).unwrap();
    let read = order_read::read(text.as_bytes(), &Limits::default()).unwrap();
    assert_eq!(read.note.as_deref(), Some("</cbc:Note><cbc:ID>1</cbc:ID> & \u{fffd} \"x\""));
    assert!(text.contains(">64.0436</cbc:PriceAmount>") && text.contains(">8000.50</cbc:LineExtensionAmount>"));
}

/// Writes the documents for a validator: see `scripts/validate-ubl`.
#[test]
#[ignore = "writes files for scripts/validate-ubl"]
#[allow(clippy::disallowed_methods)]
fn documents_to_validate() {
    let folder = std::path::PathBuf::from(std::env::var("UBL_DIR").unwrap());
    let samples = [
        ("sample_order", inbound::order_text(&inbound::order_line("1", ""))),
        ("sample_catalogue", inbound::catalogue_text(inbound::CATALOGUE_LINE)),
    ];
    for (name, text) in documents().into_iter().chain(samples) {
        std::fs::write(folder.join(format!("{name}.xml")), text).unwrap();
    }
}
