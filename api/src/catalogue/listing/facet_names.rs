//! The names of what facets count, in all their languages.

use std::collections::HashMap;

use domain::catalogue::facet::Facets;
use infra::Failure;
use infra::catalogue::attribute::{self, AttributeRow};
use infra::catalogue::category;
use infra::db::Connection;
use infra::party::organisation;
use serde_json::Value;
use uuid::Uuid;

/// Names by id, and definitions by key.
#[derive(Debug, Default)]
pub struct Names {
    pub categories: HashMap<Uuid, Value>,
    pub sellers: HashMap<Uuid, String>,
    pub attributes: HashMap<String, AttributeRow>,
}

/// The names of what was counted.
pub async fn of(connection: &Connection, facets: &Facets) -> Result<Names, Failure> {
    let categories: Vec<Uuid> = facets.categories.iter().map(|(id, _)| *id).collect();
    let sellers: Vec<Uuid> = facets.sellers.iter().map(|(id, _)| *id).collect();
    let keys: Vec<String> = facets.attributes.iter().map(|(key, ..)| key.clone()).collect();
    let (categories, sellers, attributes) = futures::try_join!(
        category::names(connection, &categories),
        organisation::names(connection, &sellers),
        attribute::by_keys(connection, &keys),
    )?;
    Ok(Names {
        categories: categories.into_iter().collect(),
        sellers: sellers.into_iter().collect(),
        // Where several categories define a key, the first definition names it.
        attributes: attributes.into_iter().rev().map(|row| (row.key.clone(), row)).collect(),
    })
}
