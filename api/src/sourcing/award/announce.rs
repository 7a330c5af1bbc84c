//! Winners and losers are told.

use domain::kernel::{QuoteId, RfqId, Timestamp};
use domain::sourcing::{AwardStep, QuoteState, QuoteStep, RfqState, RfqStep, standstill_until};
use infra::Failure;
use infra::db::Connection;
use infra::sourcing::award::{self, AwardRow};
use infra::sourcing::{quote, rfq};
use infra::timer;
use serde_json::json;
use uuid::Uuid;

use super::conclude;
use super::held::{Held, standing};
use super::letter::LETTER;
use crate::command::Command;
use crate::http::dto::{MoneyDto, Time};
use crate::secret::SecretKey;
use crate::sourcing::rfq::usecase::end_negotiations;
use crate::sourcing::tell::{tell, tell_both};

/// Announces what waits of a decision that is held. Where no standstill keeps the parties from it, contracts are made
/// at once.
pub async fn announce(tx: &mut Connection, command: &Command, key: &SecretKey, held: &mut Held) -> Result<(), Failure> {
    end_negotiations(tx, command, RfqId(held.request.id)).await?;
    let mut won = Vec::new();
    for award in &mut held.awards {
        let Ok(after) = award.state()?.after(AwardStep::Approve) else { continue };
        after.code().clone_into(&mut award.state);
        award.announced_at = Some(command.at);
        // It is for those who are told: it begins on the day of the announcement.
        award.standstill_until = standstill_until(&held.terms, command.at);
        award.version += 1;
        award::update(tx, award).await?;
        won.push(award.quote_id);
    }
    decide(tx, held, &won).await?;
    let lost = pass_over(tx, held).await?;
    let letters: Vec<(Uuid, Timestamp)> = won.iter().chain(&lost).map(|quote| (*quote, command.at)).collect();
    timer::set_all(tx, LETTER, &letters).await?;
    tell_all(command, held, &won, &lost)?;
    conclude::conclude_held(tx, command, key, held).await
}

/// The request is awarded, and so are the quotes that win.
async fn decide(tx: &mut Connection, held: &mut Held, won: &[Uuid]) -> Result<(), Failure> {
    let request = &mut held.request;
    RfqState::parse(&request.state)?.after(RfqStep::Award)?.code().clone_into(&mut request.state);
    request.version += 1;
    rfq::update(tx, request).await?;
    for row in held.quotes.iter_mut().filter(|row| won.contains(&row.id)) {
        row.state()?.after(QuoteStep::Award)?.code().clone_into(&mut row.state);
        row.version += 1;
    }
    quote::set_states(tx, won, QuoteState::Awarded).await
}

/// Passes over the quotes that compete and were awarded nothing; gives them together with those that were passed over
/// before and still are.
async fn pass_over(tx: &mut Connection, held: &mut Held) -> Result<Vec<Uuid>, Failure> {
    let winners = standing(&award::of_request(tx, RfqId(held.request.id)).await?)?;
    let (mut passed, mut lost) = (Vec::new(), Vec::new());
    for row in &mut held.quotes {
        if winners.iter().any(|part| part.quote == QuoteId(row.id)) {
            continue;
        }
        let state = row.state()?;
        if state.competes() {
            row.state = state.after(QuoteStep::PassOver)?.code().to_owned();
            row.version += 1;
            passed.push(row.id);
            lost.push(row.id);
        } else if state == QuoteState::NotAwarded && row.reason.is_none() {
            lost.push(row.id);
        }
    }
    quote::set_states(tx, &passed, QuoteState::NotAwarded).await?;
    Ok(lost)
}

/// Each company learns of its own quote alone.
fn tell_all(command: &Command, held: &Held, won: &[Uuid], lost: &[Uuid]) -> Result<(), Failure> {
    let (request, decision) = (&held.request, &held.decision);
    let announced = || held.awards.iter().filter(|award| won.contains(&award.quote_id));
    let until = announced().find_map(|award| award.standstill_until).map(Time);
    let awards: Vec<Uuid> = announced().map(|award| award.id).collect();
    let told = json!({
        "decision_id": decision.id, "award_ids": awards, "reason": decision.reason, "standstill_until": until,
    });
    tell(command, "rfq.awarded", request, &[request.buyer_id], told);
    for award in announced() {
        tell_both(command, "quote.awarded", request, award.quoter_id, about(award, &decision.reason)?);
    }
    for row in held.quotes.iter().filter(|row| lost.contains(&row.id)) {
        let told = json!({
            "quote_id": row.id, "decision_id": decision.id, "reason": decision.reason, "standstill_until": until,
        });
        tell_both(command, "quote.not_awarded", request, row.quoter_id, told);
    }
    Ok(())
}

fn about(award: &AwardRow, reason: &str) -> Result<serde_json::Value, Failure> {
    let part = award.part()?;
    Ok(json!({
        "award_id": award.id, "quote_id": award.quote_id, "decision_id": award.decision_id, "reason": reason,
        "net": MoneyDto::from(part.net), "lines": part.lines.iter().map(|line| line.line).collect::<Vec<_>>(),
        "standstill_until": award.standstill_until.map(Time),
    }))
}
