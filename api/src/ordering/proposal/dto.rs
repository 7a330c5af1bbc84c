//! Price proposals in JSON.

use infra::ordering::proposal::{Negotiation, RoundRow};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::http::dto::{MoneyDto, QuantityDto, Time};

/// A price that you name for a quantity of an offer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"portal_id": "0190b5a0-0000-7000-8000-000000000001", "offer_id": "0190b5a0-0000-7000-8000-000000000002",
    "quantity": {"value": "500", "unit": "C62"}, "unit_price": {"amount": "1.85", "currency": "EUR"}, "note": "For the whole quarter."}))]
pub struct PriceProposalData {
    pub portal_id: Uuid,
    pub offer_id: Uuid,
    /// As it would be ordered.
    pub quantity: QuantityDto,
    pub unit_price: MoneyDto,
    /// Until when the seller can answer; 72 hours by default.
    pub expires_at: Option<Time>,
    #[schema(max_length = 2000)]
    pub note: Option<String>,
}

/// Another price, perhaps for another quantity.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"unit_price": {"amount": "1.92", "currency": "EUR"}}))]
pub struct CounterOffer {
    pub unit_price: MoneyDto,
    pub quantity: Option<QuantityDto>,
    /// Until when the other side can answer; 72 hours by default.
    pub expires_at: Option<Time>,
    #[schema(max_length = 2000)]
    pub note: Option<String>,
}

/// A negotiation about a price.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PriceProposal)]
pub struct PriceProposalDto {
    pub id: Uuid,
    pub portal_id: Uuid,
    pub offer_id: Uuid,
    pub buyer_id: Uuid,
    pub seller_id: Uuid,
    /// `proposed` (the seller answers), `countered` (the buyer answers), `accepted` (good for one order), `declined`, `withdrawn`,
    /// `expired` or `used`.
    #[schema(example = "countered")]
    pub state: String,
    pub quantity: QuantityDto,
    pub unit_price: MoneyDto,
    /// Until when it can be answered, and once it is accepted, ordered at.
    pub expires_at: Time,
    /// Why it was declined or withdrawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Offers and counter-offers, first to last.
    pub rounds: Vec<PriceRoundDto>,
    pub created_at: Time,
    pub decided_at: Option<Time>,
}

/// An offer or counter-offer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PriceProposalRound)]
pub struct PriceRoundDto {
    pub number: i32,
    /// `buyer` or `seller`.
    #[schema(example = "buyer")]
    pub side: String,
    pub quantity: QuantityDto,
    pub unit_price: MoneyDto,
    pub note: Option<String>,
    pub expires_at: Time,
    pub at: Time,
}

/// Which negotiations to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PriceProposalQuery {
    /// `buyer`: those you began; `seller`: those about your offers.
    #[param(pattern = "^(buyer|seller)$")]
    pub role: Option<String>,
    pub state: Option<String>,
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<i64>,
    pub cursor: Option<String>,
}

impl From<&Negotiation> for PriceProposalDto {
    fn from(of: &Negotiation) -> Self {
        let row = &of.row;
        let round = |round: &RoundRow| PriceRoundDto {
            number: round.number,
            side: round.side.clone(),
            quantity: QuantityDto::of(round.quantity, &row.unit),
            unit_price: MoneyDto::price(round.unit_price, &row.currency),
            note: round.note.clone(),
            expires_at: round.expires_at.into(),
            at: round.at.into(),
        };
        Self {
            id: row.id,
            portal_id: row.portal_id,
            offer_id: row.offer_id,
            buyer_id: row.buyer_id,
            seller_id: row.seller_id,
            state: row.state.clone(),
            quantity: QuantityDto::of(row.quantity, &row.unit),
            unit_price: MoneyDto::price(row.unit_price, &row.currency),
            expires_at: row.expires_at.into(),
            reason: row.reason.clone(),
            rounds: of.rounds.iter().map(round).collect(),
            created_at: row.created_at.into(),
            decided_at: row.decided_at.map(Time::from),
        }
    }
}
