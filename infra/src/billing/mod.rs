//! Invoices, payments and the ledger.

pub mod bank_statement;
pub mod collective;
pub mod commission;
pub mod deposit;
pub mod dunning;
pub mod invoice;
pub mod ledger;
mod lines;
pub mod payment;
pub mod three_way;
