//! Figures in JSON.

use chrono::NaiveDate;
use domain::sourcing::{Figures, Group};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Which figures to give.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct FiguresQuery {
    /// `supplier`: of the requests that came to your company; `buyer`: of the companies to which your requests came.
    #[param(pattern = "^(supplier|buyer)$", default = "supplier")]
    pub side: Option<String>,
    /// The first day in UTC on which a request was received; twelve months before the last one if nothing is said.
    pub since: Option<NaiveDate>,
    /// The last day; today if nothing is said. At most five years after the first one.
    pub until: Option<NaiveDate>,
}

/// How many requests were quoted and won, all together and by category and month.
#[derive(Debug, Serialize, ToSchema)]
pub struct SourcingFigures {
    /// `supplier` or `buyer`.
    #[schema(example = "supplier")]
    pub side: String,
    pub since: NaiveDate,
    pub until: NaiveDate,
    pub total: FiguresDto,
    /// A request for several categories counts in each of them, and once in the total.
    pub groups: Vec<FiguresOfGroup>,
}

/// The figures of some requests. Each counts once for each company to which it came.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SourcingFiguresOfAll)]
pub struct FiguresDto {
    pub received: u32,
    /// Those to which a quote was handed in and not taken back.
    pub quoted: u32,
    /// Those of which an award was announced that stands.
    pub won: u32,
    /// The quoted of the received ones in percent, with one decimal; null if none was received.
    #[schema(example = "75.0")]
    pub quote_rate: Option<String>,
    /// The won of the quoted ones in percent, with one decimal; null if none was quoted.
    #[schema(example = "33.3")]
    pub win_rate: Option<String>,
    /// The median of the times from receiving a request to the first quote; null if none was quoted.
    #[schema(example = 86400)]
    pub time_to_quote_seconds: Option<i64>,
}

/// The figures of a category in a month.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SourcingFiguresOfGroup)]
pub struct FiguresOfGroup {
    /// Null where only free text or products were asked for.
    pub category_id: Option<Uuid>,
    /// In which the requests were received, in UTC.
    #[schema(example = "2027-03")]
    pub month: String,
    #[serde(flatten)]
    pub figures: FiguresDto,
}

impl From<&Figures> for FiguresDto {
    fn from(figures: &Figures) -> Self {
        Self {
            received: figures.received,
            quoted: figures.quoted,
            won: figures.won,
            quote_rate: figures.quote_rate().map(|rate| format!("{rate:.1}")),
            win_rate: figures.win_rate().map(|rate| format!("{rate:.1}")),
            time_to_quote_seconds: figures.time_to_quote.map(|time| time.num_seconds()),
        }
    }
}

impl FiguresOfGroup {
    pub fn of(group: &Group, figures: &Figures) -> Self {
        Self {
            category_id: group.category.map(|category| category.0),
            month: group.month.format("%Y-%m").to_string(),
            figures: figures.into(),
        }
    }
}
