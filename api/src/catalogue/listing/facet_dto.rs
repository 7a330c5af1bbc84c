//! Facets in JSON.

use domain::catalogue::facet::AttributeFacet;
use domain::kernel::language::{Texts, pick};
use infra::Failure;
use infra::catalogue::attribute::AttributeRow;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::found::Counts;
use crate::http::dto::MoneyDto;

/// What the offers that were found have in common, at the reader's prices and in what he may see. Of lists the first fifty are
/// given, the most frequent first. Counts of more than 10,000 offers are up to ten seconds old.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Facets)]
pub struct FacetsDto {
    /// How many offers were counted.
    pub count: usize,
    /// Whether all that was found is counted. Else 200,000 offers are, of more; and, as far as price lists speak for you, the 10,000
    /// that were published first (unless the operator has set it otherwise) for `prices`, or for everything where prices decide what is
    /// found.
    pub exact: bool,
    /// The categories right below the one that was asked for (or the roots), each with all below it.
    pub categories: Vec<NamedCount>,
    pub sellers: Vec<NamedCount>,
    /// So many can be had at once.
    pub available: usize,
    pub lead_times: Vec<LeadTimeCount>,
    /// Of a unit at the minimum of order, by currency, about as many offers in each range.
    pub prices: Vec<PriceRangeCount>,
    pub attributes: Vec<AttributeFacetDto>,
}

/// How many offers belong to something.
#[derive(Debug, Serialize, ToSchema)]
pub struct NamedCount {
    pub id: Uuid,
    /// In the reader's language.
    pub name: String,
    pub count: usize,
}

/// How many offers are delivered within so many days.
#[derive(Debug, Serialize, ToSchema)]
pub struct LeadTimeCount {
    pub within_days: i32,
    pub count: usize,
}

/// How many offers cost from and to so much, both included.
#[derive(Debug, Serialize, ToSchema)]
pub struct PriceRangeCount {
    pub from: MoneyDto,
    pub to: MoneyDto,
    pub count: usize,
}

/// The values of an attribute, by `key` usable in `attribute`: of a number the least and the greatest, of others how many have each.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AttributeFacet)]
pub struct AttributeFacetDto {
    pub key: String,
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<ValueCount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minimum: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum: Option<String>,
    /// How many offers state it.
    pub count: usize,
}

/// How many offers have a value.
#[derive(Debug, Serialize, ToSchema)]
pub struct ValueCount {
    pub value: String,
    /// Of a choice, in the reader's language; else the value itself.
    pub name: String,
    pub count: usize,
}

impl FacetsDto {
    pub fn of(counts: &Counts, languages: &[String]) -> Result<Self, Failure> {
        let (facets, names) = (&counts.facets, &counts.names);
        let category = |(id, count): &(Uuid, usize)| {
            let name = names.categories.get(id).map(|name| text(name, languages)).transpose()?;
            Ok(NamedCount { id: *id, name: name.unwrap_or_default(), count: *count })
        };
        let seller = |(id, count): &(Uuid, usize)| NamedCount {
            id: *id,
            name: names.sellers.get(id).cloned().unwrap_or_default(),
            count: *count,
        };
        let attribute = |(key, unit, facet): &(String, Option<String>, AttributeFacet)| {
            attribute(key, unit.clone(), facet, names.attributes.get(key), languages)
        };
        Ok(Self {
            count: facets.count,
            exact: counts.exact,
            categories: facets.categories.iter().map(category).collect::<Result<_, Failure>>()?,
            sellers: facets.sellers.iter().map(seller).collect(),
            available: facets.available,
            lead_times: facets
                .lead_times
                .iter()
                .map(|(within_days, count)| LeadTimeCount { within_days: *within_days, count: *count })
                .collect(),
            prices: facets
                .prices
                .iter()
                .flat_map(|price| {
                    let code = price.currency.code();
                    price.ranges.iter().map(move |(from, to, count)| PriceRangeCount {
                        from: MoneyDto::price(*from, code),
                        to: MoneyDto::price(*to, code),
                        count: *count,
                    })
                })
                .collect(),
            attributes: facets.attributes.iter().map(attribute).collect::<Result<_, Failure>>()?,
        })
    }
}

fn text(texts: &Value, languages: &[String]) -> Result<String, Failure> {
    let texts: Texts = Texts::deserialize(texts).map_err(Failure::broken)?;
    Ok(pick(&texts, languages).to_owned())
}

fn attribute(
    key: &str,
    unit: Option<String>,
    facet: &AttributeFacet,
    definition: Option<&AttributeRow>,
    languages: &[String],
) -> Result<AttributeFacetDto, Failure> {
    let name = definition.map(|row| text(&row.name, languages)).transpose()?;
    let (mut values, mut bounds) = (Vec::new(), None);
    let count = match facet {
        AttributeFacet::Values { values: counts, count } => {
            for (value, count) in counts {
                let name = choice(definition, value, languages)?.unwrap_or_else(|| value.clone());
                values.push(ValueCount { value: value.clone(), name, count: *count });
            }
            *count
        }
        AttributeFacet::YesNo { yes, no } => {
            for (value, count) in [("true", *yes), ("false", *no)] {
                values.push(ValueCount { value: value.to_owned(), name: value.to_owned(), count });
            }
            yes + no
        }
        AttributeFacet::Number { minimum, maximum, count } => {
            bounds = Some((minimum.normalize().to_string(), maximum.normalize().to_string()));
            *count
        }
    };
    let (minimum, maximum) = bounds.unzip();
    let name = name.unwrap_or_else(|| key.to_owned());
    Ok(AttributeFacetDto { key: key.to_owned(), name, unit, values, minimum, maximum, count })
}

/// The name of a choice.
fn choice(definition: Option<&AttributeRow>, value: &str, languages: &[String]) -> Result<Option<String>, Failure> {
    let choices = definition.and_then(|row| row.choices.as_array());
    let chosen = choices.into_iter().flatten().find(|choice| choice["key"] == value);
    chosen.map(|choice| text(&choice["name"], languages)).transpose()
}
