//! What one can ask of Torg: use cases, REST, OpenAPI, workers.

pub mod app;
pub mod auction;
pub mod auth;
pub mod billing;
pub mod catalogue;
pub mod clock;
pub mod command;
pub mod config;
pub mod contract;
pub mod document;
pub mod event;
pub mod exchange;
pub mod hosting;
pub mod http;
pub mod integration;
pub mod news;
pub mod ordering;
pub mod party;
pub mod portal;
pub mod secret;
pub mod seed;
pub mod server;
pub mod sourcing;
pub mod telemetry;
pub mod worker;
