//! What the buyer says of a quote: scores, what it allows for the way, and the alternatives that it takes for as good.

use std::collections::{BTreeMap, BTreeSet};

use domain::kernel::money::parse_decimal;
use domain::kernel::{Faults, Kind, Money, OrganisationId, QuoteId, Refusal};
use domain::sourcing::{Entrant, LineNumber, Quote, Terms, Variant, compare};
use infra::Failure;
use infra::db::Connection;
use infra::sourcing::evaluation::{self, EvaluationRow};
use infra::sourcing::quote::QuoteRow;
use rust_decimal::Decimal;
use serde_json::json;

use super::dto::{AcceptedDto, EvaluationDto};
use super::entrants::is_compared;
use super::judged;
use crate::app::App;
use crate::command::Command;
use crate::http::answer::{Answer, check_version};
use crate::http::principal::Principal;
use crate::sourcing::quote::sealing;
use crate::sourcing::rights;
use crate::sourcing::tell::tell;

/// What is said of a quote, once it passed the checks.
struct Said {
    scores: BTreeMap<String, Decimal>,
    allowance: Option<Money>,
    accepted: BTreeSet<(LineNumber, Variant)>,
}

/// What the caller's company says of a quote to a request of its own, with its version: 0 before anything was said.
pub async fn find(connection: &mut Connection, by: &Principal, id: QuoteId) -> Result<(EvaluationDto, i64), Failure> {
    let (request, _, _) = judged::find(connection, by, id).await?;
    if !request.is_own {
        return Err(Refusal::forbidden("The company that asks for quotes judges them.").into());
    }
    by.require(rights::READ)?;
    match evaluation::find(connection, id).await? {
        Some(row) => Ok((shown(&row)?, row.version)),
        None => Ok((EvaluationDto::default(), 0)),
    }
}

/// Keeps what the buyer says of a quote in place of what it said before.
pub async fn keep(
    tx: &mut Connection,
    command: &Command,
    app: &App,
    id: QuoteId,
    expected: i64,
    data: &EvaluationDto,
) -> Result<Answer<EvaluationDto>, Failure> {
    let (request, row, revision) = judged::lock(tx, command, id, "judged").await?;
    if !is_compared(&row) {
        return Err(Refusal::wrong_state("quote", &row.state, "judged").into());
    }
    let before = evaluation::find(tx, id).await?.map_or(0, |before| before.version);
    check_version(before, expected)?;
    let quote = sealing::open(&app.secret, &revision)?.quote;
    let said = check(&request.terms, &row, &quote, data)?;
    let kept = EvaluationRow {
        quote_id: row.id,
        rfq_id: row.rfq_id,
        scores: serde_json::to_value(&said.scores).map_err(Failure::broken)?,
        allowance: said.allowance.map(Money::amount),
        accepted: serde_json::to_value(&said.accepted).map_err(Failure::broken)?,
        note: data.note.clone(),
        version: before + 1,
        at: command.at,
    };
    evaluation::put(tx, &kept).await?;
    let told = json!({"quote_id": row.id, "quoter_id": row.quoter_id});
    tell(command, "rfq.quote_evaluated", &request.row, &[request.row.buyer_id], told);
    Ok(Answer::ok(shown(&kept)?).version(kept.version))
}

/// Judges what is said of a quote, with pointers into the body. What scores and amounts may be, the comparison itself decides.
fn check(terms: &Terms, row: &QuoteRow, quote: &Quote, data: &EvaluationDto) -> Result<Said, Refusal> {
    let mut faults = Faults::default();
    let mut scores = BTreeMap::new();
    for (key, text) in &data.scores {
        let score = faults.keep(format!("/scores/{key}"), parse_decimal(text));
        scores.extend(score.map(|score| (key.clone(), score.normalize())));
    }
    let currency = terms.comparison_currency();
    let money = |text: &String| parse_decimal(text).and_then(|amount| Money::new(amount, currency));
    let allowance = data.allowance.as_ref().and_then(|text| faults.keep("/allowance", money(text)));
    let mut accepted = BTreeSet::new();
    for (index, AcceptedDto { line, variant }) in data.accepted.iter().enumerate() {
        if quote.offer(*line, *variant).is_none() {
            faults.add(format!("/accepted/{index}"), "unknown", "The quote has no such offer.");
        }
        accepted.insert((*line, *variant));
    }
    let entrant = Entrant {
        id: QuoteId(row.id),
        quoter: OrganisationId(row.quoter_id),
        submitted_at: row.submitted_at.unwrap_or(row.created_at),
        quote,
        scores: scores.clone(),
        allowance,
        accepted: accepted.clone(),
    };
    note(compare(terms, vec![entrant]).map(drop), row, &mut faults)?;
    faults.result()?;
    Ok(Said { scores, allowance, accepted })
}

/// Notes the faults of a comparison where they stand in the body.
fn note(compared: Result<(), Refusal>, row: &QuoteRow, faults: &mut Faults) -> Result<(), Refusal> {
    let Err(refusal) = compared else { return Ok(()) };
    if refusal.kind != Kind::InvalidInput {
        return Err(refusal);
    }
    let of_quote = format!("/quotes/{}", row.id);
    for fault in refusal.faults {
        // Only the allowance can make too large what could be compared before.
        let pointer = fault.pointer.strip_prefix(&of_quote).unwrap_or("/allowance");
        faults.add(pointer, fault.code, fault.detail);
    }
    Ok(())
}

fn shown(row: &EvaluationRow) -> Result<EvaluationDto, Failure> {
    let accepted = row.accepted()?.into_iter();
    Ok(EvaluationDto {
        scores: row.scores()?.into_iter().map(|(key, score)| (key, score.normalize().to_string())).collect(),
        allowance: row.allowance.map(|amount| amount.to_string()),
        accepted: accepted.map(|(line, variant)| AcceptedDto { line, variant }).collect(),
        note: row.note.clone(),
    })
}
