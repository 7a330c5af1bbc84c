//! Suppliers as they are suggested.

use infra::sourcing::supplier::SuggestedRow;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A company that may quote on the portal and has offers there of what is asked for.
#[derive(Debug, Serialize, ToSchema)]
pub struct RfqSupplier {
    pub organisation_id: Uuid,
    #[schema(example = "Kama Steel Depot")]
    pub legal_name: String,
    /// Of the categories that are asked for, by themselves or by a product, those in which or below which it has offers.
    pub categories: Vec<Uuid>,
    /// How many offers it has there.
    pub offers: i64,
    /// It is invited already.
    pub invited: bool,
}

impl RfqSupplier {
    pub fn of(row: SuggestedRow, invited: bool) -> Self {
        Self {
            organisation_id: row.organisation_id,
            legal_name: row.legal_name,
            categories: row.categories,
            offers: row.offers,
            invited,
        }
    }
}
