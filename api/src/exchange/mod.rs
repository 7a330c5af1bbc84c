//! The exchange: what is traded on the order books of portals, by whom, and when.

pub mod access;
pub mod clearing;
pub mod clerk;
pub mod data;
pub mod floor;
pub mod instrument;
pub mod market_data;
pub mod order;
pub mod own;
pub mod rights;
pub mod risk;
pub mod schedule;

use utoipa_actix_web::service_config::ServiceConfig;

/// The endpoints of the feature but those of orders, which come before all others.
pub fn configure(config: &mut ServiceConfig<'_>) {
    data::routes::configure(config);
    own::routes::configure(config);
    market_data::routes::configure(config);
    instrument::routes::configure(config);
    schedule::routes::configure(config);
    risk::routes::configure(config);
    clearing::routes::configure(config);
}
