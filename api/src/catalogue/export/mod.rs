//! Goods as files, in the form in which they are taken in.

pub mod routes;
pub mod table;

use serde::Deserialize;
use utoipa::IntoParams;

/// What a file shall hold.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ExportQuery {
    /// With the prices on this portal: id or slug.
    #[param(max_length = 100)]
    pub portal: Option<String>,
    /// Between the cells of a table.
    #[param(pattern = "^(comma|semicolon|tab)$", default = "comma")]
    pub separator: Option<String>,
}
