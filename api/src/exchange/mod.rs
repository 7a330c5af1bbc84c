//! The exchange: what is traded on the order books of portals, and when.

pub mod access;
pub mod instrument;
pub mod rights;
pub mod schedule;

use utoipa_actix_web::service_config::ServiceConfig;

/// The endpoints of the feature.
pub fn configure(config: &mut ServiceConfig<'_>) {
    instrument::routes::configure(config);
    schedule::routes::configure(config);
}
