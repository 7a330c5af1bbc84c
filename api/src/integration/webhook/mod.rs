//! Webhooks (Standard Webhooks): where an organisation has its events sent, and what came of it.

pub mod address;
pub mod delivery;
pub mod delivery_dto;
pub mod delivery_routes;
pub mod dto;
pub mod replay;
pub mod rights;
pub mod routes;
pub mod sender;
pub mod signature;
pub mod switch;
pub mod trial;
pub mod usecase;

use utoipa_actix_web::service_config::ServiceConfig;

/// The endpoints of webhooks.
pub fn configure(config: &mut ServiceConfig<'_>) {
    routes::configure(config);
    delivery_routes::configure(config);
}
