//! Invoices, credit notes, payments, the ledger; invoices as printed and as exchanged.

pub mod account;
pub mod bank_statement;
pub mod collective;
pub mod collective_dto;
mod collective_routes;
pub mod commission;
pub mod credit;
pub mod deposit;
pub mod dto;
pub mod dunning;
pub mod paper;
pub mod payment;
pub mod payment_dto;
mod payment_routes;
pub mod pdf;
pub mod print;
pub mod publication;
pub mod rights;
pub mod routes;
#[cfg(test)]
mod sample;
pub mod three_way;
pub mod ubl;
pub mod usecase;

use utoipa_actix_web::service_config::ServiceConfig;

/// The endpoints of the feature.
pub fn configure(config: &mut ServiceConfig<'_>) {
    routes::configure(config);
    payment_routes::configure(config);
    bank_statement::routes::configure(config);
    commission::routes::configure(config);
    collective_routes::configure(config);
    deposit::routes::configure(config);
    dunning::routes::configure(config);
    three_way::routes::configure(config);
}
