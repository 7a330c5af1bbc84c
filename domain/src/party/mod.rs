//! Legal entities, people, their roles and credentials.

pub mod bank_account;
pub mod client;
pub mod iban;
pub mod identifier;
pub mod organisation;
pub mod password;
pub mod registration;
pub mod role;
pub mod scope;

pub use iban::{Bic, Iban};
pub use organisation::{OrganisationState, may_trade};
pub use password::check_password;
pub use role::Role;
pub use scope::Scope;
