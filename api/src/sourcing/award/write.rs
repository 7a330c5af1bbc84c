//! What the letters to quoters say.

use domain::kernel::language::pick;
use domain::kernel::{Money, OrganisationId, QuoteId, RfqId, Timestamp};
use domain::sourcing::{AwardedLine, CriterionKind, Outcome};
use infra::Failure;
use infra::db::Connection;
use infra::party::organisation::{self, Organisation};
use infra::sourcing::award::{self, AwardRow};
use infra::sourcing::quote::QuoteRow;
use infra::sourcing::rfq;

use super::contract::Deal;
use super::held::said;
use super::letter::Due;
use super::paper::{Letter, LetterLine};
use super::wording::{Words, words};
use crate::app::App;
use crate::billing::paper::PaperLanguage;
use crate::billing::pdf::wording;
use crate::sourcing::access::unknown;
use crate::sourcing::comparison::entrants;

/// A letter in the language of its reader's country.
pub async fn letter(connection: &mut Connection, app: &App, of: &QuoteRow, due: &Due) -> Result<Letter, Failure> {
    match due {
        Due::Awarded(award) => awarded(connection, app, of, award).await,
        Due::PassedOver(award) => passed_over(connection, app, of, award).await,
    }
}

/// What both kinds of letters say.
async fn frame(connection: &mut Connection, of: &QuoteRow, award: &AwardRow) -> Result<Letter, Failure> {
    let missing = || Failure::broken("a letter without a party");
    let request = rfq::of_id(connection, RfqId(of.rfq_id)).await?.ok_or_else(unknown)?;
    let buyer = organisation::find(connection, OrganisationId(request.buyer_id)).await?.ok_or_else(missing)?;
    let quoter = organisation::find(connection, OrganisationId(of.quoter_id)).await?.ok_or_else(missing)?;
    let language = if quoter.row.country == "RU" { PaperLanguage::Ru } else { PaperLanguage::En };
    let words = words(language);
    let terms = request.terms()?;
    let made_on = award.announced_at.unwrap_or(request.created_at).date_naive();
    Ok(Letter {
        language,
        title: String::new(),
        made_on,
        from: address(&buyer, language),
        to: address(&quoter, language),
        facts: vec![
            (words.request, pick(&terms.titles, &[language.code().to_owned()]).to_owned()),
            (words.number, request.id.to_string()),
            (words.quote, of.id.to_string()),
            (words.date, wording::date(made_on, language)),
        ],
        text: "",
        lines: Vec::new(),
        sums: Vec::new(),
        closing: Vec::new(),
    })
}

fn address(of: &Organisation, language: PaperLanguage) -> Vec<String> {
    let mut lines = vec![of.row.legal_name.clone()];
    let legal = of.addresses.iter().find(|address| address.kind == "legal").or(of.addresses.first());
    if let Some(legal) = legal {
        lines.extend(legal.lines.iter().cloned());
        lines.push(format!("{} {}", legal.postal_code.as_deref().unwrap_or_default(), legal.city).trim().to_owned());
        lines.extend(legal.region.clone());
        lines.push(wording::country(&legal.country, language).to_owned());
    }
    lines
}

async fn awarded(connection: &mut Connection, app: &App, of: &QuoteRow, award: &AwardRow) -> Result<Letter, Failure> {
    let frame = frame(connection, of, award).await?;
    let (language, words) = (frame.language, words(frame.language));
    let request = rfq::of_id(connection, RfqId(of.rfq_id)).await?.ok_or_else(unknown)?;
    let (terms, part) = (request.terms()?, award.part()?);
    let quote = said(connection, &app.secret, of).await?;
    let deal = Deal::load(connection, &request, &terms, &quote).await?;
    let mut lines = Vec::with_capacity(part.lines.len());
    for line in &part.lines {
        let names = deal.name(line.line, line.variant)?;
        let name = pick(&names, &[language.code().to_owned()]);
        lines.push(LetterLine {
            name: format!("{} {}. {name}", words.line, line.line),
            terms: how(line, language, words),
            amount: money(line.amount, language),
        });
    }
    let mut sums = Vec::new();
    if !part.freight.amount().is_zero() {
        sums.push((words.freight, money(part.freight, language)));
    }
    let gross = Money::new(part.net.amount() + part.tax.amount(), part.net.currency())?;
    sums.push((words.net, money(part.net, language)));
    sums.push((words.tax, money(part.tax, language)));
    sums.push((words.gross, money(gross, language)));
    let at_once = match terms.procedure.outcome {
        Outcome::Contract => words.contract_at_once,
        Outcome::Framework => words.agreement_at_once,
    };
    let closing = vec![
        (words.reason, reason(connection, award).await?),
        (words.standstill, standstill(award, at_once, (language, words))),
    ];
    Ok(Letter { title: words.awarded_title.to_owned(), text: words.awarded, lines, sums, closing, ..frame })
}

