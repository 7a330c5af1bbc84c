//! The electronic form of an invoice or credit note: UBL 2.1 after EN 16931 and, where the paper allows, Peppol BIS Billing 3.0.
//!
//! What the paper does not say is treated so:
//! - Peppol needs an electronic address of both parties under one of its schemes (see `party::endpoint`), the buyer's reference
//!   or order number, and for some countries more (`rules::meets_peppol`). Without these the document conforms to the core
//!   of EN 16931 and says so in its `CustomizationID`.
//! - EN 16931 itself needs what `rules::missing` lists. Without it there is no document, but [`UblError::Incomplete`].
//! - A Russian INN serves as tax registration (BT-32); a KPP is told as additional legal information (BT-33).
//! - A reason for not charging tax is taken from the paper, otherwise it is the standard one, with its VATEX code.
//! - An intra-community supply (K) goes to the buyer's country.
//! - A credit note without terms names the invoice that it credits as its terms of payment.

mod lines;
pub(crate) mod party;
mod rules;
mod xml;

use super::paper::{InvoicePaper, PaperBank, PaperKind, PaperTax, standard_reason};
use xml::{Written, Xml};

const PEPPOL: &str = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0";
const CORE: &str = "urn:cen.eu:en16931:2017";
const PROFILE: &str = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0";
/// Credit transfer, and SEPA credit transfer (UNTDID 4461).
const TRANSFER: &str = "30";
const SEPA_TRANSFER: &str = "58";

