//! What the standards require of a paper.

use super::party;
use crate::billing::paper::{InvoicePaper, PaperParty};

/// A text that says something.
pub fn given(text: &Option<String>) -> Option<&str> {
    text.as_deref().map(str::trim).filter(|text| !text.is_empty())
}

pub fn has_category(paper: &InvoicePaper, category: &str) -> bool {
    paper.taxes.iter().any(|tax| tax.category == category)
}

/// Whether the paper is not subject to VAT: then no VAT number may stand in it (BR-O-02).
pub fn is_outside_vat(paper: &InvoicePaper) -> bool {
    has_category(paper, "O")
}

/// What EN 16931 asks for and the paper does not have. The rules in brackets are those of the standard.
pub fn missing(paper: &InvoicePaper) -> Vec<&'static str> {
    let (seller, buyer) = (&paper.seller, &paper.buyer);
    let seller_vat = party::vat(seller).is_some();
    let seller_tax = seller_vat || party::tax_registration(seller).is_some();
    let buyer_known = party::vat(buyer).is_some() || party::registration(buyer).is_some();
    let has = |category| has_category(paper, category);
    let is_taxable = !is_outside_vat(paper);
    let is_identified = party::registration(seller).is_some() || party::identifications(seller).next().is_some();
    let is_named = ![&paper.number, &seller.legal_name, &buyer.legal_name].iter().any(|text| text.trim().is_empty())
        && paper.lines.iter().all(|line| !line.name.trim().is_empty());
    let is_due = super::is_credit(paper) || paper.due_on.is_some() || given(&paper.payment_terms).is_some();
    let checks = [
        // BR-02, BR-06, BR-07, BR-25
        (is_named, "the number, the names of both parties and of every item"),
        // BR-16, BR-CO-18
        (!paper.lines.is_empty() && !paper.taxes.is_empty(), "a line and its tax category"),
        // BR-CO-26
        (
            is_identified || (seller_vat && is_taxable),
            "an identifier of the seller, such as a VAT number, a GLN or a registration",
        ),
        // BR-S-02, BR-Z-02, BR-E-02, BR-AE-02
        (seller_tax || !is_taxable, "the seller's VAT number or tax registration"),
        // BR-G-02, BR-IC-02
        (seller_vat || !(has("G") || has("K")), "the seller's VAT number"),
        // BR-AE-02
        (buyer_known || !has("AE"), "the buyer's VAT number or registration"),
        // BR-IC-02
        (party::vat(buyer).is_some() || !has("K"), "the buyer's VAT number"),
        // BR-O-11
        (is_taxable || paper.taxes.len() == 1, "a document of its own for what is not subject to VAT"),
        // BR-IC-11
        (paper.delivered_on.is_some() || !has("K"), "the date of delivery"),
        // BR-CO-25
        (is_due || paper.totals.payable <= 0.into(), "a due date or payment terms"),
        // BR-DEC-…
        (paper.currency.decimals() <= 2, "a currency with at most two decimals"),
        // BR-CO-10, PEPPOL-EN16931-R120
        (lines_add_up(paper), "lines whose net amount is not more than quantity times price"),
    ];
    checks.into_iter().filter(|(is_met, _)| !is_met).map(|(_, what)| what).collect()
}

fn lines_add_up(paper: &InvoicePaper) -> bool {
    let least = -super::lines::rounding(paper);
    paper.lines.iter().all(|line| super::lines::allowance(line).is_some_and(|(_, allowance)| allowance >= least))
}

/// Whether the paper has what Peppol BIS Billing 3.0 asks for beyond EN 16931.
pub fn meets_peppol(paper: &InvoicePaper) -> bool {
    let has_address = |party| party::endpoint(party).is_some_and(|(scheme, _)| scheme != "EM");
    let has_reference = given(&paper.buyer_reference).is_some() || given(&paper.order_number).is_some();
    has_address(&paper.seller) && has_address(&paper.buyer) && has_reference && meets_national_rules(paper)
}

/// Peppol's rules for sellers of some countries. Denmark, Greece and Iceland want numbers that the platform does not keep.
fn meets_national_rules(paper: &InvoicePaper) -> bool {
    let (seller, buyer) = (&paper.seller, &paper.buyer);
    match seller.country.code() {
        "DK" | "GR" | "IS" => false,
        "IT" => has_full_address(seller),
        "NL" => {
            let buyer_is_dutch = buyer.country == seller.country;
            let is_dutch = |party: &PaperParty| {
                party::registration(party).is_none_or(|(code, _)| matches!(code, Some("0106" | "0190")))
            };
            has_full_address(seller)
                && paper.bank.is_some()
                && is_dutch(seller)
                && (!buyer_is_dutch || (has_full_address(buyer) && is_dutch(buyer)))
        }
        "NO" => party::vat(seller).is_none_or(|vat| vat.starts_with("NO") && vat.ends_with("MVA")),
        _ => true,
    }
}

fn has_full_address(party: &PaperParty) -> bool {
    let has_street = party.address_lines.iter().any(|line| !line.trim().is_empty());
    has_street && !party.city.trim().is_empty() && given(&party.postal_code).is_some()
}
