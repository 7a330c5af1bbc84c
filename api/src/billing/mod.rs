//! Invoices and credit notes, as printed and as exchanged.

pub mod paper;
pub mod pdf;
#[cfg(test)]
mod sample;
pub mod ubl;
