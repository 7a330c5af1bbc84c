//! Makes what is shown of a comparison: once for each state, by the first who asks.

use std::sync::Arc;

use bytes::Bytes;
use domain::kernel::{Money, UnitPrice};
use domain::sourcing::comparison::{Choice, Grounds, LandedOffer, Points, Score, Share};
use domain::sourcing::{Comparison, Criterion, Line, Offer, Subject};
use infra::Failure;
use rust_decimal::Decimal;

use super::entrants::{Compared, SideBySide};
use super::show::{
    ComparisonChoice, ComparisonCombination, ComparisonDto, ComparisonLine, ComparisonOffer, ComparisonPoints,
    ComparisonQuote, ComparisonScore, ComparisonShare, ComparisonStated,
};
use crate::http::dto::{MoneyDto, QuantityDto};

/// A comparison as JSON.
pub async fn json(compared: &Arc<SideBySide>) -> Result<Bytes, Failure> {
    let make = || async {
        let of = compared.clone();
        let work = move || serde_json::to_vec(&shown(&of)).map(Bytes::from);
        tokio::task::spawn_blocking(work).await.map_err(Failure::broken)?.map_err(Failure::broken)
    };
    compared.json.get_or_try_init(make).await.cloned()
}

fn shown(of: &SideBySide) -> ComparisonDto {
    let comparison = &of.comparison;
    let columns = columns(of);
    let criterion = |criterion: &Criterion| criterion.input().into();
    ComparisonDto {
        currency: comparison.currency.code().to_owned(),
        criteria: of.terms.criteria.iter().map(criterion).collect(),
        lines: of.terms.lines.iter().map(line).collect(),
        quotes: columns.iter().enumerate().map(|(index, column)| quote(comparison, index, column)).collect(),
        cells: (0..of.terms.lines.len()).map(|row| cells(of, &columns, row)).collect(),
        ranking: comparison.ranking.iter().map(|column| comparison.matrix.columns[*column].quote.0).collect(),
        line_rankings: comparison.line_rankings.clone(),
        best_total: comparison.best_total.as_ref().map(|best| choice(comparison, best)),
        best_split: choice(comparison, &comparison.best_split),
        best_combination: ComparisonCombination {
            choice: choice(comparison, &comparison.best_combination.choice),
            proven: comparison.best_combination.proven,
        },
    }
}

/// The quotes in the order of the columns.
pub fn columns(of: &SideBySide) -> Vec<&Compared> {
    of.comparison.matrix.columns.iter().filter_map(|column| of.quote(column.quote)).collect()
}

fn line(line: &Line) -> ComparisonLine {
    let product_id = match line.subject {
        Subject::Product(id) => Some(id.0),
        Subject::FreeText | Subject::Category(_) => None,
    };
    ComparisonLine {
        number: line.number,
        name: line.names.clone(),
        product_id,
        quantity: QuantityDto::of(line.quantity.value(), line.quantity.unit().code()),
        target_price: line.target.map(|target| price(target.price)),
    }
}

fn quote(comparison: &Comparison, index: usize, of: &Compared) -> ComparisonQuote {
    let column = &comparison.matrix.columns[index];
    ComparisonQuote {
        quote_id: column.quote.0,
        quoter_id: column.quoter.0,
        quoter: of.quoter.clone(),
        submitted_at: column.submitted_at.into(),
        state: of.row.state.clone(),
        currency: of.quote.currency.code().to_owned(),
        valid_until: of.quote.valid_until,
        fixed: column.fixed.into(),
        whole_discount: column.whole_discount.into(),
        least_lines: column.least_lines,
        missing: column.missing.clone(),
        total: column.total.map(MoneyDto::from),
        lead_time_days: column.lead_time_days,
        rank: comparison.rank(column.quote),
        score: comparison.scores[index].as_ref().map(score),
    }
}

fn score(score: &Score) -> ComparisonScore {
    ComparisonScore { total: score.total.normalize().to_string(), points: score.points.iter().map(points).collect() }
}

