//! What is done with framework agreements: reading them, and calling orders off.

use domain::contract::ContractState;
use domain::kernel::{CallOffId, Date, Faults, FrameworkId, OrganisationId, QuoteId, Refusal, RfqId, Timestamp};
use domain::sourcing::{CallOffLine, Used};
use infra::Failure;
use infra::db::Connection;
use infra::db::page::{List, Page};
use infra::sourcing::framework::{self, CallOffRow, FrameworkRow};
use infra::sourcing::{revision, rfq, version};
use serde_json::json;
use uuid::Uuid;

use super::dto::{CallOffData, CallOffDto, FrameworkDto};
use crate::app::App;
use crate::command::{Command, Subject};
use crate::http::answer::Answer;
use crate::http::principal::Principal;
use crate::secret::SecretKey;
use crate::sourcing::award::contract::{self, CallOff, Deal};
use crate::sourcing::quote::sealing;
use crate::sourcing::rights;

fn unknown() -> Refusal {
    Refusal::not_found("framework agreement")
}

/// The agreements of the caller's company on either side, newest first.
pub async fn list(
    connection: &mut Connection,
    app: &App,
    by: &Principal,
    page: &Page,
) -> Result<List<FrameworkDto>, Failure> {
    let own = by.require(rights::READ)?;
    let day = app.clock.now().date_naive();
    let found = framework::list(connection, own, page).await?;
    let ids: Vec<Uuid> = found.items.iter().map(|row| row.id).collect();
    let used = framework::used(connection, &ids).await?;
    let of = |row: &FrameworkRow| {
        let used = used.iter().find(|(id, _)| *id == row.id).map(|(_, used)| used.clone()).unwrap_or_default();
        FrameworkDto::of(row, &used, day)
    };
    let items = found.items.iter().map(of).collect::<Result<_, _>>()?;
    Ok(List { items, next: found.next })
}

/// One of them, with what is left of it.
pub async fn find(
    connection: &mut Connection,
    by: &Principal,
    id: FrameworkId,
    at: Timestamp,
) -> Result<FrameworkDto, Failure> {
    let row = known(connection, by, id).await?;
    let used = used(connection, row.id).await?;
    FrameworkDto::of(&row, &used, at.date_naive())
}

/// What was called off from one of them, newest first.
pub async fn call_offs(
    connection: &mut Connection,
    by: &Principal,
    id: FrameworkId,
    page: &Page,
) -> Result<List<CallOffDto>, Failure> {
    let row = known(connection, by, id).await?;
    let is_buyer = by.organisation_id() == Some(row.buyer_id);
    let found = framework::call_offs(connection, id, page).await?;
    let of = |(row, state): &(CallOffRow, String)| CallOffDto::of(row, state, is_buyer);
    let items = found.items.iter().map(of).collect::<Result<_, _>>()?;
    Ok(List { items, next: found.next })
}

async fn known(connection: &mut Connection, by: &Principal, id: FrameworkId) -> Result<FrameworkRow, Failure> {
    let own = by.member()?.id;
    let row = framework::find(connection, own, id).await?.ok_or_else(unknown)?;
    by.require(rights::READ)?;
    Ok(row)
}

async fn used(connection: &mut Connection, of: Uuid) -> Result<Used, Failure> {
    let found = framework::used(connection, &[of]).await?;
    Ok(found.into_iter().next().map(|(_, used)| used).unwrap_or_default())
}

/// The buyer orders from an agreement: a contract at the agreed prices.
pub async fn call_off(
    tx: &mut Connection,
    command: &Command,
    key: &SecretKey,
    id: FrameworkId,
    data: &CallOffData,
) -> Result<Answer<CallOffDto>, Failure> {
    let own = command.by.member()?.id;
    let row = framework::lock(tx, own, id).await?.ok_or_else(unknown)?;
    command.by.require(rights::BUY)?;
    if row.buyer_id != own.0 {
        return Err(Refusal::forbidden("The buyer calls off from a framework agreement.").into());
    }
    let used = used(tx, row.id).await?;
    let lines = check(&row, &used, data, command.at.date_naive())?;
    let new = CallOffId(command.id());
    let contract = make(tx, command, key, (&row, new), data, &lines).await?;
    let kept = CallOffRow {
        id: new.0,
        framework_id: row.id,
        lines: serde_json::to_value(&lines).map_err(Failure::broken)?,
        contract_id: contract,
        person_id: command.by.person().ok().map(|person| person.0),
        at: command.at,
    };
    framework::insert_call_off(tx, &kept).await?;
    let told = json!({"call_off_id": new, "contract_id": contract, "rfq_id": row.rfq_id});
    let subject = Subject { kind: "framework_agreement", id: row.id, version: 1 };
    command.event("framework_agreement.called_off", subject, Some(row.portal_id), &[row.buyer_id, row.seller_id], told);
    let dto = CallOffDto::of(&kept, ContractState::AwaitingSignatures.code(), true)?;
    Ok(Answer::created(format!("/v1/framework-agreements/{id}/call-offs"), dto))
}

/// What is called off, or all faults at once.
fn check(row: &FrameworkRow, used: &Used, data: &CallOffData, day: Date) -> Result<Vec<CallOffLine>, Failure> {
    let mut faults = Faults::default();
    if data.delivery_date.is_some_and(|date| date < day) {
        faults.add("/delivery_date", "in_past", "The day lies in the future.");
    }
    match row.content()?.call_off(used, &data.inputs(), day) {
        Ok(lines) => faults.result().map(|()| lines).map_err(Into::into),
        Err(mut refusal) => {
            refusal.faults.extend(faults.0);
            Err(refusal.into())
        }
    }
}

/// The contract: on the words of the version that was quoted, and of the quote.
async fn make(
    tx: &mut Connection,
    command: &Command,
    key: &SecretKey,
    (row, new): (&FrameworkRow, CallOffId),
    data: &CallOffData,
    lines: &[CallOffLine],
) -> Result<Uuid, Failure> {
    let missing = || Failure::broken("a framework agreement without its request or quote");
    let request = rfq::of_id(tx, RfqId(row.rfq_id)).await?.ok_or_else(missing)?;
    let terms = version::find(tx, RfqId(row.rfq_id), row.terms_version).await?.ok_or_else(missing)?.terms()?;
    let revision = revision::find(tx, QuoteId(row.quote_id), row.revision).await?.ok_or_else(missing)?;
    let quote = sealing::open(key, &revision)?.quote;
    let deal = Deal::load(tx, &request, &terms, &quote).await?;
    let said = CallOff {
        id: new.0,
        framework: row.id,
        seller: OrganisationId(row.seller_id),
        delivery_date: data.delivery_date,
        buyer_reference: data.buyer_reference.as_deref(),
    };
    contract::of_call_off(tx, command, &deal, &said, lines).await
}
