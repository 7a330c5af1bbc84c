//! The deadlines of a request: questions end, quotes end, and what follows from that.

use std::collections::BTreeSet;

use chrono::{Days, NaiveTime, TimeDelta};
use domain::kernel::{OrganisationId, QuoteId, RfqId, Timestamp};
use domain::sourcing::{QuoteState, QuoteStep, RfqState, RfqStep, at_close};
use infra::Failure;
use infra::db::Connection;
use infra::sourcing::quote::{self, QuoteRow};
use infra::sourcing::recipient;
use infra::sourcing::revision::{self, RevisionRow};
use infra::sourcing::rfq::{self, RfqRow};
use infra::timer;
use serde_json::json;
use uuid::Uuid;

use super::read;
use super::show::RfqDto;
use crate::command::Command;
use crate::http::answer::Answer;
use crate::secret::SecretKey;
use crate::sourcing::access::{self, Seen};
use crate::sourcing::quote::hand_in::Way;
use crate::sourcing::quote::sealing;
use crate::sourcing::round::auction;
use crate::sourcing::tell::{about, tell_all, tell_both, tell_quoter};

/// The timer at the end of questions.
pub const QUESTIONS: &str = "rfq.questions";

/// The timer at the deadline of quotes.
pub const DEADLINE: &str = "rfq.deadline";

/// The timer at the end of a quote's validity.
pub const EXPIRY: &str = "quote.expiry";

/// How long after the deadline the request is closed. What comes in at the deadline or after it is refused by the clock alone; this leaves time
/// to those who came before and are still being worked on.
const GRACE: TimeDelta = TimeDelta::seconds(2);

/// Sets the timers of a request that takes quotes.
pub async fn set_timers(tx: &mut Connection, row: &RfqRow) -> Result<(), Failure> {
    timer::set(tx, QUESTIONS, row.id, row.questions_until).await?;
    timer::set(tx, DEADLINE, row.id, due(row)).await
}

pub async fn clear_timers(tx: &mut Connection, id: RfqId) -> Result<(), Failure> {
    timer::clear(tx, QUESTIONS, id.0).await?;
    timer::clear(tx, DEADLINE, id.0).await
}

/// Questions have ended. Does nothing if that was moved, or the request is not open any more.
pub async fn end_questions(tx: &mut Connection, command: &Command, id: RfqId) -> Result<(), Failure> {
    let Some(mut row) = rfq::lock(tx, id).await? else { return Ok(()) };
    let state = RfqState::parse(&row.state)?;
    if state != RfqState::Published {
        return Ok(());
    }
    if command.at < row.questions_until {
        return timer::set(tx, QUESTIONS, id.0, row.questions_until).await;
    }
    row.state = state.after(RfqStep::CloseQuestions)?.code().to_owned();
    row.version += 1;
    rfq::update(tx, &row).await?;
    tell_all(tx, command, "rfq.questions_closed", &row, about(&row)).await
}

/// The deadline has passed. Does nothing if it was moved, or the request does not take quotes any more.
pub async fn end_quotes(tx: &mut Connection, command: &Command, key: &SecretKey, id: RfqId) -> Result<(), Failure> {
    let Some(row) = rfq::lock(tx, id).await? else { return Ok(()) };
    if !RfqState::parse(&row.state)?.takes_quotes() {
        return Ok(());
    }
    if command.at < due(&row) {
        return timer::set(tx, DEADLINE, id.0, due(&row)).await;
    }
    if auction::is_awaited(tx, &row).await? {
        return timer::set(tx, DEADLINE, id.0, command.at + GRACE).await;
    }
    close_held(tx, command, key, row, &[]).await.map(drop)
}

/// The buyer closes a request: after the deadline, or before it where all that are asked have answered.
pub async fn close(
    tx: &mut Connection,
    command: &Command,
    key: &SecretKey,
    id: RfqId,
) -> Result<Answer<RfqDto>, Failure> {
    let seen = access::lock_own(tx, command, id).await?;
    let mut answered = recipient::declined(tx, id).await?;
    for row in quote::handed_in(tx, id).await? {
        if row.state()?.competes() {
            answered.push(row.quoter_id);
        }
    }
    let answered: Vec<OrganisationId> = answered.into_iter().map(OrganisationId).collect();
    let row = close_held(tx, command, key, seen.row, &answered).await?;
    let seen = Seen { terms: row.terms()?, row, ..seen };
    let version = seen.row.version;
    Ok(Answer::ok(read::shown(tx, &command.by, &seen).await?).version(version))
}

