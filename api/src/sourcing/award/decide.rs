//! The buyer decides who gets what.

use domain::kernel::{Findings, Kind, OrganisationId, QuoteId, RfqAwardId, RfqId};
use domain::sourcing::{
    Award, AwardInput, AwardPart, AwardState, Awardable, Decision, Quote, QuoteState, Reader, RfqState, Seen as Sight,
    seen,
};
use infra::Failure;
use infra::db::Connection;
use infra::sourcing::approval::KeptRound;
use infra::sourcing::award::{self, AwardRow, DecisionRow};
use infra::sourcing::quote::{self, QuoteRow};
use infra::sourcing::revision;
use serde_json::json;
use uuid::Uuid;

use super::approval::{Asked, asked};
use super::dto::{AwardData, DecisionDto};
use super::held::{Held, check_undecided, standing};
use super::{announce, read};
use crate::command::Command;
use crate::http::answer::Answer;
use crate::secret::SecretKey;
use crate::sourcing::access::{self, Seen};
use crate::sourcing::quote::sealing;
use crate::sourcing::tell::tell;

/// Awards: at once, or once those have consented whom the buyer's approval policy asks. Until then nothing of the request and its quotes has
/// changed for anybody but the buyer.
pub async fn award(
    tx: &mut Connection,
    command: &Command,
    key: &SecretKey,
    id: RfqId,
    data: &AwardData,
) -> Result<Answer<DecisionDto>, Failure> {
    let request = access::lock_own(tx, command, id).await?;
    check_undecided(tx, id).await?;
    let quotes = quote::lock_handed_in(tx, id).await?;
    let input = data.input();
    check_excluded(&input, &quotes)?;
    let made = check(tx, command, key, &request, &quotes, &input).await?;
    let asked = asked(tx, command, &request, &made).await?;
    let mut held = hold(command, request, quotes, &made, &asked)?;
    award::insert(tx, &held.decision, &held.awards).await?;
    if asked.round.is_some() {
        let told = json!({"decision_id": held.decision.id, "state": AwardState::AwaitingApproval.code()});
        tell(command, "rfq.award_submitted", &held.request, &[held.request.buyer_id], told);
    } else {
        announce::announce(tx, command, key, &mut held).await?;
    }
    let shown = read::decision(tx, &held.decision, &held.awards).await?;
    Ok(Answer::created(format!("/v1/rfqs/{id}/awards"), shown))
}

/// Refuses quotes that the buyer has excluded, with all of them that are named.
fn check_excluded(input: &AwardInput, quotes: &[QuoteRow]) -> Result<(), Failure> {
    let mut findings = Findings::default();
    let mut check = |id: QuoteId, pointer: String| {
        let excluded = quotes.iter().find(|row| row.id == id.0 && row.reason.is_some());
        if excluded.is_some_and(|row| row.state == QuoteState::NotAwarded.code()) {
            let detail = "You have excluded the quote.";
            findings.add(Kind::QuoteNotStanding, pointer, "excluded", detail);
        }
    };
    if let Some(quote) = input.quote {
        check(quote, "/quote_id".to_owned());
    }
    for (index, line) in input.lines.iter().enumerate() {
        check(line.quote, format!("/lines/{index}/quote_id"));
    }
    Ok(findings.result()?)
}

/// What is awarded, by the rules.
async fn check(
    tx: &mut Connection,
    command: &Command,
    key: &SecretKey,
    request: &Seen,
    quotes: &[QuoteRow],
    input: &AwardInput,
) -> Result<Award, Failure> {
    let opened = opened(tx, key, request, quotes, input).await?;
    let mut awardable = Vec::with_capacity(opened.len());
    for (row, quote) in &opened {
        let (id, quoter) = (QuoteId(row.id), OrganisationId(row.quoter_id));
        awardable.push(Awardable { id, quoter, quote, state: row.state()? });
    }
    let standing = standing(&award::of_request(tx, RfqId(request.row.id)).await?)?;
    let decision = Decision {
        state: RfqState::parse(&request.row.state)?,
        terms: &request.terms,
        quotes: &awardable,
        standing: &standing,
        at: command.at,
    };
    Ok(input.check(decision)?)
}

/// Of the quotes that are named those whose prices are open to the buyer. Others do not exist for an award.
async fn opened<'a>(
    tx: &mut Connection,
    key: &SecretKey,
    request: &Seen,
    quotes: &'a [QuoteRow],
    input: &AwardInput,
) -> Result<Vec<(&'a QuoteRow, Quote)>, Failure> {
    let is_named = |id: Uuid| input.quote == Some(QuoteId(id)) || input.lines.iter().any(|line| line.quote.0 == id);
    let named: Vec<&QuoteRow> = quotes.iter().filter(|row| is_named(row.id)).collect();
    let ids: Vec<Uuid> = named.iter().map(|row| row.id).collect();
    let revisions = revision::standing_of(tx, &ids).await?;
    let (secrecy, state) = (request.terms.procedure.secrecy, RfqState::parse(&request.row.state)?);
    let mut opened = Vec::with_capacity(named.len());
    for row in named {
        let Some(revision) = revisions.iter().find(|one| one.quote_id == row.id) else { continue };
        if seen(Reader::Buyer, secrecy, state, row.state()?, revision.opened()?) == Sight::Whole {
            opened.push((row, sealing::open(key, revision)?.quote));
        }
    }
    Ok(opened)
}

/// The decision and its awards as they are kept: they wait for consent, be it that none is needed.
fn hold(command: &Command, request: Seen, quotes: Vec<QuoteRow>, made: &Award, asked: &Asked) -> Result<Held, Failure> {
    let kept = asked.round.as_ref().map(|(version, round)| KeptRound::begin(*version, round));
    let decision = DecisionRow {
        id: command.id(),
        rfq_id: request.row.id,
        reason: made.reason.clone(),
        decided_by: command.by.person().ok().map(|person| person.0),
        decided_at: made.decided_at,
        policy_version: kept.as_ref().map(|kept| kept.policy_version),
        requesters: asked.requesters.clone(),
        approval: kept.map(serde_json::to_value).transpose().map_err(Failure::broken)?,
    };
    let award = |part: &AwardPart| {
        Ok(AwardRow {
            id: command.id::<RfqAwardId>().0,
            decision_id: decision.id,
            rfq_id: request.row.id,
            quote_id: part.quote.0,
            quoter_id: part.quoter.0,
            state: AwardState::AwaitingApproval.code().to_owned(),
            part: serde_json::to_value(part).map_err(Failure::broken)?,
            standstill_until: made.standstill_until,
            contract_id: None,
            letter_id: None,
            end_reason: None,
            announced_at: None,
            ended_at: None,
            version: 1,
        })
    };
    let awards = made.parts.iter().map(award).collect::<Result<_, Failure>>()?;
    Ok(Held { terms: request.terms, request: request.row, quotes, decision, awards })
}
