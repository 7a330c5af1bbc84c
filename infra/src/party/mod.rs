//! Legal entities, people and their credentials.

pub mod access;
pub mod api_client;
pub mod bank_account;
pub mod organisation;
pub mod person;
pub mod session;
pub mod verification;
