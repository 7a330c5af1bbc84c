//! Keeping what was handed in: sealed, with its commitments, as a revision of its own.

use domain::kernel::{Faults, OrganisationId, Refusal, RfqId};
use domain::sourcing::{Quote, QuoteState, Secrecy, Terms};
use infra::Failure;
use infra::db::Connection;
use infra::sourcing::document::{self, Audience};
use infra::sourcing::quote::QuoteRow;
use infra::sourcing::revision::{self, RevisionRow};
use infra::sourcing::rfq::RfqRow;
use infra::sourcing::{quote, recipient};
use serde_json::json;

use super::dto::QuoteData;
use super::sealing::Sealed;
use crate::command::Command;
use crate::secret::{SecretKey, new_seed};
use crate::sourcing::access::Seen;
use crate::sourcing::rfq::publish::recipient_row;
use crate::sourcing::tell::{tell, tell_quoter, tell_unnamed};

/// How a revision came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Submitted,
    Revised,
    Confirmed,
    /// What both sides agreed on once the quote was open.
    Negotiated,
}

impl Way {
    pub fn code(self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::Revised => "revised",
            Self::Confirmed => "confirmed",
            Self::Negotiated => "negotiated",
        }
    }

    fn event(self) -> &'static str {
        match self {
            Self::Submitted => "quote.submitted",
            Self::Revised => "quote.revised",
            Self::Confirmed => "quote.confirmed",
            Self::Negotiated => "quote.negotiated",
        }
    }
}

/// Keeps what a quoter hands in as the next revision of a quote that is held, and tells of it: the quoter all, the buyer what it may know.
pub async fn hand_in(
    tx: &mut Connection,
    command: &Command,
    key: &SecretKey,
    seen: &Seen,
    row: &mut QuoteRow,
    (way, state, new): (Way, QuoteState, Quote),
) -> Result<(), Failure> {
    let documents = QuoteData::of(&new).documents();
    check_documents(tx, OrganisationId(row.quoter_id), &new).await?;
    let is_sealed = seen.terms.procedure.secrecy == Secrecy::Sealed;
    let audience = if is_sealed { Audience::Nobody } else { Audience::Buyer };
    document::attach(tx, row.rfq_id, row.id, &documents, audience).await?;
    let from = recipient_row(row.rfq_id, row.quoter_id, "portal", seen.row.published_at.unwrap_or(command.at));
    recipient::insert(tx, &[from]).await?;
    if way == Way::Submitted {
        row.submitted_at = Some(command.at);
    }
    let revision = keep(tx, command, key, (&seen.row, &seen.terms), row, (way, state, new)).await?;
    let own = json!({"round": revision.round, "commitments": revision.commitments});
    tell_quoter(command, way.event(), &seen.row, row.quoter_id, own);
    if is_sealed {
        let told = json!({"round": revision.round, "commitments": revision.commitments});
        tell_unnamed(command, "rfq.quote_received", &seen.row, &[seen.row.buyer_id], told);
    } else {
        let told = json!({"quote_id": row.id, "quoter_id": row.quoter_id, "revision": revision.number});
        tell(command, "rfq.quote_received", &seen.row, &[seen.row.buyer_id], told);
    }
    Ok(())
}

/// Keeps the next revision of a quote that is held. One that was negotiated is open like the one that it follows.
pub async fn keep(
    tx: &mut Connection,
    command: &Command,
    key: &SecretKey,
    (request, terms): (&RfqRow, &Terms),
    row: &mut QuoteRow,
    (way, state, new): (Way, QuoteState, Quote),
) -> Result<RevisionRow, Failure> {
    row.state = state.code().to_owned();
    row.revision += 1;
    row.answers = i32::try_from(new.version).map_err(Failure::broken)?;
    row.draft = None;
    row.version += 1;
    let sealed = Sealed::new(new, new_seed()?);
    let number = u32::try_from(row.revision).map_err(Failure::broken)?;
    let of = (RfqId(row.rfq_id), OrganisationId(row.quoter_id), number);
    let procedure = &terms.procedure;
    let is_open = way == Way::Negotiated && procedure.secrecy == Secrecy::Sealed;
    let revision = RevisionRow {
        quote_id: row.id,
        number: row.revision,
        rfq_id: row.rfq_id,
        round: request.round,
        kind: way.code().to_owned(),
        answers: row.answers,
        content: sealed.seal(key)?,
        commitments: json!(sealed.commitments(procedure, of)?),
        person_id: command.by.person().ok().map(|person| person.0),
        at: command.at,
        opened: procedure.envelopes_in_order().last().filter(|_| is_open).map(|last| last.code().to_owned()),
    };
    revision::insert(tx, &revision).await?;
    quote::update(tx, row).await?;
    Ok(revision)
}

/// Refuses documents that are not the quoter's own, or are archived, with all of them.
async fn check_documents(tx: &mut Connection, own: OrganisationId, new: &Quote) -> Result<(), Failure> {
    let data = QuoteData::of(new);
    let named = data.documents();
    if named.is_empty() {
        return Ok(());
    }
    let known = document::own(tx, own, &named).await?;
    let mut faults = Faults::default();
    let mut check = |documents: &[uuid::Uuid], pointer: &str| {
        for (index, id) in documents.iter().enumerate() {
            if !known.contains(id) {
                faults.add(format!("{pointer}/{index}"), "unknown", "There is no such document of yours.");
            }
        }
    };
    check(&data.technical_documents, "/technical_documents");
    check(&data.commercial_documents, "/commercial_documents");
    for (index, offer) in data.offers.iter().enumerate() {
        check(&offer.documents, &format!("/offers/{index}/documents"));
    }
    Ok(faults.result()?)
}

/// A quote that nobody but its quoter knows of.
pub fn unknown() -> Refusal {
    Refusal::not_found("quote")
}
