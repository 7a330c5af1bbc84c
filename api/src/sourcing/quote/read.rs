//! Reading quotes: always as far as [`domain::sourcing::seen`] says.

use domain::kernel::{OrganisationId, QuoteId, RfqId};
use domain::sourcing::{QuoteState, RfqState, Secrecy, Seen as Sight, seen};
use infra::Failure;
use infra::db::Connection;
use infra::db::page::{List, Page};
use infra::sourcing::quote::{self, QuoteRow};
use infra::sourcing::revision::{self, RevisionRow};
use uuid::Uuid;

use super::hand_in::unknown;
use super::sealing::{self, Sealed};
use super::show::{QuoteCommitment, QuoteDto, QuoteRevision, View};
use super::usecase::draft_of;
use crate::app::App;
use crate::http::principal::Principal;
use crate::sourcing::access::{self, Seen};
use crate::sourcing::rfq::read::check_reader;
use crate::sourcing::{rank, rights};

/// One quote, with its version.
pub async fn find(
    connection: &mut Connection,
    app: &App,
    by: &Principal,
    id: QuoteId,
) -> Result<(QuoteDto, i64), Failure> {
    let (request, row) = known(connection, by, id).await?;
    check_reader(by)?;
    as_seen(connection, app, by, &request, row).await
}

/// A quote that was found, as the caller sees it, with its version: for those who may read it, or have just done something with it.
pub async fn as_seen(
    connection: &mut Connection,
    app: &App,
    by: &Principal,
    request: &Seen,
    row: QuoteRow,
) -> Result<(QuoteDto, i64), Failure> {
    let standing = revision::find(connection, QuoteId(row.id), row.revision).await?;
    let sight = sight(request, by, &row, standing.as_ref())?;
    if sight < Sight::Technical {
        return Err(unknown().into());
    }
    Ok((shown(connection, app, request, by, (&row, standing, sight)).await?, row.version))
}

/// A quote as its quoter sees it.
pub async fn own(connection: &mut Connection, app: &App, request: &Seen, row: &QuoteRow) -> Result<QuoteDto, Failure> {
    let standing = revision::find(connection, QuoteId(row.id), row.revision).await?;
    let opened = standing.as_ref().map(|revision| sealing::open(&app.secret, revision)).transpose()?;
    let rank = rank::of_quote(connection, app, request, row).await?;
    let view = View { seen: Sight::Whole, is_own: true, rank };
    Ok(QuoteDto::of(row, standing.as_ref().zip(opened.as_ref()), draft_of(&app.secret, row)?, view))
}

/// A quote to a request that the caller may know of.
pub async fn known(connection: &mut Connection, by: &Principal, id: QuoteId) -> Result<(Seen, QuoteRow), Failure> {
    let row = quote::of_id(connection, id).await?.ok_or_else(unknown)?;
    let request = match access::seen(connection, by, RfqId(row.rfq_id)).await {
        Err(Failure::Refused(refusal)) if refusal.kind == domain::kernel::Kind::NotFound => {
            return Err(unknown().into());
        }
        other => other?,
    };
    Ok((request, row))
}

/// How much of a revision of a quote the caller sees.
pub fn sight(request: &Seen, by: &Principal, row: &QuoteRow, revision: Option<&RevisionRow>) -> Result<Sight, Failure> {
    let opened = revision.map(RevisionRow::opened).transpose()?.flatten();
    let reader = request.reader(by, row.quoter_id);
    let state = RfqState::parse(&request.row.state)?;
    Ok(seen(reader, request.terms.procedure.secrecy, state, row.state()?, opened))
}

async fn shown(
    connection: &mut Connection,
    app: &App,
    request: &Seen,
    by: &Principal,
    (row, standing, sight): (&QuoteRow, Option<RevisionRow>, Sight),
) -> Result<QuoteDto, Failure> {
    if by.organisation_id() == Some(row.quoter_id) {
        return own(connection, app, request, row).await;
    }
    let opened = standing.as_ref().map(|revision| sealing::open(&app.secret, revision)).transpose()?;
    let rank = if sight == Sight::Whole { rank::of_quote(connection, app, request, row).await? } else { None };
    let view = View { seen: sight, is_own: false, rank };
    Ok(QuoteDto::of(row, standing.as_ref().zip(opened.as_ref()), None, view))
}

