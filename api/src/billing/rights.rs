//! Who may do what with invoices, payments and accounts. To settle what was agreed on, an organisation need not be allowed
//! to trade any more: the other side has a claim to it.

use domain::party::Role::{self, Finance, Owner, Seller};
use domain::party::Scope;

use crate::http::principal::Right;

/// See the organisation's invoices, payments and accounts.
pub const READ: Right = Right::of(&Role::ALL, Scope::BillingRead);

/// Draft, issue and credit invoices.
pub const INVOICE: Right = Right::of(&[Owner, Finance, Seller], Scope::BillingWrite);

/// Record payments, and confirm or reject those of others.
pub const PAY: Right = Right::of(&[Owner, Finance], Scope::BillingWrite);

/// See what banks say about the organisation's accounts.
pub const STATEMENTS: Right = Right::of(&[Owner, Finance], Scope::BillingRead);

/// Set how far invoices may be above order and receipt.
pub const TOLERATE: Right = Right::of(&[Owner], Scope::BillingWrite);

/// Approve invoices that are held, or dispute them. Machines do not: the use case asks for a person as well.
pub const DECIDE: Right = Right::of(&[Owner, Finance], Scope::BillingWrite);
