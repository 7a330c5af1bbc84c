//! A comparison as it is shown. It may have tens of thousands of cells, so they are lean: bare decimal strings in the currency of comparison,
//! which stands once at the top, and places instead of identifiers.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::dto::{MoneyDto, QuantityDto, Time};
use crate::sourcing::rfq::dto::CriterionDto;

/// The quotes to a request side by side: in one currency, in the units of the lines, and at your place. Each amount is rounded once, half to even,
/// so that what is shown adds up.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RfqComparison)]
pub struct ComparisonDto {
    /// Of all amounts.
    #[schema(example = "EUR")]
    pub currency: String,
    pub criteria: Vec<CriterionDto>,
    pub lines: Vec<ComparisonLine>,
    /// In the order of submission, which decides among equals.
    pub quotes: Vec<ComparisonQuote>,
    /// What is offered: by line in the order of `lines`, then by quote in the order of `quotes`; empty where a quote offers nothing.
    pub cells: Vec<Vec<Vec<ComparisonOffer>>>,
    /// The complete quotes: the highest score first, then the lowest total, then the earliest submission.
    pub ranking: Vec<Uuid>,
    /// For each line, in the order of `lines`, the quotes that compete for it, as their places in `quotes` from 0 on: the lowest landed cost first.
    pub line_rankings: Vec<Vec<usize>>,
    /// The complete quote with the lowest total, for all lines; null if no quote is complete.
    pub best_total: Option<ComparisonChoice>,
    /// Each line to the cheapest for it, as if no quoter had conditions.
    pub best_split: ComparisonChoice,
    /// The fewest lines uncovered, then the lowest cost that the quoters' conditions allow.
    pub best_combination: ComparisonCombination,
}

/// A line that is asked for.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComparisonLine {
    pub number: u16,
    /// A name per language; may be empty for a product.
    pub name: std::collections::BTreeMap<String, String>,
    pub product_id: Option<Uuid>,
    pub quantity: QuantityDto,
    /// The price that you hope for.
    #[schema(example = "600.00")]
    pub target_price: Option<String>,
}

/// A quote as a whole.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComparisonQuote {
    pub quote_id: Uuid,
    pub quoter_id: Uuid,
    /// The legal name of the quoter.
    pub quoter: String,
    pub submitted_at: Time,
    /// `submitted`, `revised`, `awarded` or `not_awarded`.
    #[schema(example = "submitted")]
    pub state: String,
    /// In which it was quoted.
    #[schema(example = "USD")]
    pub currency: String,
    /// The last day on which it can be awarded.
    pub valid_until: chrono::NaiveDate,
    /// Freight with tax, and what you allow for the rest of the way: due once, however much is awarded.
    pub fixed: MoneyDto,
    /// What the discount for the whole takes off, with tax.
    pub whole_discount: MoneyDto,
    /// The least number of lines that has to be awarded to it if any is.
    pub least_lines: usize,
    /// The numbers of the lines that it does not offer in full.
    pub missing: Vec<u16>,
    /// If nothing is missing: the sum of its best offers and what is fixed, less the discount.
    pub total: Option<MoneyDto>,
    /// The longest of its best offers.
    pub lead_time_days: u16,
    /// Its place in the ranking, from 1 on; null if it is not complete.
    pub rank: Option<usize>,
    /// Null if it is not complete.
    pub score: Option<ComparisonScore>,
}

/// The weighted score of a quote, with how it comes about.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComparisonScore {
    /// The sum of the weighted points, 0 to 100.
    #[schema(example = "87.5")]
    pub total: String,
    /// In the order of the criteria.
    pub points: Vec<ComparisonPoints>,
}

/// What a criterion gives a quote. For the price that is 100 × the lowest total of all complete quotes ÷ its own; for the lead time 100 × the
/// shortest ÷ its own, where less than a day counts as one; otherwise the score that you gave, 0 if you gave none.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComparisonPoints {
    /// Of the criterion: `price`, `lead_time`, or that of a score.
    #[schema(example = "price")]
    pub key: String,
    /// In percent.
    #[schema(example = "60")]
    pub weight: String,
    /// The lowest total or the shortest lead time in days; null for scores.
    #[schema(example = "24500.00")]
    pub best: Option<String>,
    /// The total, the days or the score of this quote; null where you gave none.
    #[schema(example = "28000.00")]
    pub own: Option<String>,
    /// 0 to 100, rounded half to even to four decimals.
    #[schema(example = "87.5")]
    pub points: String,
    /// `weight` × `points` ÷ 100, rounded half to even to four decimals.
    #[schema(example = "52.5")]
    pub weighted: String,
}

/// One offer of a quote for a line.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComparisonOffer {
    /// 0 is what was asked for.
    pub variant: u8,
    /// `as_asked`, `equivalent` or `alternative`.
    #[schema(example = "as_asked")]
    pub kind: &'static str,
    /// As it was stated, in the quote's currency, if that is anything else than `unit_price`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stated: Option<ComparisonStated>,
    /// For one of the line's unit, without tax, in the currency of comparison; rounded half to even to six decimals.
    #[schema(example = "612.50")]
    pub unit_price: String,
    /// How much is offered, in the line's unit.
    #[schema(example = "40")]
    pub quantity: String,
    /// With tax, in the currency of comparison.
    #[schema(example = "29155.00")]
    pub landed: String,
    /// The same with the discount for the whole, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub landed_as_whole: Option<String>,
    pub lead_time_days: u16,
    /// It competes: it is offered in full, and is what was asked for or was accepted by you.
    pub counts: bool,
    /// The quote competes for the line by it.
    pub is_best: bool,
}

/// A price as the quoter stated it, at the quantity that is offered.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ComparisonStated {
    #[schema(example = "0.6125")]
    pub unit_price: String,
    #[schema(example = "KGM")]
    pub unit: String,
}

/// Lines given to quotes, each line to one as a whole.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComparisonChoice {
    pub shares: Vec<ComparisonShare>,
    /// The numbers of the lines that no quote takes.
    pub uncovered: Vec<u16>,
    pub total: MoneyDto,
    /// Whether every quote in it gets the share of lines that it asks for.
    pub keeps_conditions: bool,
}

/// What falls to one quote.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComparisonShare {
    pub quote_id: Uuid,
    /// The numbers of its lines.
    pub lines: Vec<u16>,
    /// The landed cost of its lines.
    pub goods: MoneyDto,
    pub fixed: MoneyDto,
    /// What its discount for the whole takes off.
    pub discount: MoneyDto,
    /// Whether it gets the least share of lines that it asks for.
    pub least_met: bool,
}

/// A best combination.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComparisonCombination {
    #[serde(flatten)]
    pub choice: ComparisonChoice,
    /// Whether it is proven that there is no better one. Of many quotes and lines the search is cut off at some point.
    pub proven: bool,
}
