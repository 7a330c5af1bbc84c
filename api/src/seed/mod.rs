//! Demonstration data, loaded through the same use cases as the API.

pub mod northwind;
pub mod okpd2;
