//! Portals and their members.

pub mod access;
pub mod dto;
pub mod member;
pub mod member_routes;
pub mod rights;
pub mod routes;
pub mod rules;
pub mod usecase;

use utoipa_actix_web::service_config::ServiceConfig;

/// The endpoints of the feature.
pub fn configure(config: &mut ServiceConfig<'_>) {
    routes::configure(config);
    member_routes::configure(config);
}