fn points(points: &Points) -> ComparisonPoints {
    let (best, own) = grounds(&points.grounds);
    ComparisonPoints {
        key: points.key.clone(),
        weight: points.weight.normalize().to_string(),
        best,
        own,
        points: points.points.normalize().to_string(),
        weighted: points.weighted.normalize().to_string(),
    }
}

fn grounds(grounds: &Grounds) -> (Option<String>, Option<String>) {
    match grounds {
        Grounds::Price { lowest, own } => (Some(amount(*lowest)), Some(amount(*own))),
        Grounds::LeadTime { shortest, own } => (Some(shortest.to_string()), Some(own.to_string())),
        Grounds::Given(given) => (None, given.map(|given| given.normalize().to_string())),
    }
}

/// What each quote offers for a line.
fn cells(of: &SideBySide, columns: &[&Compared], row: usize) -> Vec<Vec<ComparisonOffer>> {
    let line = &of.terms.lines[row];
    let offers = |(column, compared): (usize, &&Compared)| {
        let cell = of.comparison.matrix.cell(row, column);
        let offer = |(index, landed)| offer(of, compared, line, landed, cell.best == Some(index));
        cell.offers.iter().enumerate().map(offer).collect()
    };
    columns.iter().enumerate().map(offers).collect()
}

fn offer(of: &SideBySide, by: &Compared, line: &Line, landed: &LandedOffer, is_best: bool) -> ComparisonOffer {
    let currency = of.comparison.currency.code();
    let unit_price = MoneyDto::price(landed.unit_price, currency).amount;
    let known = by.quote.offers.binary_search_by_key(&(line.number, landed.variant), |one| (one.line, one.variant));
    let stated = known.ok().map(|index| stated(&by.quote.offers[index], landed.quantity));
    let is_same = |stated: &ComparisonStated| {
        by.quote.currency == of.comparison.currency
            && stated.unit_price == unit_price
            && stated.unit == line.quantity.unit().code()
    };
    let as_whole = Some(landed.landed_as_whole).filter(|_| !by.quote.whole_discount_percent.is_zero());
    ComparisonOffer {
        variant: landed.variant,
        kind: landed.kind.code(),
        stated: stated.filter(|stated| !is_same(stated)),
        unit_price,
        quantity: landed.quantity.normalize().to_string(),
        landed: amount(landed.landed),
        landed_as_whole: as_whole.map(amount),
        lead_time_days: landed.lead_time_days,
        counts: landed.counts,
        is_best,
    }
}

/// The price that was stated for a quantity in the line's unit. Tiers are the same in both units, one by one.
fn stated(offer: &Offer, quantity: Decimal) -> ComparisonStated {
    let tier = offer.asked.tiers.iter().rposition(|tier| tier.from <= quantity);
    let tier = tier.and_then(|index| offer.stated.tiers.get(index));
    let unit_price = tier.map_or(offer.stated.unit_price, |tier| tier.unit_price);
    ComparisonStated { unit_price: price(unit_price), unit: offer.stated.unit.code().to_owned() }
}

fn choice(comparison: &Comparison, choice: &Choice) -> ComparisonChoice {
    let share = |share: &Share| ComparisonShare {
        quote_id: comparison.matrix.columns[share.column].quote.0,
        lines: share.lines.clone(),
        goods: share.goods.into(),
        fixed: share.fixed.into(),
        discount: share.discount.into(),
        least_met: share.least_met,
    };
    ComparisonChoice {
        shares: choice.shares.iter().map(share).collect(),
        uncovered: choice.uncovered.clone(),
        total: choice.total.into(),
        keeps_conditions: choice.keeps_conditions(),
    }
}

fn price(price: UnitPrice) -> String {
    MoneyDto::price(price.amount(), price.currency().code()).amount
}

fn amount(money: Money) -> String {
    money.amount().to_string()
}
