//! The category tree: kept by the operator, read by everybody.

pub mod load;
pub mod routes;
pub mod usecase;

use domain::kernel::language::Texts;
use infra::Failure;
use infra::catalogue::category::CategoryRow;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// A new category.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"code": "beverages", "name": {"en": "Beverages", "ru": "Напитки"}}))]
pub struct NewCategory {
    /// Unique; letters, digits, points and hyphens.
    #[schema(pattern = "^[A-Za-z0-9][A-Za-z0-9.-]{0,39}$")]
    pub code: String,
    pub parent_id: Option<Uuid>,
    /// A name per language.
    #[schema(value_type = std::collections::HashMap<String, String>)]
    pub name: Texts,
}

/// What can change of a category: its name, and its place where no product breaks.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": {"en": "Beverages", "ru": "Напитки"}}))]
pub struct CategoryData {
    #[schema(value_type = std::collections::HashMap<String, String>)]
    pub name: Texts,
    /// The category moves there with all that is below it; without one it is a root.
    pub parent_id: Option<Uuid>,
}

/// Which codes become categories.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"from": "25"}))]
pub struct CategoryLoad {
    /// Only this code and what is below it; the whole list without it.
    #[schema(min_length = 1, max_length = 40)]
    pub from: Option<String>,
    /// Where the topmost of them hang; they are roots without it.
    pub parent_id: Option<Uuid>,
}

/// What became of the codes.
#[derive(Debug, Serialize, ToSchema)]
pub struct CategoriesLoaded {
    /// Categories that are new.
    pub created: usize,
    /// Those that had the code already stay as and where they are.
    pub kept: usize,
}

/// A node of the category tree.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Category, example = json!({
    "id": "0190b5a0-0000-7000-8000-000000000001", "code": "beverages", "parent_id": null, "name": {"en": "Beverages"}
}))]
pub struct CategoryDto {
    pub id: Uuid,
    pub code: String,
    pub parent_id: Option<Uuid>,
    #[schema(value_type = std::collections::HashMap<String, String>)]
    pub name: Texts,
}

/// Which categories to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct CategoryQuery {
    /// The children of this one; the roots without it.
    pub parent_id: Option<Uuid>,
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<i64>,
    pub cursor: Option<String>,
}

impl CategoryDto {
    pub fn of(row: CategoryRow) -> Result<Self, Failure> {
        Ok(Self { id: row.id, code: row.code, parent_id: row.parent_id, name: texts(row.name)? })
    }
}

/// Texts as they are kept.
pub fn texts(value: serde_json::Value) -> Result<Texts, Failure> {
    serde_json::from_value(value).map_err(Failure::broken)
}
