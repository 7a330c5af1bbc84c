//! The sheet of a workbook that tells the quotes as wholes: the best one first.

use chrono::SecondsFormat;
use domain::kernel::language::pick;
use domain::sourcing::comparison::{Grounds, Score};
use domain::sourcing::{Criterion, CriterionKind};
use rust_decimal::Decimal;
use rust_xlsxwriter::{Worksheet, XlsxError};

use super::entrants::{Compared, SideBySide};
use super::xlsx::{Formats, number, text, titles};

/// What is told of a criterion: from what, the points, and the weighted points.
const EACH: usize = 3;

/// What quotes are told by, before the first criterion.
const BEFORE: [(&str, f64); 12] = [
    ("Rank", 7.0),
    ("Quoter", 34.0),
    ("State", 14.0),
    ("Quoted in", 10.0),
    ("Submitted at", 22.0),
    ("Valid until", 12.0),
    ("Total", 16.0),
    ("Fixed costs", 14.0),
    ("Discount for the whole", 14.0),
    ("Least number of lines", 12.0),
    ("Lead time, days", 11.0),
    ("Missing lines", 24.0),
];

/// Those with a place in the ranking in its order, then the others in the order of submission.
pub fn quotes(
    sheet: &mut Worksheet,
    of: &SideBySide,
    columns: &[&Compared],
    formats: &Formats,
) -> Result<(), XlsxError> {
    let currency = of.comparison.currency.code();
    let in_currency = |title: &str| match title {
        "Total" | "Fixed costs" | "Discount for the whole" => format!("{title}, {currency}"),
        _ => title.to_owned(),
    };
    let mut head: Vec<(String, f64)> = BEFORE.iter().map(|(title, width)| (in_currency(title), *width)).collect();
    for criterion in &of.terms.criteria {
        let named = named(criterion);
        let weight = criterion.weight.normalize();
        let each = [named.clone(), format!("{named}: points"), format!("{named}: points × {weight} %")];
        head.extend(each.map(|title| (title, 16.0)));
    }
    head.push(("Score".to_owned(), 12.0));
    titles(sheet, &head, formats)?;
    sheet.set_freeze_panes(1, 2)?;
    let ranking = &of.comparison.ranking;
    let others = (0..columns.len()).filter(|column| !ranking.contains(column));
    for (row, column) in ranking.iter().copied().chain(others).enumerate() {
        let rank = Some(row + 1).filter(|_| row < ranking.len());
        quote(sheet, of, (row + 1, rank), (column, columns[column]), formats)?;
    }
    Ok(())
}

fn named(criterion: &Criterion) -> String {
    match criterion.kind {
        CriterionKind::Price => "Price".to_owned(),
        CriterionKind::LeadTime => "Lead time".to_owned(),
        CriterionKind::Score => pick(&criterion.names, &[]).to_owned(),
    }
}

fn quote(
    sheet: &mut Worksheet,
    of: &SideBySide,
    (row, rank): (usize, Option<usize>),
    (index, compared): (usize, &Compared),
    formats: &Formats,
) -> Result<(), XlsxError> {
    let (column, plain) = (&of.comparison.matrix.columns[index], &formats.plain);
    if let Some(rank) = rank {
        number(sheet, row, 0, rank.into(), plain)?;
    }
    text(sheet, row, 1, &compared.quoter, plain)?;
    text(sheet, row, 2, &compared.row.state, plain)?;
    text(sheet, row, 3, compared.quote.currency.code(), plain)?;
    text(sheet, row, 4, &column.submitted_at.to_rfc3339_opts(SecondsFormat::Secs, true), plain)?;
    text(sheet, row, 5, &compared.quote.valid_until.to_string(), plain)?;
    if let Some(total) = column.total {
        number(sheet, row, 6, total.amount(), &formats.amount)?;
    }
    number(sheet, row, 7, column.fixed.amount(), &formats.amount)?;
    number(sheet, row, 8, column.whole_discount.amount(), &formats.amount)?;
    number(sheet, row, 9, column.least_lines.into(), plain)?;
    number(sheet, row, 10, column.lead_time_days.into(), plain)?;
    let missing: Vec<String> = column.missing.iter().map(ToString::to_string).collect();
    text(sheet, row, 11, &missing.join(", "), plain)?;
    match &of.comparison.scores[index] {
        Some(of_quote) => score(sheet, row, of_quote, formats),
        None => Ok(()),
    }
}

fn score(sheet: &mut Worksheet, row: usize, score: &Score, formats: &Formats) -> Result<(), XlsxError> {
    for (index, points) in score.points.iter().enumerate() {
        let at = BEFORE.len() + index * EACH;
        let (own, format): (Option<Decimal>, _) = match points.grounds {
            Grounds::Price { own, .. } => (Some(own.amount()), &formats.amount),
            Grounds::LeadTime { own, .. } => (Some(own.into()), &formats.plain),
            Grounds::Given(given) => (given, &formats.points),
        };
        if let Some(own) = own {
            number(sheet, row, at, own, format)?;
        }
        number(sheet, row, at + 1, points.points, &formats.points)?;
        number(sheet, row, at + 2, points.weighted, &formats.points)?;
    }
    number(sheet, row, BEFORE.len() + score.points.len() * EACH, score.total, &formats.points)
}
