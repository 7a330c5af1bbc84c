//! What a seller names beside a product: what can stand in for it, and what goes with it.

pub mod routes;
pub mod usecase;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// The relations of a product: other products of yours, in the order in which buyers see them.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"substitutes": ["0190b5a0-0000-7000-8000-000000000001"], "accessories": []}))]
pub struct RelationsData {
    /// What can stand in for it.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub substitutes: Vec<Uuid>,
    /// What goes with it.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub accessories: Vec<Uuid>,
}

/// The relations of a product.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Relations)]
pub struct RelationsDto {
    pub substitutes: Vec<RelatedProductDto>,
    pub accessories: Vec<RelatedProductDto>,
}

/// Another product of the seller.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RelatedProduct, example = json!({"product_id": "0190b5a0-0000-7000-8000-000000000001", "sku": "CHAI-20"}))]
pub struct RelatedProductDto {
    pub product_id: Uuid,
    pub sku: String,
}
