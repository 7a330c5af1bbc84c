//! From an invoice as it is kept to the paper that is printed and sent. The paper shows the invoice as it was issued.

use domain::contract::Side;
use domain::kernel::country::Country;
use domain::kernel::language::{Texts, pick};
use domain::kernel::{ContractId, Currency, DocumentId, InvoiceId, Kind, OrganisationId, Refusal, Timestamp, Unit};
use infra::Failure;
use infra::billing::invoice::{self, Invoice, InvoiceLineRow};
use infra::contract::store;
use infra::db::Connection;
use infra::document::{self, VersionRow};
use infra::ordering::order;
use infra::party::bank_account::BankAccountRow;
use infra::party::organisation::{self, Organisation};

use super::paper::{InvoicePaper, PaperBank, PaperKind, PaperLanguage, PaperLine, PaperParty, PaperTax, PaperTotals};
use super::ubl::UblError;
use super::usecase::{account_of, load};
use super::{pdf, ubl};
use crate::contract::dto::number as contract_number;
use crate::http::principal::Principal;
use crate::ordering::dto::number as order_number;

/// How an issued invoice that the caller sees is printed.
pub enum Printed {
    /// It was published: this file.
    Published(VersionRow),
    /// In another language, or not published yet: what is to be rendered.
    Paper(Box<InvoicePaper>),
}

/// The printed form of an issued invoice that the caller sees. Without a language it is the one that was published.
pub async fn printed(
    connection: &mut Connection,
    by: &Principal,
    (id, at): (InvoiceId, Timestamp),
    language: Option<&str>,
) -> Result<Printed, Failure> {
    let found = issued(connection, by, id, at).await?;
    if let (None, Some(published)) = (language, found.row.document_id) {
        let file = document::version(connection, DocumentId(published), None).await?;
        return file.map(Printed::Published).ok_or_else(|| Failure::broken("a published invoice has no file"));
    }
    Ok(Printed::Paper(Box::new(paper(connection, &found, language.map(PaperLanguage::of)).await?)))
}

/// The PDF of a paper. Rendering takes a while of computing, which must not hold up the other requests of this thread.
pub async fn render(paper: InvoicePaper) -> Result<(String, Vec<u8>), Failure> {
    let name = format!("{}.pdf", paper.number);
    let rendered = tokio::task::spawn_blocking(move || pdf::render(&paper).map_err(|error| error.to_string())).await;
    Ok((name, rendered.map_err(Failure::broken)?.map_err(Failure::broken)?))
}

/// The form in which invoices are exchanged: UBL 2.1 as EN 16931 wants it.
pub async fn ubl(
    connection: &mut Connection,
    by: &Principal,
    id: InvoiceId,
    at: Timestamp,
) -> Result<(String, String), Failure> {
    let found = issued(connection, by, id, at).await?;
    let paper = paper(connection, &found, None).await?;
    let xml = ubl::render(&paper).map_err(|error| match error {
        UblError::Incomplete(_) => Refusal::new(Kind::InvoiceIncomplete, format!("{error}.")).into(),
        UblError::Write(_) => Failure::broken(error),
    })?;
    Ok((format!("{}.xml", paper.number), xml))
}

async fn issued(connection: &mut Connection, by: &Principal, id: InvoiceId, at: Timestamp) -> Result<Invoice, Failure> {
    let found = load(connection, by, id, at).await?;
    if found.row.number.is_none() {
        return Err(Refusal::wrong_state("invoice", &found.row.state, "printed").into());
    }
    Ok(found)
}

