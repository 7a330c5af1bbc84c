//! What one can ask of Torg: REST, OpenAPI, workers.

pub mod billing;
