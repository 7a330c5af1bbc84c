//! Units of measure, and what converts into what.

pub mod routes;

use domain::kernel::Unit;
use infra::db::page::{After, List, Page};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// A unit of UN/ECE Rec 20.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Unit, example = json!({
    "code": "TNE", "name": "tonne (metric ton)", "symbol": "t", "dimension": "mass", "factor": {"numerator": "1000", "denominator": "1"}
}))]
pub struct UnitDto {
    pub code: String,
    pub name: String,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub symbol: &'static str,
    /// Units of one dimension convert into each other; a unit without one converts only by a product's packs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dimension: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub factor: Option<FactorDto>,
}

/// An exact fraction: how many one is of the unit that those of its dimension are stated in, whose own factor is 1.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UnitFactor)]
pub struct FactorDto {
    pub numerator: String,
    pub denominator: String,
}

/// Which units to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct UnitQuery {
    /// Those that convert into each other: `mass`, `length`, `area`, `volume`, `time`, `count` and others.
    #[param(max_length = 20)]
    pub dimension: Option<String>,
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<i64>,
    pub cursor: Option<String>,
}

impl From<Unit> for UnitDto {
    fn from(unit: Unit) -> Self {
        let measure = unit.measure();
        let factor = measure.map(|(_, ratio)| FactorDto {
            numerator: ratio.numerator().to_string(),
            denominator: ratio.denominator().to_string(),
        });
        Self {
            code: unit.code().to_owned(),
            name: unit.name().to_owned(),
            symbol: unit.symbol(),
            dimension: measure.map(|(dimension, _)| dimension),
            factor,
        }
    }
}

/// A page of the units by code.
pub fn list(dimension: Option<&str>, page: &Page) -> List<UnitDto> {
    let after = page.after.as_ref().map_or("", |after| after.key.as_str());
    let wanted = |unit: &Unit| {
        let measured = unit.measure().map(|(dimension, _)| dimension);
        unit.code() > after && dimension.is_none_or(|wanted| measured == Some(wanted))
    };
    let rows = usize::try_from(page.rows()).unwrap_or(usize::MAX);
    let found = Unit::all().into_iter().filter(wanted).take(rows).map(UnitDto::from).collect();
    page.cut(found, |unit: &UnitDto| After { key: unit.code.clone(), id: Uuid::nil() })
}
