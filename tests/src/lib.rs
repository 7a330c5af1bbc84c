//! The harness of the black-box tests: a cluster for the run, a database and a server for every test, and clients that speak
//! as users do.

pub mod api_changes;
pub mod app;
pub mod auction;
pub mod auction_house;
pub mod client;
pub mod database;
pub mod exchange;
pub mod feed;
pub mod given;
pub mod goods;
pub mod import;
pub mod machine;
pub mod market;
pub mod nodes;
pub mod operations;
pub mod pdf;
pub mod people;
pub mod process;
pub mod procurement;
pub mod raw;
pub mod redis;
pub mod schema;
pub mod sourcing;
pub mod sse;
pub mod staff;
pub mod trade;
pub mod upload;
pub mod webhook;
pub mod webhook_receiver;
pub mod websocket;
