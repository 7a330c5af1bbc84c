//! Legal entities, people and their credentials.

pub mod access;
pub mod api_client;
pub mod bank_account;
pub mod erasure;
pub mod invitation;
pub mod organisation;
pub mod password_reset;
pub mod person;
pub mod running;
pub mod session;
pub mod verification;
