//! Reading requests.

use domain::kernel::refusal::Invalid;
use domain::kernel::{Kind, OrganisationId, Refusal, RfqId};
use domain::sourcing::{RfqState, lapses};
use infra::Failure;
use infra::db::Connection;
use infra::db::page::{List, Page};
use infra::sourcing::listing::{self, Reader, Search, Sort};
use infra::sourcing::{application, opening, quote, recipient, version};

use super::dto::{RfqData, RfqQuery};
use super::show::{OpeningDto, RfqCallerDto, RfqDto, RfqSummary, RfqVersionDto, RoundDto};
use crate::http::principal::Principal;
use crate::sourcing::access::{self, Seen, may_quote};
use crate::sourcing::rights;

/// One request as the caller sees it, with its version.
pub async fn find(connection: &mut Connection, by: &Principal, id: RfqId) -> Result<(RfqDto, i64), Failure> {
    let seen = access::seen(connection, by, id).await?;
    check_reader(by)?;
    let version = seen.row.version;
    Ok((shown(connection, by, &seen).await?, version))
}

/// Who acts for a company reads by its rights; the operator without one.
pub fn check_reader(by: &Principal) -> Result<(), Refusal> {
    if by.organisation.is_none() && by.operator {
        return Ok(());
    }
    by.require(rights::READ).map(drop)
}

/// A request that was found, as the caller sees it.
pub async fn shown(connection: &mut Connection, by: &Principal, seen: &Seen) -> Result<RfqDto, Failure> {
    let (row, own) = (&seen.row, by.organisation_id());
    let terms = if seen.is_own { seen.terms.clone() } else { seen.terms.for_quoters() };
    let openings =
        if row.published_at.is_some() { opening::list(connection, RfqId(row.id)).await? } else { Vec::new() };
    Ok(RfqDto {
        id: row.id,
        portal_id: row.portal_id,
        buyer_id: row.buyer_id,
        data: RfqData::of(&terms),
        state: row.state.clone(),
        terms_version: row.terms_version,
        last_to_confirm: row.last_to_confirm,
        round: row.round,
        rounds: row.rounds()?.iter().map(|round| RoundDto::of(round, seen.is_own, own)).collect(),
        openings: openings.into_iter().map(OpeningDto::from).collect(),
        caller: caller(connection, by, seen).await?,
        auction_id: row.auction_id,
        copied_from: row.copied_from.filter(|_| seen.is_own),
        cancel_reason: row.cancel_reason.clone(),
        created_at: row.created_at.into(),
        published_at: row.published_at.map(Into::into),
        closed_at: row.closed_at.map(Into::into),
    })
}

async fn caller(connection: &mut Connection, by: &Principal, seen: &Seen) -> Result<RfqCallerDto, Failure> {
    let role = |role: &str| RfqCallerDto { role: role.to_owned(), ..RfqCallerDto::default() };
    if seen.is_own {
        return Ok(role("buyer"));
    }
    let Some(own) = by.organisation_id() else { return Ok(role("operator")) };
    let id = RfqId(seen.row.id);
    let known = recipient::find(connection, id, own).await?;
    let applied = application::find(connection, id, own).await?;
    let quoted = quote::own(connection, id, OrganisationId(own)).await?;
    let last = u32::try_from(seen.row.last_to_confirm).map_err(Failure::broken)?;
    let is_old = |quote: &quote::QuoteRow| u32::try_from(quote.answers).is_ok_and(|answers| lapses(answers, last));
    let competes = |quote: &quote::QuoteRow| quote.state().is_ok_and(|state| state.competes());
    Ok(RfqCallerDto {
        invited: known.as_ref().is_some_and(|known| known.via == "invitation"),
        declined_at: known.and_then(|known| known.declined_at).map(Into::into),
        application: applied.map(|row| row.state),
        needs_confirmation: quoted.as_ref().is_some_and(|quote| competes(quote) && is_old(quote)),
        quote_id: quoted.as_ref().map(|quote| quote.id),
        quote_state: quoted.map(|quote| quote.state),
        ..role("quoter")
    })
}

/// The requests of a portal that the caller may know of.
pub async fn list(
    connection: &mut Connection,
    by: &Principal,
    portal: &str,
    query: &RfqQuery,
    page: &Page,
    languages: &[String],
) -> Result<List<RfqSummary>, Failure> {
    let seen = access::portal(connection, Some(by), portal).await?;
    check_reader(by)?;
    let invalid = |odd: Invalid| Refusal::new(Kind::InvalidQuery, odd.detail);
    let state = query.state.as_deref().map(RfqState::parse).transpose().map_err(invalid)?;
    let sort = match query.sort.as_deref() {
        None | Some("newest") => Sort::Newest,
        Some("deadline") => Sort::Deadline,
        Some(_) => return Err(Refusal::new(Kind::InvalidQuery, "`sort` is `deadline` or `newest`.").into()),
    };
    let search = Search {
        state: state.map(RfqState::code),
        category: query.category,
        buyer: query.buyer,
        invited: query.invited,
        deadline_after: query.deadline_after.map(|at| at.0),
        deadline_before: query.deadline_before.map(|at| at.0),
        sort,
    };
    let reader = Reader { organisation: by.organisation_id(), may_quote: may_quote(&seen), operator: by.operator };
    let found = listing::list(connection, seen.id, reader, search, page).await?;
    let items = found.items.into_iter().map(|row| RfqSummary::of(row, languages)).collect::<Result<_, _>>()?;
    Ok(List { items, next: found.next })
}

/// The versions of a request, the first one first.
pub async fn versions(
    connection: &mut Connection,
    by: &Principal,
    id: RfqId,
    page: &Page,
) -> Result<List<RfqVersionDto>, Failure> {
    let seen = access::seen(connection, by, id).await?;
    check_reader(by)?;
    let found = version::list(connection, id, page).await?;
    let items = found.items.iter().map(|row| RfqVersionDto::of(row, seen.is_own)).collect::<Result<_, _>>()?;
    Ok(List { items, next: found.next })
}
