//! Queries of requests: what cannot be read is told.

use actix_web::web;
use domain::kernel::{Kind, Refusal};
use serde::de::DeserializeOwned;

/// Reads a query that needs more than the extractor of the framework can.
pub fn parse<T: DeserializeOwned>(query: &str) -> Result<T, Refusal> {
    web::Query::<T>::from_query(query).map(web::Query::into_inner).map_err(|error| invalid(&error))
}

/// What is wrong with a query.
pub fn invalid(error: &dyn std::fmt::Display) -> Refusal {
    let text = error.to_string();
    let cause = text.rsplit_once("error: ").map_or(text.as_str(), |(_, cause)| cause);
    Refusal::new(Kind::InvalidQuery, format!("The query cannot be read: {cause}."))
}