#[derive(Debug, thiserror::Error)]
pub enum UblError {
    /// What EN 16931 requires and the paper does not have, in words for people.
    #[error("EN 16931 also needs: {}", .0.join("; "))]
    Incomplete(Vec<&'static str>),
    #[error("the document cannot be written: {0}")]
    Write(#[from] std::io::Error),
}

/// Writes the paper as an `Invoice` or a `CreditNote`.
pub fn render(paper: &InvoicePaper) -> Result<String, UblError> {
    let missing = rules::missing(paper);
    if !missing.is_empty() {
        return Err(UblError::Incomplete(missing));
    }
    let mut xml = Xml::new(paper.currency)?;
    let root = if is_credit(paper) { "CreditNote" } else { "Invoice" };
    xml.root(root, |xml| document(xml, paper))?;
    Ok(xml.finish())
}

fn is_credit(paper: &InvoicePaper) -> bool {
    paper.kind != PaperKind::Invoice
}

fn document(xml: &mut Xml, paper: &InvoicePaper) -> Written {
    header(xml, paper)?;
    references(xml, paper)?;
    let with_vat = !rules::is_outside_vat(paper);
    xml.node("cac:AccountingSupplierParty", |xml| party::seller(xml, paper, with_vat))?;
    xml.node("cac:AccountingCustomerParty", |xml| party::buyer(xml, paper, with_vat))?;
    delivery(xml, paper)?;
    payment(xml, paper)?;
    taxes(xml, paper)?;
    totals(xml, paper)?;
    paper.lines.iter().try_for_each(|line| lines::line(xml, paper, line))
}

fn header(xml: &mut Xml, paper: &InvoicePaper) -> Written {
    if rules::meets_peppol(paper) {
        xml.leaf("cbc:CustomizationID", PEPPOL)?;
        xml.leaf("cbc:ProfileID", PROFILE)?;
    } else {
        xml.leaf("cbc:CustomizationID", CORE)?;
    }
    xml.leaf("cbc:ID", &paper.number)?;
    xml.date("cbc:IssueDate", Some(paper.issued_on))?;
    if is_credit(paper) {
        xml.leaf("cbc:CreditNoteTypeCode", "381")?;
    } else {
        xml.date("cbc:DueDate", paper.due_on)?;
        xml.leaf("cbc:InvoiceTypeCode", "380")?;
    }
    xml.leaf("cbc:DocumentCurrencyCode", paper.currency.code())?;
    xml.given("cbc:BuyerReference", &paper.buyer_reference)
}

fn references(xml: &mut Xml, paper: &InvoicePaper) -> Written {
    xml.reference("cac:OrderReference", &paper.order_number)?;
    if let PaperKind::CreditNote { invoice_number, invoice_issued_on } = &paper.kind {
        xml.node("cac:BillingReference", |xml| {
            xml.node("cac:InvoiceDocumentReference", |xml| {
                xml.leaf("cbc:ID", invoice_number)?;
                xml.date("cbc:IssueDate", *invoice_issued_on)
            })
        })?;
    }
    xml.reference("cac:ContractDocumentReference", &paper.contract_number)
}

fn delivery(xml: &mut Xml, paper: &InvoicePaper) -> Written {
    let crosses_the_union = rules::has_category(paper, "K");
    if paper.delivered_on.is_none() && !crosses_the_union {
        return Ok(());
    }
    xml.node("cac:Delivery", |xml| {
        xml.date("cbc:ActualDeliveryDate", paper.delivered_on)?;
        if !crosses_the_union {
            return Ok(());
        }
        let country = paper.buyer.country;
        xml.node("cac:DeliveryLocation", |xml| xml.node("cac:Address", |xml| party::country(xml, country)))
    })
}

fn payment(xml: &mut Xml, paper: &InvoicePaper) -> Written {
    if let Some(bank) = &paper.bank {
        xml.node("cac:PaymentMeans", |xml| payment_means(xml, paper, bank))?;
    }
    let credited = match &paper.kind {
        PaperKind::CreditNote { invoice_number, .. } => Some(format!("Credit for invoice {invoice_number}")),
        PaperKind::Invoice => None,
    };
    let Some(terms) = rules::given(&paper.payment_terms).map(str::to_owned).or(credited) else { return Ok(()) };
    xml.node("cac:PaymentTerms", |xml| xml.leaf("cbc:Note", &terms))
}

fn payment_means(xml: &mut Xml, paper: &InvoicePaper, bank: &PaperBank) -> Written {
    let is_sepa = bank.is_iban() && paper.currency.code() == "EUR";
    xml.leaf("cbc:PaymentMeansCode", if is_sepa { SEPA_TRANSFER } else { TRANSFER })?;
    if is_credit(paper) {
        xml.date("cbc:PaymentDueDate", paper.due_on)?;
    }
    xml.leaf("cbc:PaymentID", &paper.number)?;
    xml.node("cac:PayeeFinancialAccount", |xml| {
        let account: String = bank.account.chars().filter(|c| !c.is_whitespace()).collect();
        xml.leaf("cbc:ID", &account)?;
        xml.leaf("cbc:Name", &bank.holder)?;
        xml.reference("cac:FinancialInstitutionBranch", &bank.bank_code)
    })
}

fn taxes(xml: &mut Xml, paper: &InvoicePaper) -> Written {
    xml.node("cac:TaxTotal", |xml| {
        xml.amount("cbc:TaxAmount", paper.totals.tax)?;
        paper.taxes.iter().try_for_each(|tax| {
            xml.node("cac:TaxSubtotal", |xml| {
                xml.amount("cbc:TaxableAmount", tax.base)?;
                xml.amount("cbc:TaxAmount", tax.tax)?;
                xml.node("cac:TaxCategory", |xml| tax_category(xml, paper, tax))
            })
        })
    })
}

fn tax_category(xml: &mut Xml, paper: &InvoicePaper, tax: &PaperTax) -> Written {
    lines::category(xml, &tax.category, tax.rate)?;
    if let Some(standard) = standard_reason(&tax.category, paper.language) {
        if let Some(code) = vatex(&tax.category) {
            xml.leaf("cbc:TaxExemptionReasonCode", code)?;
        }
        xml.leaf("cbc:TaxExemptionReason", rules::given(&tax.exemption_reason).unwrap_or(standard))?;
    }
    lines::scheme(xml, "VAT")
}

/// The code of the reason in the list VATEX, where the category has just one.
fn vatex(category: &str) -> Option<&'static str> {
    match category {
        "AE" => Some("VATEX-EU-AE"),
        "K" => Some("VATEX-EU-IC"),
        "G" => Some("VATEX-EU-G"),
        "O" => Some("VATEX-EU-O"),
        _ => None,
    }
}

fn totals(xml: &mut Xml, paper: &InvoicePaper) -> Written {
    let totals = &paper.totals;
    xml.node("cac:LegalMonetaryTotal", |xml| {
        xml.amount("cbc:LineExtensionAmount", totals.net)?;
        xml.amount("cbc:TaxExclusiveAmount", totals.net)?;
        xml.amount("cbc:TaxInclusiveAmount", totals.gross)?;
        if !totals.paid.is_zero() {
            xml.amount("cbc:PrepaidAmount", totals.paid)?;
        }
        xml.amount("cbc:PayableAmount", totals.payable)
    })
}

#[cfg(test)]
mod tests;