/// Such as `25 t × 640.50 EUR, discount 2%`.
fn how(line: &AwardedLine, language: PaperLanguage, words: &Words) -> String {
    let (quantity, price) = (line.quantity, line.unit_price);
    let number = wording::number(quantity.value().normalize(), language);
    let amount = wording::amount(price.amount(), price.currency(), language);
    let unit = wording::unit(quantity.unit(), language);
    let mut text = format!("{number} {unit} × {amount} {}", price.currency());
    if !line.discount_percent.is_zero() {
        text += &format!(", {} {}", words.discount, wording::percent(line.discount_percent, language));
    }
    text
}

fn money(money: Money, language: PaperLanguage) -> String {
    format!("{}\u{a0}{}", wording::amount(money.amount(), money.currency(), language), money.currency())
}

async fn passed_over(
    connection: &mut Connection,
    app: &App,
    of: &QuoteRow,
    award: &AwardRow,
) -> Result<Letter, Failure> {
    let frame = frame(connection, of, award).await?;
    let (language, words) = (frame.language, words(frame.language));
    let mut closing = vec![(words.reason, reason(connection, award).await?)];
    closing.extend(place(connection, app, of, (language, words)).await?);
    closing.extend(award.standstill_until.map(|until| (words.standstill, no_contract_before(until, language, words))));
    Ok(Letter { title: words.passed_over_title.to_owned(), text: words.passed_over, closing, ..frame })
}

/// How the quote did. A score that follows from prices and times alone would tell the winner's price: it is told only
/// where the buyer has scored something as well.
async fn place(
    connection: &mut Connection,
    app: &App,
    of: &QuoteRow,
    (language, words): (PaperLanguage, &Words),
) -> Result<Vec<(&'static str, String)>, Failure> {
    let request = rfq::of_id(connection, RfqId(of.rfq_id)).await?.ok_or_else(unknown)?;
    let terms = request.terms()?;
    let (compared, _) = entrants::compare_all(connection, app, &request, &terms).await?;
    let comparison = &compared.comparison;
    let rank = comparison.rank(QuoteId(of.id));
    let mut facts = vec![(words.rank, rank.map_or_else(|| words.not_ranked.to_owned(), |rank| rank.to_string()))];
    let column = comparison.matrix.columns.iter().position(|column| column.quote == QuoteId(of.id));
    let score = column.and_then(|column| comparison.scores.get(column)?.as_ref());
    if terms.criteria.iter().any(|criterion| criterion.kind == CriterionKind::Score)
        && let Some(score) = score
    {
        let total = wording::number(score.total.normalize(), language);
        facts.push((words.score, format!("{total} {}", words.of_hundred)));
    }
    Ok(facts)
}

async fn reason(connection: &mut Connection, award: &AwardRow) -> Result<String, Failure> {
    let decision = award::decision(connection, award.decision_id).await?;
    decision.map(|decision| decision.reason).ok_or_else(|| Failure::broken("an award without a decision"))
}

fn standstill(award: &AwardRow, at_once: &str, (language, words): (PaperLanguage, &Words)) -> String {
    award.standstill_until.map_or_else(|| at_once.to_owned(), |until| no_contract_before(until, language, words))
}

fn no_contract_before(until: Timestamp, language: PaperLanguage, words: &Words) -> String {
    let (day, time) = (wording::date(until.date_naive(), language), until.format("%H:%M"));
    format!("{day}, {time} {}", words.no_contract_before)
}
