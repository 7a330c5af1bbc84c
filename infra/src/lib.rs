//! How Torg keeps things: PostgreSQL, Redis, files, mail.

#![recursion_limit = "256"]

pub mod auction;
pub mod billing;
pub mod catalogue;
pub mod contract;
pub mod db;
pub mod document;
pub mod event;
pub mod exchange;
pub mod failure;
pub mod files;
pub mod idempotency;
pub mod integration;
mod joined;
pub mod journal;
pub mod mail;
pub mod mailbox;
pub mod ordering;
pub mod party;
pub mod portal;
pub mod redis;
pub mod schema;
pub mod signing_key;
pub mod sourcing;
pub mod timer;

pub use failure::Failure;
