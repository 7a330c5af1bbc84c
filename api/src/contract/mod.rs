//! Agreements, signatures, deliveries.

pub mod amendment;
mod amendment_routes;
pub mod cancel;
pub mod delivery;
pub mod delivery_dto;
mod delivery_routes;
pub mod dto;
mod ending;
pub mod goods_return;
pub mod goods_return_dto;
mod goods_return_routes;
pub mod grade;
pub mod make;
pub mod origin;
pub mod rights;
pub mod routes;
pub mod usecase;
pub mod weight;

use utoipa_actix_web::service_config::ServiceConfig;

/// The endpoints of the feature.
pub fn configure(config: &mut ServiceConfig<'_>) {
    routes::configure(config);
    amendment_routes::configure(config);
    delivery_routes::configure(config);
    goods_return_routes::configure(config);
}