/// Closes a request that is held. Quotes that were not confirmed lapse; where nothing is sealed the buyer evaluates at once.
async fn close_held(
    tx: &mut Connection,
    command: &Command,
    key: &SecretKey,
    mut row: RfqRow,
    answered: &[OrganisationId],
) -> Result<RfqRow, Failure> {
    let state = RfqState::parse(&row.state)?;
    let after = state.after(RfqStep::Close)?;
    let terms = domain::sourcing::close(&row.terms()?, answered, command.at)?;
    row.set_terms(&terms)?;
    let standing = lapse(tx, command, &row).await?;
    row.state = after.code().to_owned();
    row.closed_at = Some(command.at);
    row.version += 1;
    let is_sealed = !terms.procedure.envelopes_in_order().is_empty();
    let to_open = if is_sealed { quotes_to_open(tx, &row, &standing).await? } else { Vec::new() };
    if to_open.is_empty() {
        evaluate(tx, key, &mut row).await?;
    }
    rfq::update(tx, &row).await?;
    clear_timers(tx, RfqId(row.id)).await?;
    let mut told = about(&row);
    told["quotes"] = json!(standing.len());
    tell_all(tx, command, "rfq.closed", &row, told).await?;
    Ok(row)
}

/// Lets the quotes lapse that were not confirmed in time, and gives those that compete. Who is not in the round could not confirm.
async fn lapse(tx: &mut Connection, command: &Command, row: &RfqRow) -> Result<Vec<QuoteRow>, Failure> {
    let last_to_confirm = u32::try_from(row.last_to_confirm).map_err(Failure::broken)?;
    let rounds = row.rounds()?;
    let may_confirm =
        |quote: &QuoteRow| rounds.last().is_none_or(|round| round.invited.contains(&OrganisationId(quote.quoter_id)));
    let (mut standing, mut lapsed) = (Vec::new(), Vec::new());
    for quote in quote::lock_handed_in(tx, RfqId(row.id)).await? {
        let answers = u32::try_from(quote.answers).map_err(Failure::broken)?;
        let state = quote.state()?;
        let after = if may_confirm(&quote) { at_close(state, answers, last_to_confirm)? } else { state };
        if after == QuoteState::Lapsed && state != after {
            // The quoter alone: nobody else knows of the quote.
            tell_quoter(command, "quote.lapsed", row, quote.quoter_id, json!({}));
            lapsed.push(quote.id);
        } else if state.competes() {
            standing.push(quote);
        }
    }
    quote::set_states(tx, &lapsed, QuoteState::Lapsed).await?;
    Ok(standing)
}

/// Of these quotes those that were handed in in this round: they are still sealed.
pub async fn quotes_to_open(tx: &mut Connection, row: &RfqRow, standing: &[QuoteRow]) -> Result<Vec<Uuid>, Failure> {
    let competing: BTreeSet<Uuid> = standing.iter().map(|quote| quote.id).collect();
    let revisions = revision::standing(tx, RfqId(row.id)).await?;
    // What was negotiated, or bid in an auction, is open from the beginning.
    let is_sealed = |one: &&RevisionRow| one.round == row.round && one.kind != Way::Negotiated.code();
    let new = revisions.iter().filter(is_sealed).filter(|one| competing.contains(&one.quote_id));
    Ok(new.map(|one| one.quote_id).collect())
}

/// The buyer evaluates from now on: the state of a request that is held, and when each quote ends.
pub async fn evaluate(tx: &mut Connection, key: &SecretKey, row: &mut RfqRow) -> Result<(), Failure> {
    row.state = RfqState::parse(&row.state)?.after(RfqStep::Evaluate)?.code().to_owned();
    let quotes = quote::handed_in(tx, RfqId(row.id)).await?;
    let mut ends = Vec::new();
    for revision in revision::standing(tx, RfqId(row.id)).await? {
        let Some(quote) = quotes.iter().find(|quote| quote.id == revision.quote_id) else { continue };
        if quote.state()?.competes() {
            ends.push((quote.id, end_of(sealing::open(key, &revision)?.quote.valid_until)));
        }
    }
    if ends.is_empty() { Ok(()) } else { timer::set_all(tx, EXPIRY, &ends).await }
}

/// The instant at which a quote that is valid until a day ends.
pub fn end_of(valid_until: domain::kernel::Date) -> Timestamp {
    let next = valid_until.checked_add_days(Days::new(1)).unwrap_or(valid_until);
    next.and_time(NaiveTime::MIN).and_utc()
}

/// The validity of a quote has ended. Does nothing if it was decided on, or is valid for longer by now.
pub async fn expire(tx: &mut Connection, command: &Command, key: &SecretKey, id: QuoteId) -> Result<(), Failure> {
    let Some(found) = quote::of_id(tx, id).await? else { return Ok(()) };
    let Some(request) = rfq::lock(tx, RfqId(found.rfq_id)).await? else { return Ok(()) };
    let Some(mut row) = quote::lock(tx, id).await? else { return Ok(()) };
    let Ok(after) = row.state()?.after(QuoteStep::Expire) else { return Ok(()) };
    let Some(revision) = revision::find(tx, id, row.revision).await? else { return Ok(()) };
    let end = end_of(sealing::open(key, &revision)?.quote.valid_until);
    if command.at < end {
        return timer::set(tx, EXPIRY, id.0, end).await;
    }
    row.state = after.code().to_owned();
    row.version += 1;
    quote::update(tx, &row).await?;
    tell_both(command, "quote.expired", &request, row.quoter_id, json!({"quote_id": row.id}));
    Ok(())
}

/// When a request is closed whose deadline this is.
pub fn due(row: &RfqRow) -> Timestamp {
    row.quotes_until + GRACE
}
