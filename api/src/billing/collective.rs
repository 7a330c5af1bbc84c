//! One invoice over several contracts of a buyer: on demand, and as a month ends where the seller has chosen so.

use std::collections::BTreeMap;

use domain::billing::commission::{billed_at, month_of};
use domain::kernel::{Kind, OrganisationId, Refusal};
use infra::Failure;
use infra::billing::collective::{self, CollectiveRow};
use infra::billing::invoice::Invoice;
use infra::contract::store::{self, Contract};
use infra::db::Connection;
use infra::db::page::{List, Page};
use infra::party::{bank_account, organisation};
use infra::timer;
use serde_json::json;
use uuid::Uuid;

use super::collective_dto::{CollectiveData, CollectiveDto, CollectiveInvoiceData, CollectiveInvoices};
use super::dto::InvoiceSummary;
use super::rights;
use super::usecase::{drafted, keep};
use crate::command::{Command, Subject};
use crate::http::answer::Answer;
use crate::http::principal::Principal;

/// The timer that makes the invoices of a month.
pub const MONTH_END: &str = "invoice.collective";

/// Invoices all that a buyer has received and that no invoice holds.
pub async fn create(
    tx: &mut Connection,
    command: &Command,
    data: &CollectiveInvoiceData,
) -> Result<Answer<CollectiveInvoices>, Failure> {
    let seller = command.by.require(rights::INVOICE)?;
    let buyer = known(tx, data.buyer_id, "/buyer_id").await?;
    let made = bill(tx, command, (seller, buyer), data.issue).await?;
    if made.is_empty() {
        return Err(Refusal::new(Kind::NothingToInvoice, "All that was delivered has been invoiced.").into());
    }
    let invoices: Vec<InvoiceSummary> = made.iter().map(|one| InvoiceSummary::from(&one.row)).collect();
    Ok(Answer::created(format!("/v1/invoices/{}", made[0].row.id), CollectiveInvoices { invoices }))
}

/// From now on the buyer is invoiced as each month ends.
pub async fn set(
    tx: &mut Connection,
    command: &Command,
    data: &CollectiveData,
) -> Result<Answer<CollectiveDto>, Failure> {
    let seller = command.by.require(rights::INVOICE)?;
    let buyer = known(tx, data.buyer_id, "/buyer_id").await?;
    if seller == buyer {
        return Err(Refusal::fault("/buyer_id", "same_party", "A company does not invoice itself.").into());
    }
    let new = CollectiveRow { id: command.id(), seller_id: seller.0, buyer_id: buyer.0, created_at: command.at };
    let kept = collective::set(tx, &new).await?;
    if kept.id == new.id {
        timer::set(tx, MONTH_END, kept.id, billed_at(month_of(command.at))).await?;
        tell(command, "invoicing.collected", &kept);
    }
    Ok(Answer::created("/v1/collective-invoicing".to_owned(), CollectiveDto::from(&kept)))
}

/// The buyer is invoiced by hand again.
pub async fn clear(tx: &mut Connection, command: &Command, buyer: OrganisationId) -> Result<Answer<()>, Failure> {
    let seller = command.by.require(rights::INVOICE)?;
    let gone = collective::clear(tx, seller, buyer).await?;
    let id = gone.ok_or_else(|| Refusal::not_found("collective invoicing"))?;
    timer::clear(tx, MONTH_END, id).await?;
    tell(
        command,
        "invoicing.single",
        &CollectiveRow { id, seller_id: seller.0, buyer_id: buyer.0, created_at: command.at },
    );
    Ok(Answer::no_content())
}

pub async fn list(connection: &mut Connection, by: &Principal, page: &Page) -> Result<List<CollectiveDto>, Failure> {
    let seller = by.require(rights::READ)?;
    Ok(collective::list(connection, seller, page).await?.map(|row| CollectiveDto::from(&row)))
}

/// The month is over: issues what there is to invoice, and waits for the end of the next one.
pub async fn month_end(tx: &mut Connection, command: &Command, id: Uuid) -> Result<(), Failure> {
    let Some(kept) = collective::find_any(tx, id).await? else { return Ok(()) };
    bill(tx, command, (OrganisationId(kept.seller_id), OrganisationId(kept.buyer_id)), true).await?;
    timer::set(tx, MONTH_END, id, billed_at(month_of(command.at))).await
}

/// One invoice for each currency and term of payment, over all contracts with something to invoice. Where the seller has no account in
/// the currency it stays a draft.
async fn bill(
    tx: &mut Connection,
    command: &Command,
    (seller, buyer): (OrganisationId, OrganisationId),
    issue: bool,
) -> Result<Vec<Invoice>, Failure> {
    let mut groups: BTreeMap<(String, i32), Vec<Contract>> = BTreeMap::new();
    // Held in the order of their ids, so that two never wait for each other in a circle.
    for id in collective::billable(tx, seller, buyer).await? {
        if let Some(held) = store::lock(tx, seller, id.into()).await? {
            groups.entry((held.row.currency.clone(), held.row.payment_days)).or_default().push(held);
        }
    }
    let mut made = Vec::new();
    for ((currency, _), mut held) in groups {
        let invoice = match drafted(command, &mut held, None) {
            Err(Failure::Refused(refusal)) if refusal.kind == Kind::NothingToInvoice => continue,
            other => other?,
        };
        let account = match issue {
            true => bank_account::for_invoice(tx, seller, None, &currency).await?,
            false => None,
        };
        made.push(keep(tx, command, invoice, (&held, None), account.as_ref()).await?);
    }
    Ok(made)
}

async fn known(connection: &mut Connection, id: Uuid, pointer: &str) -> Result<OrganisationId, Failure> {
    if organisation::known(connection, &[id]).await?.is_empty() {
        return Err(Refusal::fault(pointer, "unknown_organisation", "There is no such organisation.").into());
    }
    Ok(OrganisationId(id))
}

/// An event for both sides.
fn tell(command: &Command, kind: &'static str, row: &CollectiveRow) {
    let subject = Subject { kind: "collective_invoicing", id: row.id, version: 1 };
    let data = json!({"seller_id": row.seller_id, "buyer_id": row.buyer_id});
    command.event(kind, subject, None, &[row.seller_id, row.buyer_id], data);
}
