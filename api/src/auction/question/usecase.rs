//! What is done with questions.

use domain::kernel::{AuctionId, AuctionQuestionId, Faults, Kind, Refusal};
use domain::party::registration::text;
use domain::portal::Capability;
use infra::Failure;
use infra::auction::question::{self, QuestionRow, Seeing};
use infra::auction::store;
use infra::db::Connection;
use infra::db::page::{List, Page};
use serde_json::json;

use super::dto::{AuctionAnswerData, AuctionQuestionData, QuestionDto};
use crate::auction::bidder::usecase::check_not_own;
use crate::auction::holder::{check_running, lock_own};
use crate::auction::tell::{tell, tell_all};
use crate::auction::{access, rights};
use crate::command::Command;
use crate::http::answer::Answer;
use crate::http::principal::Principal;
use crate::portal;

const LONGEST: usize = 4000;

/// Somebody who may bid on the portal asks.
pub async fn ask(
    tx: &mut Connection,
    command: &Command,
    id: AuctionId,
    data: &AuctionQuestionData,
) -> Result<Answer<QuestionDto>, Failure> {
    let seen = access::seen(tx, Some(&command.by), id).await?;
    let own = command.by.require(rights::BID)?;
    check_not_own(tx, &seen, own).await?;
    portal::access::may(&seen.portal, Capability::Bid)?;
    let auction = store::lock(tx, id).await?.ok_or_else(access::unknown)?;
    check_running(&auction, "asked about")?;
    check_text("/question", &data.question)?;
    let row = QuestionRow {
        id: command.id::<AuctionQuestionId>().0,
        auction_id: id.0,
        organisation_id: own.0,
        question: data.question.trim().to_owned(),
        asked_at: command.at,
        answer: None,
        answered_at: None,
    };
    question::insert(tx, &row).await?;
    let told = json!({"question_id": row.id, "question": row.question});
    // The event names nobody, so that the holder does not learn who asked.
    tell(command, "auction.question_asked", &auction, &[auction.seller_id], told);
    Ok(Answer::created(format!("/v1/auctions/{id}/questions"), QuestionDto::of(&row, Some(own.0))))
}

/// The holder answers, once.
pub async fn answer(
    tx: &mut Connection,
    command: &Command,
    (id, question): (AuctionId, AuctionQuestionId),
    data: &AuctionAnswerData,
) -> Result<Answer<QuestionDto>, Failure> {
    let (auction, _) = lock_own(tx, command, id).await?;
    let mut row = question::lock(tx, id, question).await?.ok_or_else(|| Refusal::not_found("question"))?;
    if row.answer.is_some() {
        return Err(Refusal::new(Kind::WrongState, "The question is answered; bidders relied on that.").into());
    }
    check_text("/answer", &data.answer)?;
    row.answer = Some(data.answer.trim().to_owned());
    row.answered_at = Some(command.at);
    question::update(tx, &row).await?;
    let told = json!({"question_id": row.id, "question": row.question, "answer": row.answer});
    tell_all(tx, command, "auction.question_answered", &auction, told).await?;
    Ok(Answer::ok(QuestionDto::of(&row, Some(auction.seller_id))))
}

/// The questions that the caller sees: answered ones like anybody, others if they hold the auction or have asked.
pub async fn list(
    connection: &mut Connection,
    by: Option<&Principal>,
    id: AuctionId,
    page: &Page,
) -> Result<List<QuestionDto>, Failure> {
    let seen = access::seen(connection, by, id).await?;
    let own = by.and_then(|by| by.require(rights::READ).ok()).map(|own| own.0);
    let seeing = if seen.is_own && own.is_some() { Seeing::All } else { Seeing::Own(own) };
    let found = question::list(connection, id, seeing, page).await?;
    Ok(found.map(|row| QuestionDto::of(&row, own)))
}

fn check_text(pointer: &str, value: &str) -> Result<(), Refusal> {
    let mut faults = Faults::default();
    // Line by line: longer texts have several.
    value.trim().lines().filter(|line| !line.trim().is_empty()).for_each(|line| {
        faults.keep(pointer, text(line, LONGEST));
    });
    if value.trim().is_empty() {
        faults.add(pointer, "blank", "The text is blank.");
    }
    faults.result()
}
