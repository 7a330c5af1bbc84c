//! What is done with requests by those who ask: putting them together, throwing drafts away, cancelling.

use domain::kernel::{OrganisationId, PersonId, QuoteId, Refusal, RfqId};
use domain::portal::Capability;
use domain::sourcing::{QuoteState, QuoteStep, RfqState, RfqStep, Terms};
use infra::Failure;
use infra::db::Connection;
use infra::sourcing::rfq::{self, RfqRow};
use infra::sourcing::{negotiation, quote};
use infra::timer;
use serde_json::json;
use uuid::Uuid;

use super::dto::{RfqCancellation, RfqData};
use super::show::RfqDto;
use super::{close, publish, read, terms};
use crate::command::Command;
use crate::http::answer::{Answer, check_version};
use crate::portal;
use crate::sourcing::access::{self, Seen};
use crate::sourcing::award::held::check_undecided;
use crate::sourcing::rights;
use crate::sourcing::round::auction;
use crate::sourcing::tell::{about, tell_all};

/// Puts a request together, which only its buyer sees until it is published; or publishes it at once.
pub async fn create(
    tx: &mut Connection,
    command: &Command,
    portal: &str,
    data: &RfqData,
    is_published: bool,
) -> Result<Answer<RfqDto>, Failure> {
    let seen = access::portal(tx, Some(&command.by), portal).await?;
    let own = command.by.require(rights::BUY)?;
    portal::access::may(&seen, Capability::Buy)?;
    let terms = terms::check(tx, &command.by, (&seen, own), data, None).await?;
    let row = RfqRow { portal_id: seen.id.0, buyer_id: own.0, ..new_row(command, &terms)? };
    created(tx, command, Seen { row, terms, portal: seen, is_own: true }, is_published).await
}

/// Keeps a new request, and publishes it if that is wanted.
pub async fn created(
    tx: &mut Connection,
    command: &Command,
    mut seen: Seen,
    is_published: bool,
) -> Result<Answer<RfqDto>, Failure> {
    rfq::insert(tx, &seen.row).await?;
    tell_all(tx, command, "rfq.created", &seen.row, about(&seen.row)).await?;
    if is_published {
        publish::publish_held(tx, command, &mut seen).await?;
    }
    let location = format!("/v1/rfqs/{}", seen.row.id);
    let version = seen.row.version;
    Ok(Answer::created(location, read::shown(tx, &command.by, &seen).await?).version(version))
}

/// A new draft, without its portal and buyer.
pub fn new_row(command: &Command, terms: &Terms) -> Result<RfqRow, Failure> {
    let mut row = RfqRow {
        id: command.id::<RfqId>().0,
        portal_id: Uuid::nil(),
        buyer_id: Uuid::nil(),
        state: RfqState::Draft.code().to_owned(),
        terms: json!({}),
        terms_version: 0,
        last_to_confirm: 0,
        round: 1,
        rounds: json!([]),
        visibility: String::new(),
        secrecy: String::new(),
        categories: Vec::new(),
        questions_until: command.at,
        quotes_until: command.at,
        auction_id: None,
        copied_from: None,
        cancel_reason: None,
        author_id: command.by.person().ok().map(|PersonId(id)| id),
        version: 1,
        created_at: command.at,
        published_at: None,
        closed_at: None,
    };
    row.set_terms(terms)?;
    Ok(row)
}

/// Throws a draft away.
pub async fn delete(tx: &mut Connection, command: &Command, id: RfqId, expected: i64) -> Result<Answer<()>, Failure> {
    let seen = access::lock_own(tx, command, id).await?;
    check_version(seen.row.version, expected)?;
    if RfqState::parse(&seen.row.state)? != RfqState::Draft {
        let detail = "What was published stays on record; a published request can be cancelled.";
        return Err(Refusal::new(domain::kernel::Kind::WrongState, detail).into());
    }
    rfq::delete(tx, id).await?;
    tell_all(tx, command, "rfq.deleted", &seen.row, about(&seen.row)).await?;
    Ok(Answer::no_content())
}

/// The buyer gives a request up. Quotes that compete are passed over; nobody opens sealed ones any more.
pub async fn cancel(
    tx: &mut Connection,
    command: &Command,
    id: RfqId,
    data: &RfqCancellation,
) -> Result<Answer<RfqDto>, Failure> {
    let mut seen = access::lock_own(tx, command, id).await?;
    let after = RfqState::parse(&seen.row.state)?.after(RfqStep::Cancel)?;
    check_undecided(tx, id).await?;
    pass_over(tx, id).await?;
    end_negotiations(tx, command, id).await?;
    close::clear_timers(tx, id).await?;
    if auction::is_awaited(tx, &seen.row).await? {
        auction::cancel(tx, command, &seen.row, &data.reason).await?;
    }
    seen.row.state = after.code().to_owned();
    seen.row.cancel_reason = Some(data.reason.clone());
    seen.row.version += 1;
    rfq::update(tx, &seen.row).await?;
    let mut told = about(&seen.row);
    told["reason"] = json!(data.reason);
    tell_all(tx, command, "rfq.cancelled", &seen.row, told).await?;
    let version = seen.row.version;
    Ok(Answer::ok(read::shown(tx, &command.by, &seen).await?).version(version))
}

/// Passes over all quotes that compete.
async fn pass_over(tx: &mut Connection, id: RfqId) -> Result<(), Failure> {
    let mut competing = Vec::new();
    for row in quote::lock_handed_in(tx, id).await? {
        let state = row.state()?;
        if state.competes() && state.after(QuoteStep::PassOver)? == QuoteState::NotAwarded {
            timer::clear(tx, close::EXPIRY, row.id).await?;
            competing.push(row.id);
        }
    }
    quote::set_states(tx, &competing, QuoteState::NotAwarded).await
}

/// Negotiations in which somebody has to answer end with the request; the last offers are taken back.
pub async fn end_negotiations(tx: &mut Connection, command: &Command, id: RfqId) -> Result<(), Failure> {
    for open in negotiation::open_of_request(tx, id).await? {
        quote::lock(tx, QuoteId(open.quote_id)).await?;
        let Some(mut held) = negotiation::lock_open(tx, QuoteId(open.quote_id)).await? else { continue };
        let mut content = held.content()?;
        let side = content.state.turn().map(|turn| match turn {
            domain::contract::Side::Buyer => domain::contract::Side::Seller,
            domain::contract::Side::Seller => domain::contract::Side::Buyer,
        });
        let Some(side) = side else { continue };
        if content.conclude(side, domain::sourcing::NegotiationStep::Withdraw, command.at).is_err() {
            content.expire(command.at)?;
        }
        held.set(&content)?;
        negotiation::update(tx, &held).await?;
    }
    Ok(())
}

/// The company that asks, as an identifier of its own kind.
pub fn buyer(row: &RfqRow) -> OrganisationId {
    OrganisationId(row.buyer_id)
}
