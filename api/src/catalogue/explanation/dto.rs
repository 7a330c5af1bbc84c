//! Explained prices in JSON.

use chrono::{DateTime, Utc};
use domain::catalogue::Audience;
use domain::catalogue::price::{Candidate, Outcome};
use domain::kernel::{Currency, Timestamp};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::catalogue::pricing::CallerPriceDto;
use crate::http::dto::{MoneyDto, QuantityDto, Time};

/// Which price is asked for.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PriceQuery {
    /// The minimum of order by default.
    #[param(pattern = r"^(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 40)]
    pub quantity: Option<String>,
    /// The unit of the quantity; the product's base unit by default, in which prices are told.
    #[param(min_length = 2, max_length = 3)]
    pub unit: Option<String>,
    /// The offer's by default. Another one is had where a price list has prices in it.
    #[param(pattern = "^[A-Z]{3}$")]
    pub currency: Option<String>,
    /// The moment at which the price holds or held: now by default.
    pub at: Option<DateTime<Utc>>,
}

/// Whose price is asked for by a seller.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PreviewPriceQuery {
    /// The company that looks; without it, somebody without a log-in.
    pub organisation_id: Option<Uuid>,
    /// The minimum of order by default.
    #[param(pattern = r"^(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 40)]
    pub quantity: Option<String>,
    /// The product's base unit by default.
    #[param(min_length = 2, max_length = 3)]
    pub unit: Option<String>,
    #[param(pattern = "^[A-Z]{3}$")]
    pub currency: Option<String>,
    /// The moment at which the price holds, held or will hold: now by default.
    pub at: Option<DateTime<Utc>>,
}

/// What a seller wants to see with a buyer's eyes.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PreviewQuery {
    /// The company that looks; without it, somebody without a log-in.
    pub organisation_id: Option<Uuid>,
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<i64>,
    pub cursor: Option<String>,
}

/// A price, and all that could have been it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "offer_id": "0190b5a0-0000-7000-8000-000000000001", "quantity": {"value": "10", "unit": "C62"}, "currency": "EUR",
    "at": "2026-11-24T08:00:00.000000Z",
    "price": {"unit_price": {"amount": "8.10", "currency": "EUR"}, "source": "price_list", "from": "10",
              "price_list_id": "0190b5a0-0000-7000-8000-000000000002", "discount_percent": "10"},
    "candidates": [
        {"source": "price_list", "price_list_id": "0190b5a0-0000-7000-8000-000000000002", "audience": "chosen", "priority": 0, "part": "all",
         "unit_price": {"amount": "8.10", "currency": "EUR"}, "from": "10", "discount_percent": "10", "outcome": "won",
         "reason": "It is for the most specific audience, and of those the list with the highest priority, then the lowest price."},
        {"source": "offer", "unit_price": {"amount": "9.00", "currency": "EUR"}, "from": "10", "outcome": "behind_price_list",
         "reason": "A price list goes before the offer's own price."}]
}))]
pub struct Explanation {
    pub offer_id: Uuid,
    /// In the base unit.
    pub quantity: QuantityDto,
    pub currency: String,
    pub at: Time,
    /// Null if there is none at this quantity, in this currency, at that time.
    pub price: Option<CallerPriceDto>,
    /// The winner first.
    pub candidates: Vec<CandidateDto>,
}

/// A price that was considered.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PriceCandidate)]
pub struct CandidateDto {
    /// `price_list`, or `offer` for the offer's own price.
    #[schema(example = "price_list")]
    pub source: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price_list_id: Option<Uuid>,
    /// For the list's seller only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How the list comes to be for the caller: `chosen` or `everyone`. The list's seller is told which choice it is: `buyer` or `buyer_group`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audience: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<i32>,
    /// What of the list speaks: `entry` for the offer, `category`, or `all`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<&'static str>,
    /// Null where it has none at the quantity, or in the currency.
    pub unit_price: Option<MoneyDto>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub discount_percent: Option<String>,
    /// `won`, `less_specific`, `lower_priority`, `dearer`, `later_id`, `behind_price_list`, `above_quantity` or `other_currency`.
    #[schema(example = "won")]
    pub outcome: &'static str,
    pub reason: &'static str,
}

/// What was asked, in full.
pub struct Asked {
    pub offer: Uuid,
    pub quantity: Decimal,
    pub unit: String,
    pub currency: Currency,
    pub at: Timestamp,
}

impl Explanation {
    /// `names` are those of the lists, for their seller; no other reader is told of groups: a list for one is for chosen companies, and where
    /// only that it is for a group put it behind, it is left out.
    pub fn of(asked: Asked, candidates: &[Candidate], names: Option<&[(Uuid, String)]>) -> Self {
        let secret =
            |one: &Candidate| one.audience == Some(Audience::BuyerGroup) && one.outcome == Outcome::LessSpecific;
        let told = candidates.iter().filter(|one| names.is_some() || !secret(one));
        let won = candidates.iter().find(|one| one.outcome == Outcome::Won);
        Self {
            offer_id: asked.offer,
            quantity: QuantityDto::of(asked.quantity, &asked.unit),
            currency: asked.currency.code().to_owned(),
            at: asked.at.into(),
            price: won.and_then(|one| one.price.as_ref()).map(CallerPriceDto::of),
            candidates: told.map(|one| CandidateDto::of(one, names)).collect(),
        }
    }
}

impl CandidateDto {
    fn of(one: &Candidate, names: Option<&[(Uuid, String)]>) -> Self {
        let id = one.list.map(|list| list.0);
        let price = one.price;
        let money = |price: &domain::kernel::UnitPrice| MoneyDto::price(price.amount(), price.currency().code());
        Self {
            source: if id.is_some() { "price_list" } else { "offer" },
            price_list_id: id,
            name: names.unwrap_or_default().iter().find(|(of, _)| Some(*of) == id).map(|(_, name)| name.clone()),
            audience: one.audience.map(|audience| match audience {
                Audience::Buyer | Audience::BuyerGroup if names.is_none() => "chosen",
                _ => audience.code(),
            }),
            priority: one.priority,
            part: one.part.map(domain::catalogue::price::Part::code),
            unit_price: price.map(|price| money(&price.unit_price)),
            from: price.map(|price| price.from.normalize().to_string()),
            discount_percent: price.and_then(|price| price.discount).map(|percent| percent.normalize().to_string()),
            outcome: one.outcome.code(),
            reason: match (id, one.outcome) {
                (None, Outcome::Won) => "No price list has a price.",
                (_, outcome) => outcome.reason(),
            },
        }
    }
}
