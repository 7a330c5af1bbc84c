//! Awards that come to nothing: the quoter does not take them, the buyer takes them back, or consent is refused.

use domain::kernel::{RfqAwardId, RfqId};
use domain::sourcing::{AwardState, AwardStep, QuoteState, QuoteStep, RfqState, RfqStep};
use infra::Failure;
use infra::db::Connection;
use infra::sourcing::{award, quote, rfq};
use infra::timer;
use serde_json::json;
use uuid::Uuid;

use super::conclude::CONCLUDE;
use super::dto::AwardDto;
use super::held::{self, Held, Side, check_side, known, said, standing, unknown};
use super::read;
use crate::command::Command;
use crate::http::answer::Answer;
use crate::secret::SecretKey;
use crate::sourcing::rfq::close;
use crate::sourcing::rights;
use crate::sourcing::tell::{about, tell, tell_both};

/// A quoter does not take what it was awarded.
pub async fn decline(
    tx: &mut Connection,
    command: &Command,
    key: &SecretKey,
    id: RfqAwardId,
    reason: &str,
) -> Result<Answer<AwardDto>, Failure> {
    let (found, side) = known(tx, &command.by, id).await?;
    command.by.require(rights::QUOTE)?;
    check_side(side, Side::Quoter)?;
    let mut held = held::lock(tx, found.decision_id).await?.ok_or_else(unknown)?;
    end(tx, command, key, &mut held, id, (AwardStep::Decline, reason)).await?;
    let told = json!({"award_id": id, "quote_id": found.quote_id, "reason": reason});
    tell_both(command, "quote.award_declined", &held.request, found.quoter_id, told);
    let row = held.award(id)?;
    Ok(Answer::ok(read::shown(tx, row, side).await?).version(row.version))
}

/// The buyer takes an award back before there is a contract, as after an objection.
pub async fn rescind(
    tx: &mut Connection,
    command: &Command,
    key: &SecretKey,
    id: RfqAwardId,
    reason: &str,
) -> Result<Answer<AwardDto>, Failure> {
    let (found, side) = known(tx, &command.by, id).await?;
    command.by.require(rights::BUY)?;
    check_side(side, Side::Buyer)?;
    let mut held = held::lock(tx, found.decision_id).await?.ok_or_else(unknown)?;
    end(tx, command, key, &mut held, id, (AwardStep::Rescind, reason)).await?;
    let row = held.award(id)?;
    let told = json!({"award_id": id, "quote_id": row.quote_id, "reason": reason});
    match row.announced_at {
        Some(_) => tell_both(command, "quote.award_rescinded", &held.request, row.quoter_id, told),
        // Its quoter never heard of it.
        None => tell(command, "quote.award_rescinded", &held.request, &[held.request.buyer_id], told),
    }
    Ok(Answer::ok(read::shown(tx, row, side).await?).version(row.version))
}

/// Ends an award of a decision that is held. Others of the same decision keep standing; for what it gave the buyer
/// decides anew.
pub async fn end(
    tx: &mut Connection,
    command: &Command,
    key: &SecretKey,
    held: &mut Held,
    id: RfqAwardId,
    (step, reason): (AwardStep, &str),
) -> Result<(), Failure> {
    let award = held.awards.iter_mut().find(|award| award.id == id.0).ok_or_else(unknown)?;
    award.state = award.state()?.after(step)?.code().to_owned();
    award.end_reason = Some(reason.to_owned());
    award.ended_at = Some(command.at);
    award.version += 1;
    award::update(tx, award).await?;
    let of = award.quote_id;
    take_back(tx, key, held, of, step).await?;
    reconsider(tx, command, held).await?;
    let announced = AwardState::Announced.code();
    if held.awards.iter().any(|award| award.state == announced) {
        return Ok(());
    }
    timer::clear(tx, CONCLUDE, held.decision.id).await
}

/// The quote is awarded no more, unless something else is awarded to it. If it can be awarded again, that is until its
/// validity ends.
async fn take_back(
    tx: &mut Connection,
    key: &SecretKey,
    held: &mut Held,
    of: Uuid,
    step: AwardStep,
) -> Result<(), Failure> {
    let parts = standing(&award::of_request(tx, RfqId(held.request.id)).await?)?;
    if parts.iter().any(|part| part.quote.0 == of) {
        return Ok(());
    }
    let row = held.quotes.iter_mut().find(|row| row.id == of);
    let row = row.ok_or_else(|| Failure::broken("an award of no quote"))?;
    if row.state()? != QuoteState::Awarded {
        // Nobody was told: it competes as before.
        return Ok(());
    }
    let step = if step == AwardStep::Decline { QuoteStep::Decline } else { QuoteStep::Rescind };
    let after = row.state()?.after(step)?;
    after.code().clone_into(&mut row.state);
    row.version += 1;
    quote::update(tx, row).await?;
    if after != QuoteState::NotAwarded {
        return Ok(());
    }
    let valid_until = said(tx, key, row).await?.valid_until;
    timer::set(tx, close::EXPIRY, row.id, close::end_of(valid_until)).await
}

/// The request is evaluated again, if it is not yet.
async fn reconsider(tx: &mut Connection, command: &Command, held: &mut Held) -> Result<(), Failure> {
    let request = &mut held.request;
    let Ok(after) = RfqState::parse(&request.state)?.after(RfqStep::Reconsider) else { return Ok(()) };
    after.code().clone_into(&mut request.state);
    request.version += 1;
    rfq::update(tx, request).await?;
    tell(command, "rfq.reconsidered", request, &[request.buyer_id], about(request));
    Ok(())
}
