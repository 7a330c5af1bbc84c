//! Asking and answering.

use domain::kernel::{OrganisationId, Refusal, RfqId, RfqQuestionId};
use domain::sourcing::{Answer as Given, Question, QuestionReader, RfqState};
use infra::Failure;
use infra::db::Connection;
use infra::db::page::{List, Page};
use infra::sourcing::question::{self, QuestionRow, Seeing};
use infra::sourcing::recipient;
use serde_json::json;

use super::dto::{QuestionDto, RfqAnswerData, RfqQuestionData};
use crate::command::Command;
use crate::http::answer::Answer;
use crate::http::principal::Principal;
use crate::sourcing::access::{self, Seen};
use crate::sourcing::rfq::publish::recipient_row;
use crate::sourcing::rfq::read::check_reader;
use crate::sourcing::rights;
use crate::sourcing::tell::{tell_all, tell_unnamed};

/// A company that may know of a request asks about it, whether it was admitted to quote already or not.
pub async fn ask(
    tx: &mut Connection,
    command: &Command,
    id: RfqId,
    data: &RfqQuestionData,
) -> Result<Answer<QuestionDto>, Failure> {
    let found = access::seen(tx, &command.by, id).await?;
    let own = command.by.require(rights::QUOTE)?;
    if found.is_own {
        return Err(Refusal::new(domain::kernel::Kind::OwnRequest, "A company does not ask itself.").into());
    }
    let row = infra::sourcing::rfq::share(tx, id).await?.ok_or_else(access::unknown)?;
    let terms = row.terms()?;
    let asked = Question::ask(RfqState::parse(&row.state)?, &terms, own, &data.text, command.at)?;
    let new = QuestionRow {
        id: command.id::<RfqQuestionId>().0,
        rfq_id: id.0,
        organisation_id: own.0,
        question: asked.text.clone(),
        asked_at: command.at,
        answer: None,
        answered_at: None,
    };
    question::insert(tx, &new).await?;
    recipient::insert(tx, &[recipient_row(id.0, own.0, "portal", row.published_at.unwrap_or(command.at))]).await?;
    // Nobody is to learn of it who asked.
    let told = json!({"question_id": new.id, "question": new.question});
    tell_unnamed(command, "rfq.question_asked", &row, &[row.buyer_id], told);
    let shown = shown(&new, QuestionReader::Quoter(own)).ok_or_else(unknown)?;
    Ok(Answer::created(format!("/v1/rfqs/{id}/questions"), shown))
}

/// The buyer answers, once.
pub async fn answer(
    tx: &mut Connection,
    command: &Command,
    (id, question): (RfqId, RfqQuestionId),
    data: &RfqAnswerData,
) -> Result<Answer<QuestionDto>, Failure> {
    let Seen { row: request, terms, .. } = access::lock_own(tx, command, id).await?;
    let mut row = question::lock(tx, id, question).await?.ok_or_else(unknown)?;
    let mut asked = of_row(&row);
    asked.answer(RfqState::parse(&request.state)?, &terms, &data.text, command.at)?;
    row.answer = asked.answer.as_ref().map(|answer| answer.text.clone());
    row.answered_at = asked.answer.as_ref().map(|answer| answer.answered_at);
    question::update(tx, &row).await?;
    let told = json!({"question_id": row.id, "question": row.question, "answer": row.answer});
    tell_all(tx, command, "rfq.question_answered", &request, told).await?;
    Ok(Answer::ok(shown(&row, QuestionReader::Buyer).ok_or_else(unknown)?))
}

/// The questions that the caller sees: answered ones like everybody who knows of the request, others as its buyer, or if they have asked.
pub async fn list(
    connection: &mut Connection,
    by: &Principal,
    id: RfqId,
    page: &Page,
) -> Result<List<QuestionDto>, Failure> {
    let seen = access::seen(connection, by, id).await?;
    check_reader(by)?;
    let reader = match by.organisation_id() {
        _ if seen.is_own => QuestionReader::Buyer,
        _ if by.operator => QuestionReader::Operator,
        own => QuestionReader::Quoter(OrganisationId(own.unwrap_or_default())),
    };
    let seeing = match reader {
        QuestionReader::Buyer | QuestionReader::Operator => Seeing::All,
        QuestionReader::Quoter(own) => Seeing::Own(Some(own.0)),
    };
    let found = question::list(connection, id, seeing, page).await?;
    let items = found.items.iter().filter_map(|row| shown(row, reader)).collect();
    Ok(List { items, next: found.next })
}

fn shown(row: &QuestionRow, reader: QuestionReader) -> Option<QuestionDto> {
    let asked = of_row(row);
    let shown = asked.shown(reader)?;
    Some(QuestionDto::of(row, &shown))
}

fn of_row(row: &QuestionRow) -> Question {
    let answer = row.answer.clone().zip(row.answered_at);
    Question {
        asker: OrganisationId(row.organisation_id),
        text: row.question.clone(),
        asked_at: row.asked_at,
        answer: answer.map(|(text, answered_at)| Given { text, answered_at }),
    }
}

fn unknown() -> Refusal {
    Refusal::not_found("question")
}
