//! Negotiations in JSON.

use domain::sourcing::{CounterInput, CounterLine, CounterLineInput, CounterOffer, Negotiation};
use infra::Failure;
use infra::sourcing::negotiation::NegotiationRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::dto::{MoneyDto, Time};

/// What your side wants. Lines that are not named stay as in the offer before, or as they were quoted.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"lines": [{"line": 1, "unit_price": "585"}], "remarks": "For the whole quantity."}))]
pub struct CounterOfferData {
    #[serde(default)]
    #[schema(max_items = 3000)]
    pub lines: Vec<CounterLineDto>,
    /// Instead of that of the quote, in its currency.
    #[schema(pattern = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 40)]
    pub freight: Option<String>,
    #[schema(max_length = 4000)]
    pub remarks: Option<String>,
    /// Until when it can be accepted: three days if nothing is said.
    pub expires_at: Option<Time>,
}

/// What is wanted of an offer.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = QuoteCounterLine)]
pub struct CounterLineDto {
    #[schema(minimum = 1, maximum = 65535)]
    pub line: u16,
    /// Which of the offers for the line; 0 is what was asked for.
    #[serde(default)]
    pub variant: u8,
    /// For one of the line's unit at any quantity, in the quote's currency.
    #[schema(pattern = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 40)]
    pub unit_price: String,
    #[schema(minimum = 0, maximum = 1000)]
    pub lead_time_days: Option<u16>,
}

/// A negotiation of a quote with all its versions.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = QuoteNegotiation)]
pub struct NegotiationDto {
    pub id: Uuid,
    pub quote_id: Uuid,
    pub rfq_id: Uuid,
    /// `quoter_to_answer`, `buyer_to_answer`, `accepted`, `rejected`, `withdrawn` or `expired`.
    #[schema(example = "quoter_to_answer")]
    pub state: String,
    pub versions: Vec<CounterOfferDto>,
    pub created_at: Time,
}

/// What one side wanted.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = QuoteCounterOffer)]
pub struct CounterOfferDto {
    pub version: u32,
    /// `buyer` or `seller`.
    #[schema(example = "buyer")]
    pub by: String,
    pub at: Time,
    pub expires_at: Time,
    /// What differs from the quote.
    pub lines: Vec<CounterLineDto>,
    pub freight: MoneyDto,
    pub remarks: String,
}

impl CounterOfferData {
    pub fn input(&self) -> CounterInput {
        let line = |line: &CounterLineDto| CounterLineInput {
            line: line.line,
            variant: line.variant,
            unit_price: line.unit_price.clone(),
            lead_time_days: line.lead_time_days,
        };
        CounterInput {
            lines: self.lines.iter().map(line).collect(),
            freight: self.freight.clone(),
            remarks: self.remarks.clone(),
            expires_at: self.expires_at.map(|at| at.0),
        }
    }
}

impl NegotiationDto {
    pub fn of(row: &NegotiationRow) -> Result<Self, Failure> {
        let Negotiation { versions, .. } = row.content()?;
        Ok(Self {
            id: row.id,
            quote_id: row.quote_id,
            rfq_id: row.rfq_id,
            state: row.state.clone(),
            versions: versions.iter().map(CounterOfferDto::of).collect(),
            created_at: row.created_at.into(),
        })
    }
}

impl CounterOfferDto {
    fn of(offer: &CounterOffer) -> Self {
        let line = |line: &CounterLine| CounterLineDto {
            line: line.line,
            variant: line.variant,
            unit_price: line.unit_price.amount().to_string(),
            lead_time_days: Some(line.lead_time_days),
        };
        Self {
            version: offer.version,
            by: offer.by.code().to_owned(),
            at: offer.at.into(),
            expires_at: offer.expires_at.into(),
            lines: offer.lines.iter().map(line).collect(),
            freight: offer.freight.into(),
            remarks: offer.remarks.clone(),
        }
    }
}
