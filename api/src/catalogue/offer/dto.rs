//! Offers in JSON, for their seller.

use infra::Failure;
use infra::catalogue::offer::Offer;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::catalogue::pricing::{TierDto, tiers_dto, tiers_of};
use crate::http::dto::Time;

/// Puts one of your products on the portal.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "product_id": "0190b5a0-0000-7000-8000-000000000001", "publish": true,
    "tiers": [{"from": "1", "unit_price": {"amount": "18.00", "currency": "USD"}},
              {"from": "50", "unit_price": {"amount": "16.20", "currency": "USD"}}]
}))]
pub struct NewOffer {
    pub product_id: Uuid,
    /// Prices by quantity, the smallest first.
    #[schema(min_items = 1, max_items = 20)]
    pub tiers: Vec<TierDto>,
    /// Buyers see it at once.
    #[serde(default)]
    pub publish: bool,
}

/// What can change of an offer.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"tiers": [
    {"from": "1", "unit_price": {"amount": "18.00", "currency": "USD"}},
    {"from": "50", "unit_price": {"amount": "16.20", "currency": "USD"}}
]}))]
pub struct OfferPrices {
    #[schema(min_items = 1, max_items = 20)]
    pub tiers: Vec<TierDto>,
}

/// An offer as its seller sees it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Offer)]
pub struct OfferDto {
    pub id: Uuid,
    pub portal_id: Uuid,
    pub product_id: Uuid,
    #[schema(example = "CHAI-10")]
    pub sku: String,
    /// `draft`, `published` or `withdrawn`.
    #[schema(example = "published")]
    pub state: String,
    pub tiers: Vec<TierDto>,
    pub created_at: Time,
}

impl OfferDto {
    pub fn of(offer: &Offer) -> Result<Self, Failure> {
        Ok(Self {
            id: offer.row.id,
            portal_id: offer.row.portal_id,
            product_id: offer.row.product_id,
            sku: offer.product.sku.clone(),
            state: offer.row.state.clone(),
            tiers: tiers_dto(&tiers_of(&offer.tiers, &offer.row.currency)?),
            created_at: offer.row.created_at.into(),
        })
    }
}
