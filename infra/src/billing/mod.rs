//! Invoices, payments and the ledger.

pub mod commission;
pub mod invoice;
pub mod ledger;
mod lines;
pub mod payment;
