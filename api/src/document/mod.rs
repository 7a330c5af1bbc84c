//! Documents: files, versions, who may see them, publication.

pub mod content;
pub mod dto;
pub mod link;
pub mod rights;
pub mod routes;
pub mod subject;
pub mod upload;
pub mod usecase;

use utoipa_actix_web::service_config::ServiceConfig;

/// The endpoints of the feature.
pub fn configure(config: &mut ServiceConfig<'_>) {
    routes::configure(config);
}
