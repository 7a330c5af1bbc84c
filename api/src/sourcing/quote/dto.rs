//! A quote as it is sent in.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// What you offer for a request, and under which conditions. What is not said is as the request asks for it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "version": 1, "currency": "EUR", "valid_until": "2027-04-30", "tax_rate": "19",
    "offers": [{"line": 1, "unit_price": "612.50", "lead_time_days": 21, "tiers": [{"from": "30", "unit_price": "598"}]}]
}))]
pub struct QuoteData {
    /// The version of the request that you have read: its `terms_version`.
    #[schema(minimum = 1)]
    pub version: u32,
    #[schema(pattern = "^[A-Z]{3}$")]
    pub currency: String,
    /// The last day on which it can be awarded.
    pub valid_until: NaiveDate,
    /// What your prices cover, if it is not what was asked for: a rule of Incoterms 2020.
    #[schema(pattern = "^[A-Z]{3}$")]
    pub incoterm: Option<String>,
    #[schema(min_length = 1, max_length = 200)]
    pub place: Option<String>,
    /// What carriage to the buyer's place costs beside the prices, however much is awarded.
    #[schema(pattern = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 40)]
    pub freight: Option<String>,
    /// In percent, on goods and freight.
    #[schema(pattern = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 10)]
    pub tax_rate: String,
    /// The least share of the lines that you offer, in percent, that has to be awarded to you if any is.
    #[schema(pattern = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 10)]
    pub least_lines_percent: Option<String>,
    /// The discount on the goods, in percent, if all that you offer is awarded to you.
    #[schema(pattern = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 10)]
    pub whole_discount_percent: Option<String>,
    #[schema(max_length = 4000)]
    pub remarks: Option<String>,
    /// Documents of yours that belong to what is offered.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub technical_documents: Vec<Uuid>,
    /// Documents of yours that belong to the prices.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub commercial_documents: Vec<Uuid>,
    #[schema(min_items = 1, max_items = 3000)]
    pub offers: Vec<QuoteOfferDto>,
}

/// What is offered for a line.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = QuoteOffer)]
pub struct QuoteOfferDto {
    #[schema(minimum = 1, maximum = 65535)]
    pub line: u16,
    /// What was asked for, something that does the same, or something that differs from the specification.
    #[schema(pattern = "^(as_asked|equivalent|alternative)$", default = "as_asked")]
    pub kind: Option<String>,
    /// What is offered instead.
    #[schema(max_length = 4000)]
    pub description: Option<String>,
    /// Of price and quantities: a code of UN/ECE Rec 20; the line's own if nothing is said.
    #[schema(min_length = 2, max_length = 3)]
    pub unit: Option<String>,
    /// The most that is offered; as much as was asked for if nothing is said.
    #[schema(pattern = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 40)]
    pub quantity: Option<String>,
    /// The least that has to be awarded of the line, if any of it is.
    #[schema(pattern = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 40)]
    pub least_quantity: Option<String>,
    /// For one of the unit, in the quote's currency.
    #[schema(pattern = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 40)]
    pub unit_price: String,
    #[serde(default)]
    #[schema(max_items = 100)]
    pub tiers: Vec<QuoteTierDto>,
    /// Days from the contract to the delivery.
    #[schema(minimum = 0, maximum = 1000)]
    pub lead_time_days: u16,
    #[schema(max_length = 4000)]
    pub remarks: Option<String>,
    #[serde(default)]
    #[schema(max_items = 50)]
    pub documents: Vec<Uuid>,
}

/// From this quantity on, a unit costs this.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = QuoteTier)]
pub struct QuoteTierDto {
    #[schema(pattern = r"^(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 40)]
    pub from: String,
    #[schema(pattern = r"^(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 40)]
    pub unit_price: String,
}

/// What is done with a new quote at once.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct NewQuoteQuery {
    /// Hands it in at once.
    #[serde(default)]
    #[param(default = false)]
    pub submit: bool,
}

/// Which of your quotes to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct QuoteQuery {
    /// `draft`, `submitted`, `revised`, `withdrawn`, `awarded`, `not_awarded`, `expired`, `lapsed` or `declined`.
    pub state: Option<String>,
    /// How many items to give: 1 to 200, 50 by default.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<i64>,
    /// Where to go on: `next_cursor` of the page before.
    pub cursor: Option<String>,
}
