//! The event feed of an organisation, as a list and as a stream, and the operator's audit log.

pub mod dto;
pub mod position;
pub mod published;
pub mod rights;
pub mod routes;
pub mod stream;
pub mod usecase;

use utoipa_actix_web::service_config::ServiceConfig;

/// The endpoints of the feature.
pub fn configure(config: &mut ServiceConfig<'_>) {
    routes::configure(config);
}
