//! Bargaining over a quote.

use domain::contract::Side;
use domain::kernel::{Kind, NegotiationId, QuoteId, Refusal, RfqId};
use domain::sourcing::{Negotiation, NegotiationStep, Quote, RfqState};
use infra::Failure;
use infra::db::Connection;
use infra::db::page::{List, Page};
use infra::sourcing::negotiation::{self, NegotiationRow};
use infra::sourcing::quote::{self, QuoteRow};
use infra::sourcing::{revision, rfq};
use infra::timer;
use serde_json::json;

use super::dto::{CounterOfferData, NegotiationDto};
use crate::app::App;
use crate::command::Command;
use crate::http::answer::Answer;
use crate::http::principal::Principal;
use crate::sourcing::access::{self, Seen};
use crate::sourcing::award::held::check_undecided;
use crate::sourcing::quote::hand_in::{Way, keep, unknown};
use crate::sourcing::quote::{read, sealing};
use crate::sourcing::rights;
use crate::sourcing::tell::tell_both;

/// The timer at the end of an offer that nobody answered.
pub const EXPIRY: &str = "quote_negotiation.expiry";

/// What is bargained over, held.
struct Held {
    request: Seen,
    quote: QuoteRow,
    said: Quote,
    side: Side,
}

/// The buyer makes an offer for a quote, or the side whose turn it is makes another one.
pub async fn counter(
    tx: &mut Connection,
    command: &Command,
    app: &App,
    id: QuoteId,
    data: &CounterOfferData,
) -> Result<Answer<NegotiationDto>, Failure> {
    let held = lock(tx, command, app, id).await?;
    let row = match negotiation::lock_open(tx, id).await? {
        Some(mut row) => {
            let mut content = row.content()?;
            check_goes_on(tx, &held).await?;
            content.counter(&held.said, held.side, &data.input(), command.at)?;
            row.set(&content)?;
            negotiation::update(tx, &row).await?;
            row
        }
        None => begin(tx, command, &held, data).await?,
    };
    timer::set(tx, EXPIRY, row.id, row.expires_at).await?;
    tell(command, "quote.countered", &held, &row);
    let location = format!("/v1/quotes/{id}/negotiations");
    Ok(Answer { location: Some(location), ..Answer::ok(NegotiationDto::of(&row)?) })
}

async fn begin(
    tx: &mut Connection,
    command: &Command,
    held: &Held,
    data: &CounterOfferData,
) -> Result<NegotiationRow, Failure> {
    if held.side == Side::Seller {
        return Err(Refusal::new(Kind::WrongState, "The buyer makes the first offer.").into());
    }
    check_undecided(tx, RfqId(held.quote.rfq_id)).await?;
    let (request, quote) = (&held.request, &held.quote);
    let state = RfqState::parse(&request.row.state)?;
    let procedure = &request.terms.procedure;
    let content = Negotiation::begin(procedure, state, quote.state()?, &held.said, &data.input(), command.at)?;
    let mut row = NegotiationRow {
        id: command.id::<NegotiationId>().0,
        quote_id: quote.id,
        rfq_id: quote.rfq_id,
        state: String::new(),
        content: json!({}),
        expires_at: command.at,
        created_at: command.at,
    };
    row.set(&content)?;
    negotiation::insert(tx, &row).await?;
    Ok(row)
}

