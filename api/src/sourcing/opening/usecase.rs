//! The buyer's people open quotes.

use domain::kernel::{DocumentId, OrganisationId, Refusal, RfqId};
use domain::sourcing::{Envelope, Opened, OpeningEntry, OpeningRecord, Procedure, Quote};
use infra::Failure;
use infra::db::Connection;
use infra::sourcing::opening::{self, OpeningRow};
use infra::sourcing::revision::{self, RevisionRow};
use infra::sourcing::{document, quote, rfq};
use serde_json::json;
use uuid::Uuid;

use super::dto::{OpenedDto, OpeningData};
use crate::app::App;
use crate::command::Command;
use crate::http::answer::Answer;
use crate::sourcing::access::{self, Seen, published};
use crate::sourcing::quote::sealing;
use crate::sourcing::rfq::close::{evaluate, quotes_to_open};
use crate::sourcing::rfq::read;
use crate::sourcing::rfq::usecase::buyer;
use crate::sourcing::tell::{about, tell, tell_all};

/// A person of the buyer opens an envelope of all quotes, or is the first of two to say so. Once all are open the buyer evaluates.
pub async fn open(
    tx: &mut Connection,
    command: &Command,
    app: &App,
    id: RfqId,
    data: &OpeningData,
) -> Result<Answer<OpenedDto>, Failure> {
    let mut seen = access::lock_own(tx, command, id).await?;
    let mut record = opening::record(tx, id, seen.row.round).await?;
    let envelope = envelope(data, &record, &seen.terms.procedure)?;
    let entry = OpeningEntry { envelope, person: command.by.person()?, at: command.at };
    let company = command.by.member()?.id;
    let opened = record.open(published(&seen.row, &seen.terms)?, buyer(&seen.row), company, entry)?;
    opening::insert(tx, &OpeningRow::of(id, seen.row.round, &entry)).await?;
    let mut quotes = Vec::new();
    if opened == Opened::Done {
        quotes = open_quotes(tx, app, &seen, envelope).await?;
        if record.is_complete(&seen.terms.procedure) {
            evaluate(tx, &app.secret, &mut seen.row).await?;
        }
    }
    seen.row.version += 1;
    rfq::update(tx, &seen.row).await?;
    tell_opened(tx, command, &seen, (envelope, opened), quotes.len()).await?;
    let shown = read::shown(tx, &command.by, &seen).await?;
    let answer = OpenedDto {
        envelope: envelope.code().to_owned(),
        is_open: opened == Opened::Done,
        quotes: quotes.len(),
        rfq: shown,
    };
    Ok(Answer::ok(answer).version(seen.row.version))
}

/// The envelope that is named, or the first one that is not open.
fn envelope(data: &OpeningData, record: &OpeningRecord, procedure: &Procedure) -> Result<Envelope, Refusal> {
    if let Some(code) = &data.envelope {
        return Envelope::parse(code).map_err(|invalid| invalid.at("/envelope"));
    }
    let order = procedure.envelopes_in_order();
    let next = order.iter().find(|envelope| !record.is_open(**envelope, procedure)).or(order.last());
    next.copied().ok_or_else(|| Refusal::fault("/envelope", "envelope", "Open quotes have no envelopes."))
}

/// Opens an envelope of the quotes that compete and were handed in in this round, each proved by its commitment: a quote that is not what was
/// committed to stops the opening.
async fn open_quotes(tx: &mut Connection, app: &App, seen: &Seen, envelope: Envelope) -> Result<Vec<Uuid>, Failure> {
    let id = RfqId(seen.row.id);
    let mut competing = Vec::new();
    for row in quote::lock_handed_in(tx, id).await? {
        if row.state()?.competes() {
            competing.push(row);
        }
    }
    let to_open = quotes_to_open(tx, &seen.row, &competing).await?;
    let revisions = revision::standing(tx, id).await?;
    let mut shown = Vec::new();
    for revision in revisions.iter().filter(|one| to_open.contains(&one.quote_id)) {
        let Some(row) = competing.iter().find(|row| row.id == revision.quote_id) else { continue };
        let said = proved(app, id, OrganisationId(row.quoter_id), revision, envelope)?;
        shown.extend(documents(&said, envelope));
    }
    document::show_to_buyer(tx, &to_open, &shown).await?;
    revision::set_opened(tx, &to_open, seen.row.round, envelope).await?;
    Ok(to_open)
}

/// What a revision says, if it is what was committed to.
fn proved(
    app: &App,
    rfq: RfqId,
    quoter: OrganisationId,
    revision: &RevisionRow,
    envelope: Envelope,
) -> Result<Quote, Failure> {
    let sealed = sealing::open(&app.secret, revision)?;
    sealed.check(revision, rfq, quoter, envelope)?;
    Ok(sealed.quote)
}

/// The documents that lie in an envelope.
fn documents(quote: &Quote, envelope: Envelope) -> Vec<DocumentId> {
    let technical = || quote.technical_documents.iter().chain(quote.offers.iter().flat_map(|offer| &offer.documents));
    let commercial = || quote.commercial_documents.iter();
    match envelope {
        Envelope::Whole => technical().chain(commercial()).copied().collect(),
        Envelope::Technical => technical().copied().collect(),
        Envelope::Commercial => commercial().copied().collect(),
    }
}

/// Everybody in the request learns that quotes were opened, and the buyer that one of two has.
async fn tell_opened(
    tx: &mut Connection,
    command: &Command,
    seen: &Seen,
    (envelope, opened): (Envelope, Opened),
    quotes: usize,
) -> Result<(), Failure> {
    let mut told = about(&seen.row);
    told["envelope"] = json!(envelope.code());
    told["person_id"] = json!(command.by.actor_id());
    if opened == Opened::AwaitsSecond {
        tell(command, "rfq.opening_begun", &seen.row, &[seen.row.buyer_id], told);
        return Ok(());
    }
    told["quotes"] = json!(quotes);
    tell_all(tx, command, "rfq.opened", &seen.row, told).await
}
