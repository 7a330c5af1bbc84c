//! Subscriptions in JSON.

use infra::sourcing::subscription::SubscriptionRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// The requests that your company wants to hear of.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RfqSubscriptionData, example = json!({"category_ids": ["0198c5f0-5f3e-7c11-9d6e-2f6f0f8f7a11"]}))]
pub struct SubscriptionData {
    /// Those that ask for something of these categories, or of what is below them; all, if none is named.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub category_ids: Vec<Uuid>,
}

/// What your company hears of.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = RfqSubscription)]
pub struct SubscriptionDto {
    /// Whether it wants to hear of requests at all.
    pub subscribed: bool,
    /// Of requests for these categories, or for what is below them; of all, if it has subscribed and none is named.
    pub category_ids: Vec<Uuid>,
}

impl From<SubscriptionRow> for SubscriptionDto {
    fn from(row: SubscriptionRow) -> Self {
        Self { subscribed: true, category_ids: row.categories }
    }
}