/// The side whose turn it is accepts or rejects the last offer; the other one takes it back. What was agreed on is the quote's next revision.
pub async fn conclude(
    tx: &mut Connection,
    command: &Command,
    app: &App,
    id: QuoteId,
    (step, event): (NegotiationStep, &'static str),
) -> Result<Answer<NegotiationDto>, Failure> {
    let mut held = lock(tx, command, app, id).await?;
    let none = || Refusal::new(Kind::WrongState, "There is no offer to be answered.");
    let mut row = negotiation::lock_open(tx, id).await?.ok_or_else(none)?;
    check_goes_on(tx, &held).await?;
    let mut content = row.content()?;
    content.conclude(held.side, step, command.at)?;
    row.set(&content)?;
    negotiation::update(tx, &row).await?;
    timer::clear(tx, EXPIRY, row.id).await?;
    if let Some(agreed) = content.agreed(&held.said) {
        let state = held.quote.state()?;
        let request = (&held.request.row, &held.request.terms);
        keep(tx, command, &app.secret, request, &mut held.quote, (Way::Negotiated, state, agreed)).await?;
    }
    tell(command, event, &held, &row);
    Ok(Answer::ok(NegotiationDto::of(&row)?))
}

/// Nobody answered in time. Does nothing if somebody did meanwhile, or a later offer stands.
pub async fn expire(tx: &mut Connection, command: &Command, id: NegotiationId) -> Result<(), Failure> {
    let Some(found) = negotiation::of_id(tx, id).await? else { return Ok(()) };
    let Some(request) = rfq::lock(tx, RfqId(found.rfq_id)).await? else { return Ok(()) };
    let Some(quote) = quote::lock(tx, QuoteId(found.quote_id)).await? else { return Ok(()) };
    let Some(mut row) = negotiation::lock_open(tx, QuoteId(quote.id)).await?.filter(|row| row.id == id.0) else {
        return Ok(());
    };
    if command.at < row.expires_at {
        return timer::set(tx, EXPIRY, id.0, row.expires_at).await;
    }
    let mut content = row.content()?;
    content.expire(command.at)?;
    row.set(&content)?;
    negotiation::update(tx, &row).await?;
    let told = json!({"negotiation_id": row.id, "quote_id": row.quote_id, "state": row.state});
    tell_both(command, "quote.negotiation_expired", &request, quote.quoter_id, told);
    Ok(())
}

/// The negotiations of a quote, newest first, for its two sides and the operator.
pub async fn list(
    connection: &mut Connection,
    by: &Principal,
    id: QuoteId,
    page: &Page,
) -> Result<List<NegotiationDto>, Failure> {
    let (request, row) = read::known(connection, by, id).await?;
    crate::sourcing::rfq::read::check_reader(by)?;
    let standing = revision::find(connection, id, row.revision).await?;
    if read::sight(&request, by, &row, standing.as_ref())? < domain::sourcing::Seen::Whole {
        return Err(unknown().into());
    }
    let found = negotiation::list(connection, id, page).await?;
    let items = found.items.iter().map(NegotiationDto::of).collect::<Result<_, _>>()?;
    Ok(List { items, next: found.next })
}

/// A quote that both sides can read, held with its request, and which side the caller is.
async fn lock(tx: &mut Connection, command: &Command, app: &App, id: QuoteId) -> Result<Held, Failure> {
    let (request, found) = read::known(tx, &command.by, id).await?;
    let standing = revision::find(tx, id, found.revision).await?;
    if read::sight(&request, &command.by, &found, standing.as_ref())? < domain::sourcing::Seen::Whole {
        return Err(unknown().into());
    }
    let side = if request.is_own { Side::Buyer } else { Side::Seller };
    let own = command.by.require(if request.is_own { rights::BUY } else { rights::QUOTE })?;
    if side == Side::Seller && own.0 != found.quoter_id {
        return Err(unknown().into());
    }
    let row = rfq::lock(tx, RfqId(found.rfq_id)).await?.ok_or_else(access::unknown)?;
    let quote = quote::lock(tx, id).await?.ok_or_else(unknown)?;
    let standing = revision::find(tx, id, quote.revision).await?;
    let standing = standing.ok_or_else(|| Refusal::wrong_state("quote", &quote.state, "negotiated"))?;
    let said = sealing::open(&app.secret, &standing)?.quote;
    let request = Seen { terms: row.terms()?, row, ..request };
    Ok(Held { request, quote, said, side })
}

/// An offer can be answered while the buyer evaluates, and nothing that it has decided waits for consent, of which quoters do not know.
async fn check_goes_on(tx: &mut Connection, held: &Held) -> Result<(), Failure> {
    let state = RfqState::parse(&held.request.row.state)?;
    if state != RfqState::Evaluating {
        return Err(Refusal::wrong_state("request for quotation", state.code(), "negotiated").into());
    }
    match check_undecided(tx, RfqId(held.request.row.id)).await {
        Err(Failure::Refused(_)) if held.side == Side::Seller => {
            Err(Refusal::new(Kind::WrongState, "The buyer does not negotiate at the moment.").into())
        }
        other => other,
    }
}

fn tell(command: &Command, event: &'static str, held: &Held, row: &NegotiationRow) {
    let told = json!({
        "negotiation_id": row.id, "quote_id": row.quote_id, "state": row.state, "by": held.side.code(),
        "revision": held.quote.revision,
    });
    tell_both(command, event, &held.request.row, held.quote.quoter_id, told);
}
