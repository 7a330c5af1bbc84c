//! Which requests a caller may know of, and how it stands to them.

use domain::kernel::{Kind, OrganisationId, QuoteId, Refusal, RfqId};
use domain::portal::{Capability, Function};
use domain::sourcing::{Candidate, Published, QualificationState, Reader, RfqState, Terms};
use infra::Failure;
use infra::db::Connection;
use infra::portal::access::SeenPortal;
use infra::sourcing::quote::QuoteRow;
use infra::sourcing::rfq::{self, RfqRow};
use infra::sourcing::{application, quote};

use super::rights;
use crate::command::Command;
use crate::http::principal::Principal;
use crate::portal::access;

/// A request that the caller may know of.
pub struct Seen {
    pub row: RfqRow,
    pub terms: Terms,
    pub portal: SeenPortal,
    /// The caller's company asks for the quotes.
    pub is_own: bool,
}

impl Seen {
    /// As what the caller reads quotes to it; whose quote that is makes the quoter of one who may quote.
    pub fn reader(&self, by: &Principal, quoter: uuid::Uuid) -> Reader {
        match by.organisation_id() {
            Some(own) if own == self.row.buyer_id => Reader::Buyer,
            Some(own) if own == quoter => Reader::Quoter,
            _ if by.operator => Reader::Operator,
            _ => Reader::OtherQuoter,
        }
    }
}

pub fn unknown() -> Refusal {
    Refusal::not_found("request for quotation")
}

/// The portal, if it has requests and the caller may know of it.
pub async fn portal(connection: &mut Connection, by: Option<&Principal>, named: &str) -> Result<SeenPortal, Failure> {
    access::look_by(connection, named, by, Function::Sourcing).await
}

/// Whether the caller's company may quote on a portal.
pub fn may_quote(portal: &SeenPortal) -> bool {
    access::may(portal, Capability::Quote).is_ok()
}

/// The request, if the caller may know of it: its buyer, and once it is published those who may quote to it and the operator.
pub async fn seen(connection: &mut Connection, by: &Principal, id: RfqId) -> Result<Seen, Failure> {
    let row = rfq::of_id(connection, id).await?.ok_or_else(unknown)?;
    of_row(connection, by, row).await
}

/// [`seen`], of a request that was read already.
pub async fn of_row(connection: &mut Connection, by: &Principal, row: RfqRow) -> Result<Seen, Failure> {
    let portal = match portal(connection, Some(by), &row.portal_id.to_string()).await {
        Err(Failure::Refused(refusal)) if refusal.kind == Kind::NotFound => return Err(unknown().into()),
        other => other?,
    };
    let terms = row.terms()?;
    let own = by.organisation_id();
    let is_own = own == Some(row.buyer_id);
    let seen = Seen { row, terms, portal, is_own };
    if seen.is_own {
        return Ok(seen);
    }
    let candidate = own.map(|own| candidate(&seen, OrganisationId(own), None));
    let knows = by.operator || candidate.is_some_and(|candidate| candidate.sees(&seen.terms));
    if seen.row.published_at.is_some() && knows { Ok(seen) } else { Err(unknown().into()) }
}

fn candidate(seen: &Seen, organisation: OrganisationId, qualification: Option<QualificationState>) -> Candidate {
    Candidate { organisation, may_quote: may_quote(&seen.portal), qualification }
}

/// A request of the caller's company, held until the transaction ends. Who may know of it learns that it is another's.
pub async fn lock_own(tx: &mut Connection, command: &Command, id: RfqId) -> Result<Seen, Failure> {
    let seen = seen(tx, &command.by, id).await?;
    check_buyer(&command.by, &seen)?;
    let row = rfq::lock(tx, id).await?.ok_or_else(unknown)?;
    let terms = row.terms()?;
    Ok(Seen { row, terms, ..seen })
}

/// Lets pass who decides for the company that asks.
pub fn check_buyer(by: &Principal, seen: &Seen) -> Result<(), Refusal> {
    by.require(rights::BUY)?;
    if seen.is_own { Ok(()) } else { Err(Refusal::forbidden("The company that asks for quotes decides about it.")) }
}

/// A request that the caller's company may quote to, kept from changing until the transaction ends; refused as
/// [`Candidate::check`] says. On open portals an invitation is enough, so that the capability is asked for only where nobody is invited.
pub async fn share_as_quoter(
    tx: &mut Connection,
    command: &Command,
    id: RfqId,
) -> Result<(Seen, OrganisationId), Failure> {
    let found = seen(tx, &command.by, id).await?;
    let own = command.by.require(rights::QUOTE)?;
    let row = rfq::share(tx, id).await?.ok_or_else(unknown)?;
    let terms = row.terms()?;
    let seen = Seen { row, terms, ..found };
    check_candidate(tx, &seen, own).await?;
    Ok((seen, own))
}

/// Refuses a company that may not quote to the request.
pub async fn check_candidate(tx: &mut Connection, seen: &Seen, own: OrganisationId) -> Result<(), Failure> {
    let known = application::find(tx, RfqId(seen.row.id), own.0).await?;
    let qualification = known.map(|row| QualificationState::parse(&row.state)).transpose()?;
    Ok(candidate(seen, own, qualification).check(&seen.terms, OrganisationId(seen.row.buyer_id))?)
}

/// The request as it stands for those who quote to it.
pub fn published<'a>(row: &RfqRow, terms: &'a Terms) -> Result<Published<'a>, Failure> {
    let version = u32::try_from(row.terms_version).map_err(Failure::broken)?;
    Ok(Published { state: RfqState::parse(&row.state)?, version, terms })
}

/// A quote of the caller's company, held until the transaction ends, with its request, kept from changing.
pub async fn lock_own_quote(
    tx: &mut Connection,
    command: &Command,
    id: QuoteId,
) -> Result<(Seen, QuoteRow, OrganisationId), Failure> {
    let unknown = || Refusal::not_found("quote");
    let own = command.by.member()?.id;
    let found = quote::of_id(tx, id).await?.filter(|row| row.quoter_id == own.0).ok_or_else(unknown)?;
    let (seen, own) = share_as_quoter(tx, command, RfqId(found.rfq_id)).await?;
    let row = quote::lock(tx, id).await?.ok_or_else(unknown)?;
    Ok((seen, row, own))
}
