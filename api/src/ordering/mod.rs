//! Orders: drafts, placing them, and the seller's answer.

pub mod again;
pub mod approval;
pub mod backorder;
pub mod confirmation;
pub mod confirmation_dto;
mod confirmation_routes;
pub mod cost_centre;
pub mod credit;
pub mod decide;
pub mod dto;
pub mod listed;
pub mod place;
pub mod pricing;
pub mod proposal;
pub mod quick_dto;
mod quick_routes;
pub mod requisition;
pub mod rights;
pub mod routes;
pub mod sight;
pub mod standing;
pub mod usecase;

use utoipa_actix_web::service_config::ServiceConfig;

/// The endpoints of the feature.
pub fn configure(config: &mut ServiceConfig<'_>) {
    routes::configure(config);
    confirmation_routes::configure(config);
    cost_centre::routes::configure(config);
    proposal::routes::configure(config);
    approval::routes::configure(config);
    quick_routes::configure(config);
    requisition::routes::configure(config);
    credit::routes::configure(config);
    standing::routes::configure(config);
}
