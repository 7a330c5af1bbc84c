//! Applying, admitting, and declining to quote.

use domain::kernel::{DocumentId, Faults, Kind, OrganisationId, Refusal, RfqId};
use domain::sourcing::{QualificationState, QualificationStep, RfqState};
use infra::Failure;
use infra::db::Connection;
use infra::db::page::{List, Page};
use infra::sourcing::application::{self, ApplicationRow};
use infra::sourcing::document::{self, Audience};
use infra::sourcing::{quote, recipient, rfq};
use serde_json::json;

use super::dto::{ApplicationDto, InvitationDto, RfqApplicationData, RfqApplicationDecision, RfqDeclination};
use crate::command::Command;
use crate::http::answer::Answer;
use crate::http::principal::Principal;
use crate::sourcing::access::{self, Seen};
use crate::sourcing::rfq::publish::recipient_row;
use crate::sourcing::rfq::read::check_reader;
use crate::sourcing::rights;
use crate::sourcing::tell::tell_both;

/// A company applies to quote, or does so again after it was rejected.
pub async fn apply(
    tx: &mut Connection,
    command: &Command,
    id: RfqId,
    data: &RfqApplicationData,
) -> Result<Answer<ApplicationDto>, Failure> {
    let (seen, own) = share_open(tx, command, id, "applied to").await?;
    if !seen.terms.procedure.prequalification {
        let detail = "Nobody is admitted to this request: whoever knows of it may quote.";
        return Err(Refusal::new(Kind::WrongState, detail).into());
    }
    let documents: Vec<DocumentId> = data.documents.iter().copied().map(DocumentId).collect();
    check_documents(tx, own, &documents).await?;
    let known = application::lock(tx, id, own).await?;
    let state = match &known {
        Some(known) => QualificationState::parse(&known.state)?.after(QualificationStep::Reapply)?,
        None => QualificationState::Applied,
    };
    let row = ApplicationRow {
        rfq_id: id.0,
        organisation_id: own.0,
        state: state.code().to_owned(),
        note: data.note.clone(),
        document_ids: data.documents.clone(),
        reason: None,
        applied_at: command.at,
        decided_at: None,
    };
    match known {
        Some(_) => application::update(tx, &row).await?,
        None => application::insert(tx, &row).await?,
    }
    // The holder is the company: one document serves all that it does in the request.
    document::attach(tx, id.0, own.0, &documents, Audience::Buyer).await?;
    let received = seen.row.published_at.unwrap_or(command.at);
    recipient::insert(tx, &[recipient_row(id.0, own.0, "portal", received)]).await?;
    tell(command, "rfq.application_made", &seen, &row);
    Ok(Answer::ok(row.into()))
}

/// The buyer decides about an application.
pub async fn decide(
    tx: &mut Connection,
    command: &Command,
    (id, company): (RfqId, OrganisationId),
    (step, event): (QualificationStep, &'static str),
    data: &RfqApplicationDecision,
) -> Result<Answer<ApplicationDto>, Failure> {
    let seen = access::lock_own(tx, command, id).await?;
    check_open(&seen, "opened to others")?;
    let known = application::lock(tx, id, company).await?;
    let known = known.ok_or_else(|| Refusal::not_found("application"))?;
    let after = QualificationState::parse(&known.state)?.after(step)?;
    let row = ApplicationRow {
        state: after.code().to_owned(),
        reason: data.reason.clone(),
        decided_at: Some(command.at),
        ..known
    };
    application::update(tx, &row).await?;
    tell(command, event, &seen, &row);
    Ok(Answer::ok(row.into()))
}

/// The applications to a request: for its buyer and the operator all of them, for anybody else their own.
pub async fn list(
    connection: &mut Connection,
    by: &Principal,
    id: RfqId,
    page: &Page,
) -> Result<List<ApplicationDto>, Failure> {
    let seen = access::seen(connection, by, id).await?;
    check_reader(by)?;
    let own = by.organisation_id().filter(|_| !seen.is_own && !by.operator).map(OrganisationId);
    Ok(application::list(connection, id, own, page).await?.map(Into::into))
}

/// A company to which a request came says that it does not quote. A quote of its own has to be withdrawn before.
pub async fn decline(
    tx: &mut Connection,
    command: &Command,
    id: RfqId,
    data: &RfqDeclination,
) -> Result<Answer<InvitationDto>, Failure> {
    let (seen, own) = share_open(tx, command, id, "declined").await?;
    let known = recipient::find(tx, id, own.0).await?;
    let mut row = known.ok_or_else(|| Refusal::new(Kind::WrongState, "Your organisation was not asked to quote."))?;
    let quoted = quote::lock_own(tx, id, own).await?;
    if quoted.is_some_and(|quote| quote.state().is_ok_and(|state| state.competes())) {
        return Err(Refusal::new(Kind::WrongState, "Withdraw the quote first.").into());
    }
    recipient::set_declined(tx, id, own, command.at, data.reason.as_deref()).await?;
    row.declined_at = Some(command.at);
    row.reason.clone_from(&data.reason);
    let told = json!({"organisation_id": own.0, "reason": row.reason});
    tell_both(command, "rfq.declined", &seen.row, own.0, told);
    Ok(Answer::ok(row.into()))
}

/// Whom the buyer has invited, and who of them does not quote.
pub async fn invitations(
    connection: &mut Connection,
    by: &Principal,
    id: RfqId,
    page: &Page,
) -> Result<List<InvitationDto>, Failure> {
    let seen = access::seen(connection, by, id).await?;
    check_reader(by)?;
    if !seen.is_own && !by.operator {
        return Err(Refusal::forbidden("Whom a buyer invites is its own matter.").into());
    }
    Ok(recipient::invited(connection, id, page).await?.map(Into::into))
}

/// A request that the caller's company may know of and that takes quotes, kept from changing.
async fn share_open(
    tx: &mut Connection,
    command: &Command,
    id: RfqId,
    step: &str,
) -> Result<(Seen, OrganisationId), Failure> {
    let found = access::seen(tx, &command.by, id).await?;
    let own = command.by.require(rights::QUOTE)?;
    if found.is_own {
        return Err(Refusal::new(Kind::OwnRequest, "A company does not quote to itself.").into());
    }
    let row = rfq::share(tx, id).await?.ok_or_else(access::unknown)?;
    let terms = row.terms()?;
    let seen = Seen { row, terms, ..found };
    check_open(&seen, step)?;
    Ok((seen, own))
}

fn check_open(seen: &Seen, step: &str) -> Result<(), Failure> {
    let state = RfqState::parse(&seen.row.state)?;
    if state.takes_quotes() {
        return Ok(());
    }
    Err(Refusal::wrong_state("request for quotation", state.code(), step).into())
}

async fn check_documents(tx: &mut Connection, own: OrganisationId, named: &[DocumentId]) -> Result<(), Failure> {
    let known = document::own(tx, own, named).await?;
    let mut faults = Faults::default();
    for (index, id) in named.iter().enumerate() {
        if !known.contains(&id.0) {
            faults.add(format!("/documents/{index}"), "unknown", "There is no such document of yours.");
        }
    }
    Ok(faults.result()?)
}

fn tell(command: &Command, event: &'static str, seen: &Seen, row: &ApplicationRow) {
    let told = json!({"organisation_id": row.organisation_id, "state": row.state, "reason": row.reason});
    tell_both(command, event, &seen.row, row.organisation_id, told);
}