/// The quotes to a request that the caller sees something of, by their identifiers: for the buyer and the operator those that are open, for a
/// quoter its own.
pub async fn list(
    connection: &mut Connection,
    app: &App,
    by: &Principal,
    to: RfqId,
    page: &Page,
) -> Result<List<QuoteDto>, Failure> {
    let request = access::seen(connection, by, to).await?;
    check_reader(by)?;
    let is_quoter = !request.is_own && !by.operator;
    let only = by.organisation_id().filter(|_| is_quoter);
    let is_sealed = request.terms.procedure.secrecy == Secrecy::Sealed;
    if is_sealed && !is_quoter && RfqState::parse(&request.row.state)?.takes_quotes() {
        // Not even how many pages there are: in a later round that would tell how many have revised their quotes.
        return Ok(List::default());
    }
    let found = quote::readable(connection, to, only.map(OrganisationId), is_sealed, page).await?;
    let mut items = Vec::with_capacity(found.items.len());
    for (row, standing) in found.items {
        let sight = sight(&request, by, &row, standing.as_ref())?;
        if sight >= Sight::Technical {
            let is_own = by.organisation_id() == Some(row.quoter_id);
            items.push(listed(app, (&row, standing.as_ref()), View { seen: sight, is_own, rank: None })?);
        }
    }
    Ok(List { items, next: found.next })
}

/// A quote in a list: without its place among the others, which is told with the comparison.
fn listed(app: &App, (row, standing): (&QuoteRow, Option<&RevisionRow>), view: View) -> Result<QuoteDto, Failure> {
    let opened: Option<Sealed> = standing.map(|revision| sealing::open(&app.secret, revision)).transpose()?;
    let draft = if view.is_own { draft_of(&app.secret, row)? } else { None };
    Ok(QuoteDto::of(row, standing.zip(opened.as_ref()), draft, view))
}

/// The quotes of the caller's company, newest first.
pub async fn of_company(
    connection: &mut Connection,
    app: &App,
    by: &Principal,
    state: Option<QuoteState>,
    page: &Page,
) -> Result<List<QuoteDto>, Failure> {
    let own = by.require(rights::READ)?;
    let found = quote::of_company(connection, own, state, page).await?;
    let ids: Vec<Uuid> = found.items.iter().map(|row| row.id).collect();
    let standing = revision::standing_of(connection, &ids).await?;
    let of = |row: &QuoteRow| standing.iter().find(|revision| revision.quote_id == row.id);
    let view = View { seen: Sight::Whole, is_own: true, rank: None };
    let items = found.items.iter().map(|row| listed(app, (row, of(row)), view)).collect::<Result<_, _>>()?;
    Ok(List { items, next: found.next })
}

/// The revisions of a quote that the caller sees, the first one first.
pub async fn revisions(
    connection: &mut Connection,
    app: &App,
    by: &Principal,
    id: QuoteId,
    page: &Page,
) -> Result<List<QuoteRevision>, Failure> {
    let (request, row) = known(connection, by, id).await?;
    check_reader(by)?;
    let standing = revision::find(connection, id, row.revision).await?;
    if sight(&request, by, &row, standing.as_ref())? < Sight::Technical {
        return Err(unknown().into());
    }
    let found = revision::list(connection, id, page).await?;
    let mut items = Vec::with_capacity(found.items.len());
    for revision in &found.items {
        let sight = sight(&request, by, &row, Some(revision))?;
        if sight >= Sight::Technical {
            items.push(QuoteRevision::of(revision, &sealing::open(&app.secret, revision)?, sight)?);
        }
    }
    Ok(List { items, next: found.next })
}

/// What was committed to, in the order in which it was handed in, without names.
pub async fn commitments(
    connection: &mut Connection,
    by: &Principal,
    to: RfqId,
    page: &Page,
) -> Result<List<QuoteCommitment>, Failure> {
    let request = access::seen(connection, by, to).await?;
    check_reader(by)?;
    if request.terms.procedure.secrecy != Secrecy::Sealed {
        return Ok(List::default());
    }
    let own = by.organisation_id();
    Ok(revision::committed(connection, to, page).await?.map(|row| QuoteCommitment::of(row, own)))
}