/// All that stands on an issued invoice. Without a language it is that of the seller's country.
pub async fn paper(
    connection: &mut Connection,
    of: &Invoice,
    language: Option<PaperLanguage>,
) -> Result<InvoicePaper, Failure> {
    let row = &of.row;
    let missing = || Failure::broken("an issued invoice lacks a party, a contract, a number or a date");
    let seller = organisation::find(connection, OrganisationId(row.seller_id)).await?.ok_or_else(missing)?;
    let buyer = organisation::find(connection, OrganisationId(row.buyer_id)).await?.ok_or_else(missing)?;
    let first = of.contracts.first().ok_or_else(missing)?;
    let contract = store::find(connection, None, ContractId(*first)).await?.ok_or_else(missing)?.row;
    let numbers = store::numbers(connection, &of.contracts).await?;
    let numbers: Vec<String> = numbers.into_iter().map(contract_number).collect();
    let reference = match of.contracts.len() {
        1 => order::reference(connection, contract.origin_id).await?,
        _ => None,
    };
    let language = language.unwrap_or_else(|| language_of(&seller));
    let (bank, kind) = (account_of(connection, row).await?, kind(connection, of).await?);
    let days = contract.payment_days;
    let terms = match (&kind, language) {
        (PaperKind::CreditNote { .. }, _) => row.reason.clone(),
        (PaperKind::Invoice, PaperLanguage::En) => Some(format!("{days} days after the date of the invoice.")),
        (PaperKind::Invoice, PaperLanguage::Ru) => Some(format!("В течение {days} дн. с даты счёта.")),
    };
    Ok(InvoicePaper {
        number: row.number.clone().ok_or_else(missing)?,
        issued_on: row.issue_date.ok_or_else(missing)?,
        due_on: row.due_date.filter(|_| kind == PaperKind::Invoice),
        delivered_on: invoice::delivered_at(connection, &of.contracts).await?.map(|at| at.date_naive()),
        kind,
        seller: party(&seller, Side::Seller)?,
        buyer: party(&buyer, Side::Buyer)?,
        bank: bank.map(paper_bank),
        order_number: reference.as_ref().map(|(number, _)| order_number(*number)),
        buyer_reference: reference.and_then(|(_, reference)| reference),
        contract_number: Some(numbers.join(", ")),
        currency: Currency::parse(&row.currency)?,
        lines: of.lines.iter().map(|line| paper_line(line, language)).collect::<Result<_, _>>()?,
        taxes: of.taxes.iter().map(paper_tax).collect(),
        totals: PaperTotals {
            net: row.net,
            tax: row.tax,
            gross: row.gross,
            paid: Default::default(),
            payable: row.gross,
        },
        payment_terms: terms,
        language,
    })
}

fn language_of(seller: &Organisation) -> PaperLanguage {
    if seller.row.country == "RU" { PaperLanguage::Ru } else { PaperLanguage::En }
}

async fn kind(connection: &mut Connection, of: &Invoice) -> Result<PaperKind, Failure> {
    let Some(credited) = of.row.credits_id else { return Ok(PaperKind::Invoice) };
    let seller = OrganisationId(of.row.seller_id);
    let found = invoice::find(connection, seller, InvoiceId(credited)).await?;
    let row = found.ok_or_else(|| Failure::broken("a credit note of no invoice"))?.row;
    Ok(PaperKind::CreditNote { invoice_number: row.number.unwrap_or_default(), invoice_issued_on: row.issue_date })
}

/// A party as documents show it: the seller at its legal address, the buyer at that for its invoices.
pub(crate) fn party(of: &Organisation, side: Side) -> Result<PaperParty, Failure> {
    let wanted = if side == Side::Seller { "legal" } else { "billing" };
    let address = of.addresses.iter().find(|one| one.kind == wanted);
    let address = address.or_else(|| of.addresses.iter().find(|one| one.kind == "legal")).or(of.addresses.first());
    let address = address.ok_or_else(|| Failure::broken("an organisation has no address"))?;
    Ok(PaperParty {
        legal_name: of.row.legal_name.clone(),
        address_lines: address.lines.clone(),
        city: address.city.clone(),
        postal_code: address.postal_code.clone(),
        region: address.region.clone(),
        country: Country::parse(&address.country)?,
        identifiers: of.identifiers.iter().map(|one| (one.scheme.clone(), one.value.clone())).collect(),
        vat_id: None,
        contact_name: None,
        phone: None,
        email: None,
    })
}

fn paper_bank(bank: BankAccountRow) -> PaperBank {
    PaperBank {
        holder: bank.holder,
        account: bank.account_number,
        bank_code: bank.bank_code,
        bank_name: Some(bank.bank_name),
        correspondent_account: None,
    }
}

fn paper_line(line: &InvoiceLineRow, language: PaperLanguage) -> Result<PaperLine, Failure> {
    let names: Texts = serde_json::from_value(line.name.clone()).map_err(Failure::broken)?;
    Ok(PaperLine {
        position: u32::try_from(line.position).map_err(Failure::broken)?,
        sku: line.sku.clone(),
        name: pick(&names, &[language.code().to_owned()]).to_owned(),
        quantity: line.quantity,
        unit: Unit::parse(&line.unit)?,
        unit_price: line.unit_price,
        discount_percent: line.discount_percent,
        net: line.net,
        tax_category: line.tax_category.clone(),
        tax_rate: line.tax_rate,
    })
}

fn paper_tax(row: &invoice::InvoiceTaxRow) -> PaperTax {
    PaperTax {
        category: row.tax_category.clone(),
        rate: row.tax_rate,
        base: row.base,
        tax: row.tax,
        exemption_reason: None,
    }
}
