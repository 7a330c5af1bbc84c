//! Offers in JSON, for their seller.

use chrono::{DateTime, Utc};
use domain::kernel::Timestamp;
use infra::Failure;
use infra::catalogue::audience::Audience;
use infra::catalogue::offer::Offer;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::usecase::schedule;
use crate::catalogue::pricing::{TierDto, tiers_dto, tiers_of};
use crate::catalogue::visibility::AudienceDto;
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
    /// Whom it is for; everyone by default.
    pub audience: Option<AudienceDto>,
    /// Buyers see it from this instant on, without a further step.
    pub publish_at: Option<DateTime<Utc>>,
    /// The first instant at which buyers do not see it any more.
    pub withdraw_at: Option<DateTime<Utc>>,
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
    /// Whom it is for; null for everyone.
    pub audience: Option<AudienceDto>,
    /// Schedules an offer that is not published yet; null makes a scheduled one a draft again.
    pub publish_at: Option<DateTime<Utc>>,
    pub withdraw_at: Option<DateTime<Utc>>,
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
    /// `draft`, `scheduled`, `published` or `withdrawn`.
    #[schema(example = "published")]
    pub state: String,
    pub tiers: Vec<TierDto>,
    /// Whom it is for; null for everyone.
    pub audience: Option<AudienceDto>,
    pub publish_at: Option<Time>,
    pub withdraw_at: Option<Time>,
    pub created_at: Time,
}

impl OfferDto {
    /// `chosen` are those that the offer is for, if it is not for everyone; `at` is when it is looked at.
    pub fn of(offer: &Offer, chosen: Option<Audience>, at: Timestamp) -> Result<Self, Failure> {
        Ok(Self {
            id: offer.row.id,
            portal_id: offer.row.portal_id,
            product_id: offer.row.product_id,
            sku: offer.product.sku.clone(),
            state: schedule(&offer.row)?.shown(at).code().to_owned(),
            tiers: tiers_dto(&tiers_of(&offer.tiers, &offer.row.currency)?),
            audience: chosen.map(AudienceDto::from),
            publish_at: offer.row.publish_at.map(Time::from),
            withdraw_at: offer.row.withdraw_at.map(Time::from),
            created_at: offer.row.created_at.into(),
        })
    }
}
