//! HTTP as such: how requests are read and answers given, the same for every feature.

pub mod answer;
pub mod body;
pub mod call;
pub mod components;
pub mod cursor;
pub mod dto;
pub mod form_body;
pub mod json;
pub mod life;
pub mod limit;
pub mod middleware;
pub mod openapi;
pub mod principal;
pub mod problem;
pub mod problem_table;
pub mod query;
pub mod reference;
pub mod schemas;
pub mod sse;
pub mod xml_body;
